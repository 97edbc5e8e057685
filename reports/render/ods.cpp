#include "reports/render/ods.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <ostream>
#include <sstream>

#include "audit/bag/sealed_zip_form.hpp"
#include "reports/render/document.hpp"
#include "reports/render/xml.hpp"

namespace answerable::render {
namespace {

constexpr std::string_view media_type = "application/vnd.oasis.opendocument.spreadsheet";
constexpr std::string_view namespaces = "urn:oasis:names:tc:opendocument:xmlns:";
constexpr std::string_view version = "1.3";
constexpr std::size_t exact_digits = 15;  // a double holds any such number

/// Files one after another in a ZIP, as they are.
class Package {
 public:
  explicit Package(std::ostream& out) : out_(out) {}

  void file(std::string path, std::string_view bytes) {
    const auto crc = ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    entries_.push_back({std::move(path), bytes.size(), static_cast<std::uint32_t>(crc), written_});
    write(bag::local_header(entries_.back()).bytes());
    write(bytes);
  }
  void finish() {
    const auto directory = written_;
    for (const auto& entry : entries_) write(bag::central_header(entry).bytes());
    write(bag::end_records(entries_.size(), written_ - directory, directory).bytes());
  }

 private:
  void write(std::string_view bytes) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    written_ += bytes.size();
  }

  std::ostream& out_;
  std::vector<bag::ZipEntry> entries_;
  std::uint64_t written_{};
};

std::string text_of(const Inline& runs) {
  std::string text;
  for (const auto& run : runs) text += run.text;
  return text;
}

bool is_number(std::string_view text) {
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits && !text.empty() && text.size() <= exact_digits && (text == "0" || text.front() != '0');
}

void put_cell(XmlWriter& xml, std::string_view text) {
  xml.open("table:table-cell");
  if (is_number(text))
    xml.attribute("office:value-type", "float").attribute("office:value", text);
  else
    xml.attribute("office:value-type", "string");
  xml.element("text:p", text).close();
}

void put_row(XmlWriter& xml, const std::vector<std::string>& cells) {
  xml.open("table:table-row");
  for (const auto& cell : cells) put_cell(xml, cell);
  xml.close();
}

/// \param number  of the sheet: no two have the same name
void open_sheet(XmlWriter& xml, std::size_t number, std::string name, std::size_t columns) {
  std::ranges::replace_if(
      name, [](char c) { return std::string_view("[]*?:/\\'").find(c) != std::string_view::npos; }, ' ');
  xml.open("table:table").attribute("table:name", fmt::format("{} {}", number, name));
  xml.open("table:table-column").attribute("table:number-columns-repeated", std::to_string(columns)).close();
}

void put_sheet(XmlWriter& xml, std::size_t number, const Table& table) {
  open_sheet(xml, number, table.caption, table.columns.size());
  std::vector<std::string> cells;
  for (const auto& column : table.columns) cells.push_back(column.header);
  xml.open("table:table-header-rows");
  put_row(xml, cells);
  xml.close();
  table.rows.each([&](const Row& row) {
    cells.clear();
    for (const auto& cell : row.cells) cells.push_back(text_of(cell));
    put_row(xml, cells);
  });
  xml.close();
}

/// What a block says in sentences, a line a row.
void put_lines(XmlWriter& xml, const Block& block) {
  const auto line = [&](const std::string& text) { put_row(xml, {text}); };
  if (const auto* heading = std::get_if<Heading>(&block)) line(heading->text);
  if (const auto* paragraph = std::get_if<Paragraph>(&block)) line(text_of(paragraph->runs));
  if (const auto* list = std::get_if<BulletList>(&block))
    for (const auto& item : list->items) line(text_of(item));
  if (const auto* list = std::get_if<NumberedList>(&block))
    for (const auto& item : list->items) line(text_of(item));
  if (const auto* list = std::get_if<DefinitionList>(&block))
    for (const auto& entry : list->entries) put_row(xml, {entry.term, text_of(entry.detail)});
  if (const auto* callout = std::get_if<Callout>(&block)) {
    line(fmt::format("{}: {}", label(callout->kind), callout->title));
    for (const auto& inner : callout->body) put_lines(xml, inner);
  }
}

std::string content(const Document& document) {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("office:document-content");
  for (const char* name : {"office", "table", "text"})
    xml.attribute(fmt::format("xmlns:{}", name), fmt::format("{}{}:1.0", namespaces, name));
  xml.attribute("office:version", version).open("office:body").open("office:spreadsheet");
  std::size_t sheets = 1;
  open_sheet(xml, sheets, document.title, 2);
  for (const auto& line : {document.title, document.subtitle, document.as_of_line})
    if (!line.empty()) put_row(xml, {line});
  document.blocks.each([&](const Block& block) { put_lines(xml, block); });
  if (!document.footer_left.empty()) put_row(xml, {document.footer_left});
  xml.close();
  document.blocks.each([&](const Block& block) {
    if (const auto* table = std::get_if<Table>(&block)) put_sheet(xml, ++sheets, *table);
  });
  xml.close().close().close().finish();
  return std::move(out).str();
}

std::string manifest() {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("manifest:manifest").attribute("xmlns:manifest", fmt::format("{}manifest:1.0", namespaces));
  xml.attribute("manifest:version", version);
  for (const auto& [path, type] :
       {std::pair<std::string_view, std::string_view>("/", media_type), {"content.xml", "text/xml"}})
    xml.open("manifest:file-entry")
        .attribute("manifest:full-path", path)
        .attribute("manifest:media-type", type)
        .close();
  xml.close().finish();
  return std::move(out).str();
}

}  // namespace

void ods(const Document& document, std::ostream& out) {
  outline(document);
  Package package(out);
  package.file("mimetype", media_type);
  package.file("META-INF/manifest.xml", manifest());
  package.file("content.xml", content(document));
  package.finish();
}

}  // namespace answerable::render
