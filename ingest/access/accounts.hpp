#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/access/role.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

/// Everything here is done on a connection as answerable_door; the caller has made sure that whoever asks is an
/// administrator of the council, or holds the database.
namespace answerable::access {

/// What cannot be done, in a sentence for whoever asked.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Grant {
  Role role{};
  std::optional<std::string> case_reference{};  ///< of an outside reader
  std::optional<Day> until{};                   ///< the last day; an outside reader must have one
};

struct Account {
  std::string authority{};
  std::int32_t account{};
  std::string email{}, name{};
  std::optional<std::string> organisation{};  ///< "ods:RH5", of a provider's people and machines
  std::vector<Grant> roles{};
  Instant created_at{};
  std::optional<Instant> disabled_at{};
  bool second_factor{};
  bool single_sign_on{};  ///< tied to somebody at the council's single sign-on
};

/// Makes a council known before anything was sent for it: accounts come first.
void add_council(pg::Connection& door, std::string_view authority, std::string_view name);

/// \throws Refused for an address that is taken, no known council, or a role that does not fit: a provider's needs an
/// organisation and the council's must have none; administrator and outside reader stand alone
std::int32_t add_account(pg::Connection& door, const Account& account);
/// By e-mail address. \param authority "": every council's
std::vector<Account> accounts(pg::Connection& door, std::string_view authority);
std::optional<Account> find_account(pg::Connection& door, std::string_view authority, std::string_view email);

/// \throws Refused for an empty name
void rename(pg::Connection& door, std::string_view authority, std::int32_t account, std::string_view name);
/// \throws Refused as add_account
void grant(pg::Connection& door, std::string_view authority, std::int32_t account, const Grant& grant);
void take_away(pg::Connection& door, std::string_view authority, std::int32_t account, Role role);
/// Ends its sessions too; keys and certificates stop working with it.
void disable(pg::Connection& door, std::string_view authority, std::int32_t account);
void enable(pg::Connection& door, std::string_view authority, std::int32_t account);

/// \param kind "agreement" or "complaint"; \param reference "" is every agreement of a small council
void assign(pg::Connection& door, std::string_view authority, std::int32_t account, std::string_view kind,
            std::string_view reference);
void unassign(pg::Connection& door, std::string_view authority, std::int32_t account, std::string_view kind,
              std::string_view reference);
struct Assignment {
  std::int32_t account{};
  std::string email{}, kind{}, reference{};
};
std::vector<Assignment> assignments(pg::Connection& door, std::string_view authority);

/// Sets a password and ends all sessions of the account. \throws Refused with refuse_password()'s sentence
void set_password(pg::Connection& door, std::string_view authority, std::int32_t account, std::string_view password);

/// A new TOTP secret. What was asked for before goes on being asked for until confirm_second_factor() has seen a code
/// of this one. Kept in the clear, in a table that only answerable_door reads: it has to be known to be checked.
std::vector<std::byte> offer_second_factor(pg::Connection& door, std::string_view authority, std::int32_t account);
/// The ten recovery codes, shown once and never again; nothing when the code is wrong.
std::vector<std::string> confirm_second_factor(pg::Connection& door, std::string_view authority, std::int32_t account,
                                               std::string_view code, Instant at = now());

/// For who is called something else by the provider of single sign-on now, once somebody has made sure who they are:
/// the next who comes from there with this address is tied to the account. Ends all sessions.
void untie_sign_on(pg::Connection& door, std::string_view authority, std::int32_t account);

/// For who has lost both app and recovery codes, once somebody has made sure who they are. Ends all sessions.
void remove_second_factor(pg::Connection& door, std::string_view authority, std::int32_t account);

enum class LinkPurpose { first_administrator, invitation, password_reset };
/// A one-time code, for the page that sets a password. Makes earlier ones of the account void.
std::string new_link(pg::Connection& door, std::string_view authority, std::int32_t account, LinkPurpose purpose,
                     std::chrono::seconds lasts);
/// Whom a link is for, without using it up; nothing when it is over, used or unknown.
std::optional<Account> link_account(pg::Connection& door, std::string_view token);
/// Sets the password and uses the link up. Returns whose it was; nothing when it is over, used or unknown.
/// \throws Refused as set_password, and then the link still holds
std::optional<Account> use_link(pg::Connection& door, std::string_view token, std::string_view password);

}  // namespace answerable::access
