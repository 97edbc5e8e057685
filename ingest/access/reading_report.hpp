#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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

/// What is noted beside the log; what changes about accounts is a leaf on the ledger and needs no note.
struct SecurityNote {
  std::string_view authority{};           ///< of a council that is not known nothing is kept
  std::string_view what{};                ///< a word that 0014-security-events.sql lists
  std::optional<std::int32_t> account{};  ///< nothing: nobody that is known
  std::string_view route{};               ///< of the door, never what was asked for behind it
};
/// Counts it in its hour.
/// \param door a connection as answerable_door
void note_security(pg::Connection& door, const SecurityNote& note);

/// What was noted, alike ones of an hour together, and what changed about accounts.
struct SecurityEvent {
  Instant at{};  ///< the last of them
  std::string what{};
  std::int64_t times{};
  std::string account{}, by{};  ///< name and address; "": nobody that is known, or whoever held the database
  std::string about{};          ///< a door's route; a role, a key's public part
};

/// Those of some days (both included, Europe/London), newest first, of one kind or of all ("").
/// \param transaction acting for an administrator or a guardian; for others there is nothing noted
std::vector<SecurityEvent> security_events(pg::Transaction& transaction, std::string_view authority, Day from, Day to,
                                           std::string_view what, std::int64_t most);

}  // namespace answerable::access
