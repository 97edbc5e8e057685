#pragma once

// Private to ingest/access.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/access/accounts.hpp"

namespace answerable::access {

/// Lower case, without spaces around it: as addresses are kept.
std::string plain_email(std::string_view email);
/// As it is hashed: without spaces and hyphens, upper case.
std::string plain_recovery_code(std::string_view code);

/// \throws Refused when there is none
Account account_by_number(pg::Transaction& transaction, std::string_view authority, std::int32_t account);

/// refuse_password() with what is the account's own.
std::optional<std::string> refuse_password_of(const Account& account, std::string_view password);
/// Puts the hash in place and ends all sessions. \throws Refused with refuse_password()'s sentence
void put_password(pg::Transaction& transaction, const Account& account, std::string_view password);

}  // namespace answerable::access
