#include "reports/demo/demo_accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ostream>

#include "ingest/access/accounts.hpp"
#include "ingest/access/secret.hpp"
#include "ingest/access/totp.hpp"
#include "ingest/cli/program.hpp"
#include "reports/demo/demo.hpp"

namespace answerable::demo {
namespace {

namespace fs = std::filesystem;

constexpr const char* of_council = "999";
constexpr const char* of_trust = "ods:R9Z";
constexpr const char* complaint = "C-00001";
constexpr std::size_t letters_of_password = 20;
constexpr std::chrono::days case_open{90};

bool needs_second_factor(access::Role role) {
  return role == access::Role::guardian || role == access::Role::administrator || role == access::Role::auditor;
}

access::Grant grant_of(access::Role role) {
  if (role != access::Role::outside_reader) return {.role = role};
  return {.role = role, .case_reference = complaint, .until = london_day(now()) + case_open};
}

std::string name_of(access::Role role) {
  std::string name(access::words(role));
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return fmt::format("Demonstration {}", name);
}

access::Account found_or_made(pg::Connection& door, access::Role role) {
  const std::string email = fmt::format("{}@demonstration.example", access::word(role));
  if (auto found = access::find_account(door, of_council, email)) return *std::move(found);
  access::Account account{.authority = of_council, .email = email, .name = name_of(role), .roles = {grant_of(role)}};
  if (access::of_provider(role)) account.organisation = of_trust;
  account.account = access::add_account(door, account);
  if (role == access::Role::contract_monitoring_officer)
    access::assign(door, of_council, account.account, "agreement", "");
  if (role == access::Role::complaints_officer)
    access::assign(door, of_council, account.account, "complaint", complaint);
  return account;
}

}  // namespace

void prepare(const fs::path& data, const fs::path& keys, std::ostream& progress) {
  if (fs::exists(data / demonstration_mark)) return;
  if (fs::exists(data) && !fs::is_empty(data))
    throw cli::Failure(cli::usage,
                       fmt::format("{} holds something that is no demonstration, and would be written over. Name a "
                                   "folder that is not there yet with --data DIR.",
                                   data.string()));
  run({.output = data / "demonstration-trails", .as_of = london_day(now()), .data = data, .keys = keys}, progress);
}

std::vector<DemoAccount> accounts(pg::Connection& door) {
  std::vector<DemoAccount> made;
  for (const auto role : access::all_roles) {
    const auto account = found_or_made(door, role);
    DemoAccount shown{role, account.email, access::new_token().substr(0, letters_of_password)};
    access::set_password(door, of_council, account.account, shown.password);
    if (needs_second_factor(role)) {
      const auto secret = access::offer_second_factor(door, of_council, account.account);
      // By the code of half a minute ago: a code is taken once, and the one shown now is for whoever signs in.
      const Instant before = now() - std::chrono::seconds{30};
      access::confirm_second_factor(door, of_council, account.account,
                                    access::totp_code(secret, access::totp_step(before)), before);
      shown.second_factor = access::base32(secret);
    }
    made.push_back(std::move(shown));
  }
  return made;
}

std::string account_words(const std::vector<DemoAccount>& accounts) {
  std::string out =
      "Everything here is made up. These can sign in to the Demonstration Council; the passwords are new at each "
      "start:\n";
  for (const auto& account : accounts)
    out += fmt::format("  {:<48} {}{}\n", account.email, account.password,
                       account.second_factor.empty() ? "" : "  key for an authenticator app: " + account.second_factor);
  return out;
}

}  // namespace answerable::demo
