#include "reports/service/assets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "ingest/digest.hpp"

namespace answerable::service {
namespace {

constexpr std::size_t digits_of_hash = 16;
constexpr double least_contrast = 4.5;

/// One of the three parts of a colour, made linear (WCAG 2.2, relative luminance).
double linear(std::string_view two_digits) {
  int part{};
  std::from_chars(two_digits.data(), two_digits.data() + two_digits.size(), part, 16);
  const double share = part / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

double contrast_with_white(std::string_view hex) {
  const double luminance =
      0.2126 * linear(hex.substr(0, 2)) + 0.7152 * linear(hex.substr(2, 2)) + 0.0722 * linear(hex.substr(4, 2));
  return 1.05 / (luminance + 0.05);
}

}  // namespace

Assets Assets::load(const std::filesystem::path& share) {
  const auto file = share / "pages" / "answerable.css";
  std::ifstream in(file, std::ios::binary);
  Assets assets{.css = {std::istreambuf_iterator<char>(in), {}}, .css_path = ""};
  if (assets.css.empty())
    throw std::runtime_error(
        fmt::format("'{}' is not there: the pages have no style. ./run build makes it.", file.string()));
  assets.css_path =
      fmt::format("/assets/answerable.{}.css", hex(sha256(as_bytes(assets.css))).substr(0, digits_of_hash));
  return assets;
}

std::string refuse_colour(std::string_view hex) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (hex.size() != 6 || !std::ranges::all_of(hex, is_digit))
    return "A colour is six hexadecimal digits in small letters, such as 1d70b8.";
  const double contrast = contrast_with_white(hex);
  if (contrast < least_contrast)
    return fmt::format(
        "White letters on {} cannot be read by everybody: their contrast is {:.2f} to 1, and at least 4.5 to 1 is "
        "wanted. Choose a darker colour.",
        hex, std::floor(contrast * 100) / 100);
  return "";
}

std::string colour_css(std::string_view hex) {
  return fmt::format(".govuk-generic-header{{background-color:#{}}}\n", hex);
}

std::string colour_path(std::string_view hex) {
  return fmt::format("/assets/colour/{}.css", hex);
}

}  // namespace answerable::service
