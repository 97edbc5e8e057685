#include "audit/cli/disposal_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "audit/cli/asked.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "audit/events/disposal.hpp"
#include "audit/events/holds.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/signing.hpp"
#include "ingest/durable_file.hpp"

namespace answerable::cli {
namespace {

using nlohmann::ordered_json;

struct Holding {
  Asked asked;
  std::string person, reason, by;
  std::int64_t lift{};
  bool list{};
};

int list_holds(const Common& common, AuditDesk& desk, const Asked& asked) {
  ordered_json document{{"holds", ordered_json::array()}};
  std::string out;
  for (const auto& authority : desk.authorities(asked)) {
    pg::Transaction transaction(desk.connection(), pg::Access::read_only);
    engine::Vocabulary words;
    const engine::LedgerReader reader(transaction, authority, words);
    for (const auto& hold : events::standing_holds(transaction, authority)) {
      std::vector<std::string> numbers;
      for (const auto& it : reader.identifiers(hold.subject)) numbers.push_back(it.scheme + ':' + it.value);
      document["holds"].push_back({{"authority", authority},
                                   {"hold", hold.number},
                                   {"person", numbers},
                                   {"at", iso(hold.at)},
                                   {"by", hold.by},
                                   {"reason", hold.reason}});
      out += fmt::format("{} hold {}  since {}, by {}: {}\n    {}\n", authority, hold.number,
                         answerable::words(london_day(hold.at)), hold.by, hold.reason, fmt::join(numbers, ", "));
    }
  }
  if (common.json) {
    print_json(document);
  } else {
    print(out.empty() ? "No hold stands.\n" : printable(out));
  }
  return done;
}

int hold(const Common& common, const Holding& options) {
  AuditDesk desk(common);
  if (options.list) return list_holds(common, desk, options.asked);
  if (options.by.empty() || options.reason.empty())
    throw Failure(usage, "--by and --reason: say who decides it and why; both stay on record");
  ordered_json document;
  std::string out;
  if (options.lift == 0) {
    const auto [authority, subject] = desk.one_person(options.asked, options.person);
    pg::Transaction transaction(desk.connection(), pg::Access::read_write);
    const auto number = events::place_hold(transaction, authority, subject, options.by, options.reason);
    transaction.commit();
    document = {{"authority", authority}, {"hold", number}};
    out = fmt::format("Hold {} of council {} stands: nothing of this person is disposed of until it is lifted.\n",
                      number, authority);
  } else {
    const auto authorities = desk.authorities(options.asked);
    if (authorities.size() != 1) throw Failure(usage, "--lift: say with --authority which council's hold is meant");
    pg::Transaction transaction(desk.connection(), pg::Access::read_write);
    try {
      events::lift_hold(transaction, authorities.front(), options.lift, options.by, options.reason);
    } catch (const std::invalid_argument& problem) {
      throw Failure(usage, fmt::format("--lift {}: {}", options.lift, problem.what()));
    }
    transaction.commit();
    document = {{"authority", authorities.front()}, {"lifted", options.lift}};
    out = fmt::format("Hold {} of council {} is lifted.\n", options.lift, authorities.front());
  }
  common.json ? print_json(document) : print(printable(out));
  return done;
}

struct Disposing {
  Asked asked;
  std::string person, basis, by, output;
  Signing signing;
  bool dry_run{};
};

/// That it is not signed off is one reason among the others.
events::Disposal planned(pg::Transaction& transaction, const std::string& authority, std::int32_t subject,
                         const Disposing& options) {
  events::DisposalRequest request{.authority = authority,
                                  .subject = subject,
                                  .basis = options.basis,
                                  .by = options.by,
                                  .approved_by = options.signing.approved_by,
                                  .today = london_day(now())};
  std::optional<std::string> unsigned_because;
  try {
    const auto sign_off =
        options.signing.use(transaction, authority, access::ApprovalOf::disposal, {.subject = subject});
    request.approval = sign_off.approval;
    request.approved_by = sign_off.approved_by.value_or("");
  } catch (const Failure& failure) {
    unsigned_because = failure.what();
  }
  auto disposal = events::plan_disposal(transaction, request);
  if (unsigned_because) disposal.refusals.push_back(*unsigned_because);
  return disposal;
}

int dispose(const Common& common, const Disposing& options) {
  AuditDesk desk(common);
  const auto [authority, subject] = desk.one_person(options.asked, options.person);
  pg::Transaction transaction(desk.connection(), pg::Access::read_write);
  const auto disposal = planned(transaction, authority, subject, options);
  std::optional<std::int64_t> number;
  if (disposal.refusals.empty() && !options.dry_run) {
    number = events::dispose(transaction, disposal);
    transaction.commit();
  }
  if (number && !options.output.empty()) replace_durably(options.output, events::certificate_text(disposal, number));
  if (common.json) {
    ordered_json document{{"authority", authority}};
    document["certificate"] = number ? ordered_json(*number) : ordered_json(nullptr);
    document.update(ordered_json::parse(disposal.content()));
    document["refused_because"] = disposal.refusals;
    print_json(document);
  } else if (disposal.refusals.empty() || options.dry_run) {
    print(printable(events::certificate_text(disposal, number)));
  }
  if (disposal.refusals.empty()) return done;
  std::string why = "nothing was disposed of:";
  for (const auto& refusal : disposal.refusals) why += "\n  " + refusal;
  throw Failure(refused, why);
}

}  // namespace

void add_disposal_commands(Program& program) {
  const auto holding = std::make_shared<Holding>();
  auto& hold_command =
      program.add("hold", "Place, lift or list legal holds: while one stands, nothing of the person is disposed of",
                  [holding](const Common& common) { return hold(common, *holding); });
  auto* what = hold_command.add_option_group("what");
  what->add_option("--person", holding->person, "Place one on this person: an NHS number, or SCHEME:VALUE")
      ->type_name("ID");
  what->add_option("--lift", holding->lift, "Lift the hold of this number")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
  what->add_flag("--list", holding->list, "Those that stand");
  what->require_option(1);
  hold_command.add_option("--by", holding->by, "Who decides it")->type_name("NAME");
  hold_command.add_option("--reason", holding->reason, "Why; it stays on record")->type_name("TEXT");
  hold_command.add_option("--authority", holding->asked.authority, "The council's CASSR code")->type_name("CODE");

  const auto disposing = std::make_shared<Disposing>();
  auto& command = program.add(
      "dispose", "Erase everything held about a person at the end of its time; proofs hold and a certificate stays",
      [disposing](const Common& common) { return dispose(common, *disposing); });
  command.add_option("--person", disposing->person, "An NHS number, or SCHEME:VALUE")->required()->type_name("ID");
  command
      .add_option("--basis", disposing->basis,
                  "Why it may be done; it stays on the ledger for ever, so nothing about the person")
      ->required()
      ->type_name("TEXT");
  command.add_option("--by", disposing->by, "Who disposes")->required()->type_name("NAME");
  disposing->signing.add_to(command, true);
  command.add_flag("--dry-run", disposing->dry_run, "Only tell what would go, and what stands in the way");
  command.add_option("--output", disposing->output, "File for the certificate")->type_name("FILE");
  command.add_option("--authority", disposing->asked.authority, "The council's CASSR code")->type_name("CODE");
}

}  // namespace answerable::cli
