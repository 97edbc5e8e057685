#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::service::provider_desk {

/// Something that is still wanted of an organisation (answerable.wanted()).
struct Wanted {
  std::string what;       ///< finding, request, action, held-record, asked-for
  std::string reference;  ///< a finding's name, a request's number …
  std::string sentence;
  std::string person;  ///< as they themselves named them; "" when it is about nobody of whom they sent anything
  std::optional<Day> due, asked_on;
};
struct WantedPage {
  std::int64_t total{}, overdue{};
  std::vector<Wanted> shown;  ///< the earliest due first
};
/// \param what only these; "" for all \param today what is due before is overdue
WantedPage wanted(pg::Transaction& transaction, const std::string& authority, const std::string& what, Day today,
                  int skip, int most);

/// A duty whose day is still to come.
struct Coming {
  Day due{};
  std::string rule;
  std::string person;  ///< as Wanted has it
};
/// From today until a day, the earliest first.
std::vector<Coming> coming(pg::Transaction& transaction, const std::string& authority, Day until, int most);

/// What audits changed since a moment.
struct Since {
  std::int64_t opened{}, closed{}, open_now{};
};
Since since(pg::Transaction& transaction, const std::string& authority, Instant from);

/// What the council asked for, and what was replied.
struct Reply {
  std::string words, by;
  Instant at{};
  std::optional<std::int64_t> submission;
  std::string decision, reason;  ///< accepted, not-accepted; "" while it waits
};
struct Request {
  std::int64_t number{};
  std::string finding;  ///< "F-VABG-XANQ-S2KD"; "" when it is about none
  std::string what, by, sentence;
  Instant asked_at{};
  Day until{};
  std::vector<Reply> replies;  ///< the oldest first

  bool may_be_answered() const { return replies.empty() || replies.back().decision == "not-accepted"; }
};
/// Nothing when there is none of that number, or it was asked of others.
std::optional<Request> request(pg::Transaction& transaction, const std::string& authority, std::int64_t number);
/// Answers a request. False when it is no longer to be answered. \param submission with the evidence
bool reply_to(pg::Transaction& transaction, std::int64_t request, const std::string& words,
              std::optional<std::int64_t> submission);

}  // namespace answerable::service::provider_desk
