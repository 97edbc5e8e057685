#include "reports/render/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "ingest/html_escape.hpp"
#include "reports/render/document.hpp"
#include "reports/render/html_style.hpp"
#include "reports/render/text.hpp"

namespace answerable::render {

Fragment::Fragment(std::string_view text) {
  *this = std::move(Html::part().text(text)).fragment();
}

Fragment& Fragment::operator+=(const Fragment& next) {
  html_ += next.html_;
  return *this;
}

Fragment joined(std::initializer_list<Fragment> parts) {
  Fragment all;
  for (const Fragment& part : parts) all += part;
  return all;
}

Html::Html() : out_("<!DOCTYPE html>\n") {}

Html Html::part() {
  return Html("");
}

void Html::tag(Literal element, Attributes attributes) {
  out_ += '<';
  out_ += element.view();
  for (const Attribute& attribute : attributes) {
    if (!attribute.present) continue;
    out_ += ' ';
    out_ += attribute.name.view();
    out_ += "=\"";
    append_escaped(out_, presentable(attribute.value));
    out_ += '"';
  }
  out_ += '>';
}

Html& Html::open(Literal element, Attributes attributes) {
  tag(element, attributes);
  open_.push_back(element.view());
  return *this;
}

Html& Html::close() {
  if (open_.empty()) throw std::logic_error("no element is open");
  out_ += "</";
  out_ += open_.back();
  out_ += '>';
  open_.pop_back();
  return *this;
}

Html& Html::single(Literal element, Attributes attributes) {
  tag(element, attributes);
  return *this;
}

Html& Html::text(std::string_view text) {
  const std::string shown = presentable(text);
  for (std::string_view rest = shown;;) {
    const auto end = rest.find('\n');
    append_escaped(out_, rest.substr(0, end));
    if (end == std::string_view::npos) return *this;
    single("br");
    rest.remove_prefix(end + 1);
  }
}

Html& Html::verbatim(std::string_view text) {
  append_escaped(out_, presentable(text));
  return *this;
}

Html& Html::add(const Fragment& fragment) {
  out_ += fragment.html_;
  return *this;
}

Html& Html::element(Literal name, std::string_view text_inside, Attributes attributes) {
  return open(name, attributes).text(text_inside).close();
}

Html& Html::style(Literal css) {
  out_ += "<style>";
  out_ += css.view();
  out_ += "</style>";
  return *this;
}

Html& Html::line() {
  out_ += '\n';
  return *this;
}

std::string Html::take() {
  return std::exchange(out_, {});
}

std::string Html::finish() && {
  if (!open_.empty()) throw std::logic_error(fmt::format("<{}> is still open", open_.back()));
  return std::move(out_);
}

Fragment Html::fragment() && {
  Fragment made;
  made.html_ = std::move(*this).finish();
  return made;
}

namespace {

std::string_view tag_class(TagKind kind) {
  switch (kind) {
    case TagKind::neutral:
      return "tag tag-neutral";
    case TagKind::good:
      return "tag tag-good";
    case TagKind::warning:
      return "tag tag-warning";
    case TagKind::bad:
      return "tag tag-bad";
    case TagKind::gap:
      return "tag tag-gap";
  }
  throw std::invalid_argument("no such kind of tag");
}

std::string_view callout_class(Callout::Kind kind) {
  switch (kind) {
    case Callout::Kind::note:
      return "callout callout-note";
    case Callout::Kind::gap:
      return "callout callout-gap";
    case Callout::Kind::finding:
      return "callout callout-finding";
    case Callout::Kind::warning:
      return "callout callout-warning";
  }
  throw std::invalid_argument("no such kind of callout");
}

/// From this many columns on, a table scrolls on a narrow screen instead of being squeezed.
constexpr std::size_t wide_table = 3;

class Page {
 public:
  Page(const Document& document, const Outline& outline, const Fragment& above, std::ostream& file)
      : document_(document), outline_(outline), above_(above), file_(file) {
    document.exhibits.each([this](const Exhibit& exhibit) { files_.emplace(exhibit.number, exhibit.file); });
  }

