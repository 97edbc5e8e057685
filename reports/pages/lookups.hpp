#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/agreements.hpp"
#include "ingest/digest.hpp"

namespace answerable::pg {
class Connection;
}

/// The tables that look things up, over everything held now.
namespace answerable::pages {

struct Council {
  std::string authority, name;
};
/// Those that hold records; or the one asked for.
std::vector<Council> councils(pg::Connection& connection, const std::string& authority);

/// A person, or a complaint's person, in one council's ledger.
struct Found {
  Council council;
  std::int32_t subject{};
};
/// Everybody an identifier stands for: at most one a council.
/// \param scheme nhs-number | council | sender | case
/// \param authority "" means any council
std::vector<Found> find_people(pg::Connection& connection, const std::string& scheme, const std::string& value,
                               const std::string& authority);

struct PersonRow {
  std::string authority, name;
  std::int32_t subject{};
  std::vector<engine::Identifier> identifiers;
  std::int64_t records{}, needing_attention{}, last_record{};
  Day last_received{};
};
/// \param text part of a name, whatever its case, or of a number, whatever its spaces; "" for everybody
/// \return sorted by council, name and number
std::vector<PersonRow> people(pg::Connection& connection, const std::vector<Council>& councils,
                              const std::string& text);

struct AgreementRow {
  std::string authority;
  engine::Agreement agreement;
  std::vector<std::string> functions;
  std::int64_t acts{};              ///< recorded under its reference, whatever the version
  std::int64_t reports_received{};  ///< likewise
};
std::vector<AgreementRow> agreements(pg::Connection& connection, const std::vector<Council>& councils);

struct SubmissionRow {
  std::string id, sender, sender_name, message_id;
  Instant received_at{};
  std::int64_t stored{}, held{}, already_held{}, bytes{};
  Digest sha256{};
};
/// \param sender "ods:RH5"; "" for every sender
std::vector<SubmissionRow> submissions(pg::Connection& connection, const std::vector<Council>& councils,
                                       const std::string& sender);

}  // namespace answerable::pages
