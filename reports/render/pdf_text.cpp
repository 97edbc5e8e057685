#include "reports/render/pdf_text.hpp"

#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/render/pdf_words.hpp"
#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

constexpr const char* text_fonts = "Liberation Sans, DejaVu Sans";
constexpr const char* code_fonts = "Liberation Mono, DejaVu Sans Mono";
constexpr double line_spacing = 1.34;
constexpr double code_size = 0.93;
constexpr std::string_view no_break_space = "\xC2\xA0";

int units(double in_points) {
  return static_cast<int>(std::lround(in_points * PANGO_SCALE));
}

/// A code point of private use means nothing to a stranger's reader, and a byte order mark is no text (ISO 19005-2,
/// 6.2.11.7): U+FFFD.
std::string on_paper(std::string_view raw) {
  std::string shown = presentable(raw);
  // In UTF-8 they begin with EE or more.
  if (std::ranges::none_of(shown, [](char c) { return static_cast<unsigned char>(c) >= 0xEE; })) return shown;
  std::string out;
  for (std::string_view rest = shown; !rest.empty();) {
    const char32_t c = next_code_point(rest);
    const bool is_private = (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
    append_utf8(out, is_private || c == 0xFEFF ? 0xFFFD : c);
  }
  return out;
}

using AttributesPtr = std::unique_ptr<PangoAttrList, Release<pango_attr_list_unref>>;
using FontPtr = std::unique_ptr<PangoFontDescription, Release<pango_font_description_free>>;
using LayoutPtr = std::unique_ptr<PangoLayout, Release<g_object_unref>>;
using LinesPtr = std::unique_ptr<PangoLayoutIter, Release<pango_layout_iter_free>>;
using OptionsPtr = std::unique_ptr<cairo_font_options_t, Release<cairo_font_options_destroy>>;

void insert(PangoAttrList& list, PangoAttribute* attribute, std::size_t first, std::size_t end) {
  attribute->start_index = static_cast<guint>(first);
  attribute->end_index = static_cast<guint>(end);
  pango_attr_list_insert(&list, attribute);
}

void insert_manner(PangoAttrList& list, Run::Kind kind, std::size_t number, double size, std::size_t first,
                   std::size_t end) {
  // Never drawn: a colour of its own makes Pango keep each run apart from its neighbours.
  insert(list, pango_attr_foreground_new(static_cast<guint16>(number & 0xFFFF), 0, 0), first, end);
  switch (kind) {
    case Run::Kind::plain:
    case Run::Kind::link:
    case Run::Kind::exhibit:
      break;
    case Run::Kind::strong:
      insert(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), first, end);
      break;
    case Run::Kind::emphasis:
      insert(list, pango_attr_style_new(PANGO_STYLE_ITALIC), first, end);
      break;
    case Run::Kind::code:
      insert(list, pango_attr_family_new(code_fonts), first, end);
      insert(list, pango_attr_size_new(units(size * code_size)), first, end);
      break;
    case Run::Kind::tag:
      insert(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), first, end);
      insert(list, pango_attr_size_new(units(size * 0.88)), first, end);
      break;
  }
}

LayoutPtr layout_of(PangoContext& context, const std::string& text, PangoAttrList& attributes, const TextStyle& style,
                    double width) {
  LayoutPtr layout(pango_layout_new(&context));
  const FontPtr font(pango_font_description_new());
  pango_font_description_set_family_static(font.get(), text_fonts);
  pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
  if (style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_width(layout.get(), units(width));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment(layout.get(), style.right_aligned ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  if (style.one_line) {
    pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  }
  pango_layout_set_text(layout.get(), text.c_str(), static_cast<int>(text.size()));
  pango_layout_set_attributes(layout.get(), &attributes);
  return layout;
}

}  // namespace

PangoContextPtr make_text_context(std::string_view language) {
  PangoContextPtr context(pango_font_map_create_context(pango_cairo_font_map_get_default()));
  pango_cairo_context_set_resolution(context.get(), 72);
  const OptionsPtr options(cairo_font_options_create());
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context.get(), options.get());
  pango_context_set_round_glyph_positions(context.get(), FALSE);
  pango_context_set_language(context.get(), pango_language_from_string(std::string(language).c_str()));
  return context;
}

std::vector<SetLine> set_whole(Typesetter& typesetter, std::span<const OnPaper> runs, const TextStyle& style,
                               double width) {
  std::string text;
  std::vector<std::size_t> starts;  // of each run
  const AttributesPtr attributes(pango_attr_list_new());
  for (const OnPaper& run : runs) {
    starts.push_back(text.size());
    text += run.text;
    insert_manner(*attributes, run.kind, starts.size() - 1, style.size, starts.back(), text.size());
  }
  pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));

  std::vector<SetLine> out;
  const LayoutPtr layout = layout_of(*typesetter.context, text, *attributes, style, width);
  const LinesPtr lines(pango_layout_get_iter(layout.get()));
  do {
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(lines.get(), nullptr, &logical);
    SetLine& line = out.emplace_back();
    line.ascent = points(pango_layout_iter_get_baseline(lines.get()) - logical.y);
    line.descent = points(logical.height) - line.ascent;
    double x = points(logical.x);
    for (GSList* item = pango_layout_iter_get_line_readonly(lines.get())->runs; item != nullptr; item = item->next) {
      auto* glyphs = static_cast<PangoGlyphItem*>(item->data);
      const auto after = std::ranges::upper_bound(starts, static_cast<std::size_t>(glyphs->item->offset));
      const double width_of_it = points(pango_glyph_string_get_width(glyphs->glyphs));
      line.pieces.push_back({static_cast<std::size_t>(after - starts.begin()) - 1, x, width_of_it,
                             typesetter.fonts.show(*glyphs, text.c_str())});
      x += width_of_it;
    }
  } while (pango_layout_iter_next_line(lines.get()) != FALSE);
  return out;
}

TextBlock::TextBlock(Typesetter& typesetter, Inline runs, const TextStyle& style, double width)
    : runs_(std::move(runs)), style_(style) {
  std::vector<OnPaper> texts;
  for (Run& run : runs_) {
    const bool is_tag = run.kind == Run::Kind::tag;
    const auto around = is_tag ? no_break_space : std::string_view();
    texts.push_back({run.kind, fmt::format("{}{}{}", around, on_paper(run.text), around)});
    has_tags_ = has_tags_ || is_tag;
    if (run.kind != Run::Kind::link && run.kind != Run::Kind::exhibit) run.text = {};
  }
  auto set = set_by_words(typesetter, texts, style, width);
  if (!set) set = set_whole(typesetter, texts, style, width);
  for (SetLine& line : *set) {
    const double own_height = line.ascent + line.descent;
    const double height = std::max(own_height, style.size * line_spacing);
    lines_.push_back({.pieces = {}, .height = height, .baseline = (height - own_height) / 2 + line.ascent});
    for (auto& piece : line.pieces)
      lines_.back().pieces.push_back({piece.run, piece.x, piece.width, std::move(piece.shown.operators)});
  }
}

double TextBlock::height() const {
  double height = 0;
  for (const Line& line : lines_) height += line.height;
  return height;
}

}  // namespace answerable::render
