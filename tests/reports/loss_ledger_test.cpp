// Losses of made-up people, from records that came in through the real intake.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "audit/loss/loss.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/kinds.hpp"
#include "reports/loss/loss_page.hpp"
#include "reports/pages/lookups.hpp"
#include "reports/render/html.hpp"
#include "tests/reports/render_sample.hpp"
#include "tests/reports/trail_files.hpp"
#include "tests/support/database.hpp"

namespace answerable::loss {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* adult = "<person scheme=\"nhs-number\">9990000018</person>";

Day day(const char* text) {
  return parse_day(text).value();
}

/// Each test's people are those of a council of its own, so that all tests share one database.
class LossLedger : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database = std::make_unique<testing::TestDatabase>();
    kinds = std::make_unique<xml::Kinds>(xml::Kinds::load(share_folder() / "schemas"));
    xml::Limits limits;
    limits.workers = 1;
    reader = std::make_unique<xml::FileReader>(*kinds, limits);
    std::ifstream codes(share_folder() / "schemas/codes/cassr.csv");
    std::getline(codes, last_council);  // the header
    councils = std::make_unique<std::ifstream>(std::move(codes));
  }
  static void TearDownTestSuite() {
    reader.reset();
    kinds.reset();
    database.reset();
    councils.reset();
  }
  void SetUp() override {
    ASSERT_TRUE(std::getline(*councils, last_council)) << "more tests than councils";
    council_ = last_council.substr(0, last_council.find(','));
  }

  /// Takes in a submission of the council's.
  void send(const std::string& records) {
    pg::Connection connection(database->conninfo(), "tests", "answerable_ingest");
    ++messages_;
    std::istringstream file(fmt::format(
        R"(<submission xmlns="urn:answerable:submission:1"><header><messageId>M-{0}</messageId>
<sender scheme="cassr" code="{1}">Sample Council</sender><authority scheme="cassr" code="{1}">Sample Council</authority>
<createdAt>2025-01-06T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>
<person xmlns="urn:answerable:person:1" id="PER-{0}">{2}<name>Ada Example</name></person>{3}</records></submission>)",
        messages_, council_, adult, records));
    intake::Options options;
    options.received_at = Instant(day("2025-01-06")) + std::chrono::hours(12);
    const auto answer = intake::submit(connection, *reader, file, options);
    ASSERT_TRUE(std::holds_alternative<intake::Receipt>(answer))
        << std::get<intake::Refusal>(answer).faults.front().problem;
    const auto& receipt = std::get<intake::Receipt>(answer);
    ASSERT_EQ(receipt.held, 0) << receipt.faults.front().field << ": " << receipt.faults.front().problem;
  }

  /// One direct payment of £140.00 a week from April 2023 with no contribution, stopped on 1 July 2024 unless said.
  void send_payment(const std::string& after_rate, const std::string& other = "",
                    const std::string& rates =
                        "<rate><from>2023-04-03</from><weekly>140.00</weekly><contribution>0</contribution></rate>") {
    send(fmt::format(R"(<directPayment xmlns="urn:answerable:direct-payment:1" id="DP-1">{}<limb>own-capacity</limb>
<firstPaid>2023-04-03</firstPaid>{}{}</directPayment>{})",
                     adult, rates, after_rate, other));
  }

  Loss work(const Question& question = {}, const char* as_of = "2024-12-31") {
    pg::Connection connection(database->conninfo(), "tests", "answerable_desk");
    const auto found = pages::find_people(connection, "nhs-number", "9990000018", council_);
    return work_out(connection, found.at(0).council.authority, found.at(0).subject, day(as_of), {}, question);
  }
  LostPayments only(const Question& question = {}, const char* as_of = "2024-12-31") {
    auto loss = work(question, as_of);
    if (loss.payments.size() != 1) throw std::runtime_error(fmt::format("{} losses", loss.payments.size()));
    return loss.payments[0];
  }

  static inline std::unique_ptr<testing::TestDatabase> database;
  static inline std::unique_ptr<xml::Kinds> kinds;
  static inline std::unique_ptr<xml::FileReader> reader;
  static inline std::unique_ptr<std::ifstream> councils;
  static inline std::string last_council;
  std::string council_;
  int messages_{};
};

