#include <fmt/format.h>

#include <unordered_set>

#include "reports/pages/document_parts.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {
namespace {

using namespace render;

std::vector<Column> columns() {
  return {{"Happened", 1.25}, {"What", 3.3}, {"Who acted, who answers", 2.1}, {"Source", 2.4}};
}

Inline what(const Line& line) {
  Inline out;
  if (line.corrected_by >= 0) {
    out.push_back(tag("Corrected", TagKind::neutral));
    out.push_back(" by ");
    out.push_back(record_link(line.corrected_by));
    out.push_back(": ");
    out.push_back(emphasis(line.says));
  } else {
    if (line.planned) {
      out.push_back(tag("Planned", TagKind::neutral));
      out.push_back(" ");
    }
    out.push_back(line.says);
  }
  if (line.until) out.push_back(fmt::format(" Until {}.", words(*line.until)));
  if (line.corrects >= 0) {
    out.push_back(" Corrects ");
    out.push_back(record_link(line.corrects));
    out.push_back(".");
  }
  return out;
}

std::string who(const Party& actor, const Party& answers, const std::string& agreement, std::string_view acted) {
  if (answers.key.empty()) return actor.name;
  if (actor.key == answers.key) return fmt::format("{} acted and answers", actor.name);
  return fmt::format("{} {}; {} answers{}", actor.name.empty() ? "Nobody known" : actor.name, acted, answers.name,
                     agreement.empty() ? "" : fmt::format(" (agreement {})", agreement));
}

Inline source(const Line& line, const Trail& trail) {
  const auto& from = line.source;
  Inline out{fmt::format("Record {} ({})", from.record, from.record_id)};
  add_exhibit(out, trail, from.record);
  out.push_back(fmt::format(", {}, received {}", from.sender.name, words(from.received_on)));
  if (line.days_later)
    out.push_back(
        fmt::format(", {}{} days after", line.when.precision == Precision::day ? "" : "at least ", *line.days_later));
  if (!from.document.empty()) out.push_back(". At the sender: " + from.document);
  return out;
}

Row row_of(const Line& line, const Trail& trail) {
  return {.cells = {{words(line.when)},
                    what(line),
                    {who(line.actor, line.answers, line.agreement, "acted")},
                    source(line, trail)}};
}

Row row_of(const Gap& gap, const Trail&) {
  Row row;
  row.kind = gap.missing ? Row::Kind::gap : Row::Kind::normal;
  const std::string by = who(gap.actor, gap.answers, gap.agreement,
                             gap.missing && gap.outcome == engine::Outcome::breached ? "was to act" : "acted");
  row.cells = {{words(gap.when)},
               {tag(std::string(outcome_words(gap.outcome)), outcome_tag(gap.outcome)), " " + gap.text},
               {by},
               {"Finding ", finding_link(gap.finding)}};
  return row;
}

Row row_of(const Undated& it, const Trail& trail) {
  Inline record{std::to_string(it.source.record)};
  add_exhibit(record, trail, it.source.record);
  return {.cells = {std::move(record),
                    {fmt::format("{} ({})", it.title, it.source.record_id)},
                    {it.source.sender.name},
                    {words(it.source.received_on)}},
          .anchor = record_anchor(it.source.record)};
}

}  // namespace

void add_chronology(render::Blocks& blocks, const Trail& trail) {
  blocks.push_back(Heading{2, "Chronology", "chronology"});
  blocks.push_back(
      Paragraph{{"Dates are as exact as they were sent. What has only a month or a year stands at the last day on "
                 "which it can have happened. A row "
                 "marked GAP stands where an act should stand and nothing received shows it."}});
  Table table{.caption = fmt::format("What happened, in order, as of {}", words(trail.horizon.as_of)),
              .columns = columns()};
  table.rows.add([&trail](const auto& use) {
    std::unordered_set<std::int64_t> told;
    for (const auto& each : trail.chronology) {
      auto row = std::visit([&](const auto& it) { return row_of(it, trail); }, each);
      const auto* line = std::get_if<Line>(&each);
      if (line != nullptr && told.insert(line->source.record).second) row.anchor = record_anchor(line->source.record);
      use(row);
    }
  });
  blocks.push_back(std::move(table));
  if (trail.undated.empty()) return;
  Table others{.caption = "Records about the person that say nothing of a date",
               .columns = {{"Record", 1}, {"What it is", 2}, {"Sender", 3}, {"Received", 1.6}}};
  others.rows.add([&trail](const auto& use) {
    for (const auto& it : trail.undated) use(row_of(it, trail));
  });
  blocks.push_back(std::move(others));
}

void add_cases(render::Blocks& blocks, const Trail& trail) {
  if (trail.cases.empty()) return;
  blocks.push_back(Heading{2, trail.cases.size() == 1 ? "The complaint" : "Complaints", "complaints"});
  for (const auto& it : trail.cases) {
    if (!trail.case_reference.empty() && it.reference != trail.case_reference) continue;
    blocks.push_back(Heading{3, "Complaint " + it.reference, {}});
    BulletList clock;
    for (const auto& line : it.clock) clock.items.push_back({line});
    if (!clock.items.empty()) blocks.push_back(clock);
    Table table{.caption = fmt::format("Complaint {}, in order", it.reference), .columns = columns()};
    table.rows.add([&trail, &it](const auto& use) {
      for (const auto& row : trail.chronology) {
        const auto& reference =
            std::visit([](const auto& each) -> const std::string& { return each.case_reference; }, row);
        if (reference == it.reference) use(std::visit([&](const auto& each) { return row_of(each, trail); }, row));
      }
    });
    blocks.push_back(std::move(table));
  }
}

}  // namespace answerable::pages
