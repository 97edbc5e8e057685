#include "reports/render/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

constexpr int gap = 2;
constexpr int narrowest_last = 20;

std::string one_line(std::string_view cell) {
  std::string text = presentable(cell);
  std::ranges::replace(text, '\n', ' ');
  return text;
}

/// The longest beginning of `text` that is at most `width` columns wide, and at least one code point.
std::size_t fitting(std::string_view text, int width) {
  std::string_view rest = text;
  int used = 0;
  while (!rest.empty()) {
    std::string_view after = rest;
    next_code_point(after);
    used += terminal_width(rest.substr(0, rest.size() - after.size()));
    if (used > width && rest.size() != text.size()) break;
    rest = after;
  }
  return text.size() - rest.size();
}

std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> lines;
  while (terminal_width(text) > width) {
    const std::size_t most = fitting(text, width);
    const std::size_t space = text[most] == ' ' ? most : text.substr(0, most).rfind(' ');
    const bool at_word = space != std::string_view::npos && space != 0;
    lines.emplace_back(text.substr(0, at_word ? space : most));
    text.remove_prefix(at_word ? space + 1 : most);
  }
  lines.emplace_back(text);
  return lines;
}

std::string flat(const Inline& runs) {
  std::string out;
  for (const Run& run : runs) out += run.text;
  return out;
}

/// Lines that begin with `first`, those after it indented as far.
std::string hanging(const std::string& first, std::string_view words, int width) {
  std::string out;
  const std::string indent(static_cast<std::size_t>(terminal_width(first)), ' ');
  for (const auto& line : wrapped(words, width - static_cast<int>(indent.size())))
    out += (out.empty() ? first : indent) + line + '\n';
  return out;
}

/// Writes each block as text().
struct Writer {
  int width;
  std::string out{};

  void operator()(const Heading& it) {
    const auto title = one_line(it.text);
    out += '\n' + title + '\n' +
           std::string(static_cast<std::size_t>(terminal_width(title)), it.level < 3 ? '=' : '-') + '\n';
  }
  void operator()(const Paragraph& it) { out += hanging("", one_line(flat(it.runs)), width); }
  void operator()(const BulletList& it) {
    for (const auto& item : it.items) out += hanging("- ", one_line(flat(item)), width);
  }
  void operator()(const NumberedList& it) {
    for (std::size_t i = 0; i < it.items.size(); ++i)
      out += hanging(fmt::format("{}. ", i + 1), one_line(flat(it.items[i])), width);
  }
  void operator()(const DefinitionList& it) {
    int widest = 0;
    for (const auto& entry : it.entries) widest = std::max(widest, terminal_width(one_line(entry.term)));
    for (const auto& entry : it.entries) {
      auto term = one_line(entry.term);
      term.append(static_cast<std::size_t>(widest - terminal_width(term) + gap), ' ');
      out += hanging(term, one_line(flat(entry.detail)), width);
    }
  }
  void operator()(const Table& it) {
    std::vector<TerminalColumn> columns;
    for (const auto& column : it.columns) columns.push_back({column.header, column.align == Column::Align::right});
    std::vector<std::vector<std::string>> rows;
    it.rows.each([&](const Row& row) {
      auto& cells = rows.emplace_back();
      for (const auto& cell : row.cells) cells.push_back(flat(cell));
    });
    out += hanging("", one_line(it.caption), width) + table(columns, rows, width);
  }
  void operator()(const Callout& it) {
    out += hanging(fmt::format("{}: ", label(it.kind)), one_line(it.title), width);
    out += render::text(it.body, width);
  }
  void operator()(const PageBreak&) {}
  void operator()(const Contents&) {}
  void operator()(const ExhibitList&) {}  // of a whole document: blocks alone have no exhibits
};

}  // namespace

std::string text(std::span<const Block> blocks, int width) {
  Writer writer{width};
  bool after_heading = true;
  for (const Block& block : blocks) {
    const bool heading = std::holds_alternative<Heading>(block);
    if (!after_heading && !heading) writer.out += '\n';
    std::visit(writer, static_cast<const AnyBlock&>(block));
    after_heading = heading;
  }
  return std::move(writer.out);
}

std::string table(std::span<const TerminalColumn> columns, std::span<const std::vector<std::string>> rows, int width) {
  if (columns.empty()) throw std::invalid_argument("a table needs at least one column");
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string>& header = lines.emplace_back();
  for (const TerminalColumn& column : columns) header.push_back(one_line(column.header));
  for (const auto& row : rows) {
    if (row.size() != columns.size())
      throw std::invalid_argument(
          fmt::format("a table of {} columns was given a row of {} cells", columns.size(), row.size()));
    std::vector<std::string>& line = lines.emplace_back();
    for (const std::string& cell : row) line.push_back(one_line(cell));
  }

  const std::size_t last = columns.size() - 1;
  std::vector<int> widths(columns.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], terminal_width(line[i]));
  }
  int before_last = 0;
  for (std::size_t i = 0; i < last; ++i) before_last += widths[i] + gap;
  widths[last] = std::min(widths[last], std::max(width - before_last, narrowest_last));

  std::string out;
  const auto put = [&](const std::vector<std::string>& cells) {
    const std::vector<std::string> tail = wrapped(cells[last], widths[last]);
    for (std::size_t part = 0; part < tail.size(); ++part) {
      std::string line;
      for (std::size_t i = 0; i <= last; ++i) {
        const std::string_view cell = i == last   ? std::string_view(tail[part])
                                      : part == 0 ? std::string_view(cells[i])
                                                  : "";
        const std::string padding(static_cast<std::size_t>(std::max(widths[i] - terminal_width(cell), 0)), ' ');
        if (i != 0) line.append(gap, ' ');
        if (columns[i].right_aligned) line += padding;
        line += cell;
        if (!columns[i].right_aligned) line += padding;
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + '\n';
    }
  };

  put(lines.front());
  std::string rule;
  for (std::size_t i = 0; i <= last; ++i)
    rule += std::string(static_cast<std::size_t>(widths[i]), '-') + (i == last ? "" : "  ");
  out += rule + '\n';
  for (std::size_t i = 1; i < lines.size(); ++i) put(lines[i]);
  if (rows.empty()) out += "(none)\n";
  return out;
}

}  // namespace answerable::render