  void write() {
    out_.open("html", {{"lang", document_.language}}).line();
    head();
    out_.open("body").line();
    out_.element("a", "Skip to main content", {{"class", "skip"}, {"href", "#page-main"}}).line();
    out_.open("header").line().add(above_);
    out_.element("h1", document_.title).line();
    if (!document_.subtitle.empty()) out_.element("p", document_.subtitle, {{"class", "subtitle"}}).line();
    if (!document_.as_of_line.empty()) out_.element("p", document_.as_of_line, {{"class", "as-of"}}).line();
    out_.close().line();
    out_.open("main", {{"id", "page-main"}}).line();
    document_.blocks.each([this](const Block& block) { write(block); });
    out_.close().line();
    if (!document_.footer_left.empty()) {
      out_.open("footer").line();
      out_.element("p", document_.footer_left).line();
      out_.close().line();
    }
    out_.close().line();
    out_.close().line();
    file_ << std::move(out_).finish();
  }

 private:
  void head() {
    out_.open("head").line();
    out_.single("meta", {{"charset", "utf-8"}}).line();
    out_.single("meta", {{"http-equiv", "Content-Security-Policy"},
                         {"content", "default-src 'none'; style-src 'unsafe-inline'"}})
        .line();
    out_.element("title", document_.title).line();
    out_.single("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}).line();
    if (!document_.author.empty()) out_.single("meta", {{"name", "author"}, {"content", document_.author}}).line();
    if (document_.made_at)
      out_.single("meta", {{"name", "dcterms.created"}, {"content", iso(*document_.made_at)}}).line();
    out_.style(page_style).line();
    out_.close().line();
  }

  void write(const Block& block) {
    std::visit([this](const auto& one) { write(one); }, static_cast<const AnyBlock&>(block));
    out_.line();
    file_ << out_.take();
  }

  void write(const Heading& heading) {
    const std::string& anchor = outline_.headings[next_heading_++].anchor;
    switch (heading.level) {
      case 2:
        out_.element("h2", heading.text, {{"id", anchor}});
        break;
      case 3:
        out_.element("h3", heading.text, {{"id", anchor}});
        break;
      default:
        out_.element("h4", heading.text, {{"id", anchor}});
    }
  }

  void write(const Paragraph& paragraph) {
    out_.open("p");
    write(paragraph.runs);
    out_.close();
  }

  void write(const BulletList& list) { write_list("ul", list.items); }
  void write(const NumberedList& list) { write_list("ol", list.items); }

  void write_list(Literal element, const std::vector<Inline>& items) {
    if (items.empty()) return;
    out_.open(element).line();
    for (const Inline& item : items) {
      out_.open("li");
      write(item);
      out_.close().line();
    }
    out_.close();
  }

  void write(const DefinitionList& list) {
    if (list.entries.empty()) return;
    out_.open("dl").line();
    for (const auto& entry : list.entries) {
      out_.open("div").element("dt", entry.term).open("dd");
      write(entry.detail);
      out_.close().close().line();
    }
    out_.close();
  }

  void write(const Table& table) {
    const std::string caption_id = fmt::format("page-table-{}", ++tables_);
    const std::string_view region = table.columns.size() >= wide_table ? "scroll wide" : "scroll";
    out_.open("div", {{"class", region}, {"role", "region"}, {"aria-labelledby", caption_id}, {"tabindex", "0"}})
        .line();
    out_.open("table").line();
    out_.element("caption", table.caption, {{"id", caption_id}}).line();
    out_.open("thead").open("tr");
    for (const Column& column : table.columns) {
      if (column.align == Column::Align::right) {
        out_.element("th", column.header, {{"scope", "col"}, {"class", "right"}});
      } else {
        out_.element("th", column.header, {{"scope", "col"}});
      }
    }
    out_.close().close().line();
    out_.open("tbody").line();
    bool none = true;
    table.rows.each([&](const Row& row) {
      none = false;
      write(table, row);
      file_ << out_.take();
    });
    if (none) {
      out_.open("tr")
          .element("td", table.when_empty, {{"colspan", std::to_string(table.columns.size())}})
          .close()
          .line();
    }
    out_.close().line();
    out_.close().line();
    out_.close();
  }

  void write(const Table& table, const Row& row) {
    const std::string_view kind = row.kind == Row::Kind::gap     ? "gap"
                                  : row.kind == Row::Kind::total ? "total"
                                                                 : "normal";
    if (row.anchor.empty()) {
      out_.open("tr", {{"class", kind}});
    } else {
      out_.open("tr", {{"class", kind}, {"id", row.anchor}});
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const bool right = table.columns[i].align == Column::Align::right;
      if (static_cast<int>(i) == table.row_header_column) {
        out_.open("th", {{"scope", "row"}, {"class", right ? "right" : "left"}});
      } else {
        out_.open("td", {{"class", right ? "right" : "left"}});
      }
      if (i == 0 && row.kind == Row::Kind::gap) {
        write(tag("GAP", TagKind::gap));
        out_.text(" ");
      }
      write(row.cells[i]);
      out_.close();
    }
    out_.close().line();
  }

  void write(const Callout& callout) {
    if (callout.anchor.empty()) {
      out_.open("div", {{"class", callout_class(callout.kind)}}).line();
    } else {
      out_.open("div", {{"class", callout_class(callout.kind)}, {"id", callout.anchor}}).line();
    }
    out_.open("p", {{"class", "callout-title"}});
    if (callout.kind == Callout::Kind::gap) {
      write(tag("GAP", TagKind::gap));
    } else {
      out_.text(label(callout.kind)).text(":");
    }
    out_.text(" ").text(callout.title).close().line();
    for (const Block& block : callout.body) write(block);
    out_.close();
  }

  void write(const ExhibitList& list) { write(table_of(list, document_.exhibits)); }

  void write(const PageBreak&) { out_.open("div", {{"class", "page-break"}}).close(); }

  void write(const Contents& contents) {
    const std::string id = fmt::format("page-contents-{}", ++contents_);
    if (contents.title.empty()) {
      out_.open("nav", {{"class", "contents"}, {"aria-label", "Contents"}}).line();
    } else {
      out_.open("nav", {{"class", "contents"}, {"aria-labelledby", id}}).line();
      out_.element("h2", contents.title, {{"id", id}}).line();
    }
    int depth = 1;
    for (const auto& heading : outline_.headings) {
      if (heading.level > contents.deepest) continue;
      if (heading.level > depth) {
        for (; depth < heading.level; ++depth) out_.open("ol").open("li");
      } else {
        out_.close().line();
        for (; depth > heading.level; --depth) out_.close().close().line();
        out_.open("li");
      }
      out_.element("a", heading.text, {{"href", "#" + heading.anchor}});
    }
    for (; depth > 1; --depth) out_.close().close();
    out_.line().close();
  }

  void write(const Inline& runs) {
    for (const Run& run : runs) write(run);
  }

  void write(const Run& run) {
    switch (run.kind) {
      case Run::Kind::plain:
        out_.text(run.text);
        return;
      case Run::Kind::strong:
        out_.element("strong", run.text);
        return;
      case Run::Kind::emphasis:
        out_.element("em", run.text);
        return;
      case Run::Kind::code:
        out_.element("code", run.text);
        return;
      case Run::Kind::tag:
        out_.element("strong", run.text, {{"class", tag_class(run.tag_kind)}});
        return;
      case Run::Kind::link:
        write_link(run.text, run.target);
        return;
      case Run::Kind::exhibit:
        write_link(run.text, target_of(run.text));
        return;
    }
  }

  void write_link(const std::string& text, const std::string& target) {
    if (link_kind(target, outline_) == LinkKind::none) {
      out_.text(text);
    } else {
      out_.element("a", text, {{"href", target}});
    }
  }

  /// The exhibit's file; its row in the list, when it has none.
  std::string target_of(const std::string& number) const {
    const auto& file = files_.find(number)->second;
    return file.empty() ? "#" + exhibit_anchor(number) : file;
  }

  const Document& document_;
  const Outline& outline_;
  const Fragment& above_;
  std::ostream& file_;
  std::map<std::string, std::string, std::less<>> files_;  ///< of exhibits, by number
  Html out_;                                               ///< what is not in the file yet
  std::size_t next_heading_ = 0;
  int tables_ = 0;
  int contents_ = 0;
};

}  // namespace

void html(const Document& document, std::ostream& out, const Fragment& above) {
  const Outline headings = outline(document);
  Page(document, headings, above, out).write();
}

std::string html(const Document& document, const Fragment& above) {
  std::ostringstream out;
  html(document, out, above);
  return std::move(out).str();
}

}  // namespace answerable::render
