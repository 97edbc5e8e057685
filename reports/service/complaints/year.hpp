#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ingest/pg/connection.hpp"

/// The yearly report on complaints: SI 2009/309 reg 18 (from general knowledge, not verified: law.md `compl.annual`).
namespace answerable::service {

/// Something the report says in words: a matter of general importance, or what was improved or will be.
struct Lesson {
  std::int64_t number{};
  std::string kind;  ///< general-importance | improvement
  std::string words;
};

/// Counts of complaints received from 1 April of a year to 31 March of the next.
struct ComplaintYear {
  int begins{};
  std::int64_t received{};
  std::int64_t received_first_by_others{};  ///< by a body other than the council
  std::int64_t not_placed{};                ///< known too inexactly to tell in which year they came: counted in none
  std::map<std::string, std::int64_t> by_outcome{};  ///< upheld, partly-upheld, not-upheld, not-considered, resolved;
                                                     ///< "" for those without one on record
  std::int64_t to_ombudsman{};
  std::map<std::string, std::int64_t> by_ombudsman_decision{};  ///< "" for those not decided
  std::map<std::string, std::int64_t>
      by_subject{};                   ///< the functions complained of; a complaint may be of several; "" none
  std::int64_t response_time_told{};  ///< those whose complainant was told when to expect an answer
  std::int64_t answered{}, answered_in_that_time{};  ///< of those
  std::vector<Lesson> lessons{};

  /// What the council decided was well-founded, wholly or in part.
  std::int64_t well_founded() const;
};

ComplaintYear complaint_year(pg::Transaction& transaction, int begins);

/// False when that is not for whoever the connection acts for.
bool add_lesson(pg::Transaction& transaction, int year, const std::string& kind, const std::string& words);
bool drop_lesson(pg::Transaction& transaction, std::int64_t lesson);

/// A count as it may be shown outside: those from 1 to 4 could lead to somebody.
std::string protected_count(std::int64_t count);

}  // namespace answerable::service
