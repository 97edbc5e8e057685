// Made-up cases told again as records: what the faults in them come to, what must not be found, and that nothing of
// what an ombudsman made of a case is ever read.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "audit/engine/catalogue.hpp"
#include "audit/replay/kinds.hpp"
#include "audit/replay/quantities.hpp"
#include "audit/replay/replay.hpp"
#include "audit/replay/telling.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::replay {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path made_up = fs::path(ANSWERABLE_SOURCE) / "tests/ombudsman/cases";

/// The kinds of event and of fault of the cases' format.
constexpr std::array event_kinds{"contact",
                                 "request_for_assessment",
                                 "assessment_started",
                                 "assessment_completed",
                                 "eligibility_decision",
                                 "care_plan_agreed",
                                 "care_plan_shared",
                                 "personal_budget_set",
                                 "support_started",
                                 "support_changed",
                                 "support_reduced",
                                 "support_stopped",
                                 "direct_payment_started",
                                 "direct_payment_stopped",
                                 "direct_payment_reviewed",
                                 "review_due",
                                 "review_started",
                                 "review_completed",
                                 "review_cancelled",
                                 "review_requested",
                                 "carer_assessment_requested",
                                 "carer_assessment_completed",
                                 "financial_assessment",
                                 "charge_levied",
                                 "safeguarding_concern",
                                 "safeguarding_enquiry_started",
                                 "safeguarding_enquiry_closed",
                                 "mental_capacity_assessment",
                                 "best_interests_decision",
                                 "dols_application",
                                 "dols_authorised",
                                 "hospital_discharge",
                                 "visit_missed",
                                 "care_incident",
                                 "records_requested",
                                 "records_unavailable",
                                 "complaint_received",
                                 "complaint_acknowledged",
                                 "complaint_response",
                                 "complaint_redirected",
                                 "complaint_closed",
                                 "ombudsman_contacted",
                                 "other"};
constexpr std::array checkable_faults{"assessment_delayed",
                                      "assessment_not_done",
                                      "assessment_evidence_missing",
                                      "person_not_involved",
                                      "eligibility_reasons_missing",
                                      "care_plan_missing",
                                      "care_plan_not_shared",
                                      "review_not_done",
                                      "review_overdue",
                                      "review_evidence_missing",
                                      "support_reduced_without_review",
                                      "support_stopped_without_evidence",
                                      "support_not_provided",
                                      "support_short_of_plan",
                                      "direct_payment_delayed",
                                      "direct_payment_stopped_wrongly",
                                      "carer_assessment_not_done",
                                      "financial_assessment_delayed",
                                      "charging_wrong",
                                      "charging_information_missing",
                                      "safeguarding_delayed",
                                      "safeguarding_not_done",
                                      "capacity_assessment_missing",
                                      "best_interests_missing",
                                      "dols_unauthorised",
                                      "records_inadequate",
                                      "third_party_not_monitored",
                                      "complaint_delayed",
                                      "complaint_misdirected",
                                      "complaint_not_answered"};
constexpr std::array evidences{"recorded", "missing", "late", "contradicted", "not_stated"};

/// One server for all tests of the program.
Replayer& replayer() {
  static Replayer one;
  return one;
}

std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Result replay_of(const json& document) {
  return replayer().replay(parse_case("a case", document.dump()));
}

std::set<std::string> kinds_of(const Result& result) {
  std::set<std::string> kinds;
  for (const auto& found : result.findings) kinds.insert(found.kind);
  return kinds;
}

json bare_case() {
  return {{"ref", "TEST"},
          {"council", "Demonstration Council"},
          {"decided", "2022-06-01"},
          {"people", {{{"id", "A"}, {"role", "person"}}, {{"id", "C"}, {"role", "carer"}}}},
          {"parties",
           {{{"id", "P1"}, {"kind", "council"}, {"name", "Demonstration Council"}, {"acts_for", "none"}},
            {{"id", "P2"}, {"kind", "nhs_trust"}, {"name", "A trust"}, {"acts_for", "council (s79 delegation)"}},
            {{"id", "P3"},
             {"kind", "care_provider"},
             {"name", "An agency"},
             {"acts_for", "council (commissioned contract)"}}}},
          {"events", json::array()}};
}

