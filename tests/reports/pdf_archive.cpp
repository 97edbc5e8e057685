#include "tests/reports/pdf_archive.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "tests/reports/pdf_archive_parts.hpp"

namespace answerable::render {
namespace {

using nlohmann::json;

/// The bytes themselves: 6.1.2, 6.1.3, 6.1.7.
void check_bytes(const PdfObjects& pdf, Violations& found) {
  const std::string& bytes = pdf.bytes;
  found.unless(bytes.starts_with("%PDF-1.7\n%"), "6.1.2: the header is not %PDF-1.7 and a comment");
  for (std::size_t i = 10; i < 14; ++i)
    found.unless(static_cast<unsigned char>(bytes.at(i)) > 127, "6.1.2: the comment under the header is not binary");
  found.unless(bytes.ends_with("%%EOF\n"), "6.1.3: something stands after the end of the file");
  for (auto at = bytes.find("endstream\nendobj"); at != std::string::npos; at = bytes.find("endstream\nendobj", at + 1))
    found.unless(bytes[at - 1] == '\n', "6.1.7.1: 'endstream' does not begin a line");
  // Dictionaries of streams are never compressed.
  for (const char* filter : {"/LZWDecode", "/Crypt"})
    found.unless(bytes.find(filter) == std::string::npos, fmt::format("6.1.7.2: a filter {}", filter));
  found.unless(pdf.trailer().contains("/ID"), "6.1.3: no file identifier");
  found.unless(!pdf.trailer().contains("/Encrypt"), "6.1.3: the file is encrypted");
  found.unless(pdf.objects.size() <= 8388607, "6.1.13: too many objects");
}

/// Whatever lies in any object: 6.1.7, 6.1.13.
void check_value(const json& value, Violations& found) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    // UTF-16 in the file: two bytes or four for each of the up to four bytes here.
    if (text.starts_with("u:")) found.unless(text.size() * 2 < 32767, "6.1.13: a string is too long");
    if (text.starts_with("b:")) found.unless(text.size() / 2 < 32767, "6.1.13: a string is too long");
    if (text.starts_with("/")) found.unless(text.size() <= 128, "6.1.13: a name is too long: " + text);
  } else if (value.is_number_integer()) {
    found.unless(std::abs(value.get<std::int64_t>()) <= 2147483647, "6.1.13: a whole number is too great");
  } else if (value.is_structured()) {
    for (const auto& part : value) check_value(part, found);
  }
}

void check_objects(const PdfObjects& pdf, Violations& found) {
  for (const auto& [name, object] : pdf.objects.items()) {
    const bool is_stream = object.contains("stream");
    const json& value = is_stream ? object.at("stream").at("dict") : object.at("value");
    check_value(value, found);
    if (!is_stream) continue;
    for (const char* key : {"/F", "/FFilter", "/FDecodeParms"})
      found.unless(!value.contains(key), fmt::format("6.1.7.1: {} has {}", name, key));
  }
}

