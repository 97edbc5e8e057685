#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::access {

/// What somebody read in a period, and what stands out. It does not say that anybody did wrong: it says where to ask.
struct Reading {
  std::optional<std::int32_t> account{};           ///< nothing for the command line's readers
  std::string reader{};                            ///< name and address, or the name that was given
  std::int64_t people{};                           ///< different ones
  std::map<std::string, std::int64_t> purposes{};  ///< reads, by purpose
  std::int64_t busiest_day{};                      ///< people read on the day with most
  double usual_day{};  ///< median of people a day over the last 30 days, before the period, on which they read anybody
  std::int64_t days_beyond_usual{};     ///< days with more than three times the usual, and more than five people
  std::int64_t outside_office_hours{};  ///< reads before 8:00, from 18:00, or at a weekend (Europe/London)
  std::int64_t unassigned{};            ///< reads for a complaint or monitoring that was not assigned to them
  std::int64_t own_surname{};           ///< people with the reader's own last name

  bool stands_out() const { return days_beyond_usual + outside_office_hours + unassigned + own_surname > 0; }
};

/// Those who read anybody from one day to another (both included), those that stand out first, then by people read.
/// \param transaction acting for a guardian; for anybody else there is nothing
std::vector<Reading> reading_report(pg::Transaction& transaction, Day from, Day to);

}  // namespace answerable::access
