#include "reports/service/monitoring/finding_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ingest/http/problem.hpp"
#include "reports/service/links.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::monitoring {
namespace {

// What was decided, asked and said of a finding is looked up by an index, finding by finding (LATERAL … LIMIT 1):
// joined in one go, a server goes through all decisions for each finding where it expects one, or through all steps of
// the council.
constexpr pg::Statement list_open{
    "monitoring.findings",
    "WITH hit AS (SELECT o.finding, o.run, o.outcome, o.severity, o.rule, o.actor, o.agreement, o.due, o.flagged_since,"
    "   o.found_on, coalesce(d.aside AND d.outcome = o.outcome, false) AS aside, d.until AS aside_until, coalesce("
    "   q.unanswered, false) AS unanswered, q.until AS asked_until, coalesce(q.undecided, false) AS undecided,"
    "   coalesce(q.accepted, false) AS accepted, e.escalated, count(*) OVER () AS total"
    "  FROM answerable.open_finding o LEFT JOIN LATERAL (SELECT outcome, until, decision = 'set-aside' AND (until IS "
    "NULL"
    "    OR until >= $8) AS aside FROM answerable.finding_decision x WHERE x.authority = $1 AND x.finding = o.finding"
    "    ORDER BY ordinal DESC LIMIT 1) d ON true"
    "   CROSS JOIN LATERAL (SELECT count(*) > 0 AS asked, max(r.until) AS until, bool_or(coalesce(w.waits, false)) AS "
    "undecided,"
    "    bool_or(w.accepted) AS accepted, bool_or(NOT coalesce(w.waits OR w.accepted, false)) AS unanswered"
    "    FROM answerable.request r CROSS JOIN LATERAL (SELECT bool_or(y.decision IS NULL) AS waits, coalesce(bool_or("
    "     y.decision = 'accepted'), false) AS accepted FROM answerable.request_reply y WHERE y.authority = r.authority"
    "     AND y.request = r.request) w WHERE r.authority = $1 AND r.finding = o.finding) q"
    "   CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM answerable.escalation x WHERE x.authority = $1 AND x.finding ="
    "    o.finding) AS escalated) e"
    "  WHERE o.authority = $1 AND CASE $2 WHEN '' THEN answerable.needs_attention(o.outcome) WHEN 'all' THEN true ELSE "
    "o.outcome = $2 END"
    "   AND ($3 = '' OR o.rule = $3) AND ($4 = '' OR o.agreement = $4) AND ($5 = '' OR o.actor = $5) AND ($6 = '' OR "
    "o.severity = $6)"
    "   AND ($7::date IS NULL OR o.found_on >= $7)"
    "   AND CASE $9 WHEN 'any' THEN true WHEN 'set-aside' THEN coalesce(d.aside AND d.outcome = o.outcome, false)"
    "     ELSE NOT coalesce(d.aside AND d.outcome = o.outcome, false) AND CASE $9 WHEN 'not-asked' THEN NOT q.asked"
    "       WHEN 'asked' THEN coalesce(q.unanswered, false) WHEN 'answer-overdue' THEN coalesce(q.unanswered AND "
    "q.until "
    "< $8, false)"
    "       WHEN 'replied' THEN coalesce(q.undecided, false) WHEN 'explained' THEN coalesce(q.accepted, false)"
    "       WHEN 'escalated' THEN e.escalated WHEN 'right-of-reply' THEN o.found_on > $8 - 14"
    "       WHEN 'due-soon' THEN o.due BETWEEN $8 AND $8 + 14 ELSE true END END"
    "  ORDER BY CASE $10 WHEN 'oldest' THEN o.flagged_since WHEN 'due' THEN o.due END NULLS LAST,"
    "   CASE $10 WHEN 'newest' THEN o.found_on END DESC NULLS LAST, CASE $10 WHEN 'newest' THEN o.run END DESC, CASE "
    "$10 WHEN 'provider' THEN o.actor END,"
    "   CASE WHEN $10 = 'severity' THEN array_position(ARRAY['serious', 'important', 'advisory'], o.severity) END,"
    "   o.flagged_since NULLS LAST, o.finding LIMIT $11 OFFSET $12)"
    " SELECT h.finding, h.outcome, h.severity, h.rule, h.actor, h.agreement, h.due, h.flagged_since, h.found_on, "
    "h.aside,"
    "  h.aside_until, h.unanswered, h.asked_until, h.undecided, h.accepted, h.escalated, h.total, s.said"
    " FROM hit h CROSS JOIN LATERAL (SELECT coalesce(x.sentence, x.state) AS said FROM answerable.finding_step x"
    "  WHERE x.authority = $1 AND x.finding = h.finding AND x.run = h.run LIMIT 1) s"
    " ORDER BY CASE $10 WHEN 'oldest' THEN h.flagged_since WHEN 'due' THEN h.due END NULLS LAST,"
    "  CASE $10 WHEN 'newest' THEN h.found_on END DESC NULLS LAST, CASE $10 WHEN 'newest' THEN h.run END DESC, CASE "
    "$10 WHEN 'provider' THEN h.actor END,"
    "  CASE WHEN $10 = 'severity' THEN array_position(ARRAY['serious', 'important', 'advisory'], h.severity) END,"
    "  h.flagged_since NULLS LAST, h.finding"};
constexpr pg::Statement choices_seen{
    "monitoring.choices",
    "SELECT DISTINCT actor, agreement, rule FROM answerable.finding_tally WHERE authority = $1 AND findings > 0"};
constexpr pg::Statement names_seen{
    "monitoring.names", "SELECT scheme || ':' || code, name FROM answerable.organisation WHERE authority = $1"};
constexpr pg::Statement list_views{"monitoring.views", "SELECT name, query FROM answerable.saved_view ORDER BY name"};
constexpr pg::Statement put_view{"monitoring.save_view",
                                 "INSERT INTO answerable.saved_view (authority, account, name, query) VALUES ($1, $2, "
                                 "$3, $4) ON CONFLICT (authority, "
                                 "account, name) DO UPDATE SET query = excluded.query"};
constexpr pg::Statement drop_view{"monitoring.forget_view", "DELETE FROM answerable.saved_view WHERE name = $1"};

bool is_one_of(const std::vector<Choice>& choices, std::string_view word) {
  return std::ranges::any_of(choices, [&](const Choice& choice) { return choice.first == word; });
}

std::optional<Day> day_at(const pg::Result& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return rows.day(row, column);
}

void take(FindingQuery& query, const std::string& name, const std::string& value) {
  const auto refuse = [&](bool fits) {
    if (!fits)
      throw http::Problem{
          .status = 400,
          .detail = fmt::format("The list cannot be filtered by {} \"{}\". Choose from the page.", name, value)};
  };
  if (name == "outcome") refuse((query.outcome = value).empty() || value == "all" || engine::parse_outcome(value));
  if (name == "rule") query.rule = value;
  if (name == "agreement") query.agreement = value;
  if (name == "provider") query.actor = value;
  if (name == "severity")
    refuse((query.severity = value).empty() || value == "serious" || value == "important" || value == "advisory");
  if (name == "state") refuse(is_one_of(finding_states(), query.state = value));
  if (name == "sort") refuse(is_one_of(finding_sorts(), query.sort = value));
  if (name == "since" && !value.empty()) refuse((query.since = parse_day(value)).has_value());
  if (name == "page") {
    const auto page = service::number_in<int>(value);
    refuse(page && *page >= 1 && *page <= 10'000);
    query.page = *page;
  }
}

}  // namespace

std::vector<Choice> finding_states() {
  return {{"", "Whatever is not set aside"},
          {"not-asked", "Nobody has been asked yet"},
          {"asked", "Asked, and waiting for an answer"},
          {"answer-overdue", "The answer is overdue"},
          {"replied", "A reply waits for your decision"},
          {"explained", "An explanation was accepted"},
          {"right-of-reply", "Found in the last 14 days: right of reply"},
          {"due-soon", "Due in the next 14 days"},
          {"escalated", "Escalated"},
          {"set-aside", "Set aside"},
          {"any", "Everything, set aside or not"}};
}

std::vector<Choice> finding_sorts() {
  return {{"oldest", "Wrong for longest first"},
          {"newest", "Found last first"},
          {"due", "By the day due"},
          {"severity", "Most serious first"},
          {"provider", "By who acted"}};
}

FindingQuery finding_query(const std::vector<std::pair<std::string, std::string>>& pairs) {
  FindingQuery query;
  for (const auto& [name, value] : pairs) take(query, name, value);
  return query;
}

std::string query_text(const FindingQuery& query) {
  std::string text;
  const auto put = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, service::url_part(value));
  };
  put("outcome", query.outcome);
  put("state", query.state);
  put("provider", query.actor);
  put("rule", query.rule);
  put("agreement", query.agreement);
  put("severity", query.severity);
  if (query.since) put("since", iso(*query.since));
  if (query.sort != "oldest") put("sort", query.sort);
  return text;
}

