#include "reports/render/pdf.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>

#include "reports/render/document.hpp"
#include "reports/render/pdf_flow.hpp"
#include "reports/render/pdf_geometry.hpp"
#include "reports/render/pdf_structure.hpp"
#include "reports/render/pdf_text.hpp"
#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

using Element = StructureTree::Element;
using SurfacePtr = std::unique_ptr<cairo_surface_t, Release<cairo_surface_destroy>>;
using CairoPtr = std::unique_ptr<cairo_t, Release<cairo_destroy>>;

struct TagColours {
  Colour ground, text;
};

TagColours colours_of(TagKind kind) {
  switch (kind) {
    case TagKind::neutral:
      return {{0.933, 0.937, 0.937}, {0.157, 0.176, 0.188}};
    case TagKind::good:
      return {{0.8, 0.886, 0.847}, {0, 0.353, 0.188}};
    case TagKind::warning:
      return {{1, 0.969, 0.749}, {0.349, 0.302, 0}};
    case TagKind::bad:
      return {{0.965, 0.843, 0.824}, {0.541, 0.122, 0.067}};
    case TagKind::gap:
      return {{1, 1, 1}, ink};
  }
  throw std::invalid_argument("no such kind of tag");
}

cairo_status_t append(void* out, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

class Painter {
 public:
  Painter(const Document& document, const Outline& headings)
      : document_(document),
        outline_(headings),
        context_(make_text_context(document.language)),
        flow_(lay_out(document, headings, *context_, tree_)),
        pages_(paginate(flow_)),
        surface_(cairo_pdf_surface_create_for_stream(append, &bytes_, page_width, page_height)),
        cairo_(cairo_create(surface_.get())) {
    cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_5);
  }

  std::size_t pages() const { return pages_.size(); }

  std::string run() {
    find_anchors();
    add_outline();
    std::vector<MarkedPage> marked;
    for (std::size_t page = 0; page < pages_.size(); ++page) {
      marked.emplace_back(cairo_.get(), tree_, static_cast<int>(page));
      paint(page, marked.back());
      cairo_show_page(cairo_.get());
    }
    cairo_surface_finish(surface_.get());
    for (const cairo_status_t status : {cairo_status(cairo_.get()), cairo_surface_status(surface_.get())}) {
      if (status != CAIRO_STATUS_SUCCESS)
        throw std::runtime_error(fmt::format("PDF: {}", cairo_status_to_string(status)));
    }
    // What follows needs as much memory again.
    pages_.clear();
    flow_ = {};
    return finish_pdf(bytes_, document_, tree_, marked);
  }

 private:
  struct Place {
    int page;
    double y;
  };

  void find_anchors() {
    for (std::size_t page = 0; page < pages_.size(); ++page) {
      for (const Placed& placed : pages_[page]) {
        if (placed.repeated) continue;
        for (const std::string& anchor : placed.fragment->anchors)
          places_.emplace(anchor, Place{static_cast<int>(page), placed.y});
      }
    }
  }

  void add_outline() {
    // The open entry at each depth; the title is the root of all.
    std::array<int, 5> parents{};
    for (const auto& heading : outline_.headings) {
      const Place& place = places_.at(heading.anchor);
      const std::string where =
          fmt::format("page={} pos=[{:.2f} {:.2f}]", place.page + 1, margin_left, std::max(place.y - 6, 0.0));
      const auto level = static_cast<std::size_t>(heading.level);
      const int entry =
          cairo_pdf_surface_add_outline(surface_.get(), level == 2 ? CAIRO_PDF_OUTLINE_ROOT : parents[level - 1],
                                        presentable(heading.text).c_str(), where.c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN);
      std::fill(parents.begin() + heading.level, parents.end(), entry);
    }
  }

  void paint(std::size_t page, MarkedPage& marked) {
    marked.in(StructureTree::artifact);
    paint_boxes(pages_[page]);
    for (const Placed& placed : pages_[page]) {
      for (const Mark& mark : placed.fragment->marks) paint_ground(mark, placed.y);
    }
    paint_head_and_foot(page);
    for (const Placed& placed : pages_[page]) {
      for (const Mark& mark : placed.fragment->marks) {
        if (const auto* line = std::get_if<DrawLine>(&mark)) {
          paint_line(*line, placed.y, placed.repeated ? StructureTree::artifact : line->element, marked);
        } else if (const auto* number = std::get_if<PageNumber>(&mark)) {
          paint_page_number(*number, placed.y, marked);
        }
      }
    }
    marked.end();
  }

  void set(const Colour& colour) { cairo_set_source_rgb(cairo_.get(), colour.red, colour.green, colour.blue); }

  void fill(const Rectangle& area, const Colour& colour) {
    set(colour);
    cairo_rectangle(cairo_.get(), area.x, area.y, area.width, area.height);
    cairo_fill(cairo_.get());
  }

  /// A dashed border just inside `area`.
  void dash(const Rectangle& area, double width) {
    const double right = area.x + area.width;
    const double bottom = area.y + area.height;
    set(ink);
    cairo_set_line_width(cairo_.get(), width);
    for (const double y : {area.y + width / 2, bottom - width / 2}) dash_side(area.x, y, right, y, width);
    for (const double x : {area.x + width / 2, right - width / 2}) dash_side(x, area.y, x, bottom, width);
    cairo_set_dash(cairo_.get(), nullptr, 0, 0);
  }

  /// A whole number of dashes and gaps, with half a dash at either end: so corners are closed, and all alike.
  void dash_side(double from_x, double from_y, double to_x, double to_y, double width) {
    const double length = to_x - from_x + to_y - from_y;
    const double period = length / std::max(std::round(length / (width * 5 + 1.5)), 1.0);
    const double pattern[] = {period * 0.6, period * 0.4};
    cairo_set_dash(cairo_.get(), pattern, 2, pattern[0] / 2);
    cairo_move_to(cairo_.get(), from_x, from_y);
    cairo_line_to(cairo_.get(), to_x, to_y);
    cairo_stroke(cairo_.get());
  }

  void frame(const Rectangle& area) {
    set(rule_grey);
    cairo_set_line_width(cairo_.get(), 0.6);
    cairo_rectangle(cairo_.get(), area.x, area.y, area.width, area.height);
    cairo_stroke(cairo_.get());
  }

  void paint_boxes(const PageContent& content) {
    // From the first fragment of a box on this page to its last. Outer boxes have lower numbers, so they are painted
    // first.
    std::map<int, std::pair<double, double>> extents;
    int page_box = Fragment::none;
    for (auto placed = content.rbegin(); placed != content.rend(); ++placed) {
      // A repeated header lies in the box of the row it stands over.
      page_box = placed->repeated ? page_box : placed->fragment->box;
      for (int box = page_box; box != Fragment::none; box = flow_.boxes[static_cast<std::size_t>(box)].parent) {
        const double bottom = placed->y + placed->fragment->height;
        auto [extent, is_new] = extents.try_emplace(box, placed->y, bottom);
        if (!is_new) extent->second.first = std::min(extent->second.first, placed->y);
      }
    }
    for (const auto& [number, extent] : extents) {
      const Box& box = flow_.boxes[static_cast<std::size_t>(number)];
      const Rectangle area{box.x, extent.first, box.width, extent.second - extent.first};
      switch (box.kind) {
        case Callout::Kind::gap:
          fill(area, {0.965, 0.965, 0.965});
          dash(area, 1.6);
          break;
        case Callout::Kind::note:
          frame(area);
          fill({area.x, area.y, 4, area.height}, link_blue);
          break;
        case Callout::Kind::finding:
          frame(area);
          fill({area.x, area.y, 4, area.height}, {0.541, 0.122, 0.067});
          break;
        case Callout::Kind::warning:
          fill(area, {1, 0.984, 0.878});
          frame(area);
          fill({area.x, area.y, 4, area.height}, ink);
          break;
      }
    }
  }

  /// What lies under the text: rules, grounds, dashes.
  void paint_ground(const Mark& mark, double top) {
    if (const auto* filled = std::get_if<Fill>(&mark)) {
      const Rectangle& area = filled->area;
      fill({area.x, top + area.y, area.width, area.height}, filled->colour);
    } else if (const auto* dashes = std::get_if<Dashes>(&mark)) {
      const Rectangle& area = dashes->area;
      dash({area.x, top + area.y, area.width, area.height}, 1.1);
    } else if (const auto* line = std::get_if<DrawLine>(&mark); line && line->block->has_tags()) {
      paint_tag_grounds(*line, top);
    }
  }

  void paint_tag_grounds(const DrawLine& line, double top) {
    const auto& geometry = line.block->lines()[line.line];
    const double size = line.block->style().size;
    const double above = size * 0.82;
    const Rectangle area{0, top + line.y + geometry.baseline - above, 0, size * 1.12};
    // A tag can come in several pieces, when a font lacks one of its letters.
    std::map<std::size_t, std::pair<double, double>> extents;
    for (const auto& piece : line.block->pieces(line.line)) {
      if (line.block->runs()[piece.run].kind != Run::Kind::tag) continue;
      auto [extent, is_new] = extents.try_emplace(piece.run, piece.x, piece.x + piece.width);
      if (!is_new) extent->second.second = piece.x + piece.width;
    }
    for (const auto& [run, extent] : extents) {
      const TagKind kind = line.block->runs()[run].tag_kind;
      const Rectangle ground{line.x + extent.first, area.y, extent.second - extent.first, area.height};
      fill(ground, colours_of(kind).ground);
      if (kind == TagKind::gap) dash({ground.x, ground.y - 1, ground.width, ground.height + 2}, 0.8);
    }
  }

  void paint_line(const DrawLine& line, double top, Element element, MarkedPage& marked) {
    const auto& geometry = line.block->lines()[line.line];
    const double baseline = top + line.y + geometry.baseline;
    for (const auto& piece : line.block->pieces(line.line)) {
      const Run& run = line.block->runs()[piece.run];
      const double x = line.x + piece.x;
      const std::string target = target_of(run);
      const LinkKind kind = link_kind(target, outline_);
      const bool is_link =
          element != StructureTree::artifact && (kind == LinkKind::anchor || kind == LinkKind::address);
      const Element piece_element = is_link ? link_element(line, piece.run, element) : element;
      marked.in(piece_element);
      set(is_link                      ? link_blue
          : run.kind == Run::Kind::tag ? colours_of(run.tag_kind).text
                                       : line.block->style().colour);
      cairo_move_to(cairo_.get(), x, baseline);
      pango_cairo_show_glyph_item(cairo_.get(), line.block->text().c_str(), piece.glyphs);
      if (!is_link) continue;
      // Below where an underscore stands, so that it stays to be seen.
      fill({x, baseline + line.block->style().size * 0.24, piece.width, 0.5}, link_blue);
      add_link(run.text, target, kind, piece_element, {x, top + line.y, piece.width, geometry.height}, marked);
    }
  }

  /// One element a link, however many lines it takes.
  Element link_element(const DrawLine& line, std::size_t run, Element parent) {
    const auto [found, is_new] = links_.try_emplace({line.block, run}, StructureTree::artifact);
    if (is_new) found->second = tree_.add(parent, "Link");
    return found->second;
  }

  static std::string target_of(const Run& run) {
    return run.kind == Run::Kind::exhibit ? "#" + exhibit_anchor(run.text) : run.target;
  }

  void add_link(const std::string& text, const std::string& target, LinkKind kind, Element element,
                const Rectangle& area, MarkedPage& marked) {
    LinkAnnotation annotation{area, element, text, "", 0, 0};
    if (kind == LinkKind::address) {
      annotation.address = target;
    } else {
      const Place& place = places_.at(target.substr(1));
      annotation.to_page = place.page;
      annotation.to_y = std::max(place.y - 6, 0.0);
    }
    marked.link(std::move(annotation));
  }

  /// A line that stands outside the flow.
  void paint_loose(const TextBlock& block, double x, double y) {
    set(block.style().colour);
    for (const auto& piece : block.pieces(0)) {
      cairo_move_to(cairo_.get(), x + piece.x, y + block.lines().front().baseline);
      pango_cairo_show_glyph_item(cairo_.get(), block.text().c_str(), piece.glyphs);
    }
  }

  void paint_page_number(const PageNumber& number, double top, MarkedPage& marked) {
    constexpr double width = 40;
    const TextBlock block(*context_, {std::to_string(places_.at(number.anchor).page + 1)}, {.right_aligned = true},
                          width);
    marked.in(number.element);
    paint_loose(block, number.right - width, top + number.y);
  }

  void paint_head_and_foot(std::size_t page) {
    constexpr double number_width = 90;
    const TextStyle small{.size = 8, .colour = grey_ink, .one_line = true};
    TextStyle small_right = small;
    small_right.right_aligned = true;
    if (page > 0) {
      paint_loose(TextBlock(*context_, {document_.title}, small, body_width), margin_left, head_top);
      fill({margin_left, head_top + 14, body_width, 0.5}, rule_grey);
    }
    fill({margin_left, foot_top - 5, body_width, 0.5}, rule_grey);
    paint_loose(TextBlock(*context_, {document_.footer_left}, small, body_width - number_width), margin_left, foot_top);
    const TextBlock number(*context_, {fmt::format("Page {} of {}", page + 1, pages_.size())}, small_right,
                           number_width);
    paint_loose(number, margin_left + body_width - number_width, foot_top);
  }

  const Document& document_;
  const Outline& outline_;
  StructureTree tree_;
  PangoContextPtr context_;
  Flow flow_;
  std::vector<PageContent> pages_;
  std::string bytes_;
  SurfacePtr surface_;
  CairoPtr cairo_;
  std::map<std::string, Place> places_;
  std::map<std::pair<const TextBlock*, std::size_t>, Element> links_;
};

/// In pages. A longer document with headings gets a table of contents, asked for or not.
constexpr std::size_t longest_without_contents = 3;

bool has_contents(const std::vector<Block>& blocks) {
  return std::ranges::any_of(blocks, [](const Block& block) {
    const auto* callout = std::get_if<Callout>(&block);
    return std::holds_alternative<Contents>(block) || (callout && has_contents(callout->body));
  });
}

}  // namespace

std::string pdf(const Document& document) {
  const Outline headings = outline(document);
  {
    Painter painter(document, headings);
    const bool long_enough = painter.pages() > longest_without_contents && headings.headings.size() > 1;
    if (!long_enough || has_contents(document.blocks)) return painter.run();
  }
  Document with_contents = document;
  auto& blocks = with_contents.blocks;
  blocks.insert(std::ranges::find_if(blocks, [](const Block& block) { return std::holds_alternative<Heading>(block); }),
                Contents{});
  return Painter(with_contents, headings).run();
}

}  // namespace answerable::render
