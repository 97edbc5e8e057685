// Audits of a real ledger: what is stored, what is judged again, and that it comes to the same as judging everything.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <random>
#include <sstream>

#include "audit/engine/ledger_reader.hpp"
#include "audit/engine/marks.hpp"
#include "audit/engine/store.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/support/database.hpp"

namespace answerable::engine {
namespace {

Day day(std::string_view text) {
  return parse_day(text).value();
}

constexpr const char* people[] = {"9990000018", "9990000026", "9990000034"};
constexpr pg::Statement count_steps{"test.steps",
                                    "SELECT count(*), count(*) FILTER (WHERE withdrawn) FROM answerable.finding_step"};
constexpr pg::Statement count_marks{"test.marks", "SELECT count(*) FROM answerable.mark WHERE over IS NULL"};
constexpr pg::Statement count_runs{"test.runs", "SELECT count(*) FROM answerable.audit_run"};
constexpr pg::Statement life_of{
    "test.life",
    "SELECT outcome, withdrawn FROM answerable.finding_step WHERE rule = $1 AND duty = $2 ORDER BY finding, run"};

class Ledger : public ::testing::Test {
 protected:
  Ledger()
      : kinds_(xml::Kinds::load(share_folder() / "schemas")),
        catalogue_(Catalogue::load(kinds_)),
        connection_(database_.conninfo(), "test", "answerable_audit"),
        sender_(database_.conninfo(), "test", "answerable_ingest"),
        reader_(kinds_, [] {
          xml::Limits limits;
          limits.workers = 1;
          return limits;
        }()) {}

  static constexpr const char* trust_sends =
      "<sender scheme=\"ods\" code=\"RH5\">Somerset Partnership NHS Foundation Trust</sender>";
  /// Sends records; every one must be stored.
  void send(const std::string& records, std::string_view on = "2026-01-01", const std::string& sender = trust_sends) {
    std::istringstream file(
        fmt::format("<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-{}</messageId>{}"
                    "<authority scheme=\"cassr\" code=\"905\">Somerset County "
                    "Council</authority><createdAt>2026-01-01T09:00:00Z</createdAt>"
                    "<sourceSystem>test</sourceSystem></header><records>{}</records></submission>",
                    ++messages_, sender, records));
    intake::Options options;
    options.received_at = day(on) + std::chrono::hours{12};
    const auto answer = intake::submit(sender_, reader_, file, options);
    ASSERT_TRUE(std::holds_alternative<intake::Receipt>(answer))
        << std::get<intake::Refusal>(answer).faults.front().problem;
    const auto& receipt = std::get<intake::Receipt>(answer);
    ASSERT_EQ(receipt.held, 0) << receipt.faults.front().field << ": " << receipt.faults.front().problem;
  }
  static std::string person(const char* number) {
    return fmt::format(
        "<person xmlns=\"urn:answerable:person:1\" id=\"PER-{0}\"><person scheme=\"nhs-number\">{0}</person><name>Made "
        "Up</name></person>",
        number);
  }
  static std::string about(const char* number) {
    return fmt::format("<person scheme=\"nhs-number\">{}</person>", number);
  }
  static std::string plan(const char* number, const std::string& id, const std::string& agreed,
                          const std::string& corrects = "") {
    return fmt::format(
        "<careAndSupportPlan xmlns=\"urn:answerable:care-and-support-plan:1\" "
        "id=\"{}\"{}>{}<type>care-and-support</type><agreed>{}</agreed></careAndSupportPlan>",
        id, corrects.empty() ? "" : " corrects=\"" + corrects + "\"", about(number), agreed);
  }
  static std::string review(const char* number, const std::string& id, const std::string& completed, bool evidence,
                            const std::string& corrects = "") {
    return fmt::format(
        "<review xmlns=\"urn:answerable:review:1\" id=\"{}\"{}>{}<type>plan</type><completed>{}</completed>{}</review>",
        id, corrects.empty() ? "" : " corrects=\"" + corrects + "\"", about(number), completed,
        evidence ? "<evidence><item>review-record</item><state>present</state><is>review-record</is><covers>needs "
                   "risks support</covers></evidence>"
                 : "");
  }
  /// One whose outcome is long enough to be compared with others'.
  static std::string told(const char* number, const std::string& id, const std::string& completed, int words) {
    return fmt::format(
        "<review xmlns=\"urn:answerable:review:1\" id=\"{}\">{}<type>plan</type><completed>{}</completed>"
        "<outcome>The plan goes on as it stands, and will be looked at again in {} months.</outcome></review>",
        id, about(number), completed, words);
  }
  static std::string document(const char* number, const std::string& id, const std::string& created, int content) {
    return fmt::format(
        "<document xmlns=\"urn:answerable:document:1\" id=\"{}\">{}<is>review-record</is><created>{}</created>"
        "<sha256>{}</sha256></document>",
        id, about(number), created, std::string(64, static_cast<char>('0' + content)));
  }
  static std::string policy(const std::string& id, const std::string& words) {
    return fmt::format(
        "<policy xmlns=\"urn:answerable:policy:1\" id=\"{}\"><type>{}</type><title>Made up</title>"
        "<adopted>2014-01-01</adopted><from>2014-01-01</from>{}</policy>",
        id, words.substr(0, words.find(' ')), words.substr(words.find(' ') + 1));
  }
  static std::string assessment(const char* number, const std::string& id, const std::string& completed) {
    return fmt::format(
        "<assessment xmlns=\"urn:answerable:assessment:1\" "
        "id=\"{}\">{}<type>needs</type><completed>{}</completed></assessment>",
        id, about(number), completed);
  }

