#include "reports/render/pdf_fonts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "reports/render/pdf_font_program.hpp"
#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

constexpr char32_t no_such_glyph = 0xFFFD;

std::optional<std::uint32_t> glyph_of(hb_font_t* font, char32_t c) {
  hb_codepoint_t glyph = 0;
  if (hb_font_get_nominal_glyph(font, static_cast<hb_codepoint_t>(c), &glyph) == 0 || glyph == 0) return std::nullopt;
  return glyph;
}

/// Glyphs that together stand for a stretch of text and cannot be told apart: a letter, a ligature, a letter with its
/// accents.
struct Cluster {
  int first, end;
  std::string_view text;
};

std::vector<Cluster> clusters_of(PangoGlyphItem& item, const char* text) {
  std::vector<Cluster> out;
  PangoGlyphItemIter at;
  for (auto more = pango_glyph_item_iter_init_start(&at, &item, text); more != FALSE;
       more = pango_glyph_item_iter_next_cluster(&at)) {
    const std::string_view part(text + at.start_index, static_cast<std::size_t>(at.end_index - at.start_index));
    // From right to left the glyphs count down.
    if (at.start_glyph < at.end_glyph) {
      out.push_back({at.start_glyph, at.end_glyph, part});
    } else {
      out.push_back({at.end_glyph + 1, at.start_glyph + 1, part});
    }
  }
  std::ranges::sort(out, {}, &Cluster::first);
  return out;
}

}  // namespace

/// Writes the operators of one item.
class PdfFonts::Run {
 public:
  explicit Run(PdfFonts& fonts) : fonts_(fonts) {}

  Shown write(PangoGlyphItem& item, const char* text) {
    const Sized& own = fonts_.sized(*item.item->analysis.font);
    double x = 0;
    for (const Cluster& cluster : clusters_of(item, text)) {
      write(*item.glyphs, cluster, own, x);
      for (int i = cluster.first; i < cluster.end; ++i) x += points(item.glyphs->glyphs[i].geometry.width);
    }
    close_array();
    return {std::move(out_), own.size, x_};
  }

