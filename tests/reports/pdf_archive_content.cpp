#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "tests/reports/pdf_archive_parts.hpp"

namespace answerable::render {
namespace {

using nlohmann::json;
using Kind = PdfOperation::Operand::Kind;

int number_in(std::string_view bytes) {
  int out = 0;
  for (const char c : bytes) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

std::u16string utf16_in(std::string_view bytes) {
  std::u16string out;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    out.push_back(static_cast<char16_t>(number_in(bytes.substr(i, 2))));
  return out;
}

/// In UTF-16, the planes of private use are those of the high surrogates DB80 to DBFF.
bool is_private(char16_t c) {
  return (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xDB80 && c <= 0xDBFF);
}

const std::set<std::string> painting{"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Tj", "TJ"};
const std::set<std::string> other{"q",  "Q",  "cm", "w",  "J",   "j",   "M",   "d",  "i",  "gs", "m",  "l",  "c",
                                  "v",  "y",  "h",  "re", "n",   "W",   "W*",  "BT", "ET", "Tf", "Tm", "Td", "TD",
                                  "T*", "Tc", "Tw", "Tz", "BDC", "BMC", "EMC", "rg", "RG", "g",  "G"};

}  // namespace

const Fonts::Font& Fonts::look_at(const std::string& reference) {
  const auto [entry, is_new] = fonts_.try_emplace(reference);
  Font& font = entry->second;
  if (!is_new) return font;
  const json& dictionary = pdf_.at(reference);
  font.name = dictionary.value("/BaseFont", "(unnamed)");
  look_at_unicode(dictionary, font);
  if (pdf_.at(dictionary, "/Subtype") == "/Type0") {
    look_at_composite(dictionary, font);
  } else {
    found_.unless(false, "6.2.11: a font of a kind that is not looked into: " + font.name);
  }
  return font;
}

void Fonts::look_at_composite(const json& dictionary, Font& font) {
  found_.unless(pdf_.at(dictionary, "/Encoding") == "/Identity-H", "6.2.11.3: not the identity encoding: " + font.name);
  const json& descendant = pdf_.at(pdf_.at(dictionary, "/DescendantFonts").at(0));
  found_.unless(pdf_.at(descendant, "/CIDToGIDMap") == "/Identity", "6.2.11.3.2: no map to glyphs: " + font.name);
  look_at_program(descendant, font);
  const json& widths = pdf_.at(descendant, "/W");
  for (std::size_t i = 0; i + 1 < widths.size(); i += 2) {
    const json& several = pdf_.at(widths[i + 1]);
    if (!found_.unless(several.is_array(), "6.2.11.5: widths of a form that is not looked into: " + font.name)) return;
    for (std::size_t j = 0; j < several.size(); ++j)
      font.widths[widths[i].get<int>() + static_cast<int>(j)] = several[j].get<double>();
  }
}

void Fonts::look_at_program(const json& dictionary, Font& font) {
  const json& descriptor = pdf_.at(dictionary, "/FontDescriptor");
  if (found_.unless(descriptor.contains("/FontFile2"), "6.2.11.4.1: not embedded: " + font.name))
    font.program.emplace(pdf_.stream(descriptor.at("/FontFile2")));
  found_.unless(!descriptor.contains("/CIDSet"), "6.2.11.4.2: a CIDSet, which is not looked into: " + font.name);
}

void Fonts::look_at_unicode(const json& dictionary, Font& font) {
  if (!found_.unless(dictionary.contains("/ToUnicode"), "6.2.11.7.2: no Unicode map: " + font.name)) return;
  for (const auto& operation : operations(pdf_.stream(dictionary.at("/ToUnicode")))) {
    const auto& given = operation.operands;
    if (operation.name == "endbfchar") {
      for (std::size_t i = 0; i + 1 < given.size(); i += 2)
        font.unicode[number_in(given[i].text)] = utf16_in(given[i + 1].text);
    } else if (operation.name == "endbfrange") {
      found_.unless(false, "6.2.11.7.2: a Unicode map with ranges, which are not looked into: " + font.name);
    }
  }
}

void Fonts::show(const std::string& reference, std::string_view text, bool has_actual_text) {
  const Font& font = look_at(reference);
  for (std::size_t i = 0; i + 2 <= text.size(); i += 2) {
    const int code = number_in(text.substr(i, 2));
    const auto unicode = font.unicode.find(code);
    if (found_.unless(unicode != font.unicode.end(),
                      fmt::format("6.2.11.7.2: code {} has no Unicode value: {}", code, font.name))) {
      for (const char16_t c : unicode->second) {
        found_.unless(c != 0 && c != 0xFEFF && c != 0xFFFE, "6.2.11.7.2: a forbidden Unicode value: " + font.name);
        found_.unless(!is_private(c) || has_actual_text, "6.2.11.7.3: a private Unicode value: " + font.name);
      }
    }
    if (!font.program) continue;
    found_.unless(code > 0 && code < font.program->glyphs(),
                  fmt::format("6.2.11.4.1, 6.2.11.8: code {} has no glyph: {}", code, font.name));
    const auto width = font.widths.find(code);
    found_.unless(width != font.widths.end() && std::abs(width->second - font.program->width(code)) <= 1,
                  fmt::format("6.2.11.5: the width of code {} is not the font's: {}", code, font.name));
  }
}

PageMarks check_content(const PdfObjects& pdf, const json& page, Fonts& fonts, Violations& found) {
  const json& resources = pdf.at(page, "/Resources");
  found.unless(!page.contains("/Group") && !page.contains("/AA") && !page.contains("/PresSteps"),
               "6.2.10, 6.5.2, 6.10: a page has a group, actions or presentation steps");
  found.unless(pdf.at(page, "/Tabs") == "/S", "32000-1 12.5: links are not reached in the order of reading");
  for (const auto& [key, value] : resources.items()) {
    found.unless(key == "/Font" || key == "/ExtGState" || key == "/ProcSet",
                 fmt::format("6.2.2: resources that are not looked into: {}", key));
  }
  for (const auto& [name, state] : pdf.at(resources, "/ExtGState").items()) {
    for (const auto& [key, value] : pdf.at(state).items())
      found.unless((key == "/CA" || key == "/ca") && value == 1,
                   fmt::format("6.2.5, 6.2.10: a graphics state has {}", key));
  }

  PageMarks marks;
  /// Whether each open mark brings a text of its own.
  std::vector<bool> open;
  std::string font;
  int depth = 0;
  static const std::regex mcid("/MCID ([0-9]+)");
  for (const auto& operation : operations(pdf.stream(page.at("/Contents")))) {
    const auto& given = operation.operands;
    const bool paints = painting.contains(operation.name);
    found.unless(paints || other.contains(operation.name), fmt::format("6.2.2, 6.2.4: operator {}", operation.name));
    if (paints) found.unless(!open.empty(), "6.7.3: something painted is neither content nor artifact");
    depth += operation.name == "q" ? 1 : operation.name == "Q" ? -1 : 0;
    found.unless(depth <= 28, "6.1.13: q is nested too deeply");
    if (operation.name == "BMC") {
      found.unless(given.at(0).text == "/Artifact", "6.7.3: a mark without properties is no artifact");
      found.unless(open.empty(), "6.7.3: an artifact inside of something");
      open.push_back(false);
    } else if (operation.name == "BDC") {
      std::smatch number;
      const bool numbered = std::regex_search(given.at(1).text, number, mcid);
      found.unless(numbered == open.empty(), "6.7.3: a mark neither in the tree nor inside of one that is");
      if (numbered) {
        found.unless(marks.emplace(std::stoi(number[1]), given.at(0).text).second,
                     "32000-1 14.7.4: a number used twice");
      }
      open.push_back(given.at(1).text.find("/ActualText") != std::string::npos);
    } else if (operation.name == "EMC") {
      if (found.unless(!open.empty(), "32000-1 14.6: a mark is closed that was not opened")) open.pop_back();
    } else if (operation.name == "Tf") {
      font = resources.at("/Font").at(given.at(0).text);
    } else if (operation.name == "Tj" || operation.name == "TJ") {
      const bool has_actual_text = std::ranges::find(open, true) != open.end();
      for (const auto& operand : given) {
        if (operand.kind == Kind::string) fonts.show(font, operand.text, has_actual_text);
      }
    }
  }
  found.unless(open.empty(), "32000-1 14.6: a mark is not closed");
  return marks;
}

}  // namespace answerable::render
