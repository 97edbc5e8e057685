// Rules of a council's own: tried on their examples, loaded, judged by, replaced, withdrawn; and still there for the
// audits that used them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "audit/engine/council_rules.hpp"
#include "audit/engine/store.hpp"
#include "audit/trial/trial.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/journeys/journey.hpp"
#include "tests/support/database.hpp"

namespace answerable::engine {
namespace {

Day day(std::string_view text) {
  return parse_day(text).value();
}

constexpr const char* own_id = "own.ack_soon";

std::string complaint(const std::string& id, const std::string& received, const std::string& acknowledged = "") {
  return fmt::format(
      "<complaint xmlns=\"urn:answerable:complaint:1\" id=\"{}\"><person scheme=\"nhs-number\">9990000018</person>"
      "<reference>{}</reference><from>carer</from><concerns>council-function</concerns><received><on>{}</on></received>"
      "{}</complaint>",
      id, id, received,
      acknowledged.empty() ? "" : "<acknowledged><on>" + acknowledged + "</on><how>letter</how></acknowledged>");
}

/// An acknowledgement within so many days. \param unanswered what its second example says of silence
std::string own_rule(const std::string& clock = R"(value="2")", const std::string& unanswered = "breached") {
  return fmt::format(
      R"(<rule xmlns="urn:answerable:rule:1" id="{}" subject="person" function="complaints">
  <title>A complaint is acknowledged within two days.</title><because>This council promised it.</because>
  <edition from="2020-01-01" force="practice" confidence="verified"><source>Complaints charter 2020</source>
    <duty id="main"><when><act is="complaint.received"/></when>
      <follow><step called="an acknowledgement"><act is="complaint.acknowledged" same="case"/></step>
        <within {} unit="day" count="after"/></follow>
      <says outcome="breached">The charter's acknowledgement was due by {{due}}.</says></duty></edition>
  <example name="the next day" as-of="2024-06-01" outcome="met"><sent by="council" on="2024-06-01">{}</sent></example>
  <example name="never" as-of="2024-06-01" outcome="{}"><sent by="trust" on="2024-06-01">{}</sent></example>
</rule>)",
      own_id, clock, complaint("C-1", "2024-03-01", "2024-03-02"), unanswered, complaint("C-2", "2024-03-01"));
}

Catalogue::File file_of(const std::string& text, const std::string& id = own_id) {
  return {id, sha256(as_bytes(text)), text};
}

class CouncilRules : public ::testing::Test {
 protected:
  static const xml::Kinds& kinds() {
    static const auto all = xml::Kinds::load(share_folder() / "schemas");
    return all;
  }
  static Catalogue with(const std::string& text) {
    auto files = Catalogue::shipped();
    files.push_back(file_of(text));
    return Catalogue::from(std::move(files), kinds());
  }

  void send(const std::string& records) {
    xml::Limits limits;
    limits.workers = 1;
    xml::FileReader reader(kinds(), limits);
    std::istringstream file(
        fmt::format("<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-{}</messageId>"
                    "<sender scheme=\"cassr\" code=\"905\">Somerset Council</sender><authority scheme=\"cassr\" "
                    "code=\"905\">Somerset Council</authority><createdAt>2024-06-01T09:00:00Z</createdAt>"
                    "<sourceSystem>test</sourceSystem></header><records>{}</records></submission>",
                    ++messages_, records));
    intake::Options options;
    options.received_at = day("2024-06-01") + std::chrono::hours{12};
    const auto answer = intake::submit(sender_, reader, file, options);
    ASSERT_TRUE(std::holds_alternative<intake::Receipt>(answer))
        << std::get<intake::Refusal>(answer).faults.front().problem;
    ASSERT_EQ(std::get<intake::Receipt>(answer).held, 0);
  }
  void send_complaint() {
    send(
        "<person xmlns=\"urn:answerable:person:1\" id=\"PER-1\"><person scheme=\"nhs-number\">9990000018</person>"
        "<name>Made Up</name></person>" +
        complaint("C-1", "2024-03-01"));
  }

