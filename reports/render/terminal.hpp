#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/render/document.hpp"

namespace answerable::render {

struct TerminalColumn {
  std::string header;
  bool right_aligned = false;
};

/// A table in plain text for a terminal: header, rule, rows, columns two spaces apart, the last column wrapped at words
/// so that lines stay within `width` columns where the others leave it room (never under 20). Control characters, with
/// them every escape sequence, are shown as U+FFFD. Says "(none)" under the header when there are no rows. Throws
/// std::invalid_argument when there are no columns or a row has not one cell a column.
std::string table(std::span<const TerminalColumn> columns, std::span<const std::vector<std::string>> rows,
                  int width = 100);

/// Blocks of a document in plain text for a terminal, wrapped at words. A table's last column is the one that wraps.
/// Contents and page breaks are left out.
std::string text(std::span<const Block> blocks, int width = 100);

}  // namespace answerable::render