json event(const char* date, const char* kind, const char* actor, const char* evidence, const char* detail = "",
           const char* subject = "A") {
  const std::string_view text(date);
  return {{"date", date},        {"precision", text.size() == 4 ? "year" : text.size() == 7 ? "month" : "day"},
          {"kind", kind},        {"actor", actor},
          {"subject", subject},  {"detail", detail},
          {"evidence", evidence}};
}

TEST(Replay, finds_the_faults_of_the_made_up_cases_and_raises_nothing_where_there_was_none) {
  int faults = 0, heads = 0;
  for (const auto& file : fs::directory_iterator(made_up)) {
    SCOPED_TRACE(file.path().filename());
    const auto document = json::parse(slurp(file));
    const auto result = replayer().replay(read_case(file));
    const auto kinds = kinds_of(result);
    EXPECT_EQ(result.held, 0) << ::testing::PrintToString(result.notes);
    // Where a case tells many ways of one kind, each is a person's.
    const auto raised = [&](const json& head) {
      const auto kind = head["kind"].get<std::string>();
      return head.contains("subject")
                 ? std::ranges::any_of(
                       result.findings,
                       [&](const auto& found) { return found.kind == kind && found.subject == head["subject"]; })
                 : kinds.contains(kind);
    };
    for (const auto& fault : document["faults"]) {
      EXPECT_TRUE(raised(fault)) << fault;
      ++faults;
    }
    for (const auto& head : document["no_fault"]) {
      EXPECT_FALSE(raised(head)) << head;
      ++heads;
    }
  }
  EXPECT_GE(faults, 260);
  EXPECT_GE(heads, 40);
}

TEST(Replay, reads_nothing_of_what_the_ombudsman_made_of_a_case) {
  for (const char* name : {"MADE-02.json", "MADE-03.json"}) {
    const auto file = made_up / name;
    auto document = json::parse(slurp(file));
    const auto before = replay::json(replay_of(document)).dump();
    document["faults"] = {{{"kind", "dols_unauthorised"}, {"actor", "P1"}}};
    document["no_fault"] = "changed";
    document["remedy"] = {{"apology", true}};
    document["outcome"] = "not_upheld";
    document["note"] = "changed";
    EXPECT_EQ(replay::json(replay_of(document)).dump(), before) << name;
    for (const char* member : {"faults", "no_fault", "remedy", "outcome"}) document.erase(member);
    EXPECT_EQ(replay::json(replay_of(document)).dump(), before) << name;
  }
}

TEST(Replay, takes_in_every_kind_of_event_with_every_evidence) {
  for (const char* actor : {"P1", "P2", "P3", "A", "C", "nobody"}) {
    SCOPED_TRACE(actor);
    for (const char* evidence : evidences) {
      auto document = bare_case();
      for (const char* kind : event_kinds)
        document["events"].push_back(event("2020-03", kind, actor, evidence, "no record of it; 20 pounds; hospital"));
      const auto result = replay_of(document);
      EXPECT_EQ(result.held, 0) << evidence << ::testing::PrintToString(result.notes);
      EXPECT_GT(result.records, static_cast<std::int64_t>(event_kinds.size()));
    }
  }
}

TEST(Replay, never_refuses_a_case_for_an_odd_event) {
  auto document = bare_case();
  document["council"] = "Council of Nowhere";
  document["people"] = json::array();
  document["events"] = {event("2019-02-30", "contact", "P1", "recorded"),
                        event("2021", "something_new", "P9", "recorded", "a thing nobody thought of"),
                        event("2020-01-05", "review_completed", "P1", "missing", "", "P1"),
                        json("not an object"),
                        {{"kind", "contact"}},
                        event("2023-01", "review_completed", "P1", "recorded")};
  const auto result = replay_of(document);
  EXPECT_TRUE(kinds_of(result).contains("review_evidence_missing"));
  const auto notes = ::testing::PrintToString(result.notes);
  for (const char* said : {"Council of Nowhere", "2019-02-30", "something_new", "not an object", "after the decision",
                           "no person with needs"})
    EXPECT_NE(notes.find(said), std::string::npos) << said << "\n" << notes;
}

TEST(Replay, what_comes_after_the_decision_changes_nothing) {
  auto document = bare_case();
  document["events"] = {event("2021-01-11", "request_for_assessment", "A", "recorded")};
  const auto before = replay_of(document);
  document["events"].push_back(event("2022-06-20", "assessment_completed", "P1", "recorded"));
  const auto after = replay_of(document);
  EXPECT_TRUE(kinds_of(before).contains("assessment_not_done"));
  EXPECT_EQ(replay::json(after)["findings"], replay::json(before)["findings"]);
}