  AuditReport audit_on(std::string_view as_of) { return audit(connection_, catalogue_, "905", day(as_of)); }
  std::string stored() {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    return text(findings(transaction, "905", {}));
  }
  std::string computed(std::string_view as_of, std::optional<std::int64_t> known_at = {}) {
    return text(findings(connection_, catalogue_, "905", {}, day(as_of), known_at));
  }
  static std::string text(const std::vector<Finding>& all) {
    std::string out;
    for (const auto& f : all)
      out +=
          fmt::format("{} {} {} {} {} ({}) {} {} {} {} {} {} {} {}\n", format_finding(f.id), f.subject, f.rule, f.duty,
                      word(f.outcome), f.state, f.trigger_act, iso(f.trigger_when), f.trigger_record, f.occurrence,
                      f.due ? iso(*f.due) : "-", f.flagged_since ? iso(*f.flagged_since) : "-", f.actor, f.sentence);
    return out;
  }
  std::pair<std::int64_t, std::int64_t> steps() {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    const auto row = transaction.run_one(count_steps);
    return {row.int64(0, 0), row.int64(0, 1)};
  }

  testing::TestDatabase database_;
  xml::Kinds kinds_;
  Catalogue catalogue_;
  pg::Connection connection_, sender_;
  xml::FileReader reader_;
  int messages_{};
};

TEST_F(Ledger, an_agreement_reaches_the_people_it_names) {
  const auto agreed = [](std::string_view scheme, std::string_view number) {
    return fmt::format(
        "<agreement xmlns=\"urn:answerable:agreement:1\" id=\"AGR\"><reference>S79-NAMED</reference><type>s79</type>"
        "<party scheme=\"ods\" code=\"RH5\">Somerset Partnership NHS Foundation "
        "Trust</party><functions>assessment</functions>"
        "<extent>named</extent><namedPerson scheme=\"{}\">{}</namedPerson><from>2023-01-01</from></agreement>",
        scheme, number);
  };
  std::string done = assessment(people[0], "A-1", "2024-02-01");
  done.replace(done.find("<type>"), 0, "<agreement>S79-NAMED</agreement>");
  send(person(people[0]) + agreed("nhs-number", people[0]) + done);
  FindingFilter rule;
  rule.rule = "deleg.attribution";
  const auto all = findings(connection_, catalogue_, "905", rule, day("2024-06-01"), {});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].outcome, Outcome::met) << all[0].sentence;
}