  void load(const Catalogue::File& file, const std::string& by = "the director") {
    pg::Transaction transaction(connection_, pg::Access::read_write);
    load_rule(transaction, "905", file, by, "Our charter says so.");
    transaction.commit();
  }
  void withdraw() {
    pg::Transaction transaction(connection_, pg::Access::read_write);
    withdraw_rule(transaction, "905", own_id, "the director", "The charter is gone.");
    transaction.commit();
  }
  Catalogue catalogue(const std::string& authority = "905") {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    return catalogue_for(transaction, authority, kinds());
  }
  std::vector<CouncilRule> decisions(const std::string& authority = "905") {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    return council_rules(transaction, authority);
  }
  /// What the rule says after an audit by what is loaded now.
  std::vector<Finding> audited() {
    auto rules = catalogue();
    audit(connection_, rules, "905", day("2024-06-01"));
    pg::Transaction transaction(connection_, pg::Access::read_only);
    FindingFilter filter;
    filter.rule = own_id;
    return findings(transaction, "905", filter);
  }

  testing::TestDatabase database_;
  pg::Connection connection_{database_.conninfo(), "test", "answerable_audit"};
  pg::Connection sender_{database_.conninfo(), "test", "answerable_ingest"};
  int messages_{};
};

TEST_F(CouncilRules, are_tried_on_their_own_examples) {
  auto rules = with(own_rule());
  trial::Trial trial(kinds(), rules, database_.conninfo());
  const auto room = trial.room();
  const auto& rule = *rules.find(own_id);
  for (const auto& example : rule.examples) {
    const auto result = trial.run(rule, example);
    EXPECT_TRUE(result.held()) << result.problem;
    EXPECT_EQ(result.rule, own_id);
    EXPECT_EQ(result.example, example.name);
  }
  EXPECT_EQ(trial.room(), room - 2) << "each on a ledger of its own";
}

TEST_F(CouncilRules, that_do_not_do_what_their_examples_say_are_told_so) {
  auto rules = with(own_rule(R"(value="2")", "met-late"));
  trial::Trial trial(kinds(), rules, database_.conninfo());
  auto rule = *rules.find(own_id);
  const auto wrong = trial.run(rule, rule.examples[1]);
  EXPECT_FALSE(wrong.held());
  EXPECT_EQ(wrong.expected, Outcome::met_late);
  EXPECT_NE(wrong.problem.find("expected met-late"), std::string::npos) << wrong.problem;
  EXPECT_NE(
      wrong.problem.find("main: breached (nothing recorded) The charter's acknowledgement was due by 3 March 2024."),
      std::string::npos)
      << wrong.problem;

  rule.examples[0].state = "finished late";
  EXPECT_NE(trial.run(rule, rule.examples[0]).problem.find("expected met (finished late)"), std::string::npos);

  rule.examples[0].duty = "another";
  EXPECT_NE(trial.run(rule, rule.examples[0]).problem.find("nothing was found"), std::string::npos);

  auto broken = rule.examples[1];
  broken.sent[0].records[0] = "<complaint";
  EXPECT_TRUE(trial.run(rule, broken).problem.starts_with("refused: ")) << trial.run(rule, broken).problem;

  auto unknown = rule.examples[1];
  auto& text = unknown.sent[0].records[0];
  text.replace(text.find("9990000018"), 10, "9990000026");
  EXPECT_TRUE(trial.run(rule, unknown).problem.starts_with("held: ")) << trial.run(rule, unknown).problem;
}

TEST_F(CouncilRules, are_judged_by_from_the_next_audit_and_no_longer_when_withdrawn) {
  send_complaint();
  EXPECT_TRUE(audited().empty());
  load(file_of(own_rule()));
  auto found = audited();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].outcome, Outcome::breached);
  EXPECT_EQ(found[0].sentence, "The charter's acknowledgement was due by 3 March 2024.");
  load(file_of(own_rule(R"(value="100")")));
  found = audited();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].outcome, Outcome::pending) << "by the new version";
  EXPECT_EQ(found[0].due, day("2024-06-09"));
  withdraw();
  EXPECT_TRUE(audited().empty());
  load(file_of(own_rule()));
  EXPECT_EQ(audited().size(), 1U) << "loaded once more";
}

