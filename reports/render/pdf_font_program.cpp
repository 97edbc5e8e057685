#include "reports/render/pdf_font_program.hpp"

#include <fmt/format.h>
#include <hb-ot.h>
#include <hb-subset.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include "ingest/digest.hpp"
#include "reports/render/pdf_fonts.hpp"

namespace answerable::render {
namespace {

using BlobPtr = std::unique_ptr<hb_blob_t, Release<hb_blob_destroy>>;
using FacePtr = std::unique_ptr<hb_face_t, Release<hb_face_destroy>>;
using InputPtr = std::unique_ptr<hb_subset_input_t, Release<hb_subset_input_destroy>>;

constexpr hb_tag_t glyf = HB_TAG('g', 'l', 'y', 'f');
constexpr hb_tag_t cff = HB_TAG('C', 'F', 'F', ' ');

std::string blob_bytes(hb_blob_t* blob) {
  unsigned length = 0;
  const char* const data = hb_blob_get_data(blob, &length);
  return {data, length};
}

std::string font_table(hb_face_t* face, hb_tag_t tag) {
  return blob_bytes(BlobPtr(hb_face_reference_table(face, tag)).get());
}

/// A signed number of two bytes of a table; 0 where it ends before.
int signed_at(std::string_view table, std::size_t at) {
  if (at + 2 > table.size()) return 0;
  return static_cast<std::int16_t>(static_cast<unsigned char>(table[at]) << 8 |
                                   static_cast<unsigned char>(table[at + 1]));
}

/// Only letters, digits and hyphens, which a name can hold as they are.
std::string postscript_name(hb_face_t* face) {
  std::array<char, 128> name{};
  unsigned size = name.size();
  hb_ot_name_get_utf8(face, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &size, name.data());
  std::string out(name.data(), std::min<std::size_t>(size, name.size() - 1));
  std::erase_if(out, [](char c) {
    return !((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
  });
  return out.empty() ? "Font" : out;
}

/// Outlines and measures of the glyphs, under their old numbers, and nothing that is only needed to choose them.
FacePtr font_subset(const FontShown& font, const std::string& name) {
  const InputPtr input(hb_subset_input_create_or_fail());
  if (!input) throw std::bad_alloc();
  for (const auto& glyph : font.glyphs) hb_set_add(hb_subset_input_glyph_set(input.get()), glyph.number);
  hb_set_t* const without = hb_subset_input_set(input.get(), HB_SUBSET_SETS_DROP_TABLE_TAG);
  for (const char* tag : {"GSUB", "GPOS", "GDEF", "BASE", "JSTF", "MATH", "kern", "cmap", "name", "post", "OS/2",
                          "gasp", "fvar", "gvar", "avar", "HVAR", "MVAR", "STAT", "DSIG", "FFTM", "PCLT", "meta"})
    hb_set_add(without, hb_tag_from_string(tag, -1));
  hb_subset_input_set_flags(input.get(),
                            HB_SUBSET_FLAGS_RETAIN_GIDS | HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE);
  FacePtr out(hb_subset_or_fail(font.face, input.get()));
  if (!out) throw std::runtime_error(fmt::format("PDF: the font {} cannot be embedded", name));
  return out;
}

/// "ABCDEF+": tells subsets of one font apart (ISO 32000-1, 9.6.4).
std::string subset_tag(std::string_view program) {
  const auto digest = sha256(as_bytes(program));
  std::string out;
  for (std::size_t i = 0; i < 6; ++i) out.push_back(static_cast<char>('A' + std::to_integer<int>(digest[i]) % 26));
  return out + '+';
}

std::string font_descriptor(const FontShown& font, const std::string& name, std::string_view program_entry) {
  const double scale = 1000.0 / hb_face_get_upem(font.face);
  hb_font_extents_t extents{};
  hb_font_get_h_extents(font.font, &extents);
  hb_position_t capitals = extents.ascender;
  hb_ot_metrics_get_position(font.font, HB_OT_METRICS_TAG_CAP_HEIGHT, &capitals);
  // The boxes' corners in `head`, the angle in `post`.
  const std::string head = font_table(font.face, HB_TAG('h', 'e', 'a', 'd'));
  const std::string post = font_table(font.face, HB_TAG('p', 'o', 's', 't'));
  std::string out = fmt::format("<< /Type /FontDescriptor /FontName /{} /Flags 4 /StemV 80 /FontBBox [", name);
  for (const std::size_t at : {36, 38, 40, 42}) {
    append_number(out, signed_at(head, at) * scale);
    out += ' ';
  }
  out += "] /ItalicAngle ";
  append_number(out, signed_at(post, 4));
  out += " /Ascent ";
  append_number(out, extents.ascender * scale);
  out += " /Descent ";
  append_number(out, extents.descender * scale);
  out += " /CapHeight ";
  append_number(out, capitals * scale);
  return fmt::format("{} {} >>", out, program_entry);
}

/// /W: neighbours share a list.
std::string width_list(const FontShown& font) {
  std::string out = "[";
  std::uint32_t next = 0;
  for (const auto& glyph : font.glyphs) {
    if (out.size() == 1 || glyph.number != next) {
      if (out.size() > 1) out += "] ";
      fmt::format_to(std::back_inserter(out), "{} [", glyph.number);
    } else {
      out += ' ';
    }
    append_number(out, glyph.width);
    next = glyph.number + 1;
  }
  return out + "]]";
}

/// ISO 32000-1, 9.10.3; at most a hundred lines stand together.
std::string unicode_map_of(const FontShown& font) {
  std::string out =
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n"
      "/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
  constexpr std::size_t together = 100;
  for (std::size_t from = 0; from < font.glyphs.size(); from += together) {
    const auto count = std::min(together, font.glyphs.size() - from);
    fmt::format_to(std::back_inserter(out), "{} beginbfchar\n", count);
    for (std::size_t i = from; i < from + count; ++i)
      fmt::format_to(std::back_inserter(out), "<{:04X}> <{}>\n", font.glyphs[i].number,
                     utf16_digits(font.glyphs[i].text));
    out += "endbfchar\n";
  }
  return out + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
}

}  // namespace

bool has_outlines(hb_face_t* face) {
  return !font_table(face, glyf).empty() || !font_table(face, cff).empty();
}

PdfFile::Object write_font(PdfFile& file, const FontShown& font) {
  const std::string plain_name = postscript_name(font.face);
  const FacePtr part = font_subset(font, plain_name);
  const bool true_type = !font_table(part.get(), glyf).empty();
  const std::string program =
      true_type ? blob_bytes(BlobPtr(hb_face_reference_blob(part.get())).get()) : font_table(part.get(), cff);
  const std::string name = subset_tag(program) + plain_name;
  const auto embedded = file.add_stream(
      true_type ? fmt::format("/Length1 {}", program.size()) : std::string("/Subtype /CIDFontType0C"), program);
  const auto described = file.add(
      font_descriptor(font, name, fmt::format("/{} {}", true_type ? "FontFile2" : "FontFile3", reference(embedded))));
  const auto descendant = file.add(
      fmt::format("<< /Type /Font /Subtype /{} /BaseFont /{} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
                  "/Supplement 0 >> /FontDescriptor {}{} /W {} >>",
                  true_type ? "CIDFontType2" : "CIDFontType0", name, reference(described),
                  true_type ? " /CIDToGIDMap /Identity" : "", width_list(font)));
  return file.add(fmt::format(
      "<< /Type /Font /Subtype /Type0 /BaseFont /{} /Encoding /Identity-H /DescendantFonts [{}] /ToUnicode {} >>", name,
      reference(descendant), reference(file.add_stream("", unicode_map_of(font)))));
}

}  // namespace answerable::render