TEST(Replay, flags_nothing_before_it_could_be_known) {
  auto document = bare_case();
  document["events"] = {event("2020", "review_completed", "P1", "missing"),
                        event("2021-03-01", "carer_assessment_requested", "C", "recorded", "", "C")};
  const auto result = replay_of(document);
  ASSERT_FALSE(result.findings.empty());
  for (const auto& found : result.findings) {
    if (found.kind == "review_evidence_missing") {
      EXPECT_EQ(iso(*found.first_flagged), "2020-12-31");
    }
    if (found.kind == "carer_assessment_not_done") {
      EXPECT_GT(iso(*found.first_flagged), "2021-03-01");
      EXPECT_EQ(found.subject, "C");
    }
  }
  EXPECT_TRUE(kinds_of(result).contains("carer_assessment_not_done"));
}

TEST(Replay, names_who_acted_and_that_the_council_answers) {
  auto document = bare_case();
  document["events"] = {event("2019-05", "eligibility_decision", "P2", "missing")};
  const auto result = replay_of(document);
  const auto found = std::ranges::find(result.findings, "eligibility_reasons_missing", &Found::kind);
  ASSERT_NE(found, result.findings.end());
  EXPECT_EQ(found->actor, "P2");
  EXPECT_EQ(found->actor_name, "A trust");
  EXPECT_EQ(found->accountable, "Demonstration Council");
}

TEST(Replay, lets_silence_be_silence) {
  auto document = bare_case();
  document["events"] = {event("2019-05-01", "eligibility_decision", "P1", "recorded", "eligible for ten hours"),
                        event("2019-06-01", "support_started", "P1", "recorded"),
                        event("2020-09", "complaint_received", "A", "recorded")};
  const auto result = replay_of(document);
  EXPECT_EQ(kinds_of(result), std::set<std::string>{}) << text(result);
  EXPECT_FALSE(result.silence.empty());
}

TEST(Replay, says_what_is_wrong_with_a_file_that_is_no_case) {
  const auto problem = [](const std::string& bytes) -> std::string {
    try {
      parse_case("x.json", bytes);
      return "";
    } catch (const BadCase& bad) {
      return bad.what();
    }
  };
  EXPECT_NE(problem("{").find("x.json: byte"), std::string::npos);
  EXPECT_NE(problem("[]").find("expected one object, found array"), std::string::npos);
  EXPECT_NE(problem("{\"ref\": \"1\"}").find("expected a list of events"), std::string::npos);
  EXPECT_NE(problem("{\"events\": 3}").find("events: expected a list, found number"), std::string::npos);
  EXPECT_EQ(problem("{\"events\": []}"), "");
}

TEST(ReplayMapping, knows_every_kind_of_event_and_speaks_of_every_fault_a_machine_can_check) {
  const auto schemas = share_folder() / "schemas";
  const Mapping mapping(share_folder() / "replay", schemas);
  for (const char* kind : event_kinds) EXPECT_NE(mapping.kind(kind), nullptr) << kind;
  const auto rows = slurp(share_folder() / "replay/kinds.xml");
  for (const char* fault : checkable_faults)
    EXPECT_NE(rows.find("<fault kind=\"" + std::string(fault) + "\""), std::string::npos) << fault;
  const FaultKinds fault_kinds(share_folder() / "replay", schemas);
  const auto known = xml::Kinds::load(schemas);
  const auto catalogue = engine::Catalogue::load(known);
  for (const auto& rule : fault_kinds.rules()) EXPECT_NE(catalogue.find(rule), nullptr) << rule;
}

TEST(ReplayMapping, word_lists_match_as_they_say) {
  const Words words("no .. review|chas*|s.75");
  const auto match = [&](std::string_view text) { return words.match(split_words(text)); };
  EXPECT_TRUE(match("There was No annual or other review."));
  EXPECT_TRUE(match("She chased it"));
  EXPECT_TRUE(match("under s.75, agreed"));
  EXPECT_FALSE(match("a review, and no more"));
  EXPECT_FALSE(match("no one two three four five six seven review"));
  EXPECT_FALSE(match("purchased"));
  EXPECT_EQ(split_words("the carer\xe2\x80\x99s own").at(1), "carer's");
  EXPECT_FALSE(match("no answer; a review was held")) << "words of two clauses were read as one";
  EXPECT_FALSE(match("no answer (a review was held)"));
  EXPECT_EQ(split_words("7.5 hours. Then none"), (std::vector<std::string>{"7.5", "hours", ";", "then", "none"}));
}

