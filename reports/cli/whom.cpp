#include "reports/cli/whom.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "audit/engine/ledger_reader.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/identifiers.hpp"
#include "ingest/pg/connection.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::cli {
namespace {

bool all_digits(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The last microsecond of a day in London, which ends at midnight UTC or, in summer time, an hour before.
Instant end_of(Day day) {
  using namespace std::chrono_literals;
  const Instant late = Instant(day) + 23h + 30min;
  return Instant(day) + (london_day(late) == day ? 24h : 23h) - 1us;
}

}  // namespace

engine::Identifier parse_person(const std::string& text) {
  engine::Identifier out;
  const auto colon = text.find(':');
  if (colon != std::string::npos) {
    out = {text.substr(0, colon), text.substr(colon + 1)};
    if (out.scheme != "nhs-number" && out.scheme != "council" && out.scheme != "sender") {
      throw Failure(usage, fmt::format("There are no numbers of the scheme '{}'. Write nhs-number:9990000018, "
                                       "council:12345 or sender:ods:RH5/88.",
                                       out.scheme));
    }
  } else {
    out = {"nhs-number", text};
  }
  if (out.scheme != "nhs-number") return out;
  std::erase(out.value, ' ');
  if (colon == std::string::npos && !all_digits(out.value)) {
    throw Failure(usage,
                  "A person is named by an NHS number, or by council:12345 or sender:ods:RH5/88. 'answerable people "
                  "NAME' finds numbers.");
  }
  if (const auto fault = check_identifier(out.scheme, out.value)) {
    throw Failure(usage, fmt::format("{} Expected: {}", fault->problem, fault->expected));
  }
  return out;
}

Day parse_as_of(const std::string& text) {
  if (const auto day = parse_day(text)) return *day;
  throw Failure(usage, "--as-of takes a day: 2015-10-08.");
}

std::variant<std::int64_t, Instant> parse_known_at(const std::string& text) {
  if (const auto day = parse_day(text)) return end_of(*day);
  if (const auto at = parse_instant(text)) return *at;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (all_digits(text) && error == std::errc{} && end == text.data() + text.size()) return number;
  throw Failure(
      usage,
      "--known-at takes a number of records (4211), a moment (2015-10-08T12:00:00Z) or a day (2015-10-08: its end).");
}

pages::Found find_one(pg::Connection& connection, const engine::Identifier& identifier, const std::string& authority) {
  const auto found = pages::find_people(connection, identifier.scheme, identifier.value, authority);
  const char* const what = identifier.scheme == "case" ? "complaint" : "person";
  if (found.empty()) {
    throw Failure(usage, fmt::format("No {} of that number is held{}. 'answerable people' lists who is.", what,
                                     authority.empty() ? "" : " by council " + authority));
  }
  if (found.size() > 1) {
    std::vector<std::string> names;
    for (const auto& it : found) names.push_back(fmt::format("{} ({})", it.council.authority, it.council.name));
    throw Failure(usage, fmt::format("More than one council holds a {} of that number: {}. Add --authority CODE.", what,
                                     pages::list_words(names)));
  }
  return found.front();
}

std::int64_t known_number(pg::Connection& connection, const std::string& authority,
                          const std::variant<std::int64_t, Instant>& known) {
  if (const auto* number = std::get_if<std::int64_t>(&known)) return *number;
  pg::Transaction transaction(connection, pg::Access::read_only);
  engine::Vocabulary vocabulary;
  return engine::LedgerReader(transaction, authority, vocabulary).known_at(std::get<Instant>(known));
}

}  // namespace answerable::cli
