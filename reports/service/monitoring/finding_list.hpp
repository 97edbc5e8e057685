#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/engine/identity.hpp"
#include "audit/engine/outcome.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::monitoring {

/// What a list of open findings shows. "" does not filter.
struct FindingQuery {
  std::string outcome{};  ///< an outcome's word; "" needs attention, "all" also what is not due yet or cannot be told
  std::string rule{}, agreement{}, actor{}, severity{};
  std::string state{};         ///< one of finding_states; "" whatever is not set aside
  std::optional<Day> since{};  ///< found on this day or later
  std::string sort{"oldest"};  ///< one of finding_sorts
  int page{1};
};
using Choice = std::pair<std::string_view, std::string_view>;  ///< word, words for people
/// What is being done about a finding.
std::vector<Choice> finding_states();
std::vector<Choice> finding_sorts();

/// \param pairs a request's query. \throws http::Problem 400 for a value that there is none of
FindingQuery finding_query(const std::vector<std::pair<std::string, std::string>>& pairs);
/// The query that asks for it, without the page: "outcome=breached&sort=due".
std::string query_text(const FindingQuery& query);

struct FindingRow {
  engine::FindingId id{};
  engine::Outcome outcome{};
  std::string severity, rule, actor, agreement, sentence;
  std::optional<Day> due{}, flagged_since{};
  Day found_on{};
  bool set_aside{}, asked{}, undecided{}, explained{}, escalated{};
  std::optional<Day> set_aside_until{}, asked_until{};
};
struct FindingList {
  std::int64_t total{};
  std::vector<FindingRow> shown;
};
inline constexpr int findings_a_page = 50;
/// \param limit how many, from the query's page on
FindingList open_findings(pg::Transaction& transaction, const std::string& authority, const FindingQuery& query,
                          Day today, int limit = findings_a_page);

/// What there is to choose from.
struct FindingChoices {
  std::vector<std::string> rules, agreements;
  std::vector<std::pair<std::string, std::string>> actors;  ///< key, name
};
/// \param names  of organisations, by key
FindingChoices finding_choices(pg::Transaction& transaction, const std::string& authority,
                               const std::map<std::string, std::string>& names);

/// Names of organisations by key, as far as they may be seen.
std::map<std::string, std::string> organisation_names(pg::Transaction& transaction, const std::string& authority);

struct SavedView {
  std::string name, query;
};
/// The account's own, by name.
std::vector<SavedView> saved_views(pg::Transaction& transaction);
/// Replaces one of the same name.
void save_view(pg::Transaction& transaction, const std::string& authority, std::int32_t account, const SavedView& view);
void forget_view(pg::Transaction& transaction, const std::string& name);

}  // namespace answerable::monitoring
