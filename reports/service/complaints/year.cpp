#include "reports/service/complaints/year.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

namespace answerable::service {
namespace {

constexpr pg::Statement told{
    "complaint_year.told",
    "SELECT complaint, act, first, last, performer = (SELECT 'cassr:' || answerable.acting_council()),"
    " attributes::text FROM answerable.complaints_told() ORDER BY complaint, first, last"};
constexpr pg::Statement lessons_read{"complaint_year.lessons",
                                     "SELECT lesson, kind, words FROM answerable.complaint_lesson WHERE year = $1"
                                     " AND dropped_at IS NULL ORDER BY kind, lesson"};
constexpr pg::Statement lesson_added{"complaint_year.add_lesson", "SELECT answerable.add_lesson($1, $2, $3)"};
constexpr pg::Statement lesson_dropped{"complaint_year.drop_lesson", "SELECT answerable.drop_lesson($1)"};

constexpr std::int64_t smallest_shown = 5;

/// What counts of one complaint.
struct Told {
  std::optional<Happened> received;
  bool by_council{};
  bool to_ombudsman{};
  std::string outcome, decision;
  std::set<std::string> subjects;
  std::optional<Day> answer_by, answered;
};

Day financial_year(int begins) {
  return Day(std::chrono::year(begins) / std::chrono::April / 1);
}

void take(Told& one, std::string_view act, const Happened& when, bool by_council, const nlohmann::json& attributes) {
  const auto value = [&](const char* name) { return attributes.value(name, ""); };
  if (act == "complaint.received") {
    if (!one.received) one.by_council = by_council;
    if (!one.received) one.received = when;
    std::istringstream functions(value("about"));
    for (std::string function; functions >> function;) one.subjects.insert(function);
  }
  if (act == "complaint.discussed" && !value("answer-by").empty()) one.answer_by = parse_day(value("answer-by"));
  if (act == "complaint.responded" && !one.answered) one.answered = when.last;
  if (act == "complaint.closed" && !value("outcome").empty()) one.outcome = value("outcome");
  if (act.starts_with("ombudsman.")) one.to_ombudsman = true;
  if (act == "ombudsman.decision") one.decision = value("outcome");
}

std::vector<Told> every_complaint(pg::Transaction& transaction) {
  const auto rows = transaction.run(told);
  std::vector<Told> all;
  std::int64_t last = 0;
  for (int row = 0; row < rows.rows(); ++row) {
    if (rows.int64(row, 0) != last) all.emplace_back();
    last = rows.int64(row, 0);
    take(all.back(), rows.text(row, 1), {rows.day(row, 2), rows.day(row, 3)}, rows.boolean(row, 4),
         nlohmann::json::parse(rows.text(row, 5)));
  }
  return all;
}

void count(ComplaintYear& year, const Told& one) {
  ++year.received;
  if (!one.by_council) ++year.received_first_by_others;
  ++year.by_outcome[one.outcome];
  if (one.to_ombudsman) {
    ++year.to_ombudsman;
    ++year.by_ombudsman_decision[one.decision];
  }
  if (one.subjects.empty()) ++year.by_subject[""];
  for (const auto& subject : one.subjects) ++year.by_subject[subject];
  if (!one.answer_by) return;
  ++year.response_time_told;
  if (!one.answered) return;
  ++year.answered;
  if (*one.answered <= *one.answer_by) ++year.answered_in_that_time;
}

}  // namespace

std::int64_t ComplaintYear::well_founded() const {
  const auto of = [&](const char* outcome) {
    const auto found = by_outcome.find(outcome);
    return found == by_outcome.end() ? 0 : found->second;
  };
  return of("upheld") + of("partly-upheld");
}

ComplaintYear complaint_year(pg::Transaction& transaction, int begins) {
  ComplaintYear year{.begins = begins};
  const Day from = financial_year(begins), end = financial_year(begins + 1);
  for (const auto& one : every_complaint(transaction)) {
    if (!one.received) continue;
    const bool can_be = one.received->last >= from && one.received->first < end;
    const bool must_be = one.received->first >= from && one.received->last < end;
    if (must_be) count(year, one);
    if (can_be && !must_be) ++year.not_placed;
  }
  const auto rows = transaction.run(lessons_read, begins);
  for (int row = 0; row < rows.rows(); ++row)
    year.lessons.push_back({rows.int64(row, 0), std::string(rows.text(row, 1)), std::string(rows.text(row, 2))});
  return year;
}

bool add_lesson(pg::Transaction& transaction, int year, const std::string& kind, const std::string& words) {
  return !transaction.run_one(lesson_added, year, kind, words).is_null(0, 0);
}

bool drop_lesson(pg::Transaction& transaction, std::int64_t lesson) {
  return transaction.run_one(lesson_dropped, lesson).boolean(0, 0);
}

std::string protected_count(std::int64_t count) {
  return count > 0 && count < smallest_shown ? "fewer than 5" : std::to_string(count);
}

}  // namespace answerable::service
