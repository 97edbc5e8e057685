#pragma once

#include <string_view>

namespace answerable::render {

/// The bytes of an ICC profile of sRGB (IEC 61966-2-1), put into the program by CMakeLists.txt from Debian's
/// icc-profiles-free (zlib licence).
std::string_view srgb_profile();

}  // namespace answerable::render
