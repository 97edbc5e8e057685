#include "audit/cli/decision_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "audit/cli/asked.hpp"
#include "audit/engine/decisions.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/signing.hpp"

namespace answerable::cli {
namespace {

struct Deciding {
  Asked asked;
  std::string finding, by, reason, until;
  Signing signing;

  void add_to(CLI::App& command) {
    command.add_option("finding", finding, "The finding's number, such as F-7ZQ2-M0KX-4T1R")
        ->required()
        ->type_name("FINDING");
    command.add_option("--by", by, "Who decides it")->required()->type_name("NAME");
    command.add_option("--reason", reason, "Why; it stays on record")->required()->type_name("TEXT");
    command.add_option("--authority", asked.authority, "The council's CASSR code (default: where the finding is)")
        ->type_name("CODE");
  }
};

int decide(const Common& common, const Deciding& deciding, bool aside) {
  const auto id = engine::parse_finding(deciding.finding);
  if (!id)
    throw Failure(usage, fmt::format("{}: not a finding's number; they look like F-7ZQ2-M0KX-4T1R", deciding.finding));
  std::optional<Day> until;
  if (!deciding.until.empty() && !(until = parse_day(deciding.until)))
    throw Failure(usage, fmt::format("--until {}: not a day; write it as 2026-12-31", deciding.until));
  const Day today = london_day(now());
  AuditDesk desk(common);
  for (const auto& authority : desk.authorities(deciding.asked)) {
    pg::Transaction transaction(desk.connection(), pg::Access::read_write);
    if (!engine::subject_of(transaction, authority, *id)) continue;
    access::SignOff sign_off;
    try {
      if (aside) {
        sign_off = deciding.signing.use(transaction, authority, access::ApprovalOf::set_aside,
                                        {.finding = engine::format_finding(*id)});
        engine::set_aside(transaction, authority, *id, deciding.by, deciding.reason, until, today, sign_off);
      } else {
        engine::reopen(transaction, authority, *id, deciding.by, deciding.reason, today);
      }
    } catch (const std::invalid_argument& problem) {
      throw Failure(usage, problem.what());
    }
    transaction.commit();
    if (common.json) {
      print_json({{"authority", authority},
                  {"finding", engine::format_finding(*id)},
                  {"decision", aside ? "set-aside" : "reopened"},
                  {"by", deciding.by},
                  {"reason", deciding.reason},
                  {"until", until ? nlohmann::ordered_json(iso(*until)) : nlohmann::ordered_json(nullptr)},
                  {"approval",
                   sign_off.approval ? nlohmann::ordered_json(*sign_off.approval) : nlohmann::ordered_json(nullptr)}});
    } else if (aside) {
      print(printable(fmt::format("{} is set aside{}{}. It opens again by itself when it comes to something else.\n",
                                  engine::format_finding(*id), until ? " until " + words(*until) : "",
                                  sign_off.approval ? "" : ", not signed off")));
    } else {
      print(printable(fmt::format("{} is open again.\n", engine::format_finding(*id))));
    }
    return done;
  }
  throw Failure(usage, fmt::format("{}: no such finding; `answerable audit` finds, `answerable findings --all` lists",
                                   deciding.finding));
}

}  // namespace

void add_decision_commands(Program& program) {
  const auto aside = std::make_shared<Deciding>();
  auto& set_aside = program.add("set-aside", "Set a finding aside, with a reason, until a day or until it changes",
                                [aside](const Common& common) { return decide(common, *aside, true); });
  aside->add_to(set_aside);
  set_aside.add_option("--until", aside->until, "The last day it is set aside")->type_name("DATE");
  aside->signing.add_to(set_aside, false);

  const auto open = std::make_shared<Deciding>();
  open->add_to(program.add("reopen", "Open a finding again that was set aside",
                           [open](const Common& common) { return decide(common, *open, false); }));
}

}  // namespace answerable::cli
