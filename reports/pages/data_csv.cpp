#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/pages/data.hpp"
#include "reports/pages/tables.hpp"

namespace answerable::pages {
namespace {

std::string digits_of(std::int64_t value) {
  return value < 0 ? "" : std::to_string(value);
}
std::string maybe(const std::optional<Day>& day) {
  return day ? iso(*day) : "";
}

std::vector<std::string> cells(const Line& line) {
  return {"act",
          iso(line.when),
          line.until ? iso(*line.until) : "",
          line.act,
          line.says,
          "",
          "",
          line.actor.key,
          line.actor.name,
          line.answers.key,
          line.answers.name,
          line.agreement,
          digits_of(line.source.record),
          line.source.record_id,
          line.source.kind,
          line.source.sender.key,
          line.source.sender.name,
          line.source.submission,
          iso(line.source.received_on),
          line.days_later ? std::to_string(*line.days_later) : "",
          digits_of(line.corrects),
          digits_of(line.corrected_by),
          line.planned ? "yes" : "no",
          line.case_reference,
          line.source.worker,
          line.source.role,
          line.source.document,
          ""};
}

std::vector<std::string> cells(const Gap& gap) {
  std::vector<std::string> row(chronology_table().columns.size());
  row[0] = gap.missing ? "gap" : "finding";
  row[1] = iso(gap.when);
  row[4] = gap.text;
  row[5] = engine::word(gap.outcome);
  row[6] = gap.finding;
  row[7] = gap.actor.key;
  row[8] = gap.actor.name;
  row[9] = gap.answers.key;
  row[10] = gap.answers.name;
  row[11] = gap.agreement;
  row[23] = gap.case_reference;
  row[27] = fmt::format("{}", fmt::join(gap.rests_on, " "));
  return row;
}

}  // namespace

void write_chronology_csv(const Trail& trail, std::ostream& out) {
  auto csv = render::open_csv(chronology_table(), out);
  for (const auto& row : trail.chronology) csv.row(std::visit([](const auto& it) { return cells(it); }, row));
}

void write_findings_csv(const Trail& trail, std::ostream& out) {
  auto csv = render::open_csv(findings_table(), out);
  for (const auto& [why, about] : trail.findings) {
    std::vector<std::int64_t> records;
    std::vector<std::string> missing;
    std::string happened;
    for (const auto& it : why.events) {
      if (it.part == "trigger") happened = iso(it.when);
      if (it.record >= 0 && std::ranges::find(records, it.record) == records.end()) records.push_back(it.record);
    }
    for (const auto& it : why.evidence) {
      if (!it.counts) missing.push_back(it.text.empty() ? it.item : it.text);
    }
    const auto& how = why.attribution;
    const std::vector<std::string> row{why.finding,
                                       std::string(engine::word(why.outcome)),
                                       why.rule,
                                       why.duty,
                                       about,
                                       why.state,
                                       why.sentence,
                                       happened,
                                       maybe(why.due),
                                       maybe(why.flagged_since),
                                       how.actor,
                                       how.actor_name,
                                       how.accountable,
                                       how.accountable_name,
                                       how.agreement,
                                       how.instrument,
                                       how.law,
                                       why.source,
                                       why.force,
                                       why.confidence,
                                       fmt::format("{}", fmt::join(why.clock, "; ")),
                                       fmt::format("{}", fmt::join(records, " ")),
                                       fmt::format("{}", fmt::join(why.not_found, "; ")),
                                       fmt::format("{}", fmt::join(missing, "; "))};
    csv.row(row);
  }
}

void write_evidence_csv(const Trail& trail, std::ostream& out) {
  auto csv = render::open_csv(evidence_table(), out);
  for (const auto& it : trail.evidence) {
    csv.row(std::vector<std::string>{digits_of(it.target), it.target_says, iso(it.target_when), it.item,
                                     std::string(engine::word(it.state)), it.is_a, it.created ? iso(*it.created) : "",
                                     it.covers, it.document, it.reason, it.searched_by, it.searched_where,
                                     maybe(it.searched_on), it.searched_terms, it.sender.key, it.sender.name,
                                     digits_of(it.said_by), it.superseded ? "yes" : "no"});
  }
}

}  // namespace answerable::pages