const std::string stop = "<stopped><on>2024-07-01</on><ground>other</ground></stopped>";
const std::string resumed = "<restarted><on>2024-07-29</on></restarted>";

void expect_settled(const LostPayments& lost, Pennies sum) {
  EXPECT_EQ(lost.lowest.sum(), sum);
  EXPECT_EQ(lost.highest.sum(), sum);
}
std::string missing(const std::vector<Missing>& all) {
  std::string out;
  for (const auto& it : all) out += it.what + ' ' + it.matters + ' ' + it.holder + '\n';
  return out;
}

TEST_F(LossLedger, AConstantRateFromTheStopToThePaymentsTakenUpAgain) {
  send_payment(stop + resumed);
  const auto lost = only();
  EXPECT_EQ(lost.highest.lost.first, day("2024-07-01"));
  EXPECT_EQ(lost.highest.lost.last, day("2024-07-28")) << "the day of resumption is paid";
  ASSERT_EQ(lost.highest.terms.size(), 1U);
  EXPECT_EQ(lost.highest.terms[0].weekly, 14'000);
  EXPECT_GE(lost.highest.terms[0].record, 0);
  expect_settled(lost, 56'000);
  EXPECT_THAT(lost.missing, ::testing::IsEmpty());
}

TEST_F(LossLedger, WithoutAnEndItRunsToTheDayLookedFrom) {
  send_payment(stop);
  const auto lost = only({}, "2024-07-14");
  EXPECT_TRUE(lost.running);
  expect_settled(lost, 28'000);
}

TEST_F(LossLedger, AnUpratingInThePeriodIsALineOfItsOwn) {
  send_payment(
      stop + resumed, "",
      "<rate><from>2023-04-03</from><to>2024-06-30</to><weekly>140.00</weekly><contribution>20.00</contribution></rate>"
      "<rate><from>2024-07-10</from><weekly>150.00</weekly><contribution>20.00</contribution></rate>");
  const auto lost = only();
  ASSERT_EQ(lost.highest.terms.size(), 2U);
  EXPECT_EQ(lost.highest.terms[0].days.days(), 9);
  EXPECT_EQ(lost.highest.terms[0].amount, 15'429);  // 120.00 × 9 ÷ 7 = 154.2857…
  EXPECT_EQ(lost.highest.terms[1].days.days(), 19);
  EXPECT_EQ(lost.highest.terms[1].amount, 35'286);  // 130.00 × 19 ÷ 7 = 352.857…
  expect_settled(lost, 15'429 + 35'286);
}

TEST_F(LossLedger, ARateThatEndedLongBeforeTheStopIsNotCarriedOn) {
  send_payment(
      stop + resumed, "",
      "<rate><from>2023-04-03</from><to>2024-03-31</to><weekly>140.00</weekly><contribution>0</contribution></rate>");
  const auto lost = only();
  EXPECT_EQ(lost.highest.sum(), std::nullopt);
  EXPECT_EQ(lost.highest.days_without_rate, 28);
}

TEST_F(LossLedger, ACutIsTheDifferenceUntilTheFullRateIsBack) {
  send_payment(
      "", "",
      "<rate><from>2023-04-03</from><to>2024-06-30</to><weekly>140.00</weekly><contribution>0</contribution></rate>"
      "<rate><from>2024-07-01</from><to>2024-07-28</to><weekly>90.00</weekly><contribution>0</contribution></rate>"
      "<rate><from>2024-07-29</from><weekly>140.00</weekly><contribution>0</contribution></rate>");
  const auto lost = only();
  EXPECT_TRUE(lost.cut);
  ASSERT_EQ(lost.highest.terms.size(), 2U);
  EXPECT_EQ(lost.highest.terms[0].amount, 56'000);
  EXPECT_EQ(lost.highest.terms[1].kind, Term::Kind::paid_at_rate);
  EXPECT_EQ(lost.highest.terms[1].amount, -36'000);
  expect_settled(lost, 20'000);
}

TEST_F(LossLedger, APaymentForDaysLostIsTakenOffForThoseDays) {
  send_payment("<paid><on>2024-07-24</on><amount>280.00</amount><from>2024-07-22</from><to>2024-08-04</to></paid>" +
               stop + resumed);
  const auto lost = only();
  ASSERT_EQ(lost.highest.terms.size(), 2U);
  EXPECT_EQ(lost.highest.terms[1].amount, -14'000) << "7 of its 14 days";
  expect_settled(lost, 42'000);
}

TEST_F(LossLedger, TheLossBeginsAfterTheDaysAlreadyPaidFor) {
  send_payment("<paid><on>2024-06-17</on><amount>560.00</amount><from>2024-06-17</from><to>2024-07-14</to></paid>" +
               stop + resumed);
  const auto lost = only();
  EXPECT_EQ(lost.start.first, day("2024-07-15"));
  EXPECT_THAT(lost.start_note, HasSubstr("14 July 2024"));
  expect_settled(lost, 28'000);
}

TEST_F(LossLedger, AMonthAloneGivesARangeAndSaysWhoHoldsTheDay) {
  send_payment("<stopped><on>2024-06</on><ground>other</ground></stopped>" + resumed);
  const auto lost = only();
  EXPECT_EQ(lost.lowest.lost.first, day("2024-06-30"));
  EXPECT_EQ(lost.highest.lost.first, day("2024-06-01"));
  EXPECT_EQ(lost.lowest.sum(), 29 * 2'000);
  EXPECT_EQ(lost.highest.sum(), 58 * 2'000);
  EXPECT_THAT(missing(lost.missing), HasSubstr("1 June 2024 to 30 June 2024 open"));
  EXPECT_THAT(missing(lost.missing), HasSubstr("Enter the day with --from"));
  EXPECT_THAT(missing(lost.missing), HasSubstr("Sample Council"));
  expect_settled(only({.from = day("2024-06-12"), .to = {}, .rates = {}}), 47 * 2'000);
}

TEST_F(LossLedger, StoppedAndTakenUpInOneMonthMayBeNoLossAtAll) {
  send_payment("<stopped><on>2024-07</on><ground>other</ground></stopped><restarted><on>2024-07</on></restarted>");
  const auto lost = only();
  EXPECT_EQ(lost.lowest.lost.days(), 0);
  EXPECT_EQ(lost.lowest.sum(), 0);
  EXPECT_EQ(lost.highest.sum(), 30 * 2'000);
}

TEST_F(LossLedger, DaysOutsideThoseAskedAreNoLoss) {
  send_payment(stop + resumed);
  expect_settled(only({.from = day("2024-09-01"), .to = {}, .rates = {}}), 0);
  expect_settled(only({.from = {}, .to = day("2024-06-30"), .rates = {}}), 0);
  expect_settled(only({.from = day("2024-07-08"), .to = day("2024-07-14"), .rates = {}}), 14'000);
}

TEST_F(LossLedger, OneStopToldTwiceIsCountedOnceWithTheExacterDay) {
  send_payment("<stopped><on>2024-07</on><ground>other</ground></stopped>" + stop + resumed);
  const auto lost = only();
  EXPECT_EQ(lost.records.size(), 2U);
  expect_settled(lost, 56'000);
}

TEST_F(LossLedger, TwoStopsAreTwoLosses) {
  send_payment(stop + "<stopped><on>2024-09-02</on><ground>other</ground></stopped>" + resumed +
               "<restarted><on>2024-09-16</on></restarted>");
  const auto loss = work();
  ASSERT_EQ(loss.payments.size(), 2U);
  expect_settled(loss.payments[0], 56'000);
  expect_settled(loss.payments[1], 28'000);
}

TEST_F(LossLedger, AStopThePersonAskedForIsNoLoss) {
  send_payment("<stopped><on>2024-07-01</on><ground>person-asked</ground></stopped>");
  const auto loss = work();
  EXPECT_THAT(loss.payments, ::testing::IsEmpty());
  ASSERT_EQ(loss.shown.size(), 1U);
  EXPECT_EQ(loss.shown[0].text, "person-asked");
}

std::string service(const std::string& money) {
  return fmt::format(R"(<service xmlns="urn:answerable:service:1" id="SVC-9">{}<type>home-care</type>
<provider scheme="cqc-provider" code="1-1000000001">Fernlea Home Care</provider><hoursPerWeek>3</hoursPerWeek>{}<started>2024-07-15</started></service>)",
                     adult, money);
}

TEST_F(LossLedger, CheaperSupportInsteadIsTakenOff) {
  send_payment(stop + resumed, service("<weeklyCost>60.00</weeklyCost>"));
  const auto lost = only();
  expect_settled(lost, 56'000 - 12'000);
  EXPECT_EQ(lost.highest.terms.back().kind, Term::Kind::replacement);
}

TEST_F(LossLedger, SupportOfEqualValueEndsTheLoss) {
  send_payment(stop + resumed, service("<weeklyCost>140.00</weeklyCost>"));
  expect_settled(only(), 28'000);
}

TEST_F(LossLedger, SupportOfUnknownCostIsReadBothWays) {
  send_payment(stop + resumed, service(""));
  const auto lost = only();
  EXPECT_EQ(lost.lowest.sum(), 28'000);
  EXPECT_EQ(lost.highest.sum(), 56'000);
  EXPECT_THAT(missing(lost.missing), HasSubstr("The weekly cost of the support that began on 15 July 2024"));
}

/// A second direct payment, for another plan, beside the one of send_payment().
std::string second_payment(const std::string& after_rate) {
  return fmt::format(R"(<directPayment xmlns="urn:answerable:direct-payment:1" id="DP-2">{}<plan>PLN-2</plan>
<limb>own-capacity</limb><firstPaid>2023-06-05</firstPaid><rate><from>2023-06-05</from><weekly>70.00</weekly>
<contribution>0</contribution></rate>{}</directPayment>)",
                     adult, after_rate);
}
const std::string two_plans = fmt::format(
    R"(<careAndSupportPlan xmlns="urn:answerable:care-and-support-plan:1" id="PLN-1">{0}<type>care-and-support</type><agreed>2023-03-01</agreed></careAndSupportPlan>
<careAndSupportPlan xmlns="urn:answerable:care-and-support-plan:1" id="PLN-2">{0}<type>support</type><agreed>2023-05-01</agreed></careAndSupportPlan>)",
    adult);
std::string for_plan_1(const std::string& after_rate) {
  return fmt::format(R"(<directPayment xmlns="urn:answerable:direct-payment:1" id="DP-1">{}<plan>PLN-1</plan>
<limb>own-capacity</limb><firstPaid>2023-04-03</firstPaid><rate><from>2023-04-03</from><weekly>140.00</weekly>
<contribution>0</contribution></rate>{}</directPayment>)",
                     adult, after_rate);
}

TEST_F(LossLedger, PaymentsForTwoPlansAreWorkedApartAndAddedUp) {
  send(two_plans + for_plan_1(stop + resumed) +
       second_payment("<stopped><on>2024-07-15</on><ground>other</ground></stopped><restarted><on>2024-08-12</on>"
                      "</restarted>"));
  const auto loss = work();
  ASSERT_EQ(loss.payments.size(), 2U);
  EXPECT_EQ(loss.payments[0].plan, "PLN-1");
  expect_settled(loss.payments[0], 56'000);
  EXPECT_EQ(loss.payments[1].plan, "PLN-2");
  expect_settled(loss.payments[1], 28'000);
  EXPECT_EQ(loss.sums().lowest, 84'000);
  EXPECT_EQ(loss.sums().highest, 84'000);
  Question whole;
  whole.rates = {{.weekly = 21'000}};
  for (const auto& it : work(whole).payments)
    EXPECT_EQ(it.plan, "") << "what the officer enters is all that was to be paid";
}

TEST_F(LossLedger, ALowerPaymentBesideAnotherIsNoCut) {
  send(two_plans + for_plan_1("") + second_payment(""));
  EXPECT_THAT(work().payments, ::testing::IsEmpty());
}

TEST_F(LossLedger, WhatIsNotTiedToAPaymentIsCountedOnce) {
  send(two_plans + for_plan_1(stop + resumed) + second_payment(stop + resumed) +
       service("<weeklyCost>35.00</weeklyCost>"));
  const auto loss = work();
  ASSERT_EQ(loss.payments.size(), 2U);
  expect_settled(loss.payments[0], 56'000 - 7'000);
  expect_settled(loss.payments[1], 28'000);
  EXPECT_THAT(loss.payments[1].notes,
              ::testing::Contains(HasSubstr("counted once, with the direct payment for PLN-1")));
}

TEST_F(LossLedger, TwoPaymentsThatNoPlanTellsApartAreSaidToBeTakenAsOne) {
  send_payment(stop + resumed, fmt::format(R"(<directPayment xmlns="urn:answerable:direct-payment:1" id="DP-2">{}
<limb>own-capacity</limb><firstPaid>2023-06-05</firstPaid></directPayment>)",
                                           adult));
  const auto lost = only();
  expect_settled(lost, 56'000);
  EXPECT_THAT(lost.notes, ::testing::Contains(HasSubstr("they are taken as one")));
}

TEST_F(LossLedger, APaymentForANewPlanAfterAStopIsTheOneTakenUpAgain) {
  send(two_plans + for_plan_1(stop) +
       fmt::format(R"(<directPayment xmlns="urn:answerable:direct-payment:1" id="DP-2">{}<plan>PLN-2</plan>
<limb>own-capacity</limb><firstPaid>2024-07-29</firstPaid></directPayment>)",
                   adult));
  const auto lost = only();
  EXPECT_EQ(lost.plan, "");
  expect_settled(lost, 56'000);
  EXPECT_THAT(lost.notes, Not(::testing::Contains(HasSubstr("taken as one"))));
}

TEST_F(LossLedger, BackdatedMoneyIsTakenOffOnce) {
  const std::string backdated =
      "<restarted><on>2024-07-29</on><backdatedFrom>2024-07-15</backdatedFrom><backdatedAmount>280.00</"
      "backdatedAmount></restarted>";
  send_payment("<paid><on>2024-07-29</on><amount>280.00</amount><from>2024-07-15</from><to>2024-07-28</to></paid>" +
               stop + backdated);
  expect_settled(only(), 28'000);
}

TEST_F(LossLedger, ReclaimedBalancesAreShownAndNotCounted) {
  send_payment(
      "<surplus><on>2024-07-08</on><amount>310.00</amount></surplus>"
      "<recoveryDemanded><on>2024-07-10</on><amount>310.00</amount><ground>unspent</ground></recoveryDemanded>" +
      stop + resumed);
  const auto lost = only();
  expect_settled(lost, 56'000);
  ASSERT_EQ(lost.shown.size(), 2U);
  EXPECT_EQ(lost.shown[1].kind, Shown::Kind::recovery);
  EXPECT_EQ(lost.shown[1].amount, 31'000);
}

TEST_F(LossLedger, ChargesForDaysWithoutPaymentsAreAdded) {
  send_payment(stop + resumed, fmt::format(R"(<charge xmlns="urn:answerable:charge:1" id="CH-1">{}<is>contribution</is>
<bill><on>2024-07-31</on><addressee>adult</addressee><amount>62.00</amount><from>2024-07-01</from><to>2024-07-31</to></bill>
<refund><on>2024-09-02</on><amount>6.00</amount></refund></charge>)",
                                           adult));
  const auto lost = only();
  EXPECT_EQ(lost.highest.payments, 56'000);
  EXPECT_EQ(lost.highest.charges, 5'600 - 600) << "28 of the 31 days billed, less what came back";
}

TEST_F(LossLedger, WithNoRateHeldTheDaysAreCountedAndTheOfficerCanEnterOne) {
  send_payment(stop + resumed, "", "");
  const auto lost = only();
  EXPECT_EQ(lost.highest.sum(), std::nullopt);
  EXPECT_EQ(lost.highest.days_without_rate, 28);
  EXPECT_THAT(missing(lost.missing), HasSubstr("--weekly-rate AMOUNT@2024-07-01"));
  expect_settled(only({.from = {}, .to = {}, .rates = {{.weekly = 8'713, .from = {}}}}), 34'852);
  const auto half = only({.from = {}, .to = {}, .rates = {{.weekly = 8'713, .from = day("2024-07-15")}}});
  EXPECT_EQ(half.highest.sum(), std::nullopt);
  EXPECT_EQ(half.highest.days_without_rate, 14);
}

TEST_F(LossLedger, ARateWithoutContributionSaysThatItMayBeTooHigh) {
  send_payment(stop + resumed, "", "<rate><from>2023-04-03</from><weekly>140.00</weekly></rate>");
  const auto lost = only();
  expect_settled(lost, 56'000);
  EXPECT_THAT(missing(lost.missing), HasSubstr("contribution"));
}

std::string decision(const char* on, bool reasons) {
  return fmt::format(
      R"(<assessment xmlns="urn:answerable:assessment:1" id="ASM-2">{0}<type>needs</type><completed>{1}</completed>
<evidence><item>assessment-record</item><state>present</state></evidence></assessment>
<eligibilityDetermination xmlns="urn:answerable:eligibility-determination:1" id="ELG-2">{0}<for>adult</for><assessment>ASM-2</assessment>
<determined>{1}</determined><criteria>care-act-2015</criteria><eligible>no</eligible>
<evidence><item>eligibility-reasons</item><state>{2}</state></evidence></eligibilityDetermination>)",
      adult, on, reasons ? "present" : "not-supplied");
}

TEST_F(LossLedger, ASoundDecisionEndsTheLoss) {
  send_payment(stop + resumed, decision("2024-07-14", true));
  expect_settled(only(), 28'000);
}

TEST_F(LossLedger, ADecisionWithoutEvidenceDoesNot) {
  send_payment(stop + resumed, decision("2024-07-14", false));
  const auto lost = only();
  expect_settled(lost, 56'000);
  EXPECT_THAT(missing(lost.missing), HasSubstr("no evidence of its reasons is held"));
}

TEST_F(LossLedger, DeathEndsTheLossAfterThatDay) {
  send_payment(
      stop + resumed,
      fmt::format(
          R"(<person xmlns="urn:answerable:person:1" id="PER-D">{}<name>Ada Example</name><died>2024-07-14</died></person>)",
          adult));
  expect_settled(only(), 28'000);
}

std::string visits(const char* reason, const char* charge_type) {
  return fmt::format(R"(<service xmlns="urn:answerable:service:1" id="SVC-1">{0}<type>home-care</type>
<provider scheme="cqc-provider" code="1-1000000001">Fernlea Home Care</provider><hoursPerWeek>3.5</hoursPerWeek><weeklyCost>77.00</weeklyCost><started>2024-01-01</started></service>
<visit xmlns="urn:answerable:visit:1" id="V-1">{0}<service>SVC-1</service><planned on="2024-07-01" minutes="60"/><actual on="2024-07-01" minutes="60"/></visit>
<visit xmlns="urn:answerable:visit:1" id="V-2">{0}<service>SVC-1</service><planned on="2024-07-02" minutes="60"/><missed reason="provider"/></visit>
<visit xmlns="urn:answerable:visit:1" id="V-3">{0}<service>SVC-1</service><planned on="2024-07-03" minutes="60"/><missed reason="{1}"/></visit>
<visit xmlns="urn:answerable:visit:1" id="V-4">{0}<service>SVC-1</service><planned on="2024-07-04" minutes="60"/><actual on="2024-07-04" minutes="15" short="yes"/></visit>
<visit xmlns="urn:answerable:visit:1" id="V-5">{0}<service>SVC-1</service><planned on="2024-08-01" minutes="60"/><missed reason="hospital"/></visit>
<charge xmlns="urn:answerable:charge:1" id="CH-1">{0}<is>{2}</is><service>SVC-1</service>
<bill><on>2024-07-31</on><addressee>adult</addressee><amount>88.00</amount><from>2024-07-01</from><to>2024-07-31</to></bill></charge>)",
                     adult, reason, charge_type);
}

TEST_F(LossLedger, VisitsNotGivenWithTheirCostAndWhatWasChargedForThem) {
  send(visits("provider", "full-cost"));
  const auto loss = work();
  ASSERT_EQ(loss.care.size(), 1U);
  const auto& care = loss.care[0];
  EXPECT_EQ(care.lost.visits, 2);
  EXPECT_EQ(care.lost.minutes, 120);
  EXPECT_EQ(care.cut_short.minutes, 45);
  EXPECT_EQ(care.not_lost.visits, 1);
  EXPECT_EQ(care.highest_cost, 6'050);  // 77.00 ÷ 3.5 h × 2.75 h
  EXPECT_EQ(care.lowest_cost, 6'050);
  ASSERT_EQ(care.charges.size(), 1U);
  EXPECT_EQ(care.charges[0].part, 165);
  EXPECT_EQ(care.charges[0].of, 240);
  EXPECT_EQ(care.lowest_charges, 6'050);
  EXPECT_EQ(care.highest_charges, 6'050);
}

TEST_F(LossLedger, ABillIsSharedByAllItWasForWhateverDaysAreAsked) {
  send(visits("provider", "full-cost"));
  const auto loss = work({.from = day("2024-07-03"), .to = {}, .rates = {}});
  ASSERT_EQ(loss.care.size(), 1U);
  EXPECT_EQ(loss.care[0].lost.visits, 1);
  ASSERT_EQ(loss.care[0].charges.size(), 1U);
  EXPECT_EQ(loss.care[0].charges[0].part, 105);
  EXPECT_EQ(loss.care[0].charges[0].of, 240) << "as for the whole bill";
}

TEST_F(LossLedger, AReasonNobodyRecordedAndAContributionLeaveARange) {
  send(visits("not-recorded", "contribution"));
  const auto loss = work();
  ASSERT_EQ(loss.care.size(), 1U);
  EXPECT_EQ(loss.care[0].lost.minutes, 60);
  EXPECT_EQ(loss.care[0].open.minutes, 60);
  EXPECT_EQ(loss.care[0].lowest_cost, 3'850);
  EXPECT_EQ(loss.care[0].highest_cost, 6'050);
  EXPECT_EQ(loss.care[0].lowest_charges, 0);
  EXPECT_EQ(loss.care[0].highest_charges, 6'050);
  EXPECT_THAT(missing(loss.missing), HasSubstr("charging policy"));
}

std::string cut(const char* decided_on) {
  return decision(decided_on, true) +
         fmt::format(
             R"(<supportChange xmlns="urn:answerable:support-change:1" id="CHG-1">{}<direction>reduction</direction><reason>budget</reason>
<decided>2024-06-24</decided><effective>2024-07-01</effective><before><hoursPerWeek>42</hoursPerWeek><weekly>840.00</weekly></before>
<after><hoursPerWeek>29</hoursPerWeek><weekly>580.00</weekly></after></supportChange>)",
             adult);
}

TEST_F(LossLedger, HoursCutWithNoSoundReviewBeforeAreLostUntilThereIsOne) {
  send(cut("2024-07-14"));
  const auto loss = work();
  ASSERT_EQ(loss.support.size(), 1U);
  const auto& lost = loss.support[0];
  EXPECT_EQ(lost.weekly_hours, 1'300);
  EXPECT_EQ(lost.weekly_cost, 26'000);
  EXPECT_EQ(lost.longest.days(), 14);
  EXPECT_FALSE(lost.running);
}

TEST_F(LossLedger, HoursCutAfterASoundDecisionAreNot) {
  send(cut("2024-05-20"));
  const auto loss = work();
  EXPECT_THAT(loss.support, ::testing::IsEmpty());
  ASSERT_EQ(loss.shown.size(), 1U);
  EXPECT_THAT(loss.shown[0].text, HasSubstr("evidenced"));
}

TEST_F(LossLedger, AServiceTheProviderGaveUpIsLostUntilAnotherBegins) {
  send(fmt::format(
      R"(<service xmlns="urn:answerable:service:1" id="SVC-1">{0}<type>home-care</type><hoursPerWeek>7</hoursPerWeek><started>2024-01-01</started>
<ended><on>2024-06-30</on><reason>provider-withdrew</reason></ended></service>
<service xmlns="urn:answerable:service:1" id="SVC-2">{0}<type>home-care</type><started>2024-07-15</started></service>)",
      adult));
  const auto loss = work();
  ASSERT_EQ(loss.support.size(), 1U);
  EXPECT_EQ(loss.support[0].longest.first, day("2024-07-01"));
  EXPECT_EQ(loss.support[0].longest.last, day("2024-07-14"));
  EXPECT_EQ(loss.support[0].weekly_hours, 700);
  EXPECT_EQ(loss.support[0].weekly_cost, std::nullopt);
}

TEST_F(LossLedger, CorrectedRecordsDoNotCount) {
  send_payment(stop + resumed);
  send(fmt::format(
      R"(<directPayment xmlns="urn:answerable:direct-payment:1" id="DP-1B" corrects="DP-1">{}<limb>own-capacity</limb><firstPaid>2023-04-03</firstPaid></directPayment>)",
      adult));
  EXPECT_THAT(work().payments, ::testing::IsEmpty());
}

TEST_F(LossLedger, ItsBlocksStandInAWebPageAndAPdf) {
  send_payment("<stopped><on>2024-06</on><ground>other</ground></stopped>" + resumed,
               service("") + visits("other", "contribution") + cut("2024-07-14"));
  render::Document document;
  document.title = "Loss";
  document.blocks = pages::loss_blocks(work());
  const auto html = render::html(document);
  EXPECT_THAT(html, HasSubstr("A calculation aid, not a determination."));
  EXPECT_THAT(html, HasSubstr("Direct payments stopped, June 2024"));
  EXPECT_THAT(render::pdf(document), HasSubstr("%PDF-"));
  pages::Folder folder;
  std::ofstream(folder.path / "loss.pdf", std::ios::binary) << render::pdf(document);
  const auto paper = pages::run(fmt::format("pdftotext -layout {}/loss.pdf -", folder.path.string()));
  EXPECT_THAT(paper.output, HasSubstr("UNVERIFIED"));
}

TEST_F(LossLedger, TheProgramSaysSoInTextAndJson) {
  send_payment(stop + resumed);
  const auto command = fmt::format(
      "'{}/answerable-reports' loss --person 9990000018 --as-of 2024-12-31 --authority {} --database \"{}\"",
      ANSWERABLE_BIN, council_, database->conninfo());
  const auto text = pages::run(command);
  EXPECT_EQ(text.code, 0) << text.output;
  EXPECT_THAT(text.output, HasSubstr("£140.00 a week × 28 days ÷ 7"));
  EXPECT_THAT(text.output, HasSubstr("£560.00"));
  const auto json = nlohmann::json::parse(pages::run(command + " --format json").output);
  EXPECT_EQ(json["payments"][0]["highest"]["sum"], "560.00");
  EXPECT_EQ(json["determination"], false);
  EXPECT_EQ(pages::run(fmt::format("'{}/answerable-reports' loss --person 9990000026 --database \"{}\"", ANSWERABLE_BIN,
                                   database->conninfo()))
                .code,
            2);
}

}  // namespace
}  // namespace answerable::loss
