#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "ingest/access/role.hpp"
#include "ingest/pg/connection.hpp"

/// People for the demonstration: one of each role, so that every page can be looked at.
namespace answerable::demo {

struct DemoAccount {
  access::Role role;
  std::string email;
  std::string password;
  std::string second_factor{};  ///< the app's key in base 32, of roles that need one
};

/// Makes sure that a data folder holds a demonstration: makes one in a folder that is empty or not there.
/// \param keys  the folder of the keys that sign its ledgers, now and later
/// \throws cli::Failure for a folder that holds anything else
void prepare(const std::filesystem::path& data, const std::filesystem::path& keys, std::ostream& progress);

/// An account for each role in the Demonstration Council, with a new password each time.
/// \param door as answerable_door
std::vector<DemoAccount> accounts(pg::Connection& door);

/// A line an account.
std::string account_words(const std::vector<DemoAccount>& accounts);

}  // namespace answerable::demo
