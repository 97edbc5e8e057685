// A provider's day: a file with mistakes, mended in place; forms instead of XML; what is wanted, and the answers to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "ingest/digest.hpp"
#include "tests/reports/people_world.hpp"

namespace answerable::service::testing {
namespace {

using access::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string in_form(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += std::isalnum(static_cast<unsigned char>(c)) ? std::string(1, c)
                                                       : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string form;
  for (const auto& [name, value] : fields)
    form += fmt::format("{}{}={}", form.empty() ? "" : "&", in_form(name), in_form(value));
  return form;
}

std::string review(const std::string& id, const std::string& inside, const char* number = "9990000018") {
  return fmt::format(
      "<review xmlns=\"urn:answerable:review:1\" id=\"{}\">\n<person "
      "scheme=\"nhs-number\">{}</person>\n{}\n</review>\n",
      id, number, inside);
}

std::string submission(const std::string& message, const std::string& records, const char* sender = "RH5") {
  return fmt::format(
      "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>{}</messageId><sender scheme=\"ods\" "
      "code=\"{}\">A trust</sender>\n"
      "<authority scheme=\"cassr\" code=\"905\">A council</authority><agreement>S79-REVIEWS</agreement>"
      "<createdAt>2025-10-01T09:00:00Z</createdAt><sourceSystem>tests</sourceSystem></header><records>\n{}</records></"
      "submission>",
      message, sender, records);
}

/// "/held/7" from the first link to one.
std::string first_link(const std::string& page, const std::string& to) {
  const auto at = page.find("href=\"" + to);
  if (at == page.npos) return "";
  return page.substr(at + 6, page.find('"', at + 6) - at - 6);
}

/// What a form holds that nobody typed.
std::string hidden(const std::string& page, const std::string& name) {
  const auto at = page.find("name=\"" + name + "\" value=\"");
  if (at == page.npos) return "";
  const auto from = at + name.size() + 15;
  return page.substr(from, page.find('"', from) - from);
}

class ProviderPages : public ::testing::Test {
 protected:
  std::string person(Role role, const std::string& email, const char* organisation = "ods:RH5") {
    return world.token_of(world.account(email, {only(role)}, "905", organisation));
  }
  std::int64_t count(const std::string& what) {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    static constexpr pg::Statement records{"test.records", "SELECT count(*) FROM answerable.record WHERE id LIKE $1"};
    return transaction.run_one(records, what).int64(0, 0);
  }
  /// Everything the audit reads of a record.
  std::string entries(const std::string& id) {
    static constexpr pg::Statement acts{"test.entries",
                                        "SELECT coalesce(string_agg(e.act || ' ' || e.first || ' ' || "
                                        "e.precision::text || ' ' || e.attributes, E'\\n' ORDER BY e.ordinal), '') ||"
                                        " (SELECT coalesce(string_agg(v.item || v.state || coalesce(v.reason, ''), "
                                        "E'\\n' ORDER BY v.ordinal), '') FROM answerable.evidence v"
                                        "  WHERE v.authority = r.authority AND v.number = r.number)"
                                        " FROM answerable.record r JOIN answerable.entry e USING (authority, number) "
                                        "WHERE r.id = $1 GROUP BY r.authority, r.number"};
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return std::string(transaction.run_one(acts, id).text(0, 0));
  }
  std::int64_t leaves(const char* kind) {
    static constexpr pg::Statement of{
        "test.leaves",
        "SELECT count(*) FROM answerable.event e JOIN answerable.to_ledger t ON"
        " t.authority = e.authority AND t.kind = 'event' AND t.key = e.event WHERE e.kind = $1"};
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return transaction.run_one(of, kind).int64(0, 0);
  }

