#include "reports/service/monitoring/standing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "reports/service/numbers.hpp"

namespace answerable::monitoring {
namespace {

constexpr std::int64_t small = 5;

constexpr pg::Statement all_standings{
    "monitoring.standings",
    "SELECT actor, standing, sum(findings)::bigint FROM answerable.standings('') GROUP BY 1, 2"};
constexpr pg::Statement one_scorecard{"monitoring.scorecard",
                                      "SELECT rule, agreement, standing, findings FROM answerable.standings($1)"};
constexpr pg::Statement by_quarter{
    "monitoring.trend",
    "SELECT date_trunc('quarter', month::timestamp)::date, coalesce(sum(findings) FILTER (WHERE outcome IN ('met', "
    "'met-late')), 0)::bigint, sum(findings)::bigint FROM answerable.finding_tally"
    " WHERE authority = $1 AND actor = $2 AND month BETWEEN $3 AND $4"
    " AND outcome IN ('met', 'met-late', 'breached', 'not-evidenced', 'contradicted') GROUP BY 1"};

/// All is said of nothing less than all, and none of nothing more.
int percent(double share) {
  const auto rounded = static_cast<int>(std::lround(100 * share));
  return share > 0 && share < 1 ? std::clamp(rounded, 1, 99) : rounded;
}

Day quarter_of(Day day) {
  const std::chrono::year_month_day date{day};
  const unsigned month = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1;
  return Day{date.year() / std::chrono::month{month} / 1};
}

}  // namespace

Interval wilson(const Share& share) {
  if (!share.known()) return {};
  constexpr double z = 1.959963984540054;
  const auto n = static_cast<double>(share.whole);
  const double p = share.value(), scale = 1 + z * z / n;
  const double middle = (p + z * z / (2 * n)) / scale;
  const double reach = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale;
  // Of none and of all it ends there exactly, which sums of fractions do not.
  return {share.part == 0 ? 0.0 : middle - reach, share.part == share.whole ? 1.0 : middle + reach};
}

std::string share_words(const Share& share) {
  if (!share.known()) return "not known: none that can be told yet";
  const auto interval = wilson(share);
  return fmt::format("{}% ({} of {}; 95% interval {}% to {}%)", percent(share.value()), service::grouped(share.part),
                     service::grouped(share.whole), percent(interval.low), percent(interval.high));
}

std::string protected_share_words(const Share& share) {
  if (!share.known()) return share_words(share);
  const auto few = [](std::int64_t count) { return count > 0 && count < small; };
  if (share.whole < small || few(share.part) || few(share.whole - share.part))
    return "not shown: too few people stand behind it";
  return share_words(share);
}

std::string protected_count(std::int64_t count) {
  return count > 0 && count < small ? "fewer than 5" : service::grouped(count);
}

void Standing::add(std::string_view word, std::int64_t findings) {
  std::int64_t* const places[]{&met,       &met_late, &against, &replying, &explained,
                               &set_aside, &unknown,  &pending, &exempt};
  constexpr std::string_view words[]{"met",       "met-late", "against", "replying", "explained",
                                     "set-aside", "unknown",  "pending", "exempt"};
  for (std::size_t i = 0; i < std::size(words); ++i)
    if (words[i] == word) {
      *places[i] += findings;
      return;
    }
  throw std::runtime_error(fmt::format("a duty stands \"{}\": is this program older than the database?", word));
}

Standing& Standing::operator+=(const Standing& more) {
  met += more.met;
  met_late += more.met_late;
  against += more.against;
  replying += more.replying;
  explained += more.explained;
  set_aside += more.set_aside;
  unknown += more.unknown;
  pending += more.pending;
  exempt += more.exempt;
  return *this;
}

std::map<std::string, Standing> standings(pg::Transaction& transaction) {
  const auto rows = transaction.run(all_standings);
  std::map<std::string, Standing> all;
  for (int i = 0; i < rows.rows(); ++i) all[std::string(rows.text(i, 0))].add(rows.text(i, 1), rows.int64(i, 2));
  return all;
}

Scorecard scorecard(pg::Transaction& transaction, const std::string& actor) {
  const auto rows = transaction.run(one_scorecard, actor);
  Scorecard card;
  for (int i = 0; i < rows.rows(); ++i) {
    const auto standing = rows.text(i, 2);
    const auto findings = rows.int64(i, 3);
    card.all.add(standing, findings);
    card.by_rule[std::string(rows.text(i, 0))].add(standing, findings);
    card.by_agreement[std::string(rows.text(i, 1))].add(standing, findings);
  }
  return card;
}

std::vector<Quarter> trend(pg::Transaction& transaction, const std::string& authority, const std::string& actor,
                           Day today, int quarters) {
  std::vector<Quarter> all;
  const std::chrono::year_month_day last{quarter_of(today)};
  for (int i = quarters - 1; i >= 0; --i) all.push_back({Day{last - std::chrono::months{3 * i}}, {}});
  const auto rows = transaction.run(by_quarter, authority, actor, all.front().first, today);
  for (int i = 0; i < rows.rows(); ++i)
    for (auto& quarter : all)
      if (quarter.first == rows.day(i, 0)) quarter.evidenced = {rows.int64(i, 1), rows.int64(i, 2)};
  return all;
}

}  // namespace answerable::monitoring
