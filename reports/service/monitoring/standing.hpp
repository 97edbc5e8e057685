#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

/// Contract monitoring: what the pages for it show, as values read under row-level security for whoever the connection
/// acts for.
namespace answerable::monitoring {

/// A share of a whole, never shown without it.
struct Share {
  std::int64_t part{}, whole{};

  bool known() const { return whole > 0; }
  double value() const { return static_cast<double>(part) / static_cast<double>(whole); }
};
/// What a share may truly be, 0 to 1.
struct Interval {
  double low{}, high{1};
};
/// The score interval for a binomial proportion (E. B. Wilson, JASA 22 (1927) 209) at 95 %: unlike the usual one it
/// holds for small wholes and for none or all.
Interval wilson(const Share& share);

/// "83 % (25 of 30; 95 % interval 66 to 93 %)"; "not known: nothing judged yet"
std::string share_words(const Share& share);
/// The same for what leaves the house: where fewer than five are, or are not, in it, no figure is given.
std::string protected_share_words(const Share& share);
/// A count for what leaves the house: "fewer than 5" for one to four.
std::string protected_count(std::int64_t count);

/// How duties stand (answerable.standings()). Right of reply: what needs attention counts against an organisation 14
/// days after it was first found, unless a reply waits for a decision.
struct Standing {
  std::int64_t met{}, met_late{}, against{}, replying{}, explained{}, set_aside{}, unknown{}, pending{}, exempt{};

  void add(std::string_view word, std::int64_t findings);
  Standing& operator+=(const Standing& more);
  std::int64_t open() const { return against + replying + explained + set_aside; }
  /// As records stand today: of the duties that can be told, and are neither set aside nor explained, how many are
  /// shown to have been done, in time or late.
  Share as_it_stands() const { return {met + met_late, met + met_late + against + replying}; }
  /// Of the same: how many in time.
  Share in_time() const { return {met, as_it_stands().whole}; }
  /// What counts on a scorecard: not yet what is within the right of reply.
  Share as_it_counts() const { return {met + met_late, met + met_late + against}; }
};

/// Every organisation whose duties the actor sees, by key ("ods:RH5").
std::map<std::string, Standing> standings(pg::Transaction& transaction);
/// One organisation's, by rule and by agreement ("" when none).
struct Scorecard {
  Standing all;
  std::map<std::string, Standing> by_rule, by_agreement;
};
Scorecard scorecard(pg::Transaction& transaction, const std::string& actor);

/// Duties by the quarter in which they fell due, as they stand today.
struct Quarter {
  Day first{};
  Share evidenced;  ///< of those that can be told; the right of reply is not taken off
};
/// The last `quarters` to today's, oldest first; with nothing in a quarter, its whole is 0.
std::vector<Quarter> trend(pg::Transaction& transaction, const std::string& authority, const std::string& actor,
                           Day today, int quarters);

}  // namespace answerable::monitoring
