#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/access/role.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::access {

/// Whom a token stands for.
struct Actor {
  std::string authority;
  std::int32_t account{};
  std::string email, name;
  std::optional<std::string> organisation{};  ///< "ods:RH5", of a provider's people
  std::vector<Role> roles{};                  ///< those that hold today
  std::vector<std::string> scopes{};          ///< of an API key: submit, check, receipts, wanted; empty for a session
  std::string how{};                          ///< of a session: password | link | certificate | proxy
  bool second_factor{};                       ///< the account has one, and is asked for it
  std::string provider_subject{};  ///< whom the account is tied to at the council's single sign-on; "": nobody

  bool has(Role role) const;
};

/// Whether a person's session is worth nothing yet: one of their roles asks for a second factor, and they have set up
/// none. Who came by single sign-on has shown theirs to the provider.
bool lacks_second_factor(const Actor& actor, std::span<const Role> asking);

/// As long as this lives, every transaction on the connection acts for whoever the token stands for, and sees their
/// rows and no others: it begins by setting answerable.token until its end, and the database looks the token up. A
/// token that is unknown or over stands for nobody, who sees nothing.
class Acting {
 public:
  /// \param connection as answerable_reports; between transactions, and outlives this
  Acting(pg::Connection& connection, std::string_view token);
  Acting(const Acting&) = delete;
  Acting& operator=(const Acting&) = delete;
  ~Acting();

 private:
  pg::Connection* connection_;
};

/// Whom a session's token or an API key stands for, now; nothing when it is unknown, over, revoked, or its account is
/// disabled. Notes that it was used, not more than once a minute: that keeps a session from ending idle.
/// \param door a connection as answerable_door
std::optional<Actor> resume(pg::Connection& door, std::string_view token);

enum class Purpose { complaint, monitoring, audit, subject_access };
/// "subject-access"
std::string_view word(Purpose purpose);
std::optional<Purpose> parse_purpose(std::string_view word);

/// A stated purpose.
struct Opening {
  std::int32_t subject{};
  Purpose purpose{};
  std::string reference{};  ///< of the complaint, the monitoring, the audit or the request
  std::string what{};       ///< which page: "trail", "record"
};

/// Opens a person's record for eight hours and puts the read on the ledger, in a transaction of its own. Returns the
/// number of the event; nothing, whatever the cause, when whoever the connection acts for may not.
/// \param connection with an Acting
std::optional<std::int64_t> open_record(pg::Connection& connection, const Opening& opening);

/// Whether whoever the connection acts for has opened the person, for a purpose that still holds.
bool is_open(pg::Transaction& transaction, std::int32_t subject);

/// The number of the person with exactly this identifier. Nothing when there is none, or none they may open.
std::optional<std::int32_t> find_person(pg::Transaction& transaction, std::string_view scheme, std::string_view value);

}  // namespace answerable::access
