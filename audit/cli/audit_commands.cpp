#include "audit/cli/audit_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "audit/cli/asked.hpp"
#include "audit/cli/reading.hpp"
#include "audit/engine/again.hpp"
#include "audit/engine/decisions.hpp"
#include "audit/events/disposal.hpp"
#include "ingest/cli/output.hpp"

namespace answerable::cli {
namespace {

using engine::Finding;
using engine::Outcome;
using nlohmann::ordered_json;

constexpr std::array every_outcome{Outcome::met,          Outcome::met_late, Outcome::breached,
                                   Outcome::pending,      Outcome::exempt,   Outcome::not_evidenced,
                                   Outcome::contradicted, Outcome::unknown,  Outcome::error};

std::int64_t needing_attention(const std::map<Outcome, std::int64_t>& outcomes) {
  std::int64_t sum = 0;
  for (const auto& [outcome, number] : outcomes)
    if (engine::needs_attention(outcome)) sum += number;
  return sum;
}

std::string plural(std::int64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(number), number == 1 ? one : many);
}

/// One line of a table, so that the summary stays under a screen.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 68;
  if (text.size() <= most) return text;
  const auto space = text.rfind(' ', most - 1);
  return text.substr(0, space == std::string::npos ? most : space) + " …";
}

std::string audit_text(const engine::AuditReport& r, const engine::Catalogue& catalogue) {
  std::string out = fmt::format("Council {}, as of {}, knowing {}\n", r.authority, words(r.as_of),
                                plural(r.known_at, "record", "records"));
  if (r.judged == 0) {
    out += fmt::format("Judged nothing: none of {} has new records or a date that has come.\n",
                       plural(r.subjects, "timeline", "timelines"));
  } else {
    out += fmt::format("Judged {} of {} timelines ({} acts), ", grouped(r.judged), grouped(r.subjects),
                       grouped(r.entries));
    std::string why;
    for (const auto& [reason, number] : r.why)
      why += fmt::format("{}{}: {}", why.empty() ? "" : "; ", reason, grouped(number));
    out += why + ".\n";
    out += r.stored ? fmt::format("{} new or changed.\n", plural(r.steps, "finding", "findings"))
                    : "Computed for this question; nothing was stored.\n";
  }
  out += '\n';
  for (const Outcome outcome : every_outcome) {
    const auto found = r.outcomes.find(outcome);
    if (found != r.outcomes.end())
      out += fmt::format("  {:<14}{:>10}\n", engine::word(outcome), grouped(found->second));
  }
  const std::int64_t all = needing_attention(r.outcomes);
  if (all == 0) return out + "\nNothing needs attention.\n";
  std::vector<std::pair<std::int64_t, std::string>> rules;
  for (const auto& [rule, outcomes] : r.by_rule)
    if (const auto number = needing_attention(outcomes)) rules.emplace_back(-number, rule);
  std::sort(rules.begin(), rules.end());
  out += fmt::format("\n{} attention:\n", all == 1 ? "1 finding needs" : grouped(all) + " findings need");
  constexpr std::size_t most = 12;
  for (std::size_t i = 0; i < rules.size() && i < most; ++i)
    out += fmt::format("  {:>7}  {:<22} {}\n", grouped(-rules[i].first), rules[i].second,
                       shortened(catalogue.find(rules[i].second)->title));
  if (rules.size() > most) out += fmt::format("  … and {} more rules\n", rules.size() - most);
  return out;
}

/// What people decided, where it holds today.
using Aside = std::map<engine::FindingId, engine::Decision>;

Aside standing_decisions(pg::Transaction& transaction, const std::string& authority, const std::vector<Finding>& all) {
  auto decided = engine::decisions(transaction, authority);
  const Day today = london_day(now());
  Aside holding;
  for (const auto& f : all) {
    const auto found = decided.find(f.id);
    if (found != decided.end() && found->second.holds(f.outcome, today)) holding.insert(decided.extract(found));
  }
  return holding;
}

std::string aside_words(const engine::Decision& d) {
  return fmt::format("set aside by {}{}: {}", d.decided_by, d.until ? " until " + words(*d.until) : "", d.reason);
}

std::string findings_text(const std::vector<Finding>& all, const Aside& aside) {
  std::string out;
  std::string rule;
  for (const auto& f : all) {
    if (f.rule != rule) {
      rule = f.rule;
      out += fmt::format("{}{}\n", out.empty() ? "" : "\n", rule);
    }
    out += fmt::format("  {}  {}: {}", engine::format_finding(f.id), engine::word(f.outcome), f.state);
    if (f.flagged_since) out += fmt::format(", since {}", words(*f.flagged_since));
    if (const auto decided = aside.find(f.id); decided != aside.end())
      out += fmt::format("; {}", aside_words(decided->second));
    out += fmt::format("\n    {}\n", f.sentence.empty()
                                         ? fmt::format("{} {}, {}", f.trigger_act, words(f.trigger_when), f.actor)
                                         : f.sentence);
  }
  return out;
}