FindingList open_findings(pg::Transaction& transaction, const std::string& authority, const FindingQuery& query,
                          Day today, int limit) {
  const auto rows = transaction.run(list_open, authority, query.outcome, query.rule, query.agreement, query.actor,
                                    query.severity, query.since, today, query.state, query.sort, std::int64_t{limit},
                                    std::int64_t{query.page - 1} * limit);
  FindingList list;
  for (int i = 0; i < rows.rows(); ++i) {
    list.total = rows.int64(i, 16);
    list.shown.push_back({.id = rows.int64(i, 0),
                          .outcome = engine::parse_outcome(rows.text(i, 1)).value(),
                          .severity = std::string(rows.text(i, 2)),
                          .rule = std::string(rows.text(i, 3)),
                          .actor = std::string(rows.text(i, 4)),
                          .agreement = std::string(rows.text(i, 5)),
                          .sentence = std::string(rows.text(i, 17)),
                          .due = day_at(rows, i, 6),
                          .flagged_since = day_at(rows, i, 7),
                          .found_on = rows.day(i, 8),
                          .set_aside = rows.boolean(i, 9),
                          .asked = rows.boolean(i, 11),
                          .undecided = rows.boolean(i, 13),
                          .explained = rows.boolean(i, 14),
                          .escalated = rows.boolean(i, 15),
                          .set_aside_until = day_at(rows, i, 10),
                          .asked_until = day_at(rows, i, 12)});
  }
  return list;
}