  PeopleWorld world;
  const std::string anna{person(Role::provider_manager, "anna@example.org")};
};

TEST_F(ProviderPages, ThreeMistakesAreShownMendedInPlaceAndLeaveAReceipt) {
  const auto file = submission("T-1", review("T-1", "<type>plan</type>\n<completed>14.1.2020</completed>") +
                                          review("T-2", "<type>weekly</type>\n<completed>2025-02-01</completed>") +
                                          review("T-3", "<type>plan</type>\n<finished>2025-03-01</finished>") +
                                          review("T-4", "<type>plan</type>\n<completed>2025-04-01</completed>"));
  const auto checked = world.upload(anna, "/send", {{"do", "check"}}, "file", file);
  EXPECT_EQ(checked.status, 200);
  EXPECT_THAT(checked.body,
              AllOf(HasSubstr("one would be stored and three held"), HasSubstr("14.1.2020"), HasSubstr("2020-01-14")));
  EXPECT_EQ(count("T-%"), 0);
  const auto table = world.upload(anna, "/send", {{"do", "csv"}}, "file", file);
  EXPECT_THAT(table.field("Content-Type"), HasSubstr("text/csv"));
  EXPECT_THAT(table.body, HasSubstr("value.date"));

  const auto sent = world.upload(anna, "/send", {{"do", "send"}}, "file", file);
  ASSERT_EQ(sent.status, 303) << sent.body;
  const auto path = sent.field("Location");
  const auto page = world.get(anna, path);
  EXPECT_THAT(page.body, AllOf(HasSubstr("Records that were held"), HasSubstr("14.1.2020"), HasSubstr("weekly"),
                               HasSubstr("finished")));
  EXPECT_THAT(world.get(anna, path + "/faults.csv").body, AllOf(HasSubstr("T-1"), HasSubstr("T-2"), HasSubstr("T-3")));

  // The first by its form, whose date has been understood.
  auto held = first_link(page.body, "/held/");
  auto form = world.get(anna, held);
  EXPECT_EQ(hidden(form.body, "completed-year"), "") << "a visible field: its value comes elsewhere";
  EXPECT_THAT(form.body, AllOf(HasSubstr("value=\"2020\""), HasSubstr("14.1.2020 is written day first")));
  auto mended = world.post(anna, held,
                           form_of({{"as", "form"},
                                    {"do", "send"},
                                    {"@id", "T-1"},
                                    {"person", "999 000 0018"},
                                    {"person/@scheme", "nhs-number"},
                                    {"type", "plan"},
                                    {"completed-day", "14"},
                                    {"completed-month", "1"},
                                    {"completed-year", "2020"}}));
  ASSERT_EQ(mended.status, 303) << mended.body;
  EXPECT_EQ(count("T-1"), 1);
  EXPECT_THAT(world.get(anna, path).body, HasSubstr("Mended"));

  // The second as XML; wrong again, what was typed is kept.
  held = first_link(world.get(anna, path).body, "/held/");
  auto text = review("T-2", "<type>fortnightly</type>\n<completed>2025-02-01</completed>");
  mended = world.post(anna, held, form_of({{"as", "xml"}, {"record-xml", text}}));
  EXPECT_EQ(mended.status, 422);
  EXPECT_THAT(mended.body, AllOf(HasSubstr("fortnightly"), HasSubstr("Line 3, record T-2")));
  text = review("T-2", "<type>plan</type>\n<completed>2025-02-01</completed>");
  EXPECT_EQ(world.post(anna, held, form_of({{"as", "xml"}, {"record-xml", text}})).status, 303);

  // The third has an element that no form knows.
  held = first_link(world.get(anna, "/held").body, "/held/");
  EXPECT_THAT(world.get(anna, held).body, HasSubstr("no field for, and what would not be sent from here: finished"));
  text = review("T-3", "<type>plan</type>\n<completed>2025-03-01</completed>");
  mended = world.post(anna, held, form_of({{"as", "xml"}, {"record-xml", text}}));
  ASSERT_EQ(mended.status, 303);
  EXPECT_EQ(count("T-%"), 4);
  EXPECT_EQ(first_link(world.get(anna, "/held").body, "/held/"), "");
  EXPECT_EQ(world.get(anna, held).status, 303) << "what is mended leads to what mended it";
  EXPECT_EQ(leaves("sending"), 4);
  const auto receipt = world.get(anna, mended.field("Location") + "/receipt");
  EXPECT_THAT(receipt.body, AllOf(HasSubstr("answerable-receipt/1\nreceipt S905-"), HasSubstr("sender ods:RH5")));
}

TEST_F(ProviderPages, AnothersSubmissionsAreNotThere) {
  const auto file = submission("T-1", review("T-1", "<type>weekly</type>"));
  const auto path = world.upload(anna, "/send", {{"do", "send"}}, "file", file).field("Location");
  const auto held = first_link(world.get(anna, path).body, "/held/");
  ASSERT_NE(held, "");
  const auto other = person(Role::provider_manager, "olu@example.org", "cqc-provider:1-1000000001");
  for (const auto& one : {path, path + "/faults.csv", path + "/receipt", held})
    EXPECT_EQ(world.get(other, one).status, 404) << one;
  EXPECT_EQ(world.post(other, held, form_of({{"as", "xml"}, {"record-xml", "<a/>"}})).status, 404);
  EXPECT_THAT(world.get(other, "/sent").body, Not(HasSubstr(path)));
  EXPECT_THAT(world.get(other, "/held").body, HasSubstr("None: everything you sent is stored"));
  EXPECT_EQ(world.get(anna, path).status, 200);
}

TEST_F(ProviderPages, AFormMakesTheRecordThatAFileWouldHaveMade) {
  const auto empty = world.get(anna, "/forms/review");
  ASSERT_EQ(empty.status, 200);
  EXPECT_THAT(empty.body,
              AllOf(HasSubstr("What is reviewed."), HasSubstr("nhs-number 9990000018"), HasSubstr("S79-REVIEWS")));
  std::vector<std::pair<std::string, std::string>> fields{{"form-message", hidden(empty.body, "form-message")},
                                                          {"form-made", hidden(empty.body, "form-made")},
                                                          {"@id", "F-1"},
                                                          {"known:person", "nhs-number 9990000018"},
                                                          {"person", ""},
                                                          {"person/@scheme", "council"},
                                                          {"agreement", "S79-REVIEWS"},
                                                          {"type", "plan"},
                                                          {"type", "direct-payment"},
                                                          {"requested/on-month", "8"},
                                                          {"requested/on-year", "2025"},
                                                          {"requested/by", "carer"},
                                                          {"completed-day", "3"},
                                                          {"completed-month", "9"},
                                                          {"completed-year", "2025"},
                                                          {"outcome", "No change & <nothing> else."},
                                                          {"involvement.1/who", "adult"},
                                                          {"involvement.1/state", "attended"},
                                                          {"involvement.2/who", "carer"},
                                                          {"involvement.2/state", "declined"},
                                                          {"evidence.1/item", "review-record"},
                                                          {"evidence.1/state", "absent"},
                                                          {"evidence.1/search/by", "A. Clerk"},
                                                          {"evidence.1/search/where", "paper file"},
                                                          {"evidence.1/search/on-day", "1"},
                                                          {"evidence.1/search/on-month", "10"},
                                                          {"evidence.1/search/on-year", "2025"}};
  auto with = [&](const char* what) {
    auto all = fields;
    all.emplace_back("do", what);
    return form_of(all);
  };
  const auto preview = world.post(anna, "/forms/review", with("preview"));
  ASSERT_EQ(preview.status, 200) << preview.body;
  EXPECT_THAT(preview.body, AllOf(HasSubstr("Check what you send"), HasSubstr("3 September 2025"),
                                  HasSubstr("August 2025"), HasSubstr("No change &amp; &lt;nothing&gt; else.")));
  EXPECT_EQ(count("F-1"), 0) << "nothing is stored before it is sent";
  const auto sent = world.post(anna, "/forms/review", with("send"));
  ASSERT_EQ(sent.status, 303) << sent.body;
  EXPECT_EQ(world.post(anna, "/forms/review", with("send")).field("Location"), sent.field("Location"))
      << "sent twice it is one";
  EXPECT_EQ(count("F-1"), 1);

  const auto file =
      submission("T-9", review("X-1", R"(<agreement>S79-REVIEWS</agreement><type>plan direct-payment</type>
<requested><on>2025-08</on><by>carer</by></requested><completed>2025-09-03</completed><outcome>No change &amp; &lt;nothing> else.</outcome>
<involvement><who>adult</who><state>attended</state></involvement><involvement><who>carer</who><state>declined</state></involvement>
<evidence><item>review-record</item><state>absent</state><search><by>A. Clerk</by><where>paper file</where><on>2025-10-01</on></search></evidence>)"));
  ASSERT_EQ(world.upload(anna, "/send", {{"do", "send"}}, "file", file).status, 303);
  EXPECT_EQ(entries("F-1"), entries("X-1"));
  EXPECT_THAT(entries("F-1"), HasSubstr("review.completed 2025-09-03"));
}

TEST_F(ProviderPages, WhatIsWrongInAFormStandsBesideItsField) {
  const auto wrong = world.post(anna, "/forms/review",
                                form_of({{"do", "preview"},
                                         {"@id", "F-2"},
                                         {"person", "9990000019"},
                                         {"person/@scheme", "nhs-number"},
                                         {"completed-day", "31"},
                                         {"completed-month", "2"},
                                         {"completed-year", "2025"},
                                         {"outcome", "Kept as typed"}}));
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, AllOf(HasSubstr("There is a problem"), HasSubstr("href=\"#completed-day\""),
                                HasSubstr("id=\"completed-error\""), HasSubstr("href=\"#person\""),
                                HasSubstr("id=\"person-error\""), HasSubstr("href=\"#type\""),
                                HasSubstr("Kept as typed"), HasSubstr("value=\"31\"")));
  const auto more = world.post(anna, "/forms/review", form_of({{"do", "more"}, {"evidence.1/item", "plan"}}));
  EXPECT_EQ(more.status, 200);
  EXPECT_THAT(more.body, HasSubstr("name=\"evidence.2/item\""));
}

TEST_F(ProviderPages, EveryKindOfRecordHasAFormAndAGuideOfItsOwn) {
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  ASSERT_GT(kinds.all().size(), 20U);
  for (const auto& kind : kinds.all()) {
    EXPECT_EQ(world.get(anna, "/forms/" + kind.name).status, 200) << kind.name;
    const auto guide = world.get(anna, "/guide/schemas/" + kind.name);
    EXPECT_EQ(guide.status, 200) << kind.name;
    EXPECT_THAT(guide.body, HasSubstr("&lt;" + kind.element)) << kind.name;
  }
  EXPECT_EQ(world.get(anna, "/forms/horoscope").status, 404);
}

TEST_F(ProviderPages, ASheetOfVisitsBecomesAVisitEach) {
  std::vector<std::pair<std::string, std::string>> fields{
      {"do", "send"}, {"sheet", "V-1"}, {"person", "9990000018"}, {"person/@scheme", "nhs-number"}};
  const auto line = [&](int number, const std::string& name, const std::string& value) {
    fields.emplace_back(fmt::format("line-{}/{}", number, name), value);
  };
  for (int i = 1; i <= 2; ++i) {
    line(i, "planned/@on-day", std::to_string(i));
    line(i, "planned/@on-month", "9");
    line(i, "planned/@on-year", "2025");
    line(i, "planned/@start", "08:00");
    line(i, "planned/@minutes", "45");
  }
  line(1, "actual/@start", "08:21");
  line(1, "actual/@minutes", "2o");
  line(2, "missed/@reason", "provider");
  const auto wrong = world.post(anna, "/visits", form_of(fields));
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, AllOf(HasSubstr("id=\"line-1/actual/@minutes-error\""), HasSubstr("value=\"2o\"")));
  std::ranges::find(fields, std::string("line-1/actual/@minutes"), &std::pair<std::string, std::string>::first)
      ->second = "20";
  const auto sent = world.post(anna, "/visits", form_of(fields));
  ASSERT_EQ(sent.status, 303) << sent.body;
  EXPECT_EQ(count("V-1-%"), 2);
  EXPECT_THAT(entries("V-1-1"), HasSubstr("2025-09-01"));
}

TEST_F(ProviderPages, ADocumentComesWithItsFingerprint) {
  const std::string letter = "Dear Ada,\nwe met on Tuesday.\n";
  const auto sent = world.upload(
      anna, "/forms/document",
      {{"do", "send"}, {"@id", "D-1"}, {"person", "9990000018"}, {"person/@scheme", "nhs-number"}, {"is", "letter"}},
      "content", letter);
  ASSERT_EQ(sent.status, 303) << sent.body;
  static constexpr pg::Statement body{"test.body",
                                      "SELECT convert_from(b.body, 'UTF8') FROM answerable.record r JOIN "
                                      "answerable.record_body b USING (authority, number) WHERE r.id = 'D-1'"};
  pg::Transaction transaction(world.owner, pg::Access::read_only);
  EXPECT_THAT(std::string(transaction.run_one(body).text(0, 0)),
              AllOf(HasSubstr("<sha256>" + hex(sha256(as_bytes(letter)))), HasSubstr("<bytes>29</bytes>"),
                    HasSubstr("<mediaType>text/plain")));
}

TEST_F(ProviderPages, WhatIsAskedIsSeenAndAnswered) {
  const auto officer_account = world.account("mo@example.org", {only(Role::contract_monitoring_officer)});
  access::assign(world.door, "905", officer_account, "agreement", "");
  const auto officer = world.token_of(officer_account);
  std::int64_t number = 0;
  {
    static constexpr pg::Statement ask{"test.ask_organisation",
                                       "SELECT answerable.ask_organisation('ods:RH5', 'The rota of May', $1)"};
    pg::Connection reports(world.as("answerable_reports"), "test");
    const access::Acting acting(reports, officer);
    pg::Transaction transaction(reports, pg::Access::read_write);
    number = transaction.run_one(ask, london_day(now()) + std::chrono::days{14}).int64(0, 0);
    transaction.commit();
  }
  const auto home = world.get(anna, "/");
  EXPECT_THAT(home.body, AllOf(HasSubstr("Wanted of us"), HasSubstr("The rota of May"),
                               HasSubstr("NHS number 999 000 0018"), HasSubstr(fmt::format("/to-do/{}", number))));
  const auto path = fmt::format("/to-do/{}", number);
  EXPECT_EQ(world.post(anna, path, "words=").status, 422);
  EXPECT_EQ(world.post(anna, path, form_of({{"words", "It was lost"}, {"submission", "1"}})).status, 422)
      << "the council's, not theirs";
  ASSERT_EQ(world.post(anna, path, form_of({{"words", "It was lost in the flood"}, {"submission", "2"}})).status, 303);
  EXPECT_THAT(world.get(anna, path).body,
              AllOf(HasSubstr("It was lost in the flood"), HasSubstr("S905-2"), HasSubstr("Not yet")));
  EXPECT_EQ(world.post(anna, path, "words=again").status, 422);
  EXPECT_EQ(leaves("reply"), 1);
  const auto other = person(Role::provider_submitter, "olu@example.org", "cqc-provider:1-1000000001");
  EXPECT_EQ(world.get(other, path).status, 404);
  EXPECT_EQ(world.post(other, path, "words=mine").status, 404);
}

}  // namespace
}  // namespace answerable::service::testing