TEST(ReplayMapping, word_lists_are_made_of_others) {
  Lexicon lexicon;
  lexicon.emplace("not", Words("not|failed to"));
  lexicon.emplace("do", Words("held|carry out"));
  lexicon.emplace("undone", Words("@not . @do|overdue"));
  const Words words("review . @undone|@undone . review");
  const auto match = [&](std::string_view text) { return words.match(split_words(text), lexicon); };
  EXPECT_TRUE(match("The review was not yet held"));
  EXPECT_TRUE(match("it failed to carry out a review"));
  EXPECT_TRUE(match("overdue review"));
  EXPECT_FALSE(match("review held"));
  EXPECT_FALSE(match("overdue one two three review")) << "one point stands for two words at most";
  EXPECT_THROW(Words("@nothing").match(split_words("a word"), lexicon), std::out_of_range);
}

TEST(Replay, takes_somebodys_account_of_a_line_without_evidence_for_no_fact) {
  auto document = bare_case();
  document["events"] = {event("2021-01", "financial_assessment", "P1", "not_stated", "son says it took eight months")};
  EXPECT_EQ(kinds_of(replay_of(document)), std::set<std::string>{});
  document["events"][0]["detail"] = "took eight months; son says it was longer";
  EXPECT_TRUE(kinds_of(replay_of(document)).contains("financial_assessment_delayed"));
}

TEST(Replay, calls_no_recalculation_and_no_transition_with_support_going_on_a_fault) {
  auto document = bare_case();
  document["events"] = {event("2019-01", "financial_assessment", "P1", "recorded", "a property counted"),
                        event("2020-01", "financial_assessment", "P1", "recorded", "recalculates without the property"),
                        event("2021-01", "assessment_completed", "P1", "late",
                              "transition assessment after the 18th birthday; children's support went on")};
  const auto kinds = kinds_of(replay_of(document));
  EXPECT_FALSE(kinds.contains("charging_wrong"));
  EXPECT_FALSE(kinds.contains("assessment_delayed"));
}

TEST(Replay, reads_what_was_not_done_then_and_came_later_as_late_and_sends_no_act_for_what_was_not_done) {
  auto document = bare_case();
  document["events"] = {
      event("2021-01", "assessment_completed", "P1", "missing", "no reassessment then; it came later")};
  EXPECT_TRUE(kinds_of(replay_of(document)).contains("assessment_delayed"));
  document["events"][0]["detail"] = "no assessment carried out";
  EXPECT_EQ(kinds_of(replay_of(document)), std::set<std::string>{"assessment_not_done"});
}

TEST(Replay, takes_what_somebody_complains_of_for_no_fact) {
  auto document = bare_case();
  document["events"] = {
      event("2021-02", "complaint_received", "C", "recorded",
            "complains of no review, no assessment and missed visits"),
      event("2021-03", "contact", "C", "recorded", "says nobody told them of the charges and no plan was given")};
  EXPECT_EQ(kinds_of(replay_of(document)), std::set<std::string>{});
  document["events"][1]["actor"] = "P1";
  document["events"][1]["detail"] = "did not tell them of the charges";
  EXPECT_TRUE(kinds_of(replay_of(document)).contains("charging_information_missing"));
}

TEST(Replay, hears_from_a_line_itself_that_an_act_came_late_or_was_not_written_down) {
  const auto found = [](const char* kind, const char* detail) {
    auto document = bare_case();
    document["events"] = {event("2021-02", kind, "P1", "recorded", detail)};
    return kinds_of(replay_of(document));
  };
  EXPECT_TRUE(found("assessment_completed", "done nine months after the referral").contains("assessment_delayed"));
  EXPECT_FALSE(found("assessment_completed", "done nine days after the referral").contains("assessment_delayed"));
  EXPECT_FALSE(found("assessment_completed", "done within three months").contains("assessment_delayed"));
  EXPECT_TRUE(found("review_completed", "no record of what was said").contains("review_evidence_missing"));
  const char* for_money = "from 512 to 430 pounds to save money";
  EXPECT_TRUE(found("personal_budget_set", for_money).contains("support_reduced_without_review"));
  const char* more = "from 430 to 512 pounds to save money";
  EXPECT_FALSE(found("personal_budget_set", more).contains("support_reduced_without_review"));
}