/// ASVS 5.0, 1.3.7: a council writes the sentences, a sender the values; neither is a program.
TEST_F(CouncilRules, sentences_take_the_places_there_are_and_run_nothing) {
  auto sent = complaint("C-1", "2024-03-01");
  sent.insert(sent.find("</complaint>"), "<head><words>{due}{{7*7}}</words></head>");
  send(
      "<person xmlns=\"urn:answerable:person:1\" id=\"PER-1\"><person scheme=\"nhs-number\">9990000018</person>"
      "<name>Made Up</name></person>" +
      sent);
  auto text = own_rule();
  const std::string_view said = "was due by {due}.";
  text.replace(text.find(said), said.size(),
               "of {attribute:heads} was due by {due}, {{7*7}} ${jndi:x} {attribute:password} {%s} &lt;% 1 %&gt;.");
  load(file_of(text));
  const auto found = audited();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(
      found[0].sentence,
      "The charter's acknowledgement of {due}{{7*7}} was due by 3 March 2024, {{7*7}} ${jndi:x} not given {%s} <% "
      "1 %>.");
}

TEST_F(CouncilRules, each_decision_stays_on_record) {
  send_complaint();
  load(file_of(own_rule()), "cabinet");
  load(file_of(own_rule(R"(value="3")")));
  withdraw();
  const auto all = decisions();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].id, own_id);
  EXPECT_EQ(all[0].decided_by, "cabinet");
  EXPECT_EQ(all[0].reason, "Our charter says so.");
  EXPECT_FALSE(all[0].withdrawn);
  EXPECT_FALSE(all[1].withdrawn);
  EXPECT_TRUE(all[2].withdrawn);
  EXPECT_EQ(all[2].reason, "The charter is gone.");
  EXPECT_LE(all[0].decided_at, all[2].decided_at);
}

TEST_F(CouncilRules, are_one_councils_alone) {
  send_complaint();
  load(file_of(own_rule()));
  EXPECT_NE(catalogue().find(own_id), nullptr);
  EXPECT_EQ(catalogue("906").find(own_id), nullptr);
  EXPECT_TRUE(decisions("906").empty());
}

TEST_F(CouncilRules, cannot_take_the_place_of_one_that_ships) {
  send_complaint();
  std::string text = own_rule();
  text.replace(text.find(own_id), std::string(own_id).size(), "compl.ack");
  try {
    load(file_of(text, "compl.ack"));
    ADD_FAILURE() << "a shipped rule was replaced";
  } catch (const std::invalid_argument& problem) {
    EXPECT_NE(std::string(problem.what()).find("compl.ack ships with the program"), std::string::npos);
  }
  EXPECT_THROW(load(file_of("division,date,announced,title\n", std::string(Catalogue::calendar_id))),
               std::invalid_argument)
      << "nor the calendar's";
  EXPECT_TRUE(decisions().empty());
}

TEST_F(CouncilRules, that_are_not_loaded_cannot_be_withdrawn) {
  send_complaint();
  EXPECT_THROW(withdraw(), std::invalid_argument);
  load(file_of(own_rule()));
  withdraw();
  EXPECT_THROW(withdraw(), std::invalid_argument) << "twice";
}