void check_catalogue(const PdfObjects& pdf, Violations& found) {
  const json& root = pdf.at(pdf.trailer(), "/Root");
  // Allowed lists, so that whatever is new is looked at first.
  const std::set<std::string> known{"/Lang",           "/MarkInfo",   "/Metadata",         "/Outlines",
                                    "/OutputIntents",  "/PageLabels", "/PageMode",         "/Pages",
                                    "/StructTreeRoot", "/Type",       "/ViewerPreferences"};
  for (const auto& [key, value] : root.items())
    found.unless(known.contains(key), fmt::format("6.4, 6.5, 6.8 to 6.11: the catalogue has {}", key));
  found.unless(pdf.at(pdf.at(root, "/MarkInfo"), "/Marked") == true, "6.7.2.2: not marked as tagged");
  found.unless(root.value("/Lang", "") == "u:en-GB", "6.7.4: no language");
  found.unless(pdf.at(pdf.at(root, "/ViewerPreferences"), "/DisplayDocTitle") == true,
               "32000-1 12.2: the title is not shown");
  const json& labels = pdf.at(pdf.at(root, "/PageLabels"), "/Nums");
  found.unless(labels.is_array() && labels.at(0) == 0, "32000-1 12.4.2: the first page has no label");

  const json& intents = pdf.at(root, "/OutputIntents");
  if (!found.unless(intents.is_array() && intents.size() == 1, "6.2.3: not one output intent")) return;
  const json& intent = pdf.at(intents.at(0));
  found.unless(pdf.at(intent, "/S") == "/GTS_PDFA1", "6.2.3: the output intent is not of PDF/A");
  found.unless(intent.contains("/OutputConditionIdentifier"), "6.2.3: the output intent has no identifier");
  if (!found.unless(intent.contains("/DestOutputProfile"), "6.2.3: the output intent has no profile")) return;
  found.unless(pdf.at(pdf.at(intent, "/DestOutputProfile"), "/N") == 3, "6.2.3: the profile has not three components");
  const std::string profile = pdf.stream(intent.at("/DestOutputProfile"));
  // ICC.1:2010, 7.2.
  if (!found.unless(profile.size() > 128, "6.2.3: the profile is no ICC profile")) return;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(profile[i]); };
  found.unless((byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3)) == static_cast<int>(profile.size()) &&
                   profile.substr(36, 4) == "acsp" && byte(8) < 5,
               "6.2.3: the profile is no ICC profile of version 2 or 4");
  found.unless(profile.substr(12, 4) == "mntr" && profile.substr(16, 4) == "RGB ",
               "6.2.3: the profile is not of a monitor in RGB");
}

void check_annotations(const PdfObjects& pdf, const json& page, Violations& found) {
  for (const auto& reference : pdf.at(page, "/Annots")) {
    const json& annotation = pdf.at(reference);
    found.unless(pdf.at(annotation, "/Subtype") == "/Link", "6.3.1: an annotation is no link");
    found.unless(pdf.at(annotation, "/F") == 4, "6.3.2: an annotation is not simply printed");
    found.unless(!annotation.value("/Contents", "").empty(), "32000-1 14.9.3: a link says nothing");
    found.unless(!annotation.contains("/AA") && !annotation.contains("/AP"),
                 "6.3.3, 6.5.2: an annotation acts or paints");
    const json& action = pdf.at(annotation, "/A");
    found.unless(action.is_null() ? annotation.contains("/Dest") : pdf.at(action, "/S") == "/URI",
                 "6.5.1: a link does more than lead somewhere");
  }
}

void check_outline(const PdfObjects& pdf, const json& item, Violations& found) {
  for (json next = item; !next.is_null(); next = pdf.at(next, "/Next")) {
    found.unless(next.contains("/Dest") && !next.contains("/A"), "6.5.1: a bookmark does more than lead somewhere");
    found.unless(next.contains("/Title"), "32000-1 12.3.3: a bookmark has no title");
    check_outline(pdf, pdf.at(next, "/First"), found);
  }
}

}  // namespace

bool Violations::unless(bool met, std::string_view otherwise) {
  if (!met) all_.emplace(otherwise);
  return met;
}

std::vector<std::string> pdfa_violations(const PdfObjects& pdf) {
  Violations found;
  check_bytes(pdf, found);
  check_objects(pdf, found);
  check_catalogue(pdf, found);
  check_metadata(pdf, found);
  check_outline(pdf, pdf.at(pdf.at(pdf.at(pdf.trailer(), "/Root"), "/Outlines"), "/First"), found);
  Fonts fonts(pdf, found);
  std::map<std::string, PageMarks> marks;
  for (const auto& page : pdf.pages()) {
    marks[page] = check_content(pdf, pdf.at(page), fonts, found);
    check_annotations(pdf, pdf.at(page), found);
  }
  check_structure(pdf, marks, found);
  return {found.all().begin(), found.all().end()};
}

}  // namespace answerable::render
