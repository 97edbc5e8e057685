#include "reports/render/pdf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>

#include "reports/render/document.hpp"
#include "reports/render/pdf_archive.hpp"
#include "reports/render/pdf_flow.hpp"
#include "reports/render/pdf_geometry.hpp"
#include "reports/render/pdf_page.hpp"
#include "reports/render/pdf_structure.hpp"
#include "reports/render/pdf_text.hpp"

namespace answerable::render {
namespace {

using Element = StructureTree::Element;

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

class Painter {
 public:
  Painter(const Document& document, const Outline& headings)
      : document_(document),
        outline_(headings),
        typesetter_(document.language),
        flow_(lay_out(document, headings, typesetter_, tree_)),
        pages_(paginate(flow_)) {}

  std::size_t pages() const { return pages_.size(); }

  std::string run() && {
    find_anchors();
    parent_ = file_.reserve();
    resources_ = file_.reserve();
    first_page_ = file_.reserve();
    for (std::size_t i = 1; i < pages_.size(); ++i) file_.reserve();
    for (std::size_t page = 0; page < pages_.size(); ++page) write_page(page);
    std::string kids;
    for (std::size_t page = 0; page < pages_.size(); ++page) kids += page_reference(static_cast<int>(page)) + ' ';
    file_.put(parent_, fmt::format("<< /Type /Pages /Count {} /Kids [{}] >>", pages_.size(), kids));
    file_.put(resources_, fmt::format("<< /Font {} >>", typesetter_.fonts.write(file_)));
    const CatalogueParts parts{.pages = parent_,
                               .structure = write_structure(file_, tree_, first_page_),
                               .outlines = write_outline(file_, bookmarks())};
    const auto catalogue = write_catalogue(file_, document_, parts);
    return std::move(file_).finish(catalogue, write_information(file_, document_));
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

  std::string page_reference(int page) const { return reference(first_page_ + page); }

  std::string destination(const Place& place, std::string_view left) const {
    std::string out = fmt::format("[{} /XYZ {} ", page_reference(place.page), left);
    append_number(out, page_height - std::max(place.y - 6, 0.0));
    return out + " null]";
  }

  std::vector<Bookmark> bookmarks() const {
    std::vector<Bookmark> out;
    for (const auto& heading : outline_.headings)
      out.push_back({.level = heading.level,
                     .title = heading.text,
                     .destination = destination(places_.at(heading.anchor), fmt::format("{}", margin_left))});
    return out;
  }

  void write_page(std::size_t page) {
    page_ = static_cast<int>(page);
    annotations_.clear();
    PdfPage canvas(tree_, page_);
    paint(page, canvas);
    const auto content = file_.stream("", canvas.content());
    file_.put(
        first_page_ + page_,
        fmt::format("<< /Type /Page /Parent {} /MediaBox [0 0 {} {}] /Resources {} /Contents {} /StructParents {} "
                    "/Tabs /S{} >>",
                    reference(parent_), page_width, page_height, reference(resources_), reference(content), page,
                    annotations_.empty() ? "" : " /Annots [" + annotations_ + "]"));
  }

  void paint(std::size_t page, PdfPage& canvas) {
    canvas.in(StructureTree::artifact);
    paint_boxes(pages_[page], canvas);
    for (const Placed& placed : pages_[page]) {
      for (const Mark& mark : placed.fragment->marks) paint_ground(mark, placed.y, canvas);
    }
    paint_head_and_foot(page, canvas);
    for (const Placed& placed : pages_[page]) {
      for (const Mark& mark : placed.fragment->marks) {
        if (const auto* line = std::get_if<DrawLine>(&mark)) {
          paint_line(*line, placed.y, placed.repeated ? StructureTree::artifact : line->element, canvas);
        } else if (const auto* number = std::get_if<PageNumber>(&mark)) {
          paint_page_number(*number, placed.y, canvas);
        }
      }
    }
    canvas.end();
  }

  void paint_boxes(const PageContent& content, PdfPage& canvas) {
    // From the first fragment of a box on this page to its last. Outer boxes have lower numbers, so they are painted
    // first.
    std::map<int, std::pair<double, double>> extents;
    int page_box = Slice::none;
    for (auto placed = content.rbegin(); placed != content.rend(); ++placed) {
      // A repeated header lies in the box of the row it stands over.
      page_box = placed->repeated ? page_box : placed->fragment->box;
      for (int box = page_box; box != Slice::none; box = flow_.boxes[static_cast<std::size_t>(box)].parent) {
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
          canvas.fill(area, {0.965, 0.965, 0.965});
          canvas.dash(area, ink, 1.6);
          break;
        case Callout::Kind::note:
          canvas.frame(area, rule_grey, frame_width);
          canvas.fill({area.x, area.y, 4, area.height}, link_blue);
          break;
        case Callout::Kind::finding:
          canvas.frame(area, rule_grey, frame_width);
          canvas.fill({area.x, area.y, 4, area.height}, {0.541, 0.122, 0.067});
          break;
        case Callout::Kind::warning:
          canvas.fill(area, {1, 0.984, 0.878});
          canvas.frame(area, rule_grey, frame_width);
          canvas.fill({area.x, area.y, 4, area.height}, ink);
          break;
      }
    }
  }

  /// What lies under the text: rules, grounds, dashes.
  void paint_ground(const Mark& mark, double top, PdfPage& canvas) {
    if (const auto* filled = std::get_if<Fill>(&mark)) {
      const Rectangle& area = filled->area;
      canvas.fill({area.x, top + area.y, area.width, area.height}, filled->colour);
    } else if (const auto* dashes = std::get_if<Dashes>(&mark)) {
      const Rectangle& area = dashes->area;
      canvas.dash({area.x, top + area.y, area.width, area.height}, ink, 1.1);
    } else if (const auto* line = std::get_if<DrawLine>(&mark); line && line->block->has_tags()) {
      paint_tag_grounds(*line, top, canvas);
    }
  }

  void paint_tag_grounds(const DrawLine& line, double top, PdfPage& canvas) {
    const auto& geometry = line.block->lines()[line.line];
    const double size = line.block->style().size;
    const double above = size * 0.82;
    const Rectangle area{0, top + line.y + geometry.baseline - above, 0, size * 1.12};
    // A tag can come in several pieces, when a font lacks one of its letters.
    std::map<std::size_t, std::pair<double, double>> extents;
    for (const auto& piece : geometry.pieces) {
      if (line.block->runs()[piece.run].kind != Run::Kind::tag) continue;
      auto [extent, is_new] = extents.try_emplace(piece.run, piece.x, piece.x + piece.width);
      if (!is_new) extent->second.second = piece.x + piece.width;
    }
    for (const auto& [run, extent] : extents) {
      const TagKind kind = line.block->runs()[run].tag_kind;
      const Rectangle ground{line.x + extent.first, area.y, extent.second - extent.first, area.height};
      canvas.fill(ground, colours_of(kind).ground);
      if (kind == TagKind::gap) canvas.dash({ground.x, ground.y - 1, ground.width, ground.height + 2}, ink, 0.8);
    }
  }

  void paint_line(const DrawLine& line, double top, Element element, PdfPage& canvas) {
    const auto& geometry = line.block->lines()[line.line];
    const double baseline = top + line.y + geometry.baseline;
    for (const auto& piece : geometry.pieces) {
      const Run& run = line.block->runs()[piece.run];
      const double x = line.x + piece.x;
      const std::string target = target_of(run);
      const LinkKind kind = link_kind(target, outline_);
      const bool is_link =
          element != StructureTree::artifact && (kind == LinkKind::anchor || kind == LinkKind::address);
      const Element piece_element = is_link ? link_element(piece.run, element) : element;
      canvas.in(piece_element);
      canvas.show(piece.glyphs, x, baseline,
                  is_link                      ? link_blue
                  : run.kind == Run::Kind::tag ? colours_of(run.tag_kind).text
                                               : line.block->style().colour);
      if (!is_link) continue;
      // Below where an underscore stands, so that it stays to be seen.
      canvas.fill({x, baseline + line.block->style().size * 0.24, piece.width, 0.5}, link_blue);
      add_link(run.text, target, kind, piece_element, {x, top + line.y, piece.width, geometry.height});
    }
  }

  /// One element a link, however many lines it takes.
  Element link_element(std::size_t run, Element parent) {
    const auto [found, is_new] = links_.try_emplace({run, parent}, StructureTree::artifact);
    if (is_new) found->second = tree_.add(parent, "Link");
    return found->second;
  }

  static std::string target_of(const Run& run) {
    return run.kind == Run::Kind::exhibit ? "#" + exhibit_anchor(run.text) : run.target;
  }

  /// \param text what a screen reader reads out
  void add_link(const std::string& text, const std::string& target, LinkKind kind, Element element,
                const Rectangle& area) {
    const auto annotation = file_.reserve();
    const auto number = tree_.add_annotation(element, page_, annotation);
    std::string out = "<< /Type /Annot /Subtype /Link /Border [0 0 0] /F 4 /Rect [";
    for (const double edge : {area.x, page_height - area.y - area.height, area.x + area.width, page_height - area.y}) {
      append_number(out, edge);
      out += ' ';
    }
    file_.put(annotation,
              fmt::format("{}] /Contents {} /StructParent {} {} >>", out, text_string(text),
                          pages_.size() + static_cast<std::size_t>(number),
                          kind == LinkKind::address ? fmt::format("/A << /S /URI /URI {} >>", ascii_string(target))
                                                    : "/Dest " + destination(places_.at(target.substr(1)), "null")));
    annotations_ += reference(annotation) + ' ';
  }

  /// A line that stands outside the flow.
  static void paint_loose(const TextBlock& block, double x, double y, PdfPage& canvas) {
    const auto& line = block.lines().front();
    for (const auto& piece : line.pieces)
      canvas.show(piece.glyphs, x + piece.x, y + line.baseline, block.style().colour);
  }

  void paint_page_number(const PageNumber& number, double top, PdfPage& canvas) {
    constexpr double width = 40;
    const TextBlock block(typesetter_, {std::to_string(places_.at(number.anchor).page + 1)}, {.right_aligned = true},
                          width);
    canvas.in(number.element);
    paint_loose(block, number.right - width, top + number.y, canvas);
  }

  void paint_head_and_foot(std::size_t page, PdfPage& canvas) {
    constexpr double number_width = 90;
    const TextStyle small{.size = 8, .colour = grey_ink, .one_line = true};
    TextStyle small_right = small;
    small_right.right_aligned = true;
    if (page > 0) {
      if (!head_) head_.emplace(typesetter_, Inline{document_.title}, small, body_width);
      paint_loose(*head_, margin_left, head_top, canvas);
      canvas.fill({margin_left, head_top + 14, body_width, 0.5}, rule_grey);
    }
    canvas.fill({margin_left, foot_top - 5, body_width, 0.5}, rule_grey);
    if (!foot_) foot_.emplace(typesetter_, Inline{document_.footer_left}, small, body_width - number_width);
    paint_loose(*foot_, margin_left, foot_top, canvas);
    const TextBlock number(typesetter_, {fmt::format("Page {} of {}", page + 1, pages_.size())}, small_right,
                           number_width);
    paint_loose(number, margin_left + body_width - number_width, foot_top, canvas);
  }

  static constexpr double frame_width = 0.6;

  const Document& document_;
  const Outline& outline_;
  StructureTree tree_;
  Typesetter typesetter_;
  Flow flow_;
  std::vector<PageContent> pages_;
  PdfFile file_;
  PdfFile::Object parent_{}, resources_{}, first_page_{};
  int page_{};               ///< that is painted
  std::string annotations_;  ///< on it
  std::optional<TextBlock> head_, foot_;
  std::map<std::string, Place> places_;
  std::map<std::pair<std::size_t, Element>, Element> links_;  ///< by run and the element it is in
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
    if (!long_enough || has_contents(document.blocks)) return std::move(painter).run();
  }
  Document with_contents = document;
  auto& blocks = with_contents.blocks;
  blocks.insert(std::ranges::find_if(blocks, [](const Block& block) { return std::holds_alternative<Heading>(block); }),
                Contents{});
  return Painter(with_contents, headings).run();
}

}  // namespace answerable::render
