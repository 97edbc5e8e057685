#include "reports/render/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <stdexcept>

#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

Run made(std::string text, Run::Kind kind) {
  Run run{std::move(text)};
  run.kind = kind;
  return run;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool well_formed_anchor(std::string_view anchor) {
  return !anchor.empty() && is_letter(anchor.front()) && std::ranges::all_of(anchor, [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

/// Walks the document in the order of printing. Made anchors are given last, so that none collides with a given one
/// further down.
class Walk {
 public:
  Outline run(const Document& document) {
    if (document.title.empty()) throw std::invalid_argument("a document needs a title: it is the page's only h1");
    look_at(document.exhibits);
    document.blocks.each([this](const Block& block) { look_at(block); });
    auto& anchors = outline_.anchors;
    std::ranges::sort(anchors);
    if (const auto twice = std::ranges::adjacent_find(anchors); twice != anchors.end())
      throw std::invalid_argument(fmt::format("anchor '{}' is used twice", *twice));
    name_headings();
    return std::move(outline_);
  }

 private:
  void claim(const std::string& anchor) {
    if (anchor.empty()) return;
    if (!well_formed_anchor(anchor)) {
      throw std::invalid_argument(
          fmt::format("anchor '{}': begin with a letter, then letters, digits, '-', '_' and '.' only", anchor));
    }
    // The renderer's own ids begin so.
    if (anchor.starts_with("page-"))
      throw std::invalid_argument(fmt::format("anchor '{}': 'page-' is kept for the page's own parts", anchor));
    outline_.anchors.push_back(anchor);
  }

  void look_at(const Sequence<Exhibit>& exhibits) {
    exhibits.each([this](const Exhibit& exhibit) {
      if (!well_formed_anchor(exhibit.number)) {
        throw std::invalid_argument(
            fmt::format("exhibit '{}': a number is like EX-001: begin with a letter, then letters, digits, '-', '_' "
                        "and '.' only",
                        exhibit.number));
      }
      const auto [taken, is_new] = exhibits_.try_emplace(exhibit_anchor(exhibit.number), exhibit.number);
      if (!is_new) {
        throw std::invalid_argument(fmt::format(
            "exhibits '{}' and '{}': give each a number of its own, telling them apart by letters or digits",
            taken->second, exhibit.number));
      }
    });
  }

  void look_at(const Block& block) {
    std::visit([this](const auto& one) { look_at(one); }, static_cast<const AnyBlock&>(block));
  }
  void look_at(const Heading& heading) {
    claim(heading.anchor);
    if (heading.level < 2 || heading.level > 4 || heading.level > deepest_yet_ + 1) {
      throw std::invalid_argument(fmt::format(
          "heading '{}' has level {}: headings go from 2 to 4, one deeper at a time (the one before has {})",
          heading.text, heading.level, deepest_yet_));
    }
    deepest_yet_ = heading.level;
    outline_.headings.push_back({heading.level, heading.text, heading.anchor});
  }
  void look_at(const Paragraph& paragraph) { check(paragraph.runs); }
  void look_at(const BulletList& list) {
    for (const Inline& item : list.items) check(item);
  }
  void look_at(const NumberedList& list) {
    for (const Inline& item : list.items) check(item);
  }
  void look_at(const DefinitionList& list) {
    for (const auto& entry : list.entries) check(entry.detail);
  }
  void look_at(const Table& table) {
    check(table);
    table.rows.each([&](const Row& row) {
      if (row.cells.size() != table.columns.size()) {
        throw std::invalid_argument(fmt::format("table '{}' has {} columns and a row of {} cells", table.caption,
                                                table.columns.size(), row.cells.size()));
      }
      claim(row.anchor);
      for (const Inline& cell : row.cells) check(cell);
    });
  }
  void look_at(const Callout& callout) {
    claim(callout.anchor);
    for (const Block& block : callout.body) look_at(block);
  }
  void look_at(const PageBreak&) {}
  void look_at(const Contents& contents) {
    outline_.has_contents = true;
    // Its title is printed as a heading of level 2, and is not in the contents.
    if (!contents.title.empty()) deepest_yet_ = 2;
  }
  void look_at(const ExhibitList& list) {
    check(table_of(list, {}));
    for (const auto& [anchor, number] : exhibits_) claim(anchor);
  }

  void check(const Inline& runs) const {
    for (const Run& run : runs) {
      if (run.kind != Run::Kind::exhibit) continue;
      const auto found = exhibits_.find(exhibit_anchor(run.text));
      if (found == exhibits_.end() || found->second != run.text) {
        throw std::invalid_argument(
            fmt::format("exhibit '{}' is referred to, and the document has none of that number", run.text));
      }
    }
  }

  static void check(const Table& table) {
    if (table.caption.empty()) throw std::invalid_argument("a table needs a caption: say what its rows are");
    if (table.columns.empty()) throw std::invalid_argument(fmt::format("table '{}' has no columns", table.caption));
    for (const Column& column : table.columns) {
      if (!(column.weight > 0))
        throw std::invalid_argument(fmt::format("table '{}': a column's weight is above 0", table.caption));
    }
  }

  void name_headings() {
    std::set<std::string> made;
    for (auto& heading : outline_.headings) {
      if (!heading.anchor.empty()) continue;
      const std::string base = anchor_of(heading.text);
      heading.anchor = base;
      for (int n = 2; outline_.find(heading.anchor) || !made.insert(heading.anchor).second; ++n)
        heading.anchor = fmt::format("{}-{}", base, n);
    }
    outline_.anchors.insert(outline_.anchors.end(), made.begin(), made.end());
    std::ranges::sort(outline_.anchors);
  }

  int deepest_yet_ = 1;
  Outline outline_;
  /// Their numbers, by the anchors of their rows.
  std::map<std::string, std::string> exhibits_;
};

Row row_of(const Exhibit& one) {
  Inline what{strong(one.title)};
  if (!one.description.empty()) what.push_back("\n" + one.description);
  Inline file{one.file.empty() ? plain("Not handed over.") : link_to(one.file, one.file)};
  if (one.sha256) {
    file.push_back("\nSHA-256 ");
    file.push_back(code(hex(*one.sha256)));
  }
  return {.cells = {{one.number}, std::move(what), {one.record ? std::to_string(*one.record) : ""}, std::move(file)},
          .anchor = exhibit_anchor(one.number)};
}

}  // namespace

Run plain(std::string text) {
  return Run{std::move(text)};
}
Run strong(std::string text) {
  return made(std::move(text), Run::Kind::strong);
}
Run emphasis(std::string text) {
  return made(std::move(text), Run::Kind::emphasis);
}
Run code(std::string text) {
  return made(std::move(text), Run::Kind::code);
}

Run link_to(std::string text, std::string target) {
  Run run = made(std::move(text), Run::Kind::link);
  run.target = std::move(target);
  return run;
}

Run tag(std::string text, TagKind kind) {
  Run run = made(std::move(text), Run::Kind::tag);
  run.tag_kind = kind;
  return run;
}

Run exhibit(std::string number) {
  return made(std::move(number), Run::Kind::exhibit);
}

std::string anchor_of(std::string_view text) {
  std::string anchor;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c)) {
      anchor.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    } else if (!anchor.empty() && anchor.back() != '-') {
      anchor.push_back('-');
    }
  }
  while (anchor.ends_with('-')) anchor.pop_back();
  if (anchor.empty() || !is_letter(anchor.front()) || anchor.starts_with("page-"))
    anchor = anchor.empty() ? "part" : "part-" + anchor;
  return anchor;
}

