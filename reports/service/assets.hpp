#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace answerable::service {

/// What pages are dressed in. Its address changes with its bytes, so that browsers may keep it for ever.
struct Assets {
  std::string css;
  std::string css_path;  ///< "/assets/answerable.0123456789abcdef.css"

  /// share/answerable/pages/answerable.css, built from reports/front/assets.
  /// \throws std::runtime_error when it is not there
  static Assets load(const std::filesystem::path& share);
};

/// What govuk-frontend uses for its own header: blue.
inline constexpr std::string_view usual_colour = "1d70b8";

/// Whether a council's colour can stand behind white letters: six hexadecimal digits, in small letters, with a contrast
/// of at least 4.5 to 1 (WCAG 2.2, 1.4.3). Why not, as a sentence; "" when it can.
std::string refuse_colour(std::string_view hex);

/// A style sheet that gives the header this colour. \param hex one that refuse_colour() does not refuse
std::string colour_css(std::string_view hex);
/// "/assets/colour/1d70b8.css"
std::string colour_path(std::string_view hex);

}  // namespace answerable::service
