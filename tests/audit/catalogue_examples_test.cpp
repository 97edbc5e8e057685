// Every example of every rule, sent through the real intake and judged: a rule that does not do what its own examples
// say cannot ship.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/explain.hpp"
#include "audit/engine/store.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/support/database.hpp"

namespace answerable::engine {
namespace {

constexpr std::string_view person_record =
    "<person xmlns=\"urn:answerable:person:1\" id=\"PER-EXAMPLE\"><person scheme=\"nhs-number\">9990000018</person>"
    "<name>Example Person</name></person>";

/// Nobody relies on what is stored here: commits need not wait for the disk.
constexpr const char* unhurried = " options='-c synchronous_commit=off'";

struct Council {
  std::string code, name;
};

/// All councils that have a code, so that each example has a ledger of its own. No example says which council it is.
std::vector<Council> councils() {
  std::ifstream file(share_folder() / "schemas" / "codes" / "cassr.csv");
  std::vector<Council> all;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto first = line.find(','), second = line.find(',', first + 1);
    if (first == 0) continue;
    std::string name = line.substr(second + 1);
    std::erase(name, '"');
    all.push_back({line.substr(0, first), name});
  }
  return all;
}

/// A ledger to which examples are sent, with the programs' own intake.
class Ledger {
 public:
  Ledger(const xml::Kinds& kinds, Catalogue& catalogue)
      : catalogue_(&catalogue), connection_(database_.conninfo() + unhurried, "test"), reader_(kinds, limits()) {}

  /// Sends one envelope; says what is wrong with it, if anything.
  std::string send(const Council& council, const Example::Sent& sent) {
    const std::string sender =
        sent.by == "council"
            ? fmt::format("<sender scheme=\"cassr\" code=\"{}\">{}</sender>", council.code, council.name)
        : sent.by == "trust" ? "<sender scheme=\"ods\" code=\"RH5\">Somerset Partnership NHS Foundation Trust</sender>"
                             : "<sender scheme=\"cqc-provider\" code=\"1-1000000001\">Fernlea Home Care</sender>";
    std::string file = fmt::format(
        "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-{}</messageId>{}"
        "<authority scheme=\"cassr\" code=\"{}\">{}</authority>{}<createdAt>{}T09:00:00Z</createdAt>"
        "<sourceSystem>example</sourceSystem></header><records>\n",
        ++messages_, sender, council.code, council.name,
        sent.agreement.empty() ? "" : fmt::format("<agreement>{}</agreement>", sent.agreement), iso(sent.on));
    for (const auto& record : sent.records) file += record + "\n";
    file += "</records></submission>\n";
    std::istringstream bytes(file);
    intake::Options options;
    options.received_at = sent.on + std::chrono::hours{12};
    const auto answer = intake::submit(connection_, reader_, bytes, options);
    if (const auto* refusal = std::get_if<intake::Refusal>(&answer)) return "refused: " + complaints(refusal->faults);
    const auto& receipt = std::get<intake::Receipt>(answer);
    return receipt.held == 0 ? "" : "held: " + complaints(receipt.faults);
  }

  struct Judged {
    std::string duty, state, sentence;
    Outcome outcome{};
  };
  /// Everything a rule says of a council's ledger on a day, knowing all that is held.
  std::vector<Judged> judge(const Council& council, const std::string& rule, Day as_of) {
    std::vector<Judged> found;
    question(connection_, *catalogue_, council.code, as_of, std::nullopt,
             [&](const Context& context, const SubjectTimeline& timeline, const Judgement& j) {
               const auto& judged_by = catalogue_->rules()[j.duty.rule];
               if (judged_by.id != rule) return;
               const auto& duty = judged_by.editions[j.duty.edition].duties[j.duty.duty];
               found.push_back({duty.id, std::string(j.state), sentence(context, timeline, j), j.outcome});
             });
    return found;
  }

 private:
  static xml::Limits limits() {
    xml::Limits limits;
    limits.workers = 1;
    return limits;
  }

  static std::string complaints(const std::vector<Fault>& faults) {
    std::string all;
    for (const auto& fault : faults)
      if (fault.severity == Severity::error)
        all += fmt::format("{} {}: {} (sent: {}) ", fault.record_id, fault.field, fault.problem, fault.sent);
    return all;
  }

  Catalogue* catalogue_;
  testing::TestDatabase database_;
  pg::Connection connection_;
  xml::FileReader reader_;
  int messages_{};
};

/// What an example expects and what came of it; "" when they agree. The next round of a duty that comes round again is
/// pending whatever became of this one, and is left aside.
std::string compare(const Example& example, const std::vector<Ledger::Judged>& found) {
  std::vector<const Ledger::Judged*> about;
  for (const auto& judged : found) {
    if (!example.duty.empty() && judged.duty != example.duty) continue;
    const bool next_round = judged.outcome == Outcome::pending && example.outcome != Outcome::pending &&
                            std::any_of(found.begin(), found.end(), [&](const auto& other) {
                              return other.duty == judged.duty && other.outcome != Outcome::pending;
                            });
    if (!next_round) about.push_back(&judged);
  }
  const auto wrong = [&](const Ledger::Judged* judged) {
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

TEST(CatalogueExamples, each_comes_to_what_it_says) {
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  auto catalogue = Catalogue::load(kinds);
  const auto all = councils();
  ASSERT_FALSE(all.empty());
  std::unique_ptr<Ledger> ledger;
  std::size_t next = all.size(), examples = 0;
  const std::size_t rules = catalogue.rules().size();
  for (std::size_t r = 0; r < rules; ++r) {
    const auto& rule = catalogue.rules()[r];
    for (const auto& example : rule.examples) {
      if (next == all.size()) {
        ledger = std::make_unique<Ledger>(kinds, catalogue);
        next = 0;
      }
      const auto& council = all[next++];
      SCOPED_TRACE(fmt::format("{}: {}", rule.id, example.name));
      ASSERT_FALSE(example.sent.empty());
      // The council knows the person, whoever acts first.
      auto envelopes = example.sent;
      const std::string person(person_record);
      if (envelopes.front().by != "council")
        envelopes.insert(envelopes.begin(), {"council", envelopes.front().on, "", {}});
      envelopes.front().records.insert(envelopes.front().records.begin(), person);
      std::string problem;
      for (const auto& sent : envelopes)
        if (problem.empty()) problem = ledger->send(council, sent);
      if (problem.empty()) problem = compare(example, ledger->judge(council, rule.id, example.as_of));
      EXPECT_EQ(problem, "");
      ++examples;
    }
  }
  EXPECT_GE(examples, 2 * rules);
}

}  // namespace
}  // namespace answerable::engine