TEST_F(Ledger, judges_again_only_what_changed) {
  send(person(people[0]) + person(people[1]) + plan(people[0], "P-1", "2024-01-10") +
       plan(people[1], "P-2", "2024-05-10"));
  const auto first = audit_on("2024-06-01");
  EXPECT_EQ(first.judged, 2);
  EXPECT_EQ(first.why, (std::map<std::string, std::int64_t>{{"first audit", 2}}));
  EXPECT_GT(first.steps, 0);

  const auto again = audit_on("2024-06-01");
  EXPECT_EQ(again.judged, 0);
  EXPECT_EQ(again.steps, 0);
  EXPECT_EQ(again.outcomes, first.outcomes);

  send(review(people[0], "R-1", "2024-05-01", true));
  const auto changed = audit_on("2024-06-01");
  EXPECT_EQ(changed.judged, 1);
  EXPECT_EQ(changed.why, (std::map<std::string, std::int64_t>{{"new records", 1}}));

  const auto later = audit_on("2024-07-08");
  EXPECT_EQ(later.why, (std::map<std::string, std::int64_t>{{"a date that has come", 1}}))
      << "eight weeks after the second plan";
  EXPECT_EQ(stored(), computed("2024-07-08"));
}

TEST_F(Ledger, keeps_every_step_of_a_finding) {
  send(person(people[0]) + plan(people[0], "P-1", "2023-01-10"));
  audit_on("2023-06-01");
  audit_on("2024-06-01");
  send(review(people[0], "R-1", "2023-12-01", false));
  audit_on("2024-06-01");
  send(review(people[0], "R-1A", "2023-12-01", true, "R-1"));
  audit_on("2024-06-01");
  pg::Transaction transaction(connection_, pg::Access::read_only);
  const auto life = transaction.run(life_of, "review.annual", "main");
  std::vector<std::string> outcomes_of_first;
  for (int i = 0; i < life.rows(); ++i) outcomes_of_first.emplace_back(life.text(i, 0));
  std::sort(outcomes_of_first.begin(), outcomes_of_first.end());
  // The plan's interval: pending, breached, not evidenced, met. The interval after the review: pending, and pending
  // again as its correction says, under the same number.
  EXPECT_EQ(outcomes_of_first,
            (std::vector<std::string>{"breached", "met", "not-evidenced", "pending", "pending", "pending"}));
}

TEST_F(Ledger, withdraws_what_nothing_calls_for_any_more) {
  send(person(people[0]) + assessment(people[0], "A-1", "2024-02-01"));
  audit_on("2024-06-01");
  const auto before = steps();
  EXPECT_NE(stored().find("assess.record"), std::string::npos);
  send(
      fmt::format("<assessment xmlns=\"urn:answerable:assessment:1\" id=\"A-2\" "
                  "corrects=\"A-1\">{}<type>needs</type><started>2024-02-01</started></assessment>",
                  about(people[0])));
  audit_on("2024-06-01");
  EXPECT_EQ(stored(), computed("2024-06-01"));
  EXPECT_EQ(stored().find("assess.record"), std::string::npos);
  EXPECT_GT(steps().second, before.second);
  EXPECT_GE(steps().first, before.first) << "nothing is deleted";
  // And comes back under the same name.
  send(
      fmt::format("<assessment xmlns=\"urn:answerable:assessment:1\" id=\"A-3\" "
                  "corrects=\"A-2\">{}<type>needs</type><completed>2024-02-01</completed></assessment>",
                  about(people[0])));
  audit_on("2024-06-01");
  EXPECT_EQ(stored(), computed("2024-06-01"));
  EXPECT_NE(stored().find("assess.record"), std::string::npos);
}

