#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::access {

/// What one account read in a period, and what stands out. Nothing here says that anybody did wrong: it says where to
/// ask.
struct Reading {
  std::int32_t account{};
  std::string name{}, email{};
  std::int64_t people{};                           ///< different ones
  std::map<std::string, std::int64_t> purposes{};  ///< reads, by purpose
  std::int64_t busiest_day{};                      ///< people read on the day with most
  double usual_day{};  ///< the median of people a day over the last 30 days on which they read anything, before the
                       ///< period; 0: none
  std::int64_t days_beyond_usual{};     ///< days with more than three times the usual, and more than five
  std::int64_t outside_office_hours{};  ///< reads before 8:00, from 18:00, or at a weekend (Europe/London)
  std::int64_t unassigned{};   ///< reads for a complaint or for monitoring without an assignment that covers the person
  std::int64_t own_surname{};  ///< people with the reader's own surname

  bool stands_out() const { return days_beyond_usual + outside_office_hours + unassigned + own_surname > 0; }
};

/// Those who read anything from one day to another (both included), those that stand out first, then by people read.
/// \param transaction acting for a guardian; for anybody else there is nothing
std::vector<Reading> reading_report(pg::Transaction& transaction, Day from, Day to);

}  // namespace answerable::access
