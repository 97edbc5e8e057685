#include "reports/service/complaints/register.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace answerable::service {
namespace {

constexpr pg::Statement acts_read{
    "complaints.acts",
    "SELECT reference, subject, number, id, received_on, act, first, last, precision, until_last, performer,"
    " performer_name, attributes::text FROM answerable.complaint_acts($1) ORDER BY reference, first, last, number,"
    " ordinal"};
constexpr pg::Statement clocks_read{
    "complaints.clocks",
    "SELECT s.subject, s.finding, s.rule, s.edition_from, s.outcome, s.due, s.trigger_record, coalesce(s.sentence, ''),"
    " s.flagged_since FROM answerable.finding_current c CROSS JOIN LATERAL (SELECT * FROM answerable.finding_step f"
    " WHERE f.authority = c.authority AND f.finding = c.finding AND f.run = c.run OFFSET 0) s"
    " WHERE c.authority = $1 AND c.subject = ANY ($2::int[]) AND NOT s.withdrawn"
    " AND (s.rule LIKE 'compl.%' OR s.rule LIKE 'lgo.%') ORDER BY s.due, s.finding"};
constexpr pg::Statement body_named{
    "complaints.body", "SELECT name FROM answerable.organisation WHERE authority = $1 AND scheme = $2 AND code = $3"};
constexpr pg::Statement nobody_handles{"complaints.unassigned",
                                       "SELECT reference, received_on, sender FROM answerable.unassigned_complaints()"
                                       " LIMIT 100"};
constexpr pg::Statement nothing_held{
    "complaints.without_records",
    "SELECT s.reference FROM answerable.assignment s WHERE s.account = answerable.acting_account()"
    " AND s.kind = 'complaint' AND s.reference NOT IN (SELECT m.reference FROM answerable.my_cases() m)"
    " ORDER BY s.reference LIMIT 100"};

CaseAct act_in(const pg::Result& rows, int row) {
  const auto precision = rows.text(row, 8);
  CaseAct act{.record = rows.int64(row, 2),
              .record_id = std::string(rows.text(row, 3)),
              .received_on = rows.day(row, 4),
              .act = std::string(rows.text(row, 5)),
              .when = {rows.day(row, 6), rows.day(row, 7), static_cast<Precision>(precision.front())},
              .performer = {std::string(rows.text(row, 10)), std::string(rows.text(row, 11))}};
  if (!rows.is_null(row, 9)) act.until = rows.day(row, 9);
  act.attributes = nlohmann::json::parse(rows.text(row, 12)).get<decltype(act.attributes)>();
  return act;
}

CaseClock clock_in(const pg::Result& rows, int row, const engine::Catalogue& rules) {
  CaseClock clock{.finding = rows.int64(row, 1),
                  .rule = std::string(rows.text(row, 2)),
                  .title = std::string(rows.text(row, 2)),
                  .outcome = engine::parse_outcome(rows.text(row, 4)).value_or(engine::Outcome::error),
                  .record = rows.int64(row, 6),
                  .sentence = std::string(rows.text(row, 7))};
  if (!rows.is_null(row, 5)) clock.due = rows.day(row, 5);
  const auto* rule = rules.find(clock.rule);
  if (rule == nullptr) return clock;
  clock.title = rule->title;
  for (const auto& edition : rule->editions) {
    if (edition.from != rows.day(row, 3)) continue;
    clock.source = edition.source;
    clock.confidence = sentence(edition.confidence);
    clock.verified = edition.confidence == engine::Confidence::verified;
  }
  return clock;
}

bool about_council_functions(const Complaint& complaint) {
  return std::ranges::any_of(complaint.acts, [](const CaseAct& act) {
    const auto concerns = act.value("concerns");
    return concerns == "council-function" || concerns == "mixed";
  });
}

/// A list of numbers as PostgreSQL reads it: "{1,2}".
std::string in_array(const std::vector<Complaint>& all) {
  std::string out;
  for (const auto& one : all) out += fmt::format("{}{}", out.empty() ? "" : ",", one.subject);
  return "{" + out + "}";
}

/// Running clocks by their last day; then what is over.
auto place(const CaseClock& clock) {
  return std::tuple(!clock.runs(), !engine::needs_attention(clock.outcome), !clock.due, clock.due.value_or(Day{}),
                    clock.rule);
}

/// The one whose time runs out first at the top, those without a time behind, the closed ones last.
auto urgency(const Complaint& complaint) {
  const auto* next = complaint.next();
  const bool dated = next != nullptr && next->due;
  return std::tuple(complaint.state() == CaseState::closed, !dated, dated ? *next->due : Day{}, complaint.reference);
}

}  // namespace

