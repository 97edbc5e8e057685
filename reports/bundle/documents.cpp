#include "reports/bundle/documents.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "ingest/base64.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::bundle {
namespace {

// Nothing that a double click would run: not HTML with its scripts, no program, no office file with macros.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> extensions{{
    {"application/pdf", "pdf"},
    {"text/plain", "txt"},
    {"text/csv", "csv"},
    {"image/jpeg", "jpg"},
    {"image/png", "png"},
    {"image/tiff", "tif"},
    {"image/gif", "gif"},
    {"application/rtf", "rtf"},
    {"text/rtf", "rtf"},
    {"message/rfc822", "eml"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"application/vnd.oasis.opendocument.text", "odt"},
    {"application/vnd.oasis.opendocument.spreadsheet", "ods"},
}};

std::string from_base64(std::string text) {
  const auto bytes = parse_xml_base64(std::move(text));
  if (!bytes)
    throw std::runtime_error("a document in the database is not in base64, though it was when it was taken in");
  return std::string(as_text(*bytes));
}

const Field* field(std::span<const Field> fields, std::string_view path) {
  const auto found = std::ranges::find(fields, path, &Field::path);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace

std::optional<EmbeddedDocument> embedded(std::string_view kind, std::span<const Field> fields) {
  const auto* content = kind == "document" ? field(fields, "content") : nullptr;
  if (content == nullptr) return {};
  EmbeddedDocument out{.bytes = from_base64(content->text), .media_type = {}, .extension = "bin", .readable = {}};
  if (const auto* type = field(fields, "mediaType")) out.media_type = type->text;
  const auto known =
      std::ranges::find(extensions, out.media_type, &std::pair<std::string_view, std::string_view>::first);
  if (known != extensions.end()) out.extension = known->second;
  xml::Utf8Checker checker;
  out.readable = (out.extension == "txt" || out.extension == "csv") && checker.check(out.bytes) == out.bytes.size();
  return out;
}

}  // namespace answerable::bundle
