#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/identity.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::monitoring {

/// What came back to a request.
struct Reply {
  std::int64_t number{};
  std::string words;
  std::string receipt{};  ///< of the submission with the evidence; "" for none
  std::string by;
  Instant at{};
  std::string decision;  ///< accepted | not-accepted; "" while it waits
  std::string reason, decided_by;
  std::optional<Instant> decided_at{};
};

/// What an organisation was asked for.
struct Request {
  std::int64_t number{}, letter{};
  std::string asked_of;  ///< "ods:RH5"
  std::optional<engine::FindingId> finding{};
  std::string what, by;
  Instant at{};
  Day until{};
  std::vector<Instant> reminders{};
  std::vector<Reply> replies{};  ///< oldest first

  /// Nobody has answered, or no answer was good enough.
  bool unanswered() const;
  /// A reply waits for a decision.
  bool undecided() const;
  bool accepted() const;
};

/// What a request waits for: nothing in particular, somebody's decision about a reply, or an answer.
enum class RequestState { anything, decision, answer_overdue, answer };
/// Which requests to list: those of a finding or an organisation, one alone, those that wait. Newest first; those that
/// wait for an answer by the day it is due.
struct RequestFilter {
  std::optional<engine::FindingId> finding{};
  std::optional<std::int64_t> request{};
  std::string asked_of{};
  RequestState waiting{RequestState::anything};
  int limit{50}, skip{};
};
struct Requests {
  std::int64_t total{};
  std::vector<Request> shown;
};
Requests requests(pg::Transaction& transaction, const std::string& authority, const RequestFilter& filter, Day today);

}  // namespace answerable::monitoring