TEST_F(Ledger, a_question_stores_nothing_and_recomputes_the_past) {
  send(person(people[0]) + plan(people[0], "P-1", "2023-01-10"), "2023-02-01");
  audit_on("2024-06-01");
  const std::string then = stored();
  std::int64_t size = 0;
  {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    Vocabulary words;
    size = LedgerReader(transaction, "905", words).size();
  }
  send(review(people[0], "R-1", "2023-03-01", true), "2024-07-01");
  audit_on("2024-08-01");
  const auto steps_before = steps();
  EXPECT_EQ(computed("2024-06-01", size), then) << "byte for byte";
  EXPECT_NE(stored(), then);
  EXPECT_EQ(steps(), steps_before);
  pg::Transaction transaction(connection_, pg::Access::read_only);
  Vocabulary words;
  const LedgerReader ledger(transaction, "905", words);
  EXPECT_EQ(ledger.known_at(*parse_instant("2024-06-30T00:00:00Z")), size);
  EXPECT_EQ(ledger.known_at(*parse_instant("2022-06-30T00:00:00Z")), 0);
  EXPECT_EQ(ledger.known_at(*parse_instant("2025-06-30T00:00:00Z")), ledger.size());
  EXPECT_EQ(transaction.run_one(count_runs).int64(0, 0), 2);
}

TEST_F(Ledger, judges_all_when_an_agreement_comes) {
  send(person(people[0]) + person(people[1]) + plan(people[0], "P-1", "2023-01-10"));
  audit_on("2024-06-01");
  EXPECT_NE(stored().find("cassr:905"), std::string::npos);
  send(
      "<agreement xmlns=\"urn:answerable:agreement:1\" id=\"AGR-1\"><reference>S75-1</reference><type>s75</type>"
      "<party scheme=\"ods\" code=\"RH5\">Somerset Partnership NHS Foundation Trust</party><functions>review "
      "care-planning</functions>"
      "<extent>all</extent><from>2010-04-01</from></agreement>");
  const auto report = audit_on("2024-06-01");
  EXPECT_EQ(report.why, (std::map<std::string, std::int64_t>{{"agreements or council policy changed", 3}}));
  EXPECT_EQ(stored(), computed("2024-06-01"));
  EXPECT_EQ(stored().find("It was for Somerset to review"), std::string::npos) << "now the trust's to do";
}

TEST_F(Ledger, evidence_from_another_persons_record_is_found) {
  send(person(people[0]) + person(people[1]) + review(people[0], "R-1", "2024-02-01", false));
  audit_on("2024-06-01");
  send(fmt::format(
      "<document xmlns=\"urn:answerable:document:1\" id=\"D-1\">{}<is>review-record</is><created>2024-02-01</created>"
      "<offered><record>R-1</record><as>review-record</as></offered></document>",
      about(people[1])));
  const auto report = audit_on("2024-06-01");
  EXPECT_EQ(report.why.at("new records"), 2) << "both people's timelines";
  EXPECT_EQ(stored(), computed("2024-06-01"));
}

TEST_F(Ledger, explains_what_it_found) {
  send(person(people[0]) + plan(people[0], "P-1", "2023-01-10"));
  audit_on("2024-06-01");
  std::vector<Finding> all;
  {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    FindingFilter filter;
    filter.rule = "review.annual";
    all = findings(transaction, "905", filter);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(subject_of(transaction, "905", all[0].id), all[0].subject);
    EXPECT_FALSE(subject_of(transaction, "905", 12345));
  }
  const auto explained =
      explain(connection_, catalogue_, "905", all[0].subject, all[0].id, day("2024-06-01"), std::nullopt);
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->outcome, Outcome::breached);
  EXPECT_EQ(explained->sentence, all[0].sentence);
  EXPECT_FALSE(explain(connection_, catalogue_, "905", all[0].subject, all[0].id, day("2022-06-01"), std::nullopt))
      << "before the plan";
  std::size_t all_explained = 0;
  explain_all(connection_, catalogue_, "905", all[0].subject, day("2024-06-01"), std::nullopt,
              [&](const Explanation&) { ++all_explained; });
  EXPECT_EQ(all_explained, findings(connection_, catalogue_, "905", {}, day("2024-06-01"), std::nullopt).size());
}

