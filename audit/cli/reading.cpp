#include "audit/cli/reading.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "audit/events/reads.hpp"

namespace answerable::cli {
namespace {

std::string system_user() {
  const passwd* const user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : fmt::format("user {}", ::getuid());
}

}  // namespace

void Reading::add_to(CLI::App& command) {
  command.add_option("--by", by, "Who reads; it goes on the ledger (default: your user name on this machine)")
      ->type_name("NAME");
  command.add_option("--purpose", purpose, "What for: complaint, monitoring, audit or subject-access")
      ->check(CLI::IsMember({"complaint", "monitoring", "audit", "subject-access", "not-stated"}))
      ->type_name("PURPOSE");
}

void Reading::note(pg::Connection& connection, const std::string& authority, std::int32_t subject,
                   const std::string& what) const {
  events::add_read(connection, authority, subject, by.empty() ? system_user() : by, purpose, what);
}

}  // namespace answerable::cli
