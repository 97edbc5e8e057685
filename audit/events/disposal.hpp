#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/identity.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

/// Erasure under retention: everything held about a person goes, with the salts, and the ledger keeps the commitments
/// and a certificate, so that every proof still holds (schemas/database/0006-disposal.sql).
namespace answerable::events {

struct DisposalRequest {
  std::string authority;
  std::int32_t subject{};  ///< a person
  std::string basis;       ///< why it may be done, in words; nothing personal
  std::string by, approved_by;
  Day today{};
  std::optional<std::int64_t> approval{};  ///< used in the transaction that disposes; nothing: not signed off
};

/// One leaf that loses its content.
struct LeafAbout {
  std::string kind;
  std::int64_t key{}, finding{};
};

/// What the council's own schedule says of the person (target records-retention of its policy records).
struct Retention {
  std::string policy;  ///< which, in words
  Day last_act{};      ///< the last day on which anything is recorded to have happened
  Day over{};          ///< the last day of the period, counted from there
};

/// What would go, and what stands in the way.
struct Disposal {
  DisposalRequest request;
  std::vector<LeafAbout> leaves{};
  std::int64_t findings{}, entries{}, evidence{}, identifiers{};
  std::vector<std::int64_t> naming{};       ///< records about others that name one of the person's numbers
  std::vector<std::int64_t> held_naming{};  ///< likewise, of records that were not taken in
  std::optional<Retention> retention{};     ///< nothing when the council has set no period
  std::vector<std::string> refusals{};      ///< sentences; empty: it may be done

  /// Numbers of the leaves of a kind, in order; of findings, the audits.
  std::vector<std::int64_t> numbers(std::string_view kind) const;
  std::int64_t count(std::string_view kind) const;
  /// What the ledger will say of it: JSON without anything about the person.
  std::string content() const;
};

/// Looks at everything in the way at once. \throws std::invalid_argument when the subject is no person that is held
Disposal plan_disposal(pg::Transaction& transaction, const DisposalRequest& request);

/// Carries out what was planned in the same transaction, which the caller commits. Returns the certificate's number.
/// \pre no refusals; read committed, so that what came in meanwhile is seen
/// \throws pg::Error when anything about the person came in since it was planned
std::int64_t dispose(pg::Transaction& transaction, const Disposal& disposal);

/// The certificate under which a finding was disposed of. Nothing when it was not.
std::optional<std::int64_t> certificate_of(pg::Transaction& transaction, const std::string& authority,
                                           engine::FindingId finding);

/// The certificate for people.
std::string certificate_text(const Disposal& disposal, std::optional<std::int64_t> number);

}  // namespace answerable::events