/// Judges a stored audit once more, and says whether it comes to the same.
int run_again(const Common& common, AuditDesk& desk, const Asked& asked, std::int64_t run) {
  const auto authorities = desk.authorities(asked);
  if (authorities.size() != 1) throw Failure(usage, "--again: say with --authority which council's audit is meant");
  engine::Again again;
  try {
    again = engine::judge_again(desk.connection(), desk.kinds(), authorities.front(), run);
  } catch (const std::invalid_argument& problem) {
    throw Failure(usage, problem.what());
  }
  if (common.json) {
    ordered_json document{{"authority", authorities.front()}, {"run", run},
                          {"as_of", iso(again.as_of)},        {"known_at", again.known_at},
                          {"engine_then", again.engine_then}, {"engine_now", engine::engine_edition},
                          {"compared", again.compared},       {"differences", ordered_json::array()}};
    document["disposed"] = ordered_json::array();
    for (const auto& d : again.disposed)
      document["disposed"].push_back({{"certificate", d.certificate}, {"at", iso(d.at)}, {"findings", d.findings}});
    for (const auto& d : again.differences)
      document["differences"].push_back({{"finding", engine::format_finding(d.finding)},
                                         {"then", d.then.empty() ? ordered_json(nullptr) : ordered_json::parse(d.then)},
                                         {"now", d.now.empty() ? ordered_json(nullptr) : ordered_json::parse(d.now)}});
    print_json(document);
  } else {
    std::string out = fmt::format("Audit {} of council {}, as of {}, knowing {}, with the rules it had: ", run,
                                  authorities.front(), words(again.as_of), plural(again.known_at, "record", "records"));
    out += again.differences.empty()
               ? fmt::format("all {} come out byte for byte the same.\n", plural(again.compared, "finding", "findings"))
               : fmt::format("{} of {} differ.\n", grouped(static_cast<std::int64_t>(again.differences.size())),
                             plural(again.compared, "finding", "findings"));
    if (!again.differences.empty() && again.engine_then != engine::engine_edition)
      out += fmt::format("The program's own reading of rules was edition {} then and is {} now.\n", again.engine_then,
                         engine::engine_edition);
    for (const auto& d : again.disposed)
      out += fmt::format(
          "Left out: {} of a person whose records were disposed of on {} (certificate {}). What rested on "
          "those records in somebody else's findings may differ.\n",
          plural(d.findings, "finding", "findings"), words(london_day(d.at)), d.certificate);
    for (const auto& d : again.differences)
      out += fmt::format("  {}\n    then: {}\n    now:  {}\n", engine::format_finding(d.finding),
                         d.then.empty() ? "nothing" : d.then, d.now.empty() ? "nothing" : d.now);
    print(printable(out));
  }
  return again.differences.empty() ? done : findings;
}

int run_audit(const Common& common, const Asked& asked, std::int64_t again) {
  AuditDesk desk(common);
  if (again > 0) return run_again(common, desk, asked, again);
  bool attention = false;
  ordered_json document{{"audits", ordered_json::array()}};
  std::string out;
  const Day day = asked.day();
  for (const auto& authority : desk.authorities(asked)) {
    engine::AuditReport report;
    std::vector<Finding> all;
    if (asked.is_question()) {
      const auto known_at = desk.known_at(asked, authority);
      report =
          engine::question(desk.connection(), desk.catalogue(authority), authority, day, known_at,
                           [](const engine::Context&, const engine::SubjectTimeline&, const engine::Judgement&) {});
      if (common.json)
        all = engine::findings(desk.connection(), desk.catalogue(authority), authority, {}, day, known_at);
    } else {
      report = engine::audit(desk.connection(), desk.catalogue(authority), authority, day);
      pg::Transaction transaction(desk.connection(), pg::Access::read_only);
      if (common.json) all = engine::findings(transaction, authority, {});
    }
    attention = attention || needing_attention(report.outcomes) > 0;
    if (common.json) {
      ordered_json one = engine::json(report);
      one["findings"] = ordered_json::array();
      for (const auto& f : all) one["findings"].push_back(engine::json(f));
      document["audits"].push_back(std::move(one));
    } else {
      out += (out.empty() ? "" : "\n") + audit_text(report, desk.catalogue(authority));
    }
  }
  if (common.json) {
    print_json(document);
  } else {
    print(out.empty() ? "No records are held: nothing to audit. Send some with `answerable submit FILE`.\n"
                      : printable(out));
  }
  return common.exit_code && attention ? ExitCode::findings : done;
}