TEST(Replay, counts_a_cut_with_no_review_told_only_where_something_was_amiss_or_somebody_misses_it) {
  const auto cut = event("2021-02", "support_reduced", "P1", "recorded", "package brought down");
  const auto found = [&](const json& other) {
    auto document = bare_case();
    document["events"] = {other, cut};
    return kinds_of(replay_of(document)).contains("support_reduced_without_review");
  };
  EXPECT_FALSE(found(event("2020-11", "care_incident", "A", "recorded", "fall at home")));
  EXPECT_TRUE(found(event("2020-11", "records_unavailable", "P1", "missing", "visit notes lost")));
  EXPECT_FALSE(found(event("2019-11", "records_unavailable", "P1", "missing", "visit notes lost")));
  EXPECT_TRUE(found(event("2021-03", "contact", "A", "not_stated", "says that there was no review")));
  EXPECT_FALSE(found(event("2021-03", "contact", "A", "not_stated", "says that he wants it back")));
}

TEST(Replay, a_persons_word_against_a_line_is_a_claim_whatever_the_person_is_called) {
  const auto found = [](const char* evidence, const char* detail) {
    auto document = bare_case();
    document["people"].push_back({{"id", "MB"}, {"role", "complainant"}, {"relation", "friend of A"}});
    document["events"] = {event("2021-02", "financial_assessment", "P1", evidence, detail)};
    return kinds_of(replay_of(document));
  };
  EXPECT_EQ(found("contradicted", "contribution worked out; MB disputes the sum"), std::set<std::string>{});
  EXPECT_TRUE(found("contradicted", "two letters give different sums").contains("charging_wrong"));
  EXPECT_EQ(found("recorded", "contribution worked out, which MB says was wrong"), std::set<std::string>{});
  EXPECT_EQ(found("not_stated", "MB says the contribution is wrong"), std::set<std::string>{});
}

TEST(Replay, a_claim_counts_beside_an_act_on_record_that_nothing_answers) {
  const auto claim = event("2021-05", "contact", "P1", "not_stated", "son says that no other day service was offered");
  auto document = bare_case();
  document["events"] = {claim};
  EXPECT_EQ(kinds_of(replay_of(document)), std::set<std::string>{});
  document["events"] = {event("2021-04", "support_stopped", "P1", "recorded", "place at the day centre ended"), claim};
  EXPECT_TRUE(kinds_of(replay_of(document)).contains("support_not_provided"));
}

TEST(Replay, what_a_person_did_not_do_or_is_anothers_duty_is_no_gap_of_the_bodys) {
  const auto found = [](const char* detail) {
    auto document = bare_case();
    document["events"] = {event("2021-02", "other", "P1", "recorded", detail)};
    return kinds_of(replay_of(document));
  };
  EXPECT_TRUE(found("needs not assessed as nobody was free").contains("assessment_not_done"));
  EXPECT_EQ(found("needs not assessed as he did not let anybody in"), std::set<std::string>{});
  EXPECT_EQ(found("needs not assessed, as another council assesses him now"), std::set<std::string>{});
  EXPECT_EQ(found("no review held, as he lives in the area of another council now"), std::set<std::string>{});
}

TEST(Replay, an_authorisation_granted_again_leaves_the_first_as_it_was) {
  auto document = bare_case();
  document["events"] = {event("2019-11", "dols_application", "P3", "recorded"),
                        event("2019-11", "dols_authorised", "P1", "recorded", "granted for twelve months"),
                        event("2020-11", "dols_authorised", "P1", "recorded", "renewed for a year")};
  EXPECT_EQ(kinds_of(replay_of(document)), std::set<std::string>{});
}

