#include "audit/cli/reminder_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "audit/cli/asked.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "audit/engine/store.hpp"
#include "audit/events/reminders.hpp"
#include "ingest/cli/output.hpp"

namespace answerable::cli {
namespace {

using events::Reminder;
using nlohmann::ordered_json;

struct ReminderOptions {
  Asked asked;
  std::string to, about, person, sent, how, delivered, by;
};

const std::string& parse_organisation(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string::npos || colon + 1 == text.size())
    throw Failure(usage, fmt::format("--to {}: write the organisation as SCHEME:CODE, such as ods:RH5", text));
  return text;
}

Day parse_sent(const std::string& text) {
  const auto day = parse_day(text);
  if (!day) throw Failure(usage, fmt::format("--sent {}: not a day; write it as 2026-03-31", text));
  if (*day > london_day(now())) throw Failure(usage, fmt::format("--sent {}: that day is yet to come", text));
  return *day;
}

/// Whose council's ledger it goes on, and whom it is about.
std::pair<std::string, std::optional<std::int32_t>> place_of(AuditDesk& desk, const ReminderOptions& options,
                                                             const std::optional<engine::FindingId>& finding) {
  if (!options.person.empty()) return desk.one_person(options.asked, options.person);
  const auto authorities = desk.authorities(options.asked);
  if (finding) {
    for (const auto& authority : authorities) {
      pg::Transaction transaction(desk.connection(), pg::Access::read_only);
      if (const auto subject = engine::subject_of(transaction, authority, *finding)) return {authority, subject};
    }
    throw Failure(usage, fmt::format("--about {}: no audit has stored such a finding", options.about));
  }
  if (authorities.size() != 1) throw Failure(usage, "say with --authority which council reminds");
  return {authorities.front(), std::nullopt};
}

ordered_json json(const std::string& authority, const Reminder& it, const std::vector<std::string>& person) {
  return {{"authority", authority},
          {"reminder", it.number},
          {"to", it.to},
          {"about", it.about},
          {"finding", it.finding ? ordered_json(engine::format_finding(*it.finding)) : ordered_json(nullptr)},
          {"person", person},
          {"sent", iso(it.sent)},
          {"how", it.how},
          {"delivered", it.delivered},
          {"by", it.by}};
}

int remind(const Common& common, const ReminderOptions& options) {
  Reminder reminder{.to = parse_organisation(options.to),
                    .finding = engine::parse_finding(options.about),
                    .sent = parse_sent(options.sent),
                    .how = options.how,
                    .delivered = options.delivered,
                    .by = options.by};
  if (!reminder.finding) reminder.about = options.about;
  AuditDesk desk(common);
  const auto [authority, subject] = place_of(desk, options, reminder.finding);
  reminder.subject = subject;
  pg::Transaction transaction(desk.connection(), pg::Access::read_write);
  reminder.number = events::add_reminder(transaction, authority, reminder);
  transaction.commit();
  common.json ? print_json(json(authority, reminder, {}))
              : print(fmt::format("Reminder {} of council {} is on record.\n", reminder.number, authority));
  return done;
}

int list(const Common& common, const ReminderOptions& options) {
  events::ReminderFilter filter;
  if (!options.to.empty()) filter.to = parse_organisation(options.to);
  if (!options.about.empty() && !(filter.finding = engine::parse_finding(options.about)))
    throw Failure(usage,
                  fmt::format("--finding {}: not a finding's number; they look like F-7ZQ2-M0KX-4T1R", options.about));
  AuditDesk desk(common);
  ordered_json document{{"reminders", ordered_json::array()}};
  std::string out;
  for (const auto& authority : desk.authorities(options.asked)) {
    if (!options.person.empty() && !(filter.subject = desk.person(authority, options.person))) continue;
    pg::Transaction transaction(desk.connection(), pg::Access::read_only);
    engine::Vocabulary words;
    const engine::LedgerReader reader(transaction, authority, words);
    for (const auto& it : events::reminders(transaction, authority, filter)) {
      std::vector<std::string> person;
      if (it.subject)
        for (const auto& number : reader.identifiers(*it.subject)) person.push_back(number.scheme + ':' + number.value);
      document["reminders"].push_back(json(authority, it, person));
      out += fmt::format("{}  {} by {}, delivered: {}; reminder {}, recorded by {}\n    {}{}\n",
                         answerable::words(it.sent), it.to, it.how, it.delivered, it.number, it.by,
                         it.finding ? engine::format_finding(*it.finding) : it.about,
                         person.empty() ? "" : fmt::format(" ({})", fmt::join(person, ", ")));
    }
  }
  if (common.json) {
    print_json(document);
  } else {
    print(out.empty() ? "No reminder is on record.\n" : printable(out));
  }
  return done;
}

}  // namespace

void add_reminder_commands(Program& program) {
  const auto sending = std::make_shared<ReminderOptions>();
  auto& command = program.add("reminder", "Put on record that a body was reminded: of what, when, how, whether it came",
                              [sending](const Common& common) { return remind(common, *sending); });
  command.add_option("--to", sending->to, "The organisation, such as ods:RH5")->required()->type_name("KEY");
  command.add_option("--about", sending->about, "What was asked for, or a finding's number")
      ->required()
      ->type_name("TEXT|FINDING");
  command.add_option("--person", sending->person, "About this person: an NHS number, or SCHEME:VALUE")->type_name("ID");
  command.add_option("--sent", sending->sent, "The day it was sent")->required()->type_name("DATE");
  command.add_option("--how", sending->how, "email, letter, telephone or portal")
      ->required()
      ->check(CLI::IsMember({"email", "letter", "telephone", "portal"}))
      ->type_name("HOW");
  command.add_option("--delivered", sending->delivered, "Whether it is known to have reached them: yes, no or unknown")
      ->required()
      ->check(CLI::IsMember({"yes", "no", "unknown"}))
      ->type_name("ANSWER");
  command.add_option("--by", sending->by, "Who puts it on record")->required()->type_name("NAME");
  command.add_option("--authority", sending->asked.authority, "The council's CASSR code")->type_name("CODE");

  const auto listing = std::make_shared<ReminderOptions>();
  auto& list_command = program.add("reminders", "List the reminders on record, by day",
                                   [listing](const Common& common) { return list(common, *listing); });
  list_command.add_option("--to", listing->to, "To this organisation only, such as ods:RH5")->type_name("KEY");
  list_command.add_option("--person", listing->person, "About this person: an NHS number, or SCHEME:VALUE")
      ->type_name("ID");
  list_command.add_option("--finding", listing->about, "About this finding")->type_name("FINDING");
  list_command.add_option("--authority", listing->asked.authority, "The council's CASSR code")->type_name("CODE");
}

}  // namespace answerable::cli