struct FindingOptions {
  Asked asked;
  std::string rule, person, agreement, actor;
  std::vector<std::string> outcomes;
  std::string severity;
  bool all{}, set_aside{};
  Reading reading;
};

std::vector<Outcome> outcomes_of(const FindingOptions& options) {
  std::vector<Outcome> wanted;
  for (const auto& text : options.outcomes) {
    const auto outcome = engine::parse_outcome(text);
    if (!outcome)
      throw Failure(usage, fmt::format("--outcome {}: not one of met, met-late, breached, pending, exempt, "
                                       "not-evidenced, contradicted, unknown, error",
                                       text));
    wanted.push_back(*outcome);
  }
  if (wanted.empty() && !options.all)
    for (const Outcome outcome : every_outcome)
      if (engine::needs_attention(outcome)) wanted.push_back(outcome);
  return wanted;
}

int run_findings(const Common& common, const FindingOptions& options) {
  engine::FindingFilter filter;
  filter.rule = options.rule;
  filter.outcomes = outcomes_of(options);
  filter.agreement = options.agreement;
  filter.actor = options.actor;
  AuditDesk desk(common);
  if (!options.severity.empty() && !(filter.severity = engine::parse_severity(options.severity)))
    throw Failure(usage, fmt::format("--severity {}: not one of serious, important, advisory", options.severity));
  std::vector<Finding> all;
  Aside aside;
  std::int64_t hidden = 0;
  ordered_json document{{"findings", ordered_json::array()}};
  bool person_known = options.person.empty(), rule_known = options.rule.empty();
  for (const auto& authority : desk.authorities(options.asked)) {
    rule_known = rule_known || desk.catalogue(authority).find(options.rule);
    filter.subject.reset();
    if (!options.person.empty()) {
      filter.subject = desk.person(authority, options.person);
      if (!filter.subject) continue;
      person_known = true;
      options.reading.note(desk.connection(), authority, *filter.subject, "findings");
    }
    std::vector<Finding> some;
    if (options.asked.is_question()) {
      some = engine::findings(desk.connection(), desk.catalogue(authority), authority, filter, options.asked.day(),
                              desk.known_at(options.asked, authority));
    } else {
      pg::Transaction transaction(desk.connection(), pg::Access::read_only);
      some = engine::findings(transaction, authority, filter);
      auto decided = standing_decisions(transaction, authority, some);
      if (!options.all && !options.set_aside)
        hidden +=
            static_cast<std::int64_t>(std::erase_if(some, [&](const Finding& f) { return decided.contains(f.id); }));
      if (options.set_aside) std::erase_if(some, [&](const Finding& f) { return !decided.contains(f.id); });
      aside.merge(decided);
    }
    for (const auto& f : some) {
      ordered_json one{{"authority", authority}};
      one.update(engine::json(f));
      const auto decided = aside.find(f.id);
      one["set_aside"] = decided == aside.end() ? ordered_json(nullptr)
                                                : ordered_json{{"by", decided->second.decided_by},
                                                               {"at", iso(decided->second.decided_at)},
                                                               {"reason", decided->second.reason}};
      if (decided != aside.end() && decided->second.until) one["set_aside"]["until"] = iso(*decided->second.until);
      document["findings"].push_back(std::move(one));
    }
    all.insert(all.end(), some.begin(), some.end());
  }
  if (!rule_known) throw Failure(usage, fmt::format("--rule {}: there is no such rule", options.rule));
  if (!person_known) throw Failure(usage, "--person: nobody with that identifier is held");
  if (common.json) {
    print_json(document);
  } else {
    const std::string count = plural(static_cast<std::int64_t>(all.size()), "finding", "findings");
    print(all.empty() ? (options.asked.is_question()
                             ? "No findings.\n"
                             : "No findings. The last `answerable audit` may be older than the last records.\n")
                      : printable(findings_text(all, aside) +
                                  fmt::format("\n{}. `answerable explain FINDING` says why.\n", count)));
    if (hidden > 0)
      print(fmt::format("{} more set aside; --set-aside lists them.\n", plural(hidden, "finding is", "findings are")));
  }
  return common.exit_code && !all.empty() ? ExitCode::findings : done;
}