std::string_view CaseAct::value(std::string_view attribute) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view state_words(CaseState state) {
  switch (state) {
    case CaseState::open:
      return "Open";
    case CaseState::answered:
      return "Answered";
    case CaseState::with_ombudsman:
      return "With the ombudsman";
    case CaseState::recommendations:
      return "Recommendations to carry out";
    case CaseState::closed:
      return "Closed";
  }
  return "";
}

const CaseAct* Complaint::first(std::string_view act) const {
  const auto found = std::ranges::find(acts, act, &CaseAct::act);
  return found == acts.end() ? nullptr : &*found;
}

const CaseAct* Complaint::last(std::string_view act) const {
  const CaseAct* found = nullptr;
  for (const auto& one : acts)
    if (one.act == act) found = &one;
  return found;
}

CaseState Complaint::state() const {
  const bool with_ombudsman = first("ombudsman.contacted") != nullptr || first("ombudsman.enquiry") != nullptr;
  const bool decided = first("ombudsman.decision") != nullptr;
  if (with_ombudsman && !decided) return CaseState::with_ombudsman;
  const auto made = std::ranges::count(acts, "ombudsman.recommendation", &CaseAct::act);
  const auto done = std::ranges::count(acts, "ombudsman.recommendation-done", &CaseAct::act);
  if (made > done) return CaseState::recommendations;
  if (decided || first("complaint.closed") != nullptr || first("complaint.withdrawn") != nullptr)
    return CaseState::closed;
  return first("complaint.responded") != nullptr ? CaseState::answered : CaseState::open;
}

const CaseClock* Complaint::next() const {
  if (state() == CaseState::closed) return nullptr;
  const CaseClock* next = nullptr;
  for (const auto& clock : clocks) {
    if (!clock.due || (!clock.runs() && !engine::needs_attention(clock.outcome))) continue;
    if (next == nullptr || *clock.due < *next->due) next = &clock;
  }
  return next;
}

std::string Complaint::redirect_warning(std::string_view council) const {
  if (!about_council_functions(*this)) return "";
  const CaseAct* sent = last("complaint.redirected");
  if (sent != nullptr && sent->value("to") != council)
    return fmt::format("{} sent it on to {} ({}). It concerns what the council answers for.", sent->performer.name,
                       sent->to_name.empty() ? std::string(sent->value("to")) : sent->to_name,
                       answerable::words(sent->when));
  const CaseAct* received = first("complaint.received");
  if (received != nullptr && received->performer.key != council)
    return fmt::format("{} received it first ({}). It concerns what the council answers for.", received->performer.name,
                       answerable::words(received->when));
  return "";
}

namespace {

/// The names of the bodies it was sent on to, which may have done nothing that is on record.
void name_bodies(pg::Transaction& transaction, const std::string& authority, Complaint& complaint) {
  for (auto& act : complaint.acts) {
    const auto to = act.value("to");
    const auto colon = to.find(':');
    if (act.act != "complaint.redirected" || colon == to.npos) continue;
    const auto row = transaction.run(body_named, authority, to.substr(0, colon), to.substr(colon + 1));
    if (row.rows() == 1) act.to_name = row.text(0, 0);
  }
}

}  // namespace

std::vector<Complaint> complaints(pg::Transaction& transaction, const std::string& authority,
                                  const std::optional<std::string>& of_case, const engine::Catalogue& rules) {
  std::vector<Complaint> all;
  const auto acts = transaction.run(acts_read, of_case);
  for (int row = 0; row < acts.rows(); ++row) {
    if (all.empty() || all.back().reference != acts.text(row, 0))
      all.push_back({.reference = std::string(acts.text(row, 0)), .subject = acts.int32(row, 1)});
    all.back().acts.push_back(act_in(acts, row));
  }
  const auto clocks = transaction.run(clocks_read, authority, in_array(all));
  for (int row = 0; row < clocks.rows(); ++row) {
    const auto clock = clock_in(clocks, row, rules);
    for (auto& one : all)
      if (one.subject == clocks.int32(row, 0) &&
          std::ranges::find(one.acts, clock.record, &CaseAct::record) != one.acts.end())
        one.clocks.push_back(clock);
  }
  for (auto& one : all) {
    std::ranges::stable_sort(one.clocks, {}, place);
    name_bodies(transaction, authority, one);
  }
  std::ranges::stable_sort(all, {}, urgency);
  return all;
}

std::vector<Unassigned> unassigned_complaints(pg::Transaction& transaction) {
  const auto rows = transaction.run(nobody_handles);
  std::vector<Unassigned> all;
  for (int row = 0; row < rows.rows(); ++row)
    all.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 2)), rows.day(row, 1)});
  return all;
}

std::vector<std::string> cases_without_records(pg::Transaction& transaction) {
  const auto rows = transaction.run(nothing_held);
  std::vector<std::string> all;
  for (int row = 0; row < rows.rows(); ++row) all.emplace_back(rows.text(row, 0));
  return all;
}

}  // namespace answerable::service
