#include "reports/service/monitoring/acts.hpp"

#include <fmt/format.h>

namespace answerable::service {
namespace {

constexpr pg::Statement ask_about{"acts.ask", "SELECT answerable.ask_about_finding($1, $2, $3, $4)"};
constexpr pg::Statement escalate{"acts.escalate", "SELECT nullif(answerable.escalate_finding($1, $2, $3), false)"};
constexpr pg::Statement link_to_complaint{"acts.complaint", "SELECT nullif(answerable.link_complaint($1, $2), false)"};
constexpr pg::Statement ask_set_aside{"acts.set_aside", "SELECT answerable.ask_set_aside($1, $2, $3)"};
constexpr pg::Statement reopen_finding{"acts.reopen", "SELECT answerable.reopen_finding($1, $2)"};
constexpr pg::Statement actor_of_finding{
    "acts.actor",
    "SELECT o.actor FROM answerable.open_finding o WHERE o.authority = answerable.acting_council() AND "
    "o.finding = $1"};
constexpr pg::Statement draft{"acts.plan", "SELECT answerable.draft_plan($1, $2, $3::bigint[])"};

ActOutcome draft_plan(pg::Transaction& transaction, const std::vector<engine::FindingId>& findings,
                      const ActWords& words) {
  ActOutcome outcome;
  const auto actor = transaction.run(actor_of_finding, findings.front());
  std::string numbers;
  for (const auto finding : findings) numbers += fmt::format("{}{}", numbers.empty() ? "" : ",", finding);
  if (actor.rows() == 1) {
    const auto row = transaction.run_one(draft, actor.text(0, 0), words.text, "{" + numbers + "}");
    if (!row.is_null(0, 0)) outcome.plan = row.int64(0, 0);
  }
  (outcome.plan ? outcome.done : outcome.not_done) = findings;
  return outcome;
}

}  // namespace

std::string_view word(Act act) {
  switch (act) {
    case Act::ask:
      return "ask";
    case Act::escalate:
      return "escalate";
    case Act::complaint:
      return "complaint";
    case Act::plan:
      return "plan";
    case Act::set_aside:
      return "set-aside";
    case Act::reopen:
      return "reopen";
  }
  return "";
}

std::optional<Act> parse_act(std::string_view text) {
  for (const Act act : all_acts)
    if (word(act) == text) return act;
  return std::nullopt;
}

std::string_view button_words(Act act) {
  switch (act) {
    case Act::ask:
      return "Ask for evidence";
    case Act::escalate:
      return "Escalate";
    case Act::complaint:
      return "Link to a complaint";
    case Act::plan:
      return "Draft an action plan";
    case Act::set_aside:
      return "Ask to set aside";
    case Act::reopen:
      return "Open again";
  }
  return "";
}

bool may_follow_up(const access::Actor& actor) {
  return actor.has(access::Role::contract_monitoring_officer) || actor.has(access::Role::complaints_officer);
}

ActOutcome carry_out(pg::Transaction& transaction, Act act, const std::vector<engine::FindingId>& findings,
                     const ActWords& words) {
  if (act == Act::plan) return draft_plan(transaction, findings, words);
  ActOutcome outcome;
  std::optional<std::int64_t> letter;
  for (const auto finding : findings) {
    const auto row = [&] {
      switch (act) {
        case Act::ask:
          return transaction.run_one(ask_about, finding, words.text, words.until, letter);
        case Act::escalate:
          return transaction.run_one(escalate, finding, words.to, words.text);
        case Act::complaint:
          return transaction.run_one(link_to_complaint, finding, words.to);
        case Act::reopen:
          return transaction.run_one(reopen_finding, finding, words.text);
        default:
          return transaction.run_one(ask_set_aside, finding, words.text, words.until);
      }
    }();
    const bool was_done = !row.is_null(0, 0);
    if (was_done && act == Act::ask && !letter) letter = row.int64(0, 0);
    (was_done ? outcome.done : outcome.not_done).push_back(finding);
  }
  return outcome;
}

}  // namespace answerable::service