std::optional<std::size_t> Outline::find(std::string_view anchor) const {
  const auto found = std::ranges::lower_bound(anchors, anchor, std::less<>{});
  if (found == anchors.end() || *found != anchor) return std::nullopt;
  return static_cast<std::size_t>(found - anchors.begin());
}

Outline outline(const Document& document) {
  return Walk{}.run(document);
}

std::string exhibit_anchor(std::string_view number) {
  return "exhibit-" + anchor_of(number);
}

Table table_of(const ExhibitList& list, const Sequence<Exhibit>& exhibits) {
  Table table{.caption = list.caption,
              .columns = {{"Exhibit", 1}, {"What it is", 3}, {"Record", 0.8, Column::Align::right}, {"File", 3}}};
  table.rows.add([&exhibits](const auto& use) { exhibits.each([&](const Exhibit& one) { use(row_of(one)); }); });
  return table;
}

std::string_view label(Callout::Kind kind) {
  switch (kind) {
    case Callout::Kind::note:
      return "Note";
    case Callout::Kind::gap:
      return "GAP";
    case Callout::Kind::finding:
      return "Finding";
    case Callout::Kind::warning:
      return "Warning";
  }
  throw std::invalid_argument("no such kind of callout");
}

LinkKind link_kind(std::string_view target, const Outline& outline) {
  if (target.starts_with('#')) return outline.find(target.substr(1)) ? LinkKind::anchor : LinkKind::none;
  for (const std::string_view scheme : {"https://", "http://", "mailto:"}) {
    if (target.starts_with(scheme) && target.size() > scheme.size()) return LinkKind::address;
  }
  // A relative path: no scheme, no leading slash (a second one would name a host), no backslash (browsers read it as a
  // slash), no control characters.
  const bool relative = !target.empty() && target.front() != '/' && std::ranges::none_of(target, [](char c) {
    return c == ':' || c == '\\' || (c >= 0 && c < 0x21) || c == 0x7F;
  });
  return relative ? LinkKind::file : LinkKind::none;
}

}  // namespace answerable::render
