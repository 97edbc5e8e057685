#include "audit/trial/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <variant>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/explain.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "audit/engine/marks.hpp"
#include "audit/engine/store.hpp"
#include "ingest/intake/councils.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/throw_away.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::trial {

using engine::Example;
using engine::Outcome;

namespace {

constexpr std::string_view person_record =
    "<person xmlns=\"urn:answerable:person:1\" id=\"PER-EXAMPLE\"><person scheme=\"nhs-number\">9990000018</person>"
    "<name>Example Person</name></person>";

/// All councils that have a code, so that each example has a ledger of its own. No example says which council it is.
std::vector<intake::Council> councils() {
  const auto known = intake::Councils::load(share_folder() / "schemas");
  std::vector<intake::Council> all(known.all().begin(), known.all().end());
  std::erase_if(all, [](const auto& council) { return council.code.empty(); });
  return all;
}

std::string complaints(const std::vector<Fault>& faults) {
  std::string all;
  for (const auto& fault : faults)
    if (fault.severity == Severity::error)
      all += fmt::format("{} {}: {} (sent: {}) ", fault.record_id, fault.field, fault.problem, fault.sent);
  return all;
}

/// Examples call their council 905; each runs on the ledger of another.
std::string as_of_council(std::string record, const std::string& code) {
  constexpr std::string_view theirs = "scheme=\"cassr\" code=\"905\"";
  for (std::size_t at = 0; (at = record.find(theirs, at)) != std::string::npos; at += theirs.size())
    record.replace(at + theirs.size() - 4, 3, code);
  return record;
}

struct Judged {
  std::string duty, state, sentence;
  Outcome outcome{};
};

/// What an example expects and what came of it; "" when they agree. The next round of a duty that comes round again is
/// pending whatever became of this one, and is left aside.
std::string compare(const Example& example, const std::vector<Judged>& found) {
  std::vector<const Judged*> about;
  for (const auto& judged : found) {
    if (!example.duty.empty() && judged.duty != example.duty) continue;
    const bool next_round = judged.outcome == Outcome::pending && example.outcome != Outcome::pending &&
                            std::any_of(found.begin(), found.end(), [&](const auto& other) {
                              return other.duty == judged.duty && other.outcome != Outcome::pending;
                            });
    if (!next_round) about.push_back(&judged);
  }
  const auto wrong = [&](const Judged* judged) {
    return judged->outcome != example.outcome || (!example.state.empty() && judged->state != example.state);
  };
  if (!about.empty() && std::none_of(about.begin(), about.end(), wrong)) return "";
  std::string text =
      fmt::format("expected {}{}", word(example.outcome), example.state.empty() ? "" : " (" + example.state + ")");
  if (about.empty()) text += ", and nothing was found";
  for (const auto* judged : about)
    text += fmt::format("\n  {}: {} ({}) {}", judged->duty, word(judged->outcome), judged->state, judged->sentence);
  return text;
}

xml::Limits one_worker() {
  xml::Limits limits;
  limits.workers = 1;
  return limits;
}

}  // namespace

struct Trial::Parts {
  Parts(const xml::Kinds& kinds, engine::Catalogue& the_catalogue, const std::string& conninfo)
      : catalogue(the_catalogue), connection(conninfo, "trial"), reader(kinds, one_worker()) {}

  engine::Catalogue& catalogue;
  pg::Connection connection;
  xml::FileReader reader;
  std::vector<intake::Council> all{councils()};
  std::size_t next{};
  int messages{};

