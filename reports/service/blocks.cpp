#include "reports/service/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/pages/document_parts.hpp"
#include "reports/render/components/content.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/navigation.hpp"

namespace answerable::service {
namespace {

using render::Fragment;

constexpr std::size_t chronology_rows = 50;  // on a page

components::TagColour colour_of(render::TagKind kind) {
  using components::TagColour;
  switch (kind) {
    case render::TagKind::good:
      return TagColour::green;
    case render::TagKind::warning:
      return TagColour::yellow;
    case render::TagKind::bad:
      return TagColour::red;
    case render::TagKind::gap:
      return TagColour::orange;
    case render::TagKind::neutral:
      return TagColour::grey;
  }
  return TagColour::grey;
}

Fragment on_page(const render::Inline& runs) {
  Fragment out;
  for (const auto& run : runs) {
    if (run.kind == render::Run::Kind::strong)
      out += Fragment(components::Strong{run.text});
    else if (run.kind == render::Run::Kind::tag)
      out += Fragment(components::Tag{run.text, colour_of(run.tag_kind)});
    else
      out += Fragment(run.text);
  }
  return out;
}

template <class Rendered>
Fragment list_of(const Rendered& list, components::List::Kind kind) {
  components::List out{.items = {}, .kind = kind};
  for (const auto& item : list.items) out.items.push_back(on_page(item));
  return out;
}

struct OnPage {
  Fragment operator()(const render::Heading& it) const { return components::Heading{it.text, it.level}; }
  Fragment operator()(const render::Paragraph& it) const { return components::Paragraph{on_page(it.runs)}; }
  Fragment operator()(const render::BulletList& it) const { return list_of(it, components::List::Kind::bullet); }
  Fragment operator()(const render::NumberedList& it) const { return list_of(it, components::List::Kind::number); }
  Fragment operator()(const render::DefinitionList& it) const {
    components::SummaryList list{.rows = {}};
    for (const auto& entry : it.entries) list.rows.push_back({entry.term, on_page(entry.detail)});
    return list;
  }
  Fragment operator()(const render::Table& it) const {
    components::Table table{.caption = it.caption,
                            .columns = {},
                            .rows = {},
                            .first_cell_is_header = it.row_header_column == 0,
                            .wide = it.columns.size() > 3,
                            .when_empty = it.when_empty};
    for (const auto& column : it.columns)
      table.columns.push_back({column.header, column.align == render::Column::Align::right});
    it.rows.each([&](const render::Row& row) {
      auto& cells = table.rows.emplace_back();
      for (const auto& cell : row.cells) cells.push_back(on_page(cell));
      if (row.kind != render::Row::Kind::gap || cells.empty()) return;
      Fragment gap = components::Tag{"Gap", components::TagColour::orange};
      gap += Fragment(" ");
      gap += cells.front();
      cells.front() = std::move(gap);
    });
    return table;
  }
  Fragment operator()(const render::Callout& it) const {
    Fragment inside = components::Paragraph{components::Strong{fmt::format("{}: {}", label(it.kind), it.title)}};
    inside += service::on_page(it.body);
    return components::InsetText{inside};
  }
  // What orders a document for paper.
  Fragment operator()(const render::PageBreak&) const { return {}; }
  Fragment operator()(const render::Contents&) const { return {}; }
  Fragment operator()(const render::ExhibitList&) const { return {}; }
};

}  // namespace

Fragment on_page(const render::Blocks& blocks) {
  Fragment out;
  blocks.each(
      [&](const render::Block& block) { out += std::visit(OnPage{}, static_cast<const render::AnyBlock&>(block)); });
  return out;
}

Fragment chronology_page(pages::Trail trail, std::size_t number, std::string_view path) {
  const auto rows = trail.chronology.size();
  const auto from = std::min((number - 1) * chronology_rows, rows), to = std::min(from + chronology_rows, rows);
  trail.chronology.keep(from, to);
  if (to < rows) trail.undated.clear();
  render::Blocks blocks;
  pages::add_chronology(blocks, trail);
  Fragment out = on_page(blocks);
  if (rows > chronology_rows)
    out += Fragment(components::Pagination{.previous = {number > 1 ? fmt::format("{}{}", path, number - 1) : ""},
                                           .next = {to < rows ? fmt::format("{}{}", path, number + 1) : ""}});
  return out;
}

}  // namespace answerable::service
