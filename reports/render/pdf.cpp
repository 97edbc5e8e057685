#include "reports/render/pdf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <ostream>
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
  Painter(const Document& document, const Outline& headings, std::ostream& out)
      : document_(document), outline_(headings), file_(out), flow_(document.language, file_), tree_(flow_.tree) {}

  /// \return how many pages there are
  std::size_t run(bool adds_contents) {
    parent_ = file_.reserve();
    resources_ = file_.reserve();
    first_anchor_ = file_.reserve(outline_.anchors.size());
    Paginator paginator([this](const PageContent& content) { write_page(content); });
    lay_out(document_, outline_, adds_contents, flow_, [&](Slice fragment) { paginator.add(std::move(fragment)); });
    paginator.finish();
    write_what_waited_for_all_pages();
    file_.put(resources_, fmt::format("<< /Font {} >>", flow_.typesetter.fonts.write(file_)));
    const CatalogueParts parts{
        .pages = parent_, .structure = tree_.finish(), .outlines = write_outline(file_, bookmarks())};
    const auto catalogue = write_catalogue(file_, document_, parts);
    file_.finish(catalogue, write_information(file_, document_));
    return pages_.size();
  }

 private:
  /// The number of a heading's page, on a page before it or behind it.
  struct WaitingNumber {
    std::size_t on_page;
    std::size_t heading;
    double right, y;
    std::size_t stretch;
  };

  PdfFile::Object anchor_object(std::string_view anchor) const {
    return first_anchor_ + static_cast<PdfFile::Object>(outline_.find(anchor).value());
  }

  void write_page(const PageContent& content) {
    // Behind the page what is painted on it at last.
    page_ = file_.reserve(2);
    pages_.push_back(page_);
    annotations_.clear();
    const auto key = tree_.begin_page(page_);
    PdfPage canvas(tree_);
    paint(content, canvas);
    const auto painted = file_.add_stream("", canvas.content());
    file_.put(page_,
              fmt::format("<< /Type /Page /Parent {} /MediaBox [0 0 {} {}] /Resources {} /Contents [{} {}] "
                          "/StructParents {} /Tabs /S{} >>",
                          reference(parent_), page_width, page_height, reference(resources_), reference(painted),
                          reference(page_ + 1), key, annotations_.empty() ? "" : " /Annots [" + annotations_ + "]"));
    tree_.end_page();
    for (const Placed& placed : content) finish(placed);
  }

  /// What is known of a fragment once its page is written.
  void finish(const Placed& placed) {
    for (const Element element : placed.fragment.closes) {
      const auto first = links_.lower_bound({element, 0});
      auto end = first;
      for (; end != links_.end() && end->first.first == element; ++end) tree_.close(end->second);
      links_.erase(first, end);
      tree_.close(element);
    }
    if (placed.repeated) return;
    for (const std::string& anchor : placed.fragment.anchors) {
      std::string out = fmt::format("[{} /XYZ null ", reference(page_));
      append_number(out, page_height - std::max(placed.y - 6, 0.0));
      file_.put(anchor_object(anchor), out + " null]");
    }
    if (placed.fragment.starts_heading) heading_pages_.push_back(pages_.size());
  }

  std::vector<Bookmark> bookmarks() const {
    std::vector<Bookmark> out;
    for (const auto& heading : outline_.headings)
      out.push_back(
          {.level = heading.level, .title = heading.text, .destination = reference(anchor_object(heading.anchor))});
    return out;
  }

  void write_what_waited_for_all_pages() {
    auto number = numbers_.begin();
    std::string kids;
    for (std::size_t page = 0; page < pages_.size(); ++page) {
      PdfPage canvas(tree_);
      for (; number != numbers_.end() && number->on_page == page; ++number) paint_number(*number, canvas);
      paint_foot(page, canvas);
      file_.put_stream(pages_[page] + 1, "", canvas.content());
      kids += reference(pages_[page]) + ' ';
    }
    file_.put(parent_, fmt::format("<< /Type /Pages /Count {} /Kids [{}] >>", pages_.size(), kids));
  }

  void paint(const PageContent& content, PdfPage& canvas) {
    canvas.in(StructureTree::artifact);
    paint_boxes(content, canvas);
    for (const Placed& placed : content) {
      for (const Mark& mark : placed.fragment.marks) paint_ground(mark, placed.y, canvas);
    }
    paint_head(canvas);
    for (const Placed& placed : content) {
      for (const Mark& mark : placed.fragment.marks) {
        if (const auto* line = std::get_if<DrawLine>(&mark)) {
          paint_line(*line, placed.y, placed.repeated ? StructureTree::artifact : line->element, canvas);
        } else if (const auto* number = std::get_if<PageNumber>(&mark)) {
          numbers_.push_back({pages_.size() - 1, number->heading, number->right, placed.y + number->y,
                              tree_.add_content(number->element)});
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
      page_box = placed->repeated ? page_box : placed->fragment.box;
      for (int box = page_box; box != Slice::none; box = flow_.boxes[static_cast<std::size_t>(box)].parent) {
        const double bottom = placed->y + placed->fragment.height;
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
      // Thin, and clear of the letters: the word is what is read.
      if (kind == TagKind::gap)
        canvas.dash({ground.x - 1, ground.y - 1, ground.width + 2, ground.height + 2}, grey_ink, 0.6);
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
    const auto [found, is_new] = links_.try_emplace({parent, run}, StructureTree::artifact);
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
    const auto key = tree_.add_annotation(element, annotation);
    std::string out = "<< /Type /Annot /Subtype /Link /Border [0 0 0] /F 4 /Rect [";
    for (const double edge : {area.x, page_height - area.y - area.height, area.x + area.width, page_height - area.y}) {
      append_number(out, edge);
      out += ' ';
    }
    file_.put(annotation,
              fmt::format("{}] /Contents {} /StructParent {} {} >>", out, text_string(text), key,
                          kind == LinkKind::address ? fmt::format("/A << /S /URI /URI {} >>", ascii_string(target))
                                                    : "/Dest " + reference(anchor_object(target.substr(1)))));
    annotations_ += reference(annotation) + ' ';
  }

  /// A line that stands outside the flow.
  static void paint_loose(const TextBlock& block, double x, double y, PdfPage& canvas) {
    const auto& line = block.lines().front();
    for (const auto& piece : line.pieces)
      canvas.show(piece.glyphs, x + piece.x, y + line.baseline, block.style().colour);
  }

  void paint_number(const WaitingNumber& number, PdfPage& canvas) {
    constexpr double width = 40;
    const TextBlock block(flow_.typesetter, {std::to_string(heading_pages_[number.heading])}, {.right_aligned = true},
                          width);
    canvas.in("Reference", number.stretch);
    paint_loose(block, number.right - width, number.y, canvas);
  }

  /// As it stands on every page but the first, and what stands at the foot of each.
  void paint_head(PdfPage& canvas) {
    if (pages_.size() > 1) {
      if (!head_) head_.emplace(flow_.typesetter, Inline{document_.title}, small, body_width);
      paint_loose(*head_, margin_left, head_top, canvas);
      canvas.fill({margin_left, head_top + 14, body_width, 0.5}, rule_grey);
    }
    canvas.fill({margin_left, foot_top - 5, body_width, 0.5}, rule_grey);
    if (!foot_) foot_.emplace(flow_.typesetter, Inline{document_.footer_left}, small, body_width - number_width);
    paint_loose(*foot_, margin_left, foot_top, canvas);
  }

  void paint_foot(std::size_t page, PdfPage& canvas) {
    TextStyle style = small;
    style.right_aligned = true;
    const TextBlock number(flow_.typesetter, {fmt::format("Page {} of {}", page + 1, pages_.size())}, style,
                           number_width);
    canvas.in(StructureTree::artifact);
    paint_loose(number, margin_left + body_width - number_width, foot_top, canvas);
    canvas.end();
  }

  static constexpr TextStyle small{.size = 8, .colour = grey_ink, .one_line = true};
  static constexpr double number_width = 90;
  static constexpr double frame_width = 0.6;

  const Document& document_;
  const Outline& outline_;
  PdfFile file_;
  Flow flow_;
  StructureTree& tree_;
  PdfFile::Object parent_{}, resources_{};
  PdfFile::Object first_anchor_{};  ///< where each anchor is, in the outline's order
  std::vector<PdfFile::Object> pages_;
  PdfFile::Object page_{};   ///< that is painted
  std::string annotations_;  ///< on it
  std::optional<TextBlock> head_, foot_;
  std::map<std::pair<Element, std::size_t>, Element> links_;  ///< by the element each is in, and its run
  std::vector<std::size_t> heading_pages_;                    ///< by their place in the outline; from 1
  std::vector<WaitingNumber> numbers_;
};

/// In pages. A longer document with headings gets a table of contents, asked for or not.
constexpr std::size_t longest_without_contents = 3;

}  // namespace

void pdf(const Document& document, std::ostream& out) {
  const Outline headings = outline(document);
  const auto adds_contents = [&] {
    if (headings.has_contents || headings.headings.size() < 2) return false;
    std::ostream nowhere(nullptr);
    return Painter(document, headings, nowhere).run(false) > longest_without_contents;
  };
  Painter(document, headings, out).run(adds_contents());
}

}  // namespace answerable::render