 private:
  void write(const PangoGlyphString& glyphs, const Cluster& cluster, const Sized& own, double x) {
    std::vector<std::uint32_t> shown;
    bool unknown = false;
    for (int i = cluster.first; i < cluster.end; ++i) {
      const auto glyph = glyphs.glyphs[i].glyph;
      if (glyph == PANGO_GLYPH_EMPTY) continue;
      unknown = unknown || (glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0 || glyph == 0;
      shown.push_back(glyph);
    }
    if (shown.empty()) return;
    if (unknown || !fonts_.faces_[own.face].can_be_embedded) {
      write_stand_in(cluster.text, own.size, x);
      return;
    }
    const bool explained = explain(fonts_.faces_[own.face], shown, cluster.text);
    if (!explained) begin_actual_text(cluster.text);
    for (int i = cluster.first; i < cluster.end; ++i) {
      const auto& it = glyphs.glyphs[i];
      if (it.glyph != PANGO_GLYPH_EMPTY)
        write(own, it.glyph, x + points(it.geometry.x_offset), -points(it.geometry.y_offset));
      x += points(it.geometry.width);
    }
    if (!explained) end_actual_text();
  }

  void write_stand_in(std::string_view text, double size, double x) {
    const Sized& sized = fonts_.stand_in(size);
    Face& face = fonts_.faces_[sized.face];
    const auto glyph = glyph_of(face.font.get(), no_such_glyph);
    if (!glyph) return;
    const bool explained = explain(face, {*glyph}, text);
    if (!explained) begin_actual_text(text);
    write(sized, *glyph, x, 0);
    if (!explained) end_actual_text();
  }

  /// Whether the glyphs, each taken for what it stands for everywhere, tell the text.
  static bool explain(Face& face, const std::vector<std::uint32_t>& shown, std::string_view text) {
    if (shown.size() == 1) {
      std::string& meant = face.glyphs[shown.front()];
      if (meant.empty()) meant = text;
      return meant == text;
    }
    for (std::string_view rest = text; !rest.empty();) {
      const char32_t c = next_code_point(rest);
      const auto glyph = glyph_of(face.font.get(), c);
      if (!glyph || std::ranges::find(shown, *glyph) == shown.end()) continue;
      if (std::string& meant = face.glyphs[*glyph]; meant.empty()) append_utf8(meant, c);
    }
    std::string told;
    for (const auto glyph : shown) {
      std::string& meant = face.glyphs[glyph];
      if (meant.empty()) append_utf8(meant, no_such_glyph);
      told += meant;
    }
    return told == text;
  }

  void write(const Sized& font, std::uint32_t glyph, double x, double y) {
    if (font_ != font.face || size_ != font.size) {
      close_array();
      fmt::format_to(std::back_inserter(out_), "/F{} ", font.face);
      append_number(out_, font.size);
      out_ += " Tf ";
      font_ = font.face;
      size_ = font.size;
    }
    if (std::abs(y - y_) >= near_enough) rise(y);
    if (!in_array_) out_ += '[';
    in_array_ = true;
    // In thousandths of the font's size, to the left.
    if (std::abs(x - x_) >= near_enough) {
      close_string();
      const double by = std::round((x_ - x) * 1e6 / size_) / 1000;
      append_number(out_, by);
      x_ -= by * size_ / 1000;
    }
    if (!in_string_) out_ += '<';
    in_string_ = true;
    append_four_digits(out_, glyph);
    x_ += width(fonts_.faces_[font.face], glyph) * size_ / 1000;
  }

  /// Goes on above or below, from the left end.
  void rise(double y) {
    close_array();
    out_ += "0 ";
    append_number(out_, y - y_);
    out_ += " Td ";
    y_ = y;
    x_ = 0;
  }

  void begin_actual_text(std::string_view text) {
    close_array();
    out_ += fmt::format("/Span << /ActualText <FEFF{}> >> BDC ", utf16_digits(text));
  }
  void end_actual_text() {
    close_array();
    out_ += "EMC ";
  }
  void close_string() {
    if (in_string_) out_ += '>';
    in_string_ = false;
  }
  void close_array() {
    close_string();
    if (in_array_) out_ += "] TJ ";
    in_array_ = false;
  }

  static constexpr std::size_t no_font = static_cast<std::size_t>(-1);

  PdfFonts& fonts_;
  std::string out_;
  std::size_t font_ = no_font;
  double size_ = 0;
  /// Where the next glyph would stand by itself.
  double x_ = 0, y_ = 0;
  bool in_array_ = false, in_string_ = false;
};

PdfFonts::Shown PdfFonts::show(PangoGlyphItem& item, const char* text) {
  return Run(*this).write(item, text);
}

const PdfFonts::Sized& PdfFonts::sized(PangoFont& font) {
  const auto [entry, is_new] = sized_.try_emplace(&font);
  Sized& sized = entry->second;
  if (!is_new) return sized;
  // Kept, so that no other font comes to lie at its address.
  sized.font.reset(PANGO_FONT(g_object_ref(&font)));
  const std::unique_ptr<PangoFontDescription, Release<pango_font_description_free>> described(
      pango_font_describe_with_absolute_size(&font));
  sized.size = points(pango_font_description_get_size(described.get()));
  hb_face_t* const face = hb_font_get_face(pango_font_get_hb_font(&font));
  const auto known = std::ranges::find(faces_, face, [](const Face& it) { return it.face.get(); });
  sized.face = static_cast<std::size_t>(known - faces_.begin());
  if (known == faces_.end()) {
    Face& added = faces_.emplace_back();
    added.face.reset(hb_face_reference(face));
    added.font.reset(hb_font_create(face));
    added.units_per_em = hb_face_get_upem(face);
    added.can_be_embedded = has_outlines(face);
  }
  return sized;
}

const PdfFonts::Sized& PdfFonts::stand_in(double size) {
  auto& font = stand_ins_[size];
  if (font == nullptr) {
    const std::unique_ptr<PangoFontDescription, Release<pango_font_description_free>> wanted(
        pango_font_description_from_string("DejaVu Sans"));
    pango_font_description_set_absolute_size(wanted.get(), size * PANGO_SCALE);
    const std::unique_ptr<PangoFont, Release<g_object_unref>> loaded(pango_context_load_font(&context_, wanted.get()));
    font = loaded.get();
    return sized(*font);
  }
  return sized(*font);
}

double PdfFonts::width(const Face& face, std::uint32_t glyph) {
  // As it is written, so that nobody adds up anything else.
  return std::round(hb_font_get_glyph_h_advance(face.font.get(), glyph) * 1e6 / face.units_per_em) / 1000;
}

std::string PdfFonts::write(PdfFile& file) const {
  std::string out = "<<";
  for (std::size_t i = 0; i < faces_.size(); ++i) {
    const Face& face = faces_[i];
    if (face.glyphs.empty()) continue;
    FontShown shown{.face = face.face.get(), .font = face.font.get(), .glyphs = {}};
    for (const auto& [glyph, text] : face.glyphs) shown.glyphs.push_back({glyph, width(face, glyph), text});
    out += fmt::format(" /F{} {}", i, reference(write_font(file, shown)));
  }
  return out + " >>";
}

}  // namespace answerable::render
