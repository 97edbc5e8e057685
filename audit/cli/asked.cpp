#include "audit/cli/asked.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "audit/engine/council_rules.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "ingest/locations.hpp"

namespace answerable::cli {

void Asked::add_to(CLI::App& command) {
  command.add_option("--as-of", as_of, "What was due on that day (default: today), as 2024-06-01")->type_name("DATE");
  command
      .add_option(
          "--known-at", known_at,
          "What the council knew: the records numbered below N, or received up to a time such as 2024-06-01T12:00:00Z")
      ->type_name("N|TIME");
  command.add_option("--authority", authority, "The council's CASSR code (default: every council that holds records)")
      ->type_name("CODE");
}

Day Asked::day() const {
  if (as_of.empty()) return london_day(now());
  const auto day = parse_day(as_of);
  if (!day) throw Failure(usage, fmt::format("--as-of {}: not a day; write it as 2024-06-01", as_of));
  return *day;
}

AuditDesk::AuditDesk(const Common& common)
    : database_(open_database(common)),
      kinds_(xml::Kinds::load(share_folder() / "schemas")),
      connection_(database_.conninfo(), "audit", "answerable_audit") {}

engine::Catalogue& AuditDesk::catalogue(const std::string& authority) {
  const auto known = catalogues_.find(authority);
  if (known != catalogues_.end()) return known->second;
  pg::Transaction transaction(connection_, pg::Access::read_only);
  return catalogues_.emplace(authority, engine::catalogue_for(transaction, authority, kinds_)).first->second;
}

std::vector<std::string> AuditDesk::authorities(const Asked& asked) {
  pg::Transaction transaction(connection_, pg::Access::read_only);
  auto all = engine::LedgerReader::authorities(transaction);
  if (asked.authority.empty()) return all;
  if (std::find(all.begin(), all.end(), asked.authority) == all.end())
    throw Failure(
        usage,
        fmt::format("--authority {}: no records of that council are held; `answerable status` lists those that are",
                    asked.authority));
  return {asked.authority};
}

std::optional<std::int64_t> AuditDesk::known_at(const Asked& asked, const std::string& authority) {
  if (asked.known_at.empty()) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = asked.known_at.data() + asked.known_at.size();
  if (const auto read = std::from_chars(asked.known_at.data(), end, number);
      read.ec == std::errc{} && read.ptr == end && number >= 0)
    return number;
  const auto moment = parse_instant(asked.known_at);
  if (!moment)
    throw Failure(
        usage,
        fmt::format("--known-at {}: neither a number of records nor a time with its zone such as 2024-06-01T12:00:00Z",
                    asked.known_at));
  pg::Transaction transaction(connection_, pg::Access::read_only);
  engine::Vocabulary words;
  return engine::LedgerReader(transaction, authority, words).known_at(*moment);
}

std::optional<std::int32_t> AuditDesk::person(const std::string& authority, const std::string& text) {
  const auto colon = text.find(':');
  const std::string scheme = colon == std::string::npos ? "nhs-number" : text.substr(0, colon);
  if (scheme != "nhs-number" && scheme != "council" && scheme != "sender")
    throw Failure(usage, fmt::format("--person {}: write an NHS number, or nhs-number:…, council:… or sender:…", text));
  pg::Transaction transaction(connection_, pg::Access::read_only);
  engine::Vocabulary words;
  return engine::LedgerReader(transaction, authority, words)
      .find_subject(scheme, colon == std::string::npos ? text : text.substr(colon + 1));
}

std::pair<std::string, std::int32_t> AuditDesk::one_person(const Asked& asked, const std::string& text) {
  std::optional<std::pair<std::string, std::int32_t>> found;
  for (const auto& authority : authorities(asked)) {
    const auto subject = person(authority, text);
    if (!subject) continue;
    if (found)
      throw Failure(usage, fmt::format("--person: councils {} and {} both hold somebody with that identifier; say with "
                                       "--authority which is meant",
                                       found->first, authority));
    found.emplace(authority, *subject);
  }
  if (!found) throw Failure(usage, "--person: nobody with that identifier is held; `answerable people` lists who is");
  return *found;
}

}  // namespace answerable::cli