FindingChoices finding_choices(pg::Transaction& transaction, const std::string& authority,
                               const std::map<std::string, std::string>& names) {
  std::set<std::string> rules, agreements;
  std::set<std::pair<std::string, std::string>> actors;  // by name
  const auto rows = transaction.run(choices_seen, authority);
  for (int i = 0; i < rows.rows(); ++i) {
    const std::string actor(rows.text(i, 0));
    const auto name = names.find(actor);
    actors.emplace(name == names.end() ? actor : name->second, actor);
    if (!rows.text(i, 1).empty()) agreements.emplace(rows.text(i, 1));
    rules.emplace(rows.text(i, 2));
  }
  FindingChoices choices{{rules.begin(), rules.end()}, {agreements.begin(), agreements.end()}, {}};
  for (const auto& [name, key] : actors) choices.actors.emplace_back(key, name);
  return choices;
}

std::map<std::string, std::string> organisation_names(pg::Transaction& transaction, const std::string& authority) {
  const auto rows = transaction.run(names_seen, authority);
  std::map<std::string, std::string> names;
  for (int i = 0; i < rows.rows(); ++i) names.emplace(rows.text(i, 0), rows.text(i, 1));
  return names;
}

std::vector<SavedView> saved_views(pg::Transaction& transaction) {
  const auto rows = transaction.run(list_views);
  std::vector<SavedView> views;
  for (int i = 0; i < rows.rows(); ++i) views.push_back({std::string(rows.text(i, 0)), std::string(rows.text(i, 1))});
  return views;
}

void save_view(pg::Transaction& transaction, const std::string& authority, std::int32_t account,
               const SavedView& view) {
  transaction.run(put_view, authority, account, view.name, view.query);
}

void forget_view(pg::Transaction& transaction, const std::string& name) {
  transaction.run(drop_view, name);
}

}  // namespace answerable::monitoring
