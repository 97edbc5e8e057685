#include "reports/render/pdf_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "reports/render/pdf_geometry.hpp"

namespace answerable::render {
namespace {

using Element = StructureTree::Element;
using Trait = StructureTree::Trait;

constexpr double paragraph_space = 6;
constexpr double cell_padding = 4;
constexpr double gutter = 10;
constexpr double list_indent = 16;
constexpr double box_padding = 10;
constexpr double page_number_width = 34;
constexpr double rule = 0.5;
constexpr double heavy_rule = 1.2;
constexpr Colour gap_ground{0.965, 0.965, 0.965};

TextStyle heading_style(int level) {
  switch (level) {
    case 2:
      return {.size = 15, .bold = true};
    case 3:
      return {.size = 12, .bold = true};
    default:
      return {.size = 10.5, .bold = true};
  }
}

constexpr const char* heading_types[] = {"H2", "H3", "H4"};

double space_above_heading(int level) {
  return level == 2 ? 20 : level == 3 ? 14 : 11;
}

class Layout {
 public:
  Layout(const Document& document, const Outline& outline, Flow& flow, const std::function<void(Slice)>& use)
      : document_(document), outline_(outline), flow_(flow), tree_(flow.tree), parent_(flow.tree.root()), use_(use) {}

  void run(bool adds_contents) {
    title();
    document_.blocks.each([&](const Block& block) {
      if (adds_contents && std::holds_alternative<Heading>(block)) {
        write(Block(Contents{}));
        adds_contents = false;
      }
      write(block);
    });
    if (adds_contents) write(Block(Contents{}));
    for (Slice& fragment : pending_) use_(std::move(fragment));
  }

 private:
  using Text = std::shared_ptr<const TextBlock>;
  struct Cell {
    Text text;
    double x;
    Element element;
  };

  // What the blocks are written into: the page's body, or a callout.
  double x_ = margin_left;
  double width_ = body_width;
  int box_ = Slice::none;
  /// Of the table that is written.
  std::shared_ptr<const Slice> header_;

  Text text(Inline runs, const TextStyle& style, double width) {
    return std::make_shared<const TextBlock>(flow_.typesetter, std::move(runs), style, width);
  }

  Slice& add(double space_before, double height) {
    Slice& fragment = pending_.emplace_back();
    fragment.space_before = space_before;
    fragment.height = height;
    fragment.box = box_;
    fragment.header = header_;
    fragment.starts_page = std::exchange(page_break_, false);
    return fragment;
  }

  /// All of an element: one fragment a line; no first or last line stands alone on a page.
  void add_lines(const Text& block, double x, Element element, double space_before) {
    const std::size_t count = block->lines().size();
    for (std::size_t i = 0; i < count; ++i) {
      Slice& fragment = add(i == 0 ? space_before : 0, block->lines()[i].height);
      fragment.marks.push_back(DrawLine{block, i, x, 0, element});
      fragment.keep_with_next = i + 1 < count && (i == 0 || i + 2 == count);
    }
    close(element);
  }

  /// Nothing behind what was added last comes into the element.
  void close(Element element) { pending_.back().closes.push_back(element); }

  void keep_together_since(std::size_t first) {
    for (std::size_t i = first; i < pending_.size(); ++i) pending_[i].keep_with_next = true;
  }

  /// What was added is as it stays, but for the last fragment: something can still be closed or kept with it.
  void hand_over() {
    for (std::size_t i = 0; i + 1 < pending_.size(); ++i) use_(std::move(pending_[i]));
    if (!pending_.empty()) pending_.erase(pending_.begin(), pending_.end() - 1);
  }

  void title() {
    add_lines(text({document_.title}, {.size = 23, .bold = true}, width_), x_, tree_.add(parent_, "H1"), 0);
    if (!document_.subtitle.empty()) {
      add_lines(text({document_.subtitle}, {.size = 13, .colour = grey_ink}, width_), x_, tree_.add(parent_, "P"), 4);
    }
    if (!document_.as_of_line.empty()) {
      add_lines(text({document_.as_of_line}, {}, width_), x_, tree_.add(parent_, "P"), 10);
    }
    add(8, 4).marks.push_back(Fill{{x_, 0, width_, 2}, ink});
    keep_together_since(0);
  }

