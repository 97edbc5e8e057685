#include "reports/render/pdf_archive.hpp"

#include <fmt/format.h>

#include <sstream>

#include "reports/render/document.hpp"
#include "reports/render/srgb_profile.hpp"
#include "reports/render/text.hpp"
#include "reports/render/xml.hpp"

namespace answerable::render {
namespace {

constexpr const char* maker = "Answerable";

/// "2026-11-21T20:15:03Z": both forms of the metadata give whole seconds.
std::string seconds(const Instant& instant) {
  return iso(instant).substr(0, 19) + "Z";
}

/// A property that can be given in several languages, given in the document's.
void write_alternative(XmlWriter& xml, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  xml.open(name).open("rdf:Alt").open("rdf:li").attribute("xml:lang", "x-default").text(presentable(text));
  xml.close().close().close();
}

PdfFile::Object write_metadata(PdfFile& file, const Document& document) {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("x:xmpmeta").attribute("xmlns:x", "adobe:ns:meta/");
  xml.open("rdf:RDF").attribute("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#");
  xml.open("rdf:Description").attribute("rdf:about", "");
  xml.attribute("xmlns:dc", "http://purl.org/dc/elements/1.1/")
      .attribute("xmlns:xmp", "http://ns.adobe.com/xap/1.0/")
      .attribute("xmlns:pdfaid", "http://www.aiim.org/pdfa/ns/id/");
  xml.element("pdfaid:part", "2").element("pdfaid:conformance", "A");
  write_alternative(xml, "dc:title", document.title);
  write_alternative(xml, "dc:description", document.subtitle);
  if (!document.author.empty())
    xml.open("dc:creator").open("rdf:Seq").element("rdf:li", presentable(document.author)).close().close();
  xml.open("dc:language").open("rdf:Bag").element("rdf:li", document.language).close().close();
  xml.element("xmp:CreatorTool", maker);
  if (document.made_at) xml.element("xmp:CreateDate", seconds(*document.made_at));
  xml.close().close().close();
  xml.finish();
  std::string packet = out.str();
  // The packet wrapper stands where the XML declaration stood.
  packet.replace(0, packet.find('\n'), "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>");
  packet += "<?xpacket end=\"r\"?>";
  // Plain, so that a search of the file's bytes finds it.
  return file.add_stream("/Type /Metadata /Subtype /XML", packet, PdfFile::Compression::none);
}

/// All colours are given as RGB; this says which RGB.
std::string output_intent(PdfFile& file) {
  return fmt::format(
      "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1) "
      "/DestOutputProfile {} >>",
      reference(file.add_stream("/N 3", srgb_profile())));
}

/// The bookmark behind the last one inside of a bookmark.
std::size_t end_of(const std::vector<Bookmark>& bookmarks, std::size_t index) {
  std::size_t end = index + 1;
  while (end < bookmarks.size() && bookmarks[end].level > bookmarks[index].level) ++end;
  return end;
}

/// Those of one level between two places, one inside of `parent`. \return its entries that lead to them
std::string write_level(PdfFile& file, const std::vector<Bookmark>& bookmarks, std::size_t from, std::size_t to,
                        PdfFile::Object first, PdfFile::Object parent) {
  const auto object = [&](std::size_t index) { return reference(first + static_cast<PdfFile::Object>(index)); };
  std::size_t before = to;
  for (std::size_t i = from; i < to;) {
    const auto end = end_of(bookmarks, i);
    std::string out = fmt::format("<< /Title {} /Parent {} /Dest {}", text_string(bookmarks[i].title),
                                  reference(parent), bookmarks[i].destination);
    if (before != to) out += " /Prev " + object(before);
    if (end != to) out += " /Next " + object(end);
    const auto own = first + static_cast<PdfFile::Object>(i);
    if (end > i + 1) out += write_level(file, bookmarks, i + 1, end, first, own);
    file.put(own, out + " >>");
    before = i;
    i = end;
  }
  return fmt::format(" /First {} /Last {} /Count {}", object(from), object(before), to - from);
}

}  // namespace

PdfFile::Object write_outline(PdfFile& file, const std::vector<Bookmark>& bookmarks) {
  if (bookmarks.empty()) return 0;
  const auto root = file.reserve();
  for (std::size_t i = 0; i < bookmarks.size(); ++i) file.reserve();
  file.put(root,
           fmt::format("<< /Type /Outlines{} >>", write_level(file, bookmarks, 0, bookmarks.size(), root + 1, root)));
  return root;
}

PdfFile::Object write_catalogue(PdfFile& file, const Document& document, const CatalogueParts& parts) {
  const auto packet = write_metadata(file, document);
  const std::string outlines =
      parts.outlines == 0 ? "" : fmt::format(" /Outlines {} /PageMode /UseOutlines", reference(parts.outlines));
  return file.add(fmt::format(
      "<< /Type /Catalog /Pages {} /StructTreeRoot {}{} /Lang {} /MarkInfo << /Marked true >> /ViewerPreferences << "
      "/DisplayDocTitle true >> /PageLabels << /Nums [0 << /S /D >>] >> /Metadata {} /OutputIntents [{}] >>",
      reference(parts.pages), reference(parts.structure), outlines, ascii_string(document.language), reference(packet),
      output_intent(file)));
}

PdfFile::Object write_information(PdfFile& file, const Document& document) {
  std::string out = "<< /Title " + text_string(document.title);
  if (!document.subtitle.empty()) out += " /Subject " + text_string(document.subtitle);
  if (!document.author.empty()) out += " /Author " + text_string(document.author);
  out += " /Creator " + ascii_string(maker);
  if (document.made_at) {
    // "D:20261121201503Z"
    std::string made = seconds(*document.made_at);
    std::erase_if(made, [](char c) { return c == '-' || c == ':' || c == 'T'; });
    out += " /CreationDate " + ascii_string("D:" + made);
  }
  return file.add(out + " >>");
}

}  // namespace answerable::render
