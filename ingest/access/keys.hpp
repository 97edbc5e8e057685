#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/digest.hpp"
#include "ingest/pg/connection.hpp"

/// How machines show who they are: as an account, with a secret of their own. On a connection as answerable_door.
namespace answerable::access {

struct ApiKey {
  std::string authority{};
  std::int32_t account{};
  std::string email{};                ///< the account's
  std::string key{};                  ///< the public part
  std::vector<std::string> scopes{};  ///< submit, check, receipts, wanted
  Instant made_at{}, ends_at{};
  std::optional<Instant> used_at{}, revoked_at{};
};
/// Returns `ans_<key>_<secret>`, which is a token as a session's is (see Acting, resume()). Shown once, never stored.
/// \throws Refused for no such account or an unknown scope
std::string add_key(pg::Connection& door, std::string_view authority, std::int32_t account,
                    const std::vector<std::string>& scopes, Instant ends_at);
/// Newest first. \param authority "": every council's
std::vector<ApiKey> keys(pg::Connection& door, std::string_view authority);
/// False when there is none that holds.
bool revoke_key(pg::Connection& door, std::string_view authority, std::string_view key);

struct Certificate {
  std::string authority{};
  std::int32_t account{};
  std::string email{};
  Digest fingerprint{};  ///< SHA-256 of its DER
  Instant added_at{}, ends_at{};
  std::optional<Instant> revoked_at{};
};
/// Two of an account may hold at once, so that one can follow the other without a gap. \throws Refused for a third, one
/// that is there already, or no such account
void add_certificate(pg::Connection& door, std::string_view authority, std::int32_t account, const Digest& fingerprint,
                     Instant ends_at);
std::vector<Certificate> certificates(pg::Connection& door, std::string_view authority);
bool revoke_certificate(pg::Connection& door, std::string_view authority, const Digest& fingerprint);

}  // namespace answerable::access
