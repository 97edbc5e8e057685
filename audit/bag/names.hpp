#pragma once

#include <string>
#include <string_view>

namespace answerable::bag {

/// A name from outside, fit for a page or a terminal: what is no good UTF-8, and characters that print nothing or move
/// things about, as \xNN.
std::string printable(std::string_view name);

/// What two names share when a file system may take one for the other: without regard to capitals and to how accents
/// are composed (Unicode case folding and canonical composition, UAX #15).
std::string alike(std::string_view name);

}  // namespace answerable::bag