TEST_F(CouncilRules, as_an_audit_used_them_are_kept) {
  send_complaint();
  load(file_of(own_rule()));
  audited();
  const auto then = catalogue();
  load(file_of(own_rule(R"(value="100")")));
  audited();
  withdraw();
  audited();
  pg::Transaction transaction(connection_, pg::Access::read_only);
  auto kept = catalogue_of(transaction, then.digest(), kinds());
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->digest(), then.digest());
  ASSERT_EQ(kept->files().size(), then.files().size());
  for (std::size_t i = 0; i < then.files().size(); ++i) EXPECT_EQ(kept->files()[i].bytes, then.files()[i].bytes);
  ASSERT_NE(kept->find(own_id), nullptr);
  EXPECT_FALSE(catalogue_of(transaction, sha256(as_bytes("no such rules")), kinds()));
}

TEST_F(CouncilRules, of_then_give_the_findings_of_then) {
  send_complaint();
  load(file_of(own_rule()));
  const auto before = audited();
  ASSERT_EQ(before.size(), 1U);
  const auto digest = catalogue().digest();
  load(file_of(own_rule(R"(value="100")")));
  audited();
  std::optional<Catalogue> kept;
  {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    kept = catalogue_of(transaction, digest, kinds());
  }
  ASSERT_TRUE(kept);
  FindingFilter filter;
  filter.rule = own_id;
  const auto again = findings(connection_, *kept, "905", filter, day("2024-06-01"), std::nullopt);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].id, before[0].id);
  EXPECT_EQ(again[0].sentence, before[0].sentence);
}

TEST_F(CouncilRules, take_their_number_from_a_policy_record) {
  send_complaint();
  load(file_of(own_rule(R"(policy="ack-days")")));
  auto found = audited();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].outcome, Outcome::unknown);
  EXPECT_EQ(found[0].state, "the council has set no number");
  const auto policy = [](const std::string& id, const std::string& inside) {
    return "<policy xmlns=\"urn:answerable:policy:1\" id=\"" + id + "\">" + inside + "</policy>";
  };
  send(policy("POL-1",
              "<type>timescale</type><title>Acknowledged in five days</title><adopted>2023-12-01</adopted>"
              "<from>2024-01-01</from><value>5</value><unit>day</unit><target>ack-days</target>"
              "<decidedBy>cabinet</decidedBy>"));
  found = audited();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].outcome, Outcome::breached) << "a new policy judges everything again";
  EXPECT_EQ(found[0].due, day("2024-03-06"));
  send(policy("POL-2",
              "<type>rule-off</type><title>Judged elsewhere</title><adopted>2023-12-01</adopted><from>2024-01-01</from>"
              "<rule>own.ack_soon</rule><decidedBy>cabinet</decidedBy><reasons>Two systems.</reasons>"));
  found = audited();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].outcome, Outcome::exempt);
}

TEST(Trial, run_makes_its_own_database) {
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  auto files = Catalogue::shipped();
  files.push_back(file_of(own_rule()));
  auto rules = Catalogue::from(std::move(files), kinds);
  const auto results = trial::run(kinds, rules, {own_id});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_TRUE(results[0].held()) << results[0].problem;
  EXPECT_TRUE(results[1].held()) << results[1].problem;
}

// ─── through the front door ───

