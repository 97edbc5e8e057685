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
  Layout(const Document& document, const Outline& outline, Typesetter& typesetter, StructureTree& tree)
      : document_(document), outline_(outline), typesetter_(typesetter), tree_(tree) {}

  Flow run() {
    title();
    write(document_.blocks);
    return std::move(flow_);
  }

 private:
  struct Cell {
    const TextBlock* text;
    double x;
    Element element;
  };

  // What the blocks are written into: the page's body, or a callout.
  double x_ = margin_left;
  double width_ = body_width;
  int box_ = Slice::none;
  Element parent_ = StructureTree::root;

  const TextBlock& text(Inline runs, const TextStyle& style, double width) {
    return flow_.texts.get(typesetter_, std::move(runs), style, width);
  }

  Slice& add(double space_before, double height) {
    Slice& fragment = flow_.fragments.emplace_back();
    fragment.space_before = space_before;
    fragment.height = height;
    fragment.box = box_;
    fragment.starts_page = std::exchange(page_break_, false);
    return fragment;
  }

  /// One fragment a line; no first or last line stands alone on a page.
  void add_lines(const TextBlock& block, double x, Element element, double space_before) {
    const std::size_t count = block.lines().size();
    for (std::size_t i = 0; i < count; ++i) {
      Slice& fragment = add(i == 0 ? space_before : 0, block.lines()[i].height);
      fragment.marks.push_back(DrawLine{&block, i, x, 0, element});
      fragment.keep_with_next = i + 1 < count && (i == 0 || i + 2 == count);
    }
  }

  void keep_together_since(std::size_t first) {
    for (std::size_t i = first; i < flow_.fragments.size(); ++i) flow_.fragments[i].keep_with_next = true;
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

  void write(const std::vector<Block>& blocks) {
    for (const Block& block : blocks)
      std::visit([this](const auto& one) { write(one); }, static_cast<const AnyBlock&>(block));
  }

  void write(const Heading& heading) {
    const std::size_t first = flow_.fragments.size();
    add_lines(text({heading.text}, heading_style(heading.level), width_), x_,
              tree_.add(parent_, heading_types[heading.level - 2]), space_above_heading(heading.level));
    flow_.fragments[first].anchors.push_back(outline_.headings[next_heading_].anchor);
    flow_.fragments[first].heading = static_cast<int>(next_heading_++);
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
      const TextBlock& mark = text({label_of(i)}, {}, indent);
      const std::size_t first = flow_.fragments.size();
      add_lines(text(items[i], {}, width_ - indent), x_ + indent, body, i == 0 ? paragraph_space : 3);
      auto& marks = flow_.fragments[first].marks;
      marks.insert(marks.begin(), DrawLine{&mark, 0, x_, 0, label_element});
    }
  }

  void write(const DefinitionList& list) {
    if (list.entries.empty()) return;
    const Element whole = tree_.add(parent_, "L");
    const double term_width = width_ * 0.3;
    add(paragraph_space, rule).marks.push_back(Fill{{x_, 0, width_, rule}, rule_grey});
    flow_.fragments.back().keep_with_next = true;
    for (const auto& entry : list.entries) {
      const Element item = tree_.add(whole, "LI");
      const TextBlock& term = text({entry.term}, {.size = 9.5, .bold = true}, term_width - gutter);
      const TextBlock& detail = text(entry.detail, {.size = 9.5}, width_ - term_width);
      const Element term_element = tree_.add(item, "Lbl");
      add_row({{&term, x_, term_element}, {&detail, x_ + term_width, tree_.add(item, "LBody")}}, body_height, rule);
    }
  }

  /// Cells side by side with a rule under them. A row taller than `most` goes on in further fragments.
  /// Gives the number of fragments it took.
  std::size_t add_row(const std::vector<Cell>& cells, double most, double rule_height) {
    std::vector<std::size_t> next(cells.size(), 0);
    std::size_t fragments = 0;
    for (bool more = true; more; ++fragments) {
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
    return fragments;
  }

  void write(const Table& table) {
    const Element whole = tree_.add(parent_, "Table");
    const std::size_t first = flow_.fragments.size();
    add_lines(text({table.caption}, {.size = 10, .bold = true}, width_), x_, tree_.add(whole, "Caption"), 12);
    keep_together_since(first);

    const std::vector<double> widths = column_widths(table);
    const std::vector<double> lefts = lefts_of(widths);
    std::vector<Cell> header;
    const Element header_row = tree_.add(tree_.add(whole, "THead"), "TR");
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const TextBlock& name = text({table.columns[i].header}, cell_style(table, i, true), cell_width(widths, i));
      header.push_back({&name, lefts[i], tree_.add(header_row, "TH", Trait::column_header)});
    }
    const std::size_t header_at = flow_.fragments.size();
    add_row(header, body_height / 3, heavy_rule);
    keep_together_since(header_at);
    const int header_number = static_cast<int>(flow_.headers.size());
    flow_.headers.push_back(flow_.fragments[header_at]);

    const Element body = tree_.add(whole, "TBody");
    const double most = body_height - flow_.fragments[header_at].height;
    const std::size_t rows_at = flow_.fragments.size();
    if (table.rows.empty()) {
      const Element row = tree_.add(body, "TR");
      const Element cell = tree_.add(row, "TD");
      // A table has as many cells in each row.
      for (std::size_t i = 1; i < table.columns.size(); ++i) tree_.add(row, "TD");
      add_row({{&text({table.when_empty}, {.size = 8.5}, width_), x_, cell}}, most, rule);
    }
    for (const Row& row : table.rows) write(table, row, tree_.add(body, "TR"), widths, lefts, most);
    for (std::size_t i = rows_at; i < flow_.fragments.size(); ++i) flow_.fragments[i].header = header_number;
    add(0, 8);
  }

  void write(const Table& table, const Row& row, Element row_element, const std::vector<double>& widths,
             const std::vector<double>& lefts, double most) {
    const bool is_gap = row.kind == Row::Kind::gap;
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const bool names_row = static_cast<int>(i) == table.row_header_column;
      Inline runs = row.cells[i];
      if (is_gap && i == 0) runs.insert(runs.begin(), {tag("GAP", TagKind::gap), plain(" ")});
      const TextBlock& content = text(std::move(runs), cell_style(table, i, names_row || row.kind == Row::Kind::total),
                                      cell_width(widths, i) - (is_gap ? cell_padding : 0));
      const Element element =
          names_row ? tree_.add(row_element, "TH", Trait::row_header) : tree_.add(row_element, "TD");
      cells.push_back({&content, lefts[i] + (is_gap && i == 0 ? cell_padding : 0), element});
    }
    const std::size_t first = flow_.fragments.size();
    add_row(cells, most, row.kind == Row::Kind::total ? heavy_rule : rule);
    if (!row.anchor.empty()) flow_.fragments[first].anchors.push_back(row.anchor);
    if (!is_gap) return;
    for (std::size_t i = first; i < flow_.fragments.size(); ++i) {
      Slice& fragment = flow_.fragments[i];
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
        const TextBlock word(typesetter_, {std::string(words.substr(0, end))}, {.size = 8.5, .bold = true}, body_width);
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

    const std::size_t first = flow_.fragments.size();
    add(12, box_padding);
    if (!callout.anchor.empty()) flow_.fragments[first].anchors.push_back(callout.anchor);
    Inline heading;
    if (callout.kind == Callout::Kind::gap) {
      heading = {tag("GAP", TagKind::gap), plain(" " + callout.title)};
    } else {
      heading = {plain(fmt::format("{}: {}", label(callout.kind), callout.title))};
    }
    add_lines(text(std::move(heading), {.size = 11, .bold = true}, width_), x_, tree_.add(parent_, "P"), 0);
    keep_together_since(first);
    write(callout.body);
    flow_.fragments.back().keep_with_next = true;
    add(0, box_padding);

    std::tie(x_, width_, box_, parent_) = outer;
    add(0, paragraph_space);
  }

  void write(const ExhibitList& list) { write(table_of(list, document_.exhibits)); }

  void write(const PageBreak&) { page_break_ = true; }

  void write(const Contents& contents) {
    const std::size_t first = flow_.fragments.size();
    if (!contents.title.empty()) {
      add_lines(text({contents.title}, heading_style(2), width_), x_, tree_.add(parent_, "H2"), space_above_heading(2));
      keep_together_since(first);
    }
    const Element whole = tree_.add(parent_, "TOC");
    for (const auto& heading : outline_.headings) {
      if (heading.level > contents.deepest) continue;
      const double indent = (heading.level - 2) * list_indent;
      const TextStyle style{.bold = heading.level == 2};
      const TextBlock& line =
          text({link_to(heading.text, "#" + heading.anchor)}, style, width_ - indent - page_number_width);
      const Element reference = tree_.add(tree_.add(whole, "TOCI"), "Reference");
      add_lines(line, x_ + indent, reference, heading.level == 2 ? 5 : 2);
      flow_.fragments.back().marks.push_back(PageNumber{heading.anchor, x_ + width_, 0, reference});
    }
  }

  const Document& document_;
  const Outline& outline_;
  Typesetter& typesetter_;
  StructureTree& tree_;
  Flow flow_;
  std::size_t next_heading_ = 0;
  bool page_break_ = false;
};

}  // namespace

Flow lay_out(const Document& document, const Outline& outline, Typesetter& typesetter, StructureTree& tree) {
  return Layout(document, outline, typesetter, tree).run();
}

}  // namespace answerable::render