  void write(const Block& block) {
    std::visit([this](const auto& one) { write(one); }, static_cast<const AnyBlock&>(block));
    hand_over();
  }

  void write(const Heading& heading) {
    const std::size_t first = pending_.size();
    add_lines(text({heading.text}, heading_style(heading.level), width_), x_,
              tree_.add(parent_, heading_types[heading.level - 2]), space_above_heading(heading.level));
    pending_[first].anchors.push_back(outline_.headings[next_heading_++].anchor);
    pending_[first].starts_heading = true;
    keep_together_since(first);
  }

  void write(const Paragraph& paragraph) {
    add_lines(text(paragraph.runs, {}, width_), x_, tree_.add(parent_, "P"), paragraph_space);
  }

  void write(const BulletList& list) {
    write_list(list.items, Trait::bulleted, [](std::size_t) { return std::string("\u2022"); });
  }

  void write(const NumberedList& list) {
    write_list(list.items, Trait::numbered, [](std::size_t i) { return fmt::format("{}.", i + 1); });
  }

  template <class Labeller>
  void write_list(const std::vector<Inline>& items, Trait trait, Labeller label_of) {
    if (items.empty()) return;
    const Element whole = tree_.add(parent_, "L", trait);
    const double indent = items.size() < 100 ? list_indent : list_indent * 1.6;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Element item = tree_.add(whole, "LI");
      const Element label_element = tree_.add(item, "Lbl");
      const Element body = tree_.add(item, "LBody");
      const std::size_t first = pending_.size();
      add_lines(text(items[i], {}, width_ - indent), x_ + indent, body, i == 0 ? paragraph_space : 3);
      auto& marks = pending_[first].marks;
      marks.insert(marks.begin(), DrawLine{text({label_of(i)}, {}, indent), 0, x_, 0, label_element});
      for (const Element element : {label_element, item}) close(element);
      hand_over();
    }
    close(whole);
  }

  void write(const DefinitionList& list) {
    if (list.entries.empty()) return;
    const Element whole = tree_.add(parent_, "L");
    const double term_width = width_ * 0.3;
    add(paragraph_space, rule).marks.push_back(Fill{{x_, 0, width_, rule}, rule_grey});
    pending_.back().keep_with_next = true;
    for (const auto& entry : list.entries) {
      const Element item = tree_.add(whole, "LI");
      const Text term = text({entry.term}, {.size = 9.5, .bold = true}, term_width - gutter);
      const Text detail = text(entry.detail, {.size = 9.5}, width_ - term_width);
      const Element term_element = tree_.add(item, "Lbl");
      add_row({{term, x_, term_element}, {detail, x_ + term_width, tree_.add(item, "LBody")}}, body_height, rule);
      close(item);
      hand_over();
    }
    close(whole);
  }

  /// All of some elements: cells side by side with a rule under them. A row taller than `most` goes on in further
  /// fragments.
  void add_row(const std::vector<Cell>& cells, double most, double rule_height) {
    std::vector<std::size_t> next(cells.size(), 0);
    for (bool more = true; more;) {
      Slice& fragment = add(0, 0);
      more = false;
      double height = 0;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto& lines = cells[i].text->lines();
        double y = 0;
        while (next[i] < lines.size() && (y == 0 || y + lines[next[i]].height + 2 * cell_padding <= most)) {
          fragment.marks.push_back(DrawLine{cells[i].text, next[i], cells[i].x, y + cell_padding, cells[i].element});
          y += lines[next[i]++].height;
        }
        height = std::max(height, y);
        more = more || next[i] < lines.size();
      }
      fragment.height = height + 2 * cell_padding;
      fragment.marks.push_back(
          Fill{{x_, fragment.height - rule_height, width_, rule_height}, rule_height > rule ? ink : rule_grey});
    }
    for (const Cell& cell : cells) close(cell.element);
  }

