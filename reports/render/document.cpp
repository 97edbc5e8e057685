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

/// Walks the document in the order of printing. Given anchors are taken first, so that a made one never collides with
/// one further down.
class Walk {
 public:
  Outline run(const Document& document) {
    if (document.title.empty()) throw std::invalid_argument("a document needs a title: it is the page's only h1");
    claim(document.exhibits);
    claim(document.blocks);
    name(document.blocks);
    outline_.anchors.assign(anchors_.begin(), anchors_.end());
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
    if (!anchors_.insert(anchor).second) throw std::invalid_argument(fmt::format("anchor '{}' is used twice", anchor));
  }

  void claim(const std::vector<Exhibit>& exhibits) {
    for (const Exhibit& exhibit : exhibits) {
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
    }
  }

  void claim(const std::vector<Block>& blocks) {
    for (const Block& block : blocks)
      std::visit([this](const auto& one) { claim(one); }, static_cast<const AnyBlock&>(block));
  }

  void claim(const Heading& heading) { claim(heading.anchor); }
  void claim(const Paragraph& paragraph) const { check(paragraph.runs); }
  void claim(const BulletList& list) const {
    for (const Inline& item : list.items) check(item);
  }
  void claim(const NumberedList& list) const {
    for (const Inline& item : list.items) check(item);
  }
  void claim(const DefinitionList& list) const {
    for (const auto& entry : list.entries) check(entry.detail);
  }
  void claim(const Table& table) {
    check(table);
    for (const Row& row : table.rows) {
      claim(row.anchor);
      for (const Inline& cell : row.cells) check(cell);
    }
  }
  void claim(const Callout& callout) {
    claim(callout.anchor);
    claim(callout.body);
  }
  void claim(const PageBreak&) const {}
  void claim(const Contents&) const {}
  void claim(const ExhibitList& list) {
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
    for (const Row& row : table.rows) {
      if (row.cells.size() != table.columns.size()) {
        throw std::invalid_argument(fmt::format("table '{}' has {} columns and a row of {} cells", table.caption,
                                                table.columns.size(), row.cells.size()));
      }
    }
  }

  void name(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
      if (const auto* heading = std::get_if<Heading>(&block)) {
        name(*heading);
      } else if (const auto* callout = std::get_if<Callout>(&block)) {
        name(callout->body);
      } else if (const auto* contents = std::get_if<Contents>(&block); contents && !contents->title.empty()) {
        // Its title is printed as a heading of level 2, and is not in the contents.
        deepest_yet_ = 2;
      }
    }
  }

  void name(const Heading& heading) {
    if (heading.level < 2 || heading.level > 4 || heading.level > deepest_yet_ + 1) {
      throw std::invalid_argument(fmt::format(
          "heading '{}' has level {}: headings go from 2 to 4, one deeper at a time (the one before has {})",
          heading.text, heading.level, deepest_yet_));
    }
    deepest_yet_ = heading.level;
    std::string anchor = heading.anchor;
    if (anchor.empty()) {
      const std::string base = anchor_of(heading.text);
      anchor = base;
      for (int n = 2; !anchors_.insert(anchor).second; ++n) anchor = fmt::format("{}-{}", base, n);
    }
    outline_.headings.push_back({heading.level, heading.text, std::move(anchor)});
  }

  int deepest_yet_ = 1;
  Outline outline_;
  std::set<std::string> anchors_;
  /// Their numbers, by the anchors of their rows.
  std::map<std::string, std::string> exhibits_;
};

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

bool Outline::has(std::string_view anchor) const {
  return std::ranges::binary_search(anchors, anchor, std::less<>{});
}

Outline outline(const Document& document) {
  return Walk{}.run(document);
}

std::string exhibit_anchor(std::string_view number) {
  return "exhibit-" + anchor_of(number);
}

Table table_of(const ExhibitList& list, const std::vector<Exhibit>& exhibits) {
  Table table{.caption = list.caption,
              .columns = {{"Exhibit", 1}, {"What it is", 3}, {"Record", 0.8, Column::Align::right}, {"File", 3}}};
  for (const Exhibit& one : exhibits) {
    Inline what{strong(one.title)};
    if (!one.description.empty()) what.push_back("\n" + one.description);
    Inline file{one.file.empty() ? plain("Not handed over.") : link_to(one.file, one.file)};
    if (one.sha256) {
      file.push_back("\nSHA-256 ");
      file.push_back(code(hex(*one.sha256)));
    }
    table.rows.push_back(
        {.cells = {{one.number}, std::move(what), {one.record ? std::to_string(*one.record) : ""}, std::move(file)},
         .anchor = exhibit_anchor(one.number)});
  }
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
  if (target.starts_with('#')) return outline.has(target.substr(1)) ? LinkKind::anchor : LinkKind::none;
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
