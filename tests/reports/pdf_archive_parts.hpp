#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/reports/pdf_objects.hpp"

namespace answerable::render {

// The parts of pdfa_violations(), which says what each is about.

/// Each kind of violation once.
class Violations {
 public:
  /// Notes `otherwise` unless `met`; gives `met`.
  bool unless(bool met, std::string_view otherwise);
  const std::set<std::string>& all() const { return all_; }

 private:
  std::set<std::string> all_;
};

/// The fonts of a file, looked at when they are first used.
class Fonts {
 public:
  Fonts(const PdfObjects& pdf, Violations& found) : pdf_(pdf), found_(found) {}
  /// A text shown in the font a reference leads to.
  void show(const std::string& font, std::string_view text, bool has_actual_text);

 private:
  struct Font {
    std::string name;
    std::optional<TrueType> program = {};
    std::map<int, std::u16string> unicode = {};
    std::map<int, double> widths = {};
  };
  const Font& look_at(const std::string& reference);
  void look_at_composite(const nlohmann::json& dictionary, Font& font);
  void look_at_program(const nlohmann::json& dictionary, Font& font);
  void look_at_unicode(const nlohmann::json& dictionary, Font& font);

  const PdfObjects& pdf_;
  Violations& found_;
  std::map<std::string, Font> fonts_;
};

/// The types of the marked-content sequences of a page that have a number, by that number.
using PageMarks = std::map<int, std::string>;
PageMarks check_content(const PdfObjects& pdf, const nlohmann::json& page, Fonts& fonts, Violations& found);

/// `marks` by the references to the pages.
void check_structure(const PdfObjects& pdf, const std::map<std::string, PageMarks>& marks, Violations& found);
void check_metadata(const PdfObjects& pdf, Violations& found);

}  // namespace answerable::render