TEST(Replay, does_not_count_what_the_chronology_only_does_not_go_on_to_tell) {
  auto document = bare_case();
  document["events"] = {event("2019-03-01", "care_plan_agreed", "P1", "recorded"),
                        event("2021-03-01", "complaint_received", "A", "recorded"),
                        event("2019-04-01", "support_stopped", "P3", "recorded", "gave notice")};
  EXPECT_EQ(kinds_of(replay_of(document)), std::set<std::string>{});
  document["events"].push_back(event("2021-02-01", "review_completed", "P1", "recorded"));
  document["events"].push_back(event("2019-08-01", "support_started", "P1", "recorded"));
  const auto kinds = kinds_of(replay_of(document));
  EXPECT_TRUE(kinds.contains("review_overdue"));
  EXPECT_TRUE(kinds.contains("support_not_provided"));
}

TEST(ReplayMapping, hears_numbers_that_fall_and_how_long_things_took) {
  EXPECT_TRUE(tells_a_fall("from 43.5 hours a week to 40"));
  EXPECT_TRUE(tells_a_fall("From 1,039 to 621.18 pounds"));
  EXPECT_TRUE(tells_a_fall("from six weeks to two"));
  EXPECT_FALSE(tells_a_fall("from 12 to 20 hours"));
  EXPECT_FALSE(tells_a_fall("from 20 March to 5 April"));
  EXPECT_FALSE(tells_a_fall("from 2021 to 2019"));
  EXPECT_FALSE(tells_a_fall("to 5 from 20"));
  const auto months = [](std::string_view text) { return longest_months(split_words(text)); };
  EXPECT_EQ(months("eighteen months after the last"), 18);
  EXPECT_EQ(months("took 2 years, then six weeks"), 24);
  EXPECT_EQ(months("over a year"), 12);
  EXPECT_EQ(months("three weeks later"), 0);
  EXPECT_EQ(months("in March"), 0);
}

TEST(ReplayMapping, hears_an_allowance_that_is_less_than_the_one_told_before) {
  EXPECT_EQ(allowance("yearly budget of 9,559 pounds")->amount, 9559);
  EXPECT_EQ(allowance("yearly budget of 9,559 pounds")->period, "year");
  EXPECT_EQ(allowance("plan for 16 hours")->period, "week");
  EXPECT_FALSE(allowance("an invoice of 800 pounds"));
  EXPECT_FALSE(allowance("told on 12 March about hours"));
  Allowances allowances;
  EXPECT_FALSE(allowances.fall("A", "24 hours a week"));
  EXPECT_FALSE(allowances.fall("B", "16 hours a week"));
  EXPECT_FALSE(allowances.fall("A", "20 nights a year"));
  EXPECT_TRUE(allowances.fall("A", "panel approved 16 hours a week"));
  EXPECT_FALSE(allowances.fall("A", "16 hours weekly"));
  EXPECT_FALSE(allowances.fall("A", "18 hours weekly"));
}

TEST(Replay, knows_aftercare_from_what_was_said_before) {
  const auto found = [](const char* before) {
    auto document = bare_case();
    document["events"] = {event("2020-02", "hospital_discharge", "P1", "recorded", before),
                          event("2020-06", "charge_levied", "P1", "recorded", "billed monthly for the flat")};
    return kinds_of(replay_of(document)).contains("charging_wrong");
  };
  EXPECT_TRUE(found("left hospital with section 117 aftercare"));
  EXPECT_FALSE(found("left hospital; not entitled to aftercare"));
  EXPECT_FALSE(found("left hospital"));
}

TEST(ReplayMapping, finds_councils_by_the_names_decisions_give_them) {
  const auto known = intake::Councils::load(share_folder() / "schemas");
  const CouncilNames councils(known);
  const auto code = [&](std::string_view name) {
    const auto found = councils.find(name);
    return found ? found->code : "";
  };
  EXPECT_EQ(code("Somerset County Council"), "905");
  EXPECT_EQ(code("London Borough of Waltham Forest"), "735");
  EXPECT_EQ(code("City of Bradford Metropolitan District Council"), "209");
  EXPECT_EQ(code("St Helens Council"), "318");
  EXPECT_EQ(code("Hull City Council"), "215");
  EXPECT_EQ(code("Brighton & Hove City Council"), "816");
  EXPECT_EQ(code("Royal Borough of Kensington & Chelsea"), councils.find("Kensington and Chelsea")->code);
  EXPECT_EQ(code("Durham County Council"), "116");
  EXPECT_EQ(code("Cheshire Council"), "");
  EXPECT_EQ(code("Atlantis"), "");
}

}  // namespace
}  // namespace answerable::replay