TEST(RulesCommand, tests_loads_judges_by_and_withdraws_a_rule) {
  using testing::program;
  using testing::run;
  const testing::Folder folder;
  const std::string data = " --data " + (folder / "data").string();
  const auto rule = folder / (std::string(own_id) + ".xml"), wrong = folder / "wrong" / (std::string(own_id) + ".xml");
  testing::spill(rule, own_rule());
  std::filesystem::create_directory(folder / "wrong");
  testing::spill(wrong, own_rule(R"(value="2")", "met"));
  testing::spill(folder / "sent.xml",
                 "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-1</messageId><sender "
                 "scheme=\"cassr\" code=\"905\">Somerset Council</sender><authority scheme=\"cassr\" "
                 "code=\"905\">Somerset Council</authority><createdAt>2024-06-01T09:00:00Z</createdAt>"
                 "<sourceSystem>test</sourceSystem></header><records><person xmlns=\"urn:answerable:person:1\" "
                 "id=\"PER-1\"><person scheme=\"nhs-number\">9990000018</person><name>Made Up</name></person>" +
                     complaint("C-1", "2024-03-01") + "</records></submission>");
  const std::string decided = " --authority 905 --by 'the director' --reason 'Our charter says so.'" + data;

  const auto tried = run(program + " rules test " + rule.string());
  EXPECT_EQ(tried.code, 0) << tried.out;
  EXPECT_NE(tried.out.find("2 of 2 examples came to what they say."), std::string::npos) << tried.out;
  const auto failed = run(program + " rules test --format json " + wrong.string());
  EXPECT_EQ(failed.code, 3);
  EXPECT_TRUE(failed.json()["examples"][0]["held"]);
  EXPECT_FALSE(failed.json()["examples"][1]["held"]);
  EXPECT_EQ(run(program + " rules test " + (folder / "none.xml").string()).code, 2);
  testing::spill(folder / "own.broken.xml", "<rule>");
  EXPECT_EQ(run(program + " rules test " + (folder / "own.broken.xml").string()).code, 3);

  ASSERT_EQ(run(program + " submit" + data + " " + (folder / "sent.xml").string()).code, 0);
  const auto found = [&] {
    EXPECT_EQ(run(program + " audit" + data).code, 0);
    return run(program + " findings --format json --rule " + own_id + data);
  };
  EXPECT_EQ(found().code, 2) << "there is no such rule yet";

  const auto refused = run(program + " rules load " + wrong.string() + decided, true);
  EXPECT_EQ(refused.code, 3);
  EXPECT_NE(refused.out.find("nothing was loaded"), std::string::npos) << refused.out;
  EXPECT_EQ(run(program + " rules load " + rule.string() + data).code, 2) << "who, why and for whom must be said";
  const auto shipped = run(program + " rules load " ANSWERABLE_SOURCE "/audit/rules/compl.ack.xml" + decided, true);
  EXPECT_EQ(shipped.code, 3);
  EXPECT_NE(shipped.out.find("compl.ack ships with the program"), std::string::npos) << shipped.out;
  EXPECT_EQ(found().code, 2) << "still";

  const auto loaded = run(program + " rules load --format json " + rule.string() + decided);
  ASSERT_EQ(loaded.code, 0) << loaded.out;
  EXPECT_EQ(loaded.json()["loaded"][0]["id"], own_id);
  const auto judged = found();
  ASSERT_EQ(judged.code, 0) << judged.out;
  const auto all = judged.json()["findings"];
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["outcome"], "breached");
  const std::string id = all[0]["finding"];
  const auto explained = run(program + " explain " + id + data);
  EXPECT_EQ(explained.code, 0);
  EXPECT_NE(explained.out.find("Complaints charter 2020"), std::string::npos) << explained.out;

  EXPECT_EQ(run(program + " rules withdraw own.other" + decided).code, 2);
  EXPECT_EQ(run(program + " rules withdraw " + own_id + decided).code, 0);
  EXPECT_EQ(found().code, 2) << "gone";
  EXPECT_EQ(run(program + " rules withdraw " + own_id + decided).code, 2) << "twice";
}

TEST(RulesCommand, says_when_a_council_holds_no_records) {
  using testing::program;
  using testing::run;
  const testing::Folder folder;
  const auto rule = folder / (std::string(own_id) + ".xml");
  testing::spill(rule, own_rule());
  const auto loaded = run(program + " rules load " + rule.string() + " --authority 999 --by me --reason why --data " +
                              (folder / "data").string(),
                          true);
  EXPECT_EQ(loaded.code, 3) << loaded.out;
  EXPECT_NE(loaded.out.find("999: no records of that council are held"), std::string::npos) << loaded.out;
}

}  // namespace
}  // namespace answerable::engine
