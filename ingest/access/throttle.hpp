#pragma once

// Private to ingest/access.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/digest.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::access {

/// Who has failed to sign in lately, by account and by address; both as hashes, an address being personal data.
class Throttle {
 public:
  /// \param address "": not known, and not counted
  Throttle(pg::Connection& door, std::string_view authority, std::string_view email, std::string_view address);

  /// Counts an attempt before anything is looked at, so that many at once gain nothing. Returns until when to wait
  /// where there were too many; that one is not counted.
  std::optional<Instant> count_attempt(Instant at);
  /// The attempt was no failure.
  void uncount(pg::Transaction& transaction) const;
  /// It succeeded: the account's failures are forgotten, the address's are not, or one account of one's own would do to
  /// try all others.
  void forget(pg::Transaction& transaction) const;

 private:
  pg::Connection* door_;
  std::string authority_;
  Digest account_;
  std::vector<Digest> whose_;
};

}  // namespace answerable::access
