#pragma once

#include <optional>
#include <string>

#include "ingest/pg/connection.hpp"

namespace answerable::service {

/// Whoever starts the service for the first time makes the first account with a one-time code.
struct FirstAdministrator {
  std::string council;  ///< name
  std::string code;     ///< to be given at /link
};

/// What the first administrator signs in as, until they have made an account under their own name.
inline constexpr const char* first_administrator_email = "administrator";

/// A code that holds for a day, as long as nobody but a first administrator who never used theirs has an account.
/// Nothing when somebody has.
/// \param connection as answerable_door \param authority the council's code; "" where one alone is held
/// \throws cli::Failure(usage) when the council has to be named, or there is none of that code
std::optional<FirstAdministrator> first_administrator(pg::Connection& connection, const std::string& authority);

}  // namespace answerable::service
