#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/digest.hpp"
#include "reports/render/sequence.hpp"

namespace answerable::render {

// A document is made once and rendered by html() and pdf() alike, block by block and row by row. All texts are raw:
// nobody escapes anything before it arrives here. Bytes that are not UTF-8, control characters and bidirectional
// overrides are printed as U+FFFD. A line feed in a text is a line break.

/// How a status tag is coloured. Its text always carries the meaning as well.
enum class TagKind { neutral, good, warning, bad, gap };

/// A stretch of text in one manner. Made by plain(), strong(), emphasis(), code(), link_to(), tag() and exhibit(), or
/// from a string.
struct Run {
  enum class Kind { plain, strong, emphasis, code, link, tag, exhibit };

  Run(std::string plain_text) : text(std::move(plain_text)) {}
  Run(const char* plain_text) : text(plain_text) {}

  std::string text;
  Kind kind = Kind::plain;
  /// Links only: "#anchor", an http, https or mailto address, or a relative path within a bundle. A link to anything
  /// else, or to an anchor that is not in the document, is printed as plain text; so is a relative path in a PDF.
  std::string target;
  TagKind tag_kind = TagKind::neutral;
};

/// The text of a paragraph, list item or cell: `{"Refused on ", strong("4 May 2013"), "."}`
using Inline = std::vector<Run>;

Run plain(std::string text);
Run strong(std::string text);
Run emphasis(std::string text);
Run code(std::string text);
Run link_to(std::string text, std::string target);
Run tag(std::string text, TagKind kind = TagKind::neutral);
/// Refers to one of the document's exhibits by its number, which is what is printed. On a page it leads to the
/// exhibit's file (to its row in the list, when it has none), on paper to its row.
Run exhibit(std::string number);

/// Level 2 to 4 (the title is level 1); never more than one deeper than the heading before. Without an anchor it gets
/// one.
struct Heading {
  int level = 2;
  std::string text;
  std::string anchor = {};
};

struct Paragraph {
  Inline runs;
};

struct BulletList {
  std::vector<Inline> items;
};

struct NumberedList {
  std::vector<Inline> items;
};

/// A summary list: a term on the left, what it is on the right.
struct DefinitionList {
  struct Entry {
    std::string term;
    Inline detail;
  };
  std::vector<Entry> entries;
};

struct Column {
  enum class Align { left, right };
  std::string header;
  /// Share of the width, relative to the other columns.
  double weight = 1;
  Align align = Align::left;
};

/// A gap is a place where an act should stand and does not. It is printed with the word GAP and a dashed border.
struct Row {
  enum class Kind { normal, gap, total };
  std::vector<Inline> cells;
  Kind kind = Kind::normal;
  std::string anchor = {};
};

struct Table {
  std::string caption;
  std::vector<Column> columns;
  Sequence<Row> rows = {};
  /// The column that names the row for a screen reader; -1 for none.
  int row_header_column = 0;
  /// Said in the one row of a table without rows.
  std::string when_empty = "None.";
};

struct Block;

/// A block set apart. Its label ("Note", "GAP", "Finding", "Warning") is printed before the title.
struct Callout {
  enum class Kind { note, gap, finding, warning };
  Kind kind = Kind::note;
  std::string title;
  std::vector<Block> body = {};
  std::string anchor = {};
};

struct PageBreak {};

/// The table of contents: every heading of the document down to `deepest`, with page numbers on paper.
struct Contents {
  std::string title = "Contents";
  int deepest = 3;
};

/// The table of the document's exhibits, in their order. A document has it at most once.
struct ExhibitList {
  std::string caption = "Exhibits";
};

using AnyBlock = std::variant<Heading, Paragraph, BulletList, NumberedList, DefinitionList, Table, Callout, PageBreak,
                              Contents, ExhibitList>;

struct Block : AnyBlock {
  using AnyBlock::AnyBlock;
};

using Blocks = Sequence<Block>;

/// A file handed over with the document, which the text refers to by number.
struct Exhibit {
  /// "EX-001": begins with a letter, then letters, digits, '-', '_' and '.'. In a document no two are alike but for
  /// case and punctuation.
  std::string number;
  std::string title;
  /// What it is and where it comes from: "Letter, as the trust sent it".
  std::string description;
  /// Its path, relative to the page that refers to it, as links take it; empty when it is not handed over.
  std::string file = {};
  /// Of the file's bytes.
  std::optional<Digest> sha256 = {};
  /// The ledger's number of the record it came with.
  std::optional<std::int64_t> record = {};
};

struct Document {
  std::string title;
  std::string subtitle;
  /// Whom the document speaks for: the council.
  std::string author;
  /// BCP 47.
  std::string language = "en-GB";
  /// Printed at the foot of every page, on the left: who made this and how it is to be handled.
  std::string footer_left;
  /// "As of 1 June 2015, from what was held at ledger size 4,211".
  std::string as_of_line;
  /// The time the renderings carry as their time of making; without it they carry none. Equal documents give equal
  /// bytes.
  std::optional<Instant> made_at;
  Sequence<Exhibit> exhibits;
  Blocks blocks;
};

/// Turns a text into an anchor: "What the council knew" becomes "what-the-council-knew".
std::string anchor_of(std::string_view text);

/// A heading as it is printed, its anchor filled in.
struct Outline {
  struct Entry {
    int level;
    std::string text;
    std::string anchor;
  };
  /// In the order in which they are printed.
  std::vector<Entry> headings;
  /// Every anchor of the document, sorted.
  std::vector<std::string> anchors;
  bool has_contents{};

  /// Its place among the anchors; nothing for one that the document does not have.
  std::optional<std::size_t> find(std::string_view anchor) const;
};

/// Goes through a document once, checks it and lists its headings. Throws std::invalid_argument, naming the block, when
/// the title is empty, a heading skips a level, an anchor or an exhibit's number is malformed or used twice, an exhibit
/// is referred to that is not there, a table has no caption or no columns, or a row has not one cell a column.
Outline outline(const Document& document);

/// The anchor of an exhibit's row in the list.
std::string exhibit_anchor(std::string_view number);

/// The list as it is printed, its rows anchored. The exhibits have to outlive it.
Table table_of(const ExhibitList& list, const Sequence<Exhibit>& exhibits);

/// The word printed before a callout's title.
std::string_view label(Callout::Kind kind);

/// Where a link may lead. Anything not understood leads nowhere: a target that came from data cannot become a script.
enum class LinkKind { none, anchor, address, file };
LinkKind link_kind(std::string_view target, const Outline& outline);

}  // namespace answerable::render
