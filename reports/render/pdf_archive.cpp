#include "reports/render/pdf_archive.hpp"

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <sstream>
#include <string>

#include "reports/render/document.hpp"
#include "reports/render/pdf_objects.hpp"
#include "reports/render/srgb_profile.hpp"
#include "reports/render/text.hpp"
#include "reports/render/xml.hpp"

namespace answerable::render {
namespace {

using Handle = QPDFObjectHandle;

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

Handle metadata(QPDF& file, const Document& document) {
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
  Handle stream = Handle::newStream(&file, packet);
  stream.getDict().replaceKey("/Type", Handle::newName("/Metadata"));
  stream.getDict().replaceKey("/Subtype", Handle::newName("/XML"));
  // Plain, so that a search of the file's bytes finds it.
  stream.setFilterOnWrite(false);
  return stream;
}

Handle information(const Document& document) {
  Handle info = Handle::newDictionary();
  info.replaceKey("/Title", text_string(document.title));
  if (!document.subtitle.empty()) info.replaceKey("/Subject", text_string(document.subtitle));
  if (!document.author.empty()) info.replaceKey("/Author", text_string(document.author));
  info.replaceKey("/Creator", Handle::newString(maker));
  if (document.made_at) {
    // "D:20261121201503Z"
    std::string made = seconds(*document.made_at);
    std::erase_if(made, [](char c) { return c == '-' || c == ':' || c == 'T'; });
    info.replaceKey("/CreationDate", Handle::newString("D:" + made));
  }
  return info;
}

/// All colours are given as RGB or grey; this says which RGB.
Handle output_intent(QPDF& file) {
  Handle profile = Handle::newStream(&file, std::string(srgb_profile()));
  profile.getDict().replaceKey("/N", Handle::newInteger(3));
  Handle intent = Handle::parse(
      "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1) "
      ">>");
  intent.replaceKey("/DestOutputProfile", profile);
  return intent;
}

/// Cairo 1.16 leaves the identity unsaid (ISO 32000-1, Table 117, takes it for granted; ISO 19005-2, 6.2.11.3.2, wants
/// it said).
void map_glyphs(Handle font) {
  if (!font.getKey("/DescendantFonts").isArray()) return;
  Handle descendant = font.getKey("/DescendantFonts").getArrayItem(0);
  if (descendant.getKey("/Subtype").isNameAndEquals("/CIDFontType2"))
    descendant.replaceKey("/CIDToGIDMap", Handle::newName("/Identity"));
}

}  // namespace

void make_archival(QPDF& file, const Document& document) {
  Handle catalogue = file.getRoot();
  catalogue.replaceKey("/Lang", Handle::newString(document.language));
  catalogue.replaceKey("/MarkInfo", Handle::parse("<< /Marked true >>"));
  catalogue.replaceKey("/ViewerPreferences", Handle::parse("<< /DisplayDocTitle true >>"));
  if (catalogue.hasKey("/Outlines")) catalogue.replaceKey("/PageMode", Handle::newName("/UseOutlines"));
  catalogue.replaceKey("/PageLabels", Handle::parse("<< /Nums [0 << /S /D >>] >>"));
  catalogue.replaceKey("/Metadata", metadata(file, document));
  catalogue.replaceKey("/OutputIntents", Handle::newArray({output_intent(file)}));
  file.getTrailer().replaceKey("/Info", file.makeIndirectObject(information(document)));

  for (auto& page : QPDFPageDocumentHelper(file).getAllPages()) {
    // Nothing drawn is transparent.
    page.getObjectHandle().removeKey("/Group");
    Handle fonts = page.getObjectHandle().getKey("/Resources").getKey("/Font");
    if (!fonts.isDictionary()) continue;
    for (const auto& [name, font] : fonts.getDictAsMap()) map_glyphs(font);
  }
}

}  // namespace answerable::render