  /// Sends one envelope; says what is wrong with it, if anything.
  std::string send(const intake::Council& council, const Example::Sent& sent) {
    const std::string sender =
        sent.by == "council"
            ? fmt::format("<sender scheme=\"cassr\" code=\"{}\">{}</sender>", council.code, council.name)
        : sent.by == "trust" ? "<sender scheme=\"ods\" code=\"RH5\">Somerset Partnership NHS Foundation Trust</sender>"
                             : "<sender scheme=\"cqc-provider\" code=\"1-1000000001\">Fernlea Home Care</sender>";
    std::string file = fmt::format(
        "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-{}</messageId>{}"
        "<authority scheme=\"cassr\" code=\"{}\">{}</authority>{}<createdAt>{}T09:00:00Z</createdAt>"
        "<sourceSystem>example</sourceSystem></header><records>\n",
        ++messages, sender, council.code, council.name,
        sent.agreement.empty() ? "" : fmt::format("<agreement>{}</agreement>", sent.agreement), iso(sent.on));
    for (const auto& record : sent.records) file += as_of_council(record, council.code) + "\n";
    file += "</records></submission>\n";
    std::istringstream bytes(file);
    intake::Options options;
    options.received_at = sent.on + std::chrono::hours{12};
    const auto answer = intake::submit(connection, reader, bytes, options);
    if (const auto* refusal = std::get_if<intake::Refusal>(&answer)) return "refused: " + complaints(refusal->faults);
    const auto& receipt = std::get<intake::Receipt>(answer);
    return receipt.held == 0 ? "" : "held: " + complaints(receipt.faults);
  }

  /// Everything a rule says of a council's ledger on a day, knowing all that is held.
  std::vector<Judged> judge(const intake::Council& council, const std::string& rule, Day as_of) {
    std::vector<Judged> found;
    {
      pg::Transaction transaction(connection, pg::Access::read_write);
      const engine::LedgerReader ledger(transaction, council.code, catalogue.vocabulary());
      engine::refresh_marks(transaction, catalogue, council.code, ledger.size());
      transaction.commit();
    }
    engine::question(
        connection, catalogue, council.code, as_of, std::nullopt,
        [&](const engine::Context& context, const engine::SubjectTimeline& timeline, const engine::Judgement& j) {
          const auto& judged_by = catalogue.rules()[j.duty.rule];
          if (judged_by.id != rule) return;
          const auto& duty = judged_by.editions[j.duty.edition].duties[j.duty.duty];
          found.push_back({duty.id, std::string(j.state), sentence(context, timeline, j), j.outcome});
        });
    return found;
  }
};

Trial::Trial(const xml::Kinds& kinds, engine::Catalogue& catalogue, std::string conninfo)
    : parts_(std::make_unique<Parts>(kinds, catalogue, conninfo)) {}
Trial::~Trial() = default;

std::size_t Trial::room() const {
  return parts_->all.size() - parts_->next;
}

Result Trial::run(const engine::Rule& rule, const Example& example) {
  if (room() == 0) throw std::logic_error("no council is left for another example");
  const auto& council = parts_->all[parts_->next++];
  Result result{rule.id, example.name, example.outcome, {}};
  // The council knows the person, whoever acts first.
  auto envelopes = example.sent;
  const std::string person(person_record);
  if (envelopes.empty() || envelopes.front().by != "council")
    envelopes.insert(envelopes.begin(), {"council", envelopes.empty() ? example.as_of : envelopes.front().on, "", {}});
  envelopes.front().records.insert(envelopes.front().records.begin(), person);
  for (const auto& sent : envelopes)
    if (result.problem.empty()) result.problem = parts_->send(council, sent);
  if (result.problem.empty()) result.problem = compare(example, parts_->judge(council, rule.id, example.as_of));
  return result;
}

std::vector<Result> run(const xml::Kinds& kinds, engine::Catalogue& catalogue, const std::vector<std::string>& rules) {
  std::vector<Result> results;
  std::optional<pg::ThrowAwayDatabase> database;
  std::unique_ptr<Trial> trial;
  for (const auto& rule : catalogue.rules()) {
    if (!rules.empty() && std::find(rules.begin(), rules.end(), rule.id) == rules.end()) continue;
    for (const auto& example : rule.examples) {
      if (!trial || trial->room() == 0) {
        trial.reset();
        database.emplace("trial");
        trial = std::make_unique<Trial>(kinds, catalogue, database->conninfo());
      }
      results.push_back(trial->run(rule, example));
    }
  }
  return results;
}

}  // namespace answerable::trial