TEST_F(Ledger, reads_the_same_in_batches_of_any_size) {
  std::string records;
  for (const char* number : people)
    records += person(number) + plan(number, fmt::format("P-{}", number), "2023-01-10") +
               assessment(number, fmt::format("A-{}", number), "2022-12-01");
  send(records);
  pg::Transaction transaction(connection_, pg::Access::read_only);
  Vocabulary words;
  const LedgerReader ledger(transaction, "905", words);
  for (const std::size_t entries : {1U, 4U, 1000U}) {
    std::vector<std::pair<std::int32_t, std::size_t>> seen;
    ledger.each(
        ledger.size(), std::nullopt,
        [&](const Batch& batch) {
          for (const auto& timeline : batch.timelines()) seen.emplace_back(timeline.subject, timeline.entries.size());
        },
        entries);
    ASSERT_EQ(seen.size(), 3U) << entries;
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    EXPECT_EQ(seen[0].second, 2U);
  }
  std::size_t listed = 0;
  ledger.each(ledger.size(), std::vector<std::int32_t>{1, 3},
              [&](const Batch& batch) { listed += batch.timelines().size(); });
  EXPECT_EQ(listed, 2U);
}

TEST_F(Ledger, a_policy_counts_only_when_the_council_sent_it) {
  send(person(people[0]) + plan(people[0], "P-1", "2023-01-10"));
  const auto annual = [&] {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    FindingFilter filter;
    filter.rule = "review.annual";
    return findings(transaction, "905", filter).at(0).outcome;
  };
  send(policy("POL-1", "rule-off <rule>review.annual</rule>"));
  audit_on("2024-06-01");
  EXPECT_EQ(annual(), Outcome::breached) << "a trust cannot switch off what it is judged by";
  send(policy("POL-1", "rule-off <rule>review.annual</rule>"), "2026-01-01",
       "<sender scheme=\"cassr\" code=\"905\">Somerset County Council</sender>");
  const auto report = audit_on("2024-06-01");
  EXPECT_EQ(annual(), Outcome::exempt);
  EXPECT_TRUE(report.why.contains("agreements or council policy changed"));
}

TEST_F(Ledger, a_document_sent_about_somebody_else_changes_what_the_first_one_proves) {
  send(person(people[0]) + person(people[1]) + document(people[0], "D-1", "2024-01-10", 1));
  audit_on("2024-06-01");
  const auto shared = [&] {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    FindingFilter filter;
    filter.rule = "records.shared_document";
    std::vector<Outcome> all;
    for (const auto& finding : findings(transaction, "905", filter)) all.push_back(finding.outcome);
    return all;
  };
  EXPECT_EQ(shared(), std::vector{Outcome::met});
  const std::string before = computed("2024-06-01");
  const std::int64_t known = audit_on("2024-06-01").known_at;
  send(document(people[1], "D-2", "2024-01-10", 1));
  const auto report = audit_on("2024-06-01");
  EXPECT_EQ(shared(), (std::vector{Outcome::contradicted, Outcome::contradicted}));
  EXPECT_EQ(report.why.at("what other people's records show"), 1);
  EXPECT_EQ(computed("2024-06-01", known), before) << "what was known then is as it was";
}

TEST_F(Ledger, a_changed_measure_is_asked_without_new_records) {
  auto files = Catalogue::shipped();
  const auto measure = std::find_if(files.begin(), files.end(), [](const auto& file) {
    return file.id == std::string(Catalogue::measure_prefix) + "records.shared_document";
  });
  ASSERT_NE(measure, files.end());
  const std::string several = "count(DISTINCT subject) > 1";
  const auto at = measure->bytes.find(several);
  ASSERT_NE(at, std::string::npos);
  measure->bytes.replace(at, several.size(), "count(DISTINCT subject) > 2");
  measure->digest = sha256(as_bytes(measure->bytes));
  auto laxer = Catalogue::from(std::move(files), kinds_);
  send(person(people[0]) + person(people[1]) + document(people[0], "D-1", "2024-01-10", 1) +
       document(people[1], "D-2", "2024-01-10", 1));
  const auto contradicted = [&] {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    FindingFilter filter;
    filter.rule = "records.shared_document";
    filter.outcomes = {Outcome::contradicted};
    return findings(transaction, "905", filter).size();
  };
  audit(connection_, laxer, "905", day("2024-06-01"));
  EXPECT_EQ(contradicted(), 0U);
  audit_on("2024-06-01");
  EXPECT_EQ(contradicted(), 2U);
}