  void write(const Table& table) {
    const Element whole = tree_.add(parent_, "Table");
    const std::size_t first = pending_.size();
    add_lines(text({table.caption}, {.size = 10, .bold = true}, width_), x_, tree_.add(whole, "Caption"), 12);
    keep_together_since(first);

    const std::vector<double> widths = column_widths(table);
    const std::vector<double> lefts = lefts_of(widths);
    const Element head = tree_.add(whole, "THead");
    const std::size_t header_at = pending_.size();
    write_header(table, tree_.add(head, "TR"), widths, lefts);
    close(head);
    const double most = body_height - pending_[header_at].height;
    header_ = repeated(pending_[header_at]);

    const Element body = tree_.add(whole, "TBody");
    bool none = true;
    table.rows.each([&](const Row& row) {
      none = false;
      write(table, row, tree_.add(body, "TR"), widths, lefts, most);
      hand_over();
    });
    if (none) write_that_there_is_none(table, tree_.add(body, "TR"), most);
    header_.reset();
    for (const Element element : {body, whole}) close(element);
    add(0, 8);
  }

  void write_header(const Table& table, Element row, const std::vector<double>& widths,
                    const std::vector<double>& lefts) {
    const std::size_t first = pending_.size();
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      cells.push_back({text({table.columns[i].header}, cell_style(table, i, true), cell_width(widths, i)), lefts[i],
                       tree_.add(row, "TH", Trait::column_header)});
    }
    add_row(cells, body_height / 3, heavy_rule);
    close(row);
    keep_together_since(first);
  }

  /// A fragment to be drawn once more.
  static std::shared_ptr<const Slice> repeated(const Slice& fragment) {
    auto out = std::make_shared<Slice>(fragment);
    out->closes.clear();
    return out;
  }

  void write_that_there_is_none(const Table& table, Element row, double most) {
    const Element cell = tree_.add(row, "TD");
    std::vector<Element> elements{row};
    // A table has as many cells in each row.
    for (std::size_t i = 1; i < table.columns.size(); ++i) elements.push_back(tree_.add(row, "TD"));
    add_row({{text({table.when_empty}, {.size = 8.5}, width_), x_, cell}}, most, rule);
    for (const Element element : elements) close(element);
  }

  void write(const Table& table, const Row& row, Element row_element, const std::vector<double>& widths,
             const std::vector<double>& lefts, double most) {
    const bool is_gap = row.kind == Row::Kind::gap;
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const bool names_row = static_cast<int>(i) == table.row_header_column;
      Inline runs = row.cells[i];
      if (is_gap && i == 0) runs.insert(runs.begin(), {tag("GAP", TagKind::gap), plain(" ")});
      const Text content = text(std::move(runs), cell_style(table, i, names_row || row.kind == Row::Kind::total),
                                cell_width(widths, i) - (is_gap ? cell_padding : 0));
      const Element element =
          names_row ? tree_.add(row_element, "TH", Trait::row_header) : tree_.add(row_element, "TD");
      cells.push_back({content, lefts[i] + (is_gap && i == 0 ? cell_padding : 0), element});
    }
    const std::size_t first = pending_.size();
    add_row(cells, most, row.kind == Row::Kind::total ? heavy_rule : rule);
    close(row_element);
    if (!row.anchor.empty()) pending_[first].anchors.push_back(row.anchor);
    if (!is_gap) return;
    for (std::size_t i = first; i < pending_.size(); ++i) {
      Slice& fragment = pending_[i];
      const Rectangle area{x_, 1, width_, fragment.height - 2.5};
      fragment.marks.insert(fragment.marks.begin(), Fill{area, gap_ground});
      fragment.marks.push_back(Dashes{area});
    }
  }

  static TextStyle cell_style(const Table& table, std::size_t column, bool bold) {
    return {.size = 8.5, .bold = bold, .right_aligned = table.columns[column].align == Column::Align::right};
  }

  static double cell_width(const std::vector<double>& widths, std::size_t column) {
    return column + 1 == widths.size() ? widths[column] : std::max(widths[column] - gutter, 8.0);
  }

  /// By weight; but a column is at least as wide as the longest word of its header, if the table can bear it.
  std::vector<double> column_widths(const Table& table) {
    double weights = 0;
    for (const Column& column : table.columns) weights += column.weight;
    std::vector<double> widths;
    double short_by = 0;
    double to_spare = 0;
    std::vector<double> spare;
    for (const Column& column : table.columns) {
      const double share = width_ * column.weight / weights;
      const double least = longest_word(column.header) + gutter;
      widths.push_back(std::max(share, least));
      spare.push_back(std::max(share - least, 0.0));
      short_by += std::max(least - share, 0.0);
      to_spare += spare.back();
    }
    if (short_by > to_spare) {
      for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = width_ * table.columns[i].weight / weights;
    } else if (short_by > 0) {
      for (std::size_t i = 0; i < widths.size(); ++i) widths[i] -= short_by * spare[i] / to_spare;
    }
    return widths;
  }

  double longest_word(std::string_view words) {
    double longest = 0;
    while (!words.empty()) {
      const auto end = std::min(words.find(' '), words.size());
      if (end > 0) {
        const TextBlock word(flow_.typesetter, {std::string(words.substr(0, end))}, {.size = 8.5, .bold = true},
                             body_width);
        const auto& pieces = word.lines().front().pieces;
        if (!pieces.empty()) longest = std::max(longest, pieces.back().x + pieces.back().width + 0.5);
      }
      words.remove_prefix(std::min(end + 1, words.size()));
    }
    return longest;
  }

  std::vector<double> lefts_of(const std::vector<double>& widths) const {
    std::vector<double> lefts;
    double left = x_;
    for (const double width : widths) {
      lefts.push_back(left);
      left += width;
    }
    return lefts;
  }

  void write(const Callout& callout) {
    const int number = static_cast<int>(flow_.boxes.size());
    flow_.boxes.push_back({callout.kind, x_, width_, box_});
    const auto outer = std::tuple(x_, width_, box_, parent_);
    box_ = number;
    x_ += box_padding + 4;
    width_ -= 2 * box_padding + 4;
    parent_ = tree_.add(parent_, "Div");

    const std::size_t first = pending_.size();
    add(12, box_padding);
    if (!callout.anchor.empty()) pending_[first].anchors.push_back(callout.anchor);
    Inline heading;
    if (callout.kind == Callout::Kind::gap) {
      heading = {tag("GAP", TagKind::gap), plain(" " + callout.title)};
    } else {
      heading = {plain(fmt::format("{}: {}", label(callout.kind), callout.title))};
    }
    add_lines(text(std::move(heading), {.size = 11, .bold = true}, width_), x_, tree_.add(parent_, "P"), 0);
    keep_together_since(first);
    for (const Block& block : callout.body) write(block);
    pending_.back().keep_with_next = true;
    add(0, box_padding);
    close(parent_);

    std::tie(x_, width_, box_, parent_) = outer;
    add(0, paragraph_space);
  }

  void write(const ExhibitList& list) { write(table_of(list, document_.exhibits)); }

  void write(const PageBreak&) { page_break_ = true; }

  void write(const Contents& contents) {
    const std::size_t first = pending_.size();
    if (!contents.title.empty()) {
      add_lines(text({contents.title}, heading_style(2), width_), x_, tree_.add(parent_, "H2"), space_above_heading(2));
      keep_together_since(first);
    }
    const Element whole = tree_.add(parent_, "TOC");
    for (std::size_t i = 0; i < outline_.headings.size(); ++i) {
      const auto& heading = outline_.headings[i];
      if (heading.level > contents.deepest) continue;
      const double indent = (heading.level - 2) * list_indent;
      const TextStyle style{.bold = heading.level == 2};
      const Text line = text({link_to(heading.text, "#" + heading.anchor)}, style, width_ - indent - page_number_width);
      const Element item = tree_.add(whole, "TOCI");
      const Element reference = tree_.add(item, "Reference");
      add_lines(line, x_ + indent, reference, heading.level == 2 ? 5 : 2);
      pending_.back().marks.push_back(PageNumber{i, x_ + width_, 0, reference});
      close(item);
      hand_over();
    }
    close(whole);
  }

  const Document& document_;
  const Outline& outline_;
  Flow& flow_;
  StructureTree& tree_;
  Element parent_;  ///< of what is written
  const std::function<void(Slice)>& use_;
  std::vector<Slice> pending_;  ///< not handed over yet
  std::size_t next_heading_ = 0;
  bool page_break_ = false;
};

}  // namespace

void lay_out(const Document& document, const Outline& outline, bool adds_contents, Flow& flow,
             const std::function<void(Slice)>& use) {
  Layout(document, outline, flow, use).run(adds_contents);
}

}  // namespace answerable::render
