#pragma once

#include <string>

namespace answerable::render {

/// The bytes of an ICC profile of sRGB (ICC.1:2010, version 4; the colours of IEC 61966-2-1). Its curves are formulas
/// and not tables, which readers that look at the profile once a page are much faster with.
std::string srgb_profile();

}  // namespace answerable::render