/// Random histories, audited as they grow: what is stored is what judging everything gives, and what the measures were
/// told of is what they find when they are asked about everything.
TEST_F(Ledger, incremental_and_full_audits_agree) {
  std::mt19937 random(20261121);
  const auto upto = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::string everybody;
  for (const char* number : people) everybody += person(number);
  send(everybody);
  auto files = Catalogue::shipped();
  for (auto& file : files)
    if (file.id.starts_with(Catalogue::measure_prefix)) file.digest = sha256(as_bytes(file.bytes += "<!-- anew -->"));
  const auto anew = Catalogue::from(std::move(files), kinds_);
  std::int64_t marked = 0;
  Day today = day("2014-06-01");
  std::vector<std::string> reviews;
  std::vector<const char*> reviewed;
  for (int round = 0; round < 40; ++round) {
    std::string records;
    for (int i = upto(4); i > 0; --i) {
      const char* number = people[upto(3)];
      const std::string id = fmt::format("X-{}-{}", round, i);
      std::string when = iso(today - std::chrono::days{upto(500)});
      if (upto(5) == 0) when.resize(7);
      switch (upto(7)) {
        case 5:
        case 6:
          records += document(number, id, when, upto(5));
          break;
        case 0:
          records += plan(number, id, when);
          break;
        case 1:
          records += assessment(number, id, when);
          break;
        case 2:
          if (!reviews.empty() && upto(2) == 0) {
            const std::size_t which = static_cast<std::size_t>(upto(static_cast<int>(reviews.size())));
            records += review(reviewed[which], id, when, upto(2) == 0, reviews[which]);
            reviews[which] = id;
            break;
          }
          [[fallthrough]];
        default:
          records += review(number, id, when, upto(2) == 0);
          reviews.push_back(id);
          reviewed.push_back(number);
      }
    }
    for (int i = upto(3) == 0 ? upto(9) : 0; i > 0; --i) {
      const std::string id = fmt::format("T-{}-{}", round, i);
      reviews.push_back(id);
      reviewed.push_back(people[upto(3)]);
      records += told(reviewed.back(), id, "2013-09-30", upto(5));
    }
    if (!records.empty()) {
      ASSERT_NO_FATAL_FAILURE(send(records));
    }
    if (upto(10) == 0) {
      ASSERT_NO_FATAL_FAILURE(
          send(policy(fmt::format("POL-{}", round),
                      upto(2) == 0 ? "rule-off <rule>assess.record</rule>"
                                   : "severity <rule>review.annual</rule><severity>advisory</severity>"),
               "2026-01-01", "<sender scheme=\"cassr\" code=\"905\">Somerset County Council</sender>"));
    }
    today += std::chrono::days{upto(120)};
    if (upto(3) == 0) continue;
    audit_on(iso(today));
    ASSERT_EQ(stored(), computed(iso(today))) << "round " << round;
    pg::Transaction transaction(connection_, pg::Access::read_write);
    marked += transaction.run_one(count_marks).int64(0, 0);
    const auto size = LedgerReader(transaction, "905", catalogue_.vocabulary()).size();
    ASSERT_EQ(refresh_marks(transaction, anew, "905", size), std::vector<std::int32_t>{}) << "round " << round;
  }
  EXPECT_GT(marked, 100);
  EXPECT_GT(stored().size(), 1000U);
}

}  // namespace
}  // namespace answerable::engine