int run_explain(const Common& common, const Asked& asked, const Reading& reading, const std::string& text) {
  const auto id = engine::parse_finding(text);
  if (!id) throw Failure(usage, fmt::format("{}: not a finding's number; they look like F-7ZQ2-M0KX-4T1R", text));
  AuditDesk desk(common);
  for (const auto& authority : desk.authorities(asked)) {
    std::optional<std::int32_t> subject;
    {
      pg::Transaction transaction(desk.connection(), pg::Access::read_only);
      subject = engine::subject_of(transaction, authority, *id);
    }
    if (!subject && asked.is_question()) {
      // It may stand at that horizon only, and then no audit has stored it.
      for (const auto& f : engine::findings(desk.connection(), desk.catalogue(authority), authority, {}, asked.day(),
                                            desk.known_at(asked, authority)))
        if (f.id == *id) subject = f.subject;
    }
    if (!subject) continue;
    const auto explanation = engine::explain(desk.connection(), desk.catalogue(authority), authority, *subject, *id,
                                             asked.day(), desk.known_at(asked, authority));
    if (!explanation)
      throw Failure(usage, fmt::format("{}: there is no such finding as of {} on what was known then",
                                       engine::format_finding(*id), words(asked.day())));
    reading.note(desk.connection(), authority, *subject, "explain " + engine::format_finding(*id));
    pg::Transaction transaction(desk.connection(), pg::Access::read_only);
    const auto steps = engine::life(transaction, authority, *id, london_day(now()));
    if (common.json) {
      ordered_json document = engine::json(*explanation);
      document["life"] = ordered_json::array();
      for (const auto& step : steps)
        document["life"].push_back({{"at", iso(step.at)}, {"what", step.what}, {"text", step.text}});
      print_json(document);
    } else {
      std::string out = engine::text(*explanation);
      if (!steps.empty()) out += "\nIts life\n";
      for (const auto& step : steps)
        out += fmt::format("  {}  {}, {}\n", words(london_day(step.at)), step.what, step.text);
      print(printable(out));
    }
    return common.exit_code && engine::needs_attention(explanation->outcome) ? ExitCode::findings : done;
  }
  for (const auto& authority : desk.authorities(asked)) {
    pg::Transaction transaction(desk.connection(), pg::Access::read_only);
    if (const auto certificate = events::certificate_of(transaction, authority, *id))
      throw Failure(usage, fmt::format("{}: it was about a person whose records were disposed of (certificate {}); "
                                       "nothing is left to explain",
                                       engine::format_finding(*id), *certificate));
  }
  throw Failure(usage,
                fmt::format("{}: no such finding; `answerable audit` finds, `answerable findings --all` lists", text));
}

}  // namespace

void add_audit_commands(Program& program) {
  const auto asked = std::make_shared<Asked>();
  const auto again = std::make_shared<std::int64_t>(0);
  auto& audit_command = program.add(
      "audit", "Judge the records against the rules, and store what is found; with --as-of or --known-at only tell",
      [asked, again](const Common& common) { return run_audit(common, *asked, *again); });
  asked->add_to(audit_command);
  audit_command
      .add_option(
          "--again", *again,
          "Judge a stored audit once more, with its day, its records and its rules, and say whether it comes to "
          "the same")
      ->type_name("RUN")
      ->check(CLI::PositiveNumber);

  const auto options = std::make_shared<FindingOptions>();
  auto& findings_command = program.add("findings", "List findings: those that need attention, unless asked for others",
                                       [options](const Common& common) { return run_findings(common, *options); });
  options->asked.add_to(findings_command);
  findings_command.add_option("--rule", options->rule, "Of this rule only")->type_name("ID");
  findings_command.add_option("--outcome", options->outcomes, "With these outcomes, separated by commas")
      ->delimiter(',')
      ->type_name("O,…");
  findings_command.add_option("--person", options->person, "About this person: an NHS number, or SCHEME:VALUE")
      ->type_name("ID");
  findings_command.add_option("--agreement", options->agreement, "Under this agreement")->type_name("REF");
  findings_command.add_option("--actor", options->actor, "Where this body acted or should have, such as ods:RH5")
      ->type_name("KEY");
  findings_command.add_option("--severity", options->severity, "Of this severity only: serious, important or advisory")
      ->type_name("S");
  findings_command.add_flag("--set-aside", options->set_aside, "Those that were set aside, and still are");
  findings_command.add_flag("--all", options->all, "With every outcome, set aside or not");
  options->reading.add_to(findings_command);

  const auto explain_asked = std::make_shared<Asked>();
  const auto reading = std::make_shared<Reading>();
  const auto finding = std::make_shared<std::string>();
  auto& explain_command =
      program.add("explain", "Say what a finding rests on: law, clock, records, what was not found, and who answers",
                  [explain_asked, reading, finding](const Common& common) {
                    return run_explain(common, *explain_asked, *reading, *finding);
                  });
  explain_asked->add_to(explain_command);
  reading->add_to(explain_command);
  explain_command.add_option("finding", *finding, "The finding's number, such as F-7ZQ2-M0KX-4T1R")
      ->required()
      ->type_name("FINDING");
}

}  // namespace answerable::cli
