// What the catalogue refuses, and says why.
#include <gtest/gtest.h>

#include "audit/engine/catalogue.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::engine {
namespace {

/// What the catalogue says of a rule with this duty; "" when it takes it.
std::string refusal(const std::string& inside, const std::string& id = "own.rule") {
  static const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  const std::string example =
      "<example name=\"x\" as-of=\"2024-01-01\" outcome=\"met\"><sent by=\"council\" on=\"2024-01-01\"><x "
      "xmlns=\"urn:x\"/></sent></example>";
  std::vector<Catalogue::File> files;
  files.push_back(Catalogue::read(share_folder() / "schemas" / "codes" / "bank-holidays.csv"));
  files.push_back({"own.rule",
                   {},
                   "<rule xmlns=\"urn:answerable:rule:1\" id=\"" + id +
                       "\" subject=\"person\"><title>The duty.</title><because>It matters.</because>"
                       "<edition from=\"1990-01-01\" force=\"practice\" confidence=\"verified\"><source>A "
                       "text</source><duty id=\"main\"><when><act is=\"complaint.received\"/></when>" +
                       inside + "<says outcome=\"breached\">Missing.</says></duty></edition>" + example + example +
                       "</rule>"});
  try {
    Catalogue::from(std::move(files), kinds);
  } catch (const std::exception& problem) {
    return problem.what();
  }
  return "";
}

constexpr const char* a_step = R"(<step called="an answer"><act is="complaint.acknowledged"/></step>)";

TEST(CatalogueRefuses, a_clock_without_any_number) {
  const std::string bare = R"( unit="day" count="after"/>)", says = "has neither value= nor policy=";
  const std::string step = a_step;
  for (const std::string& inside :
       {"<follow>" + step + "<within" + bare + "</follow>", "<precede>" + step + "<within" + bare + "</precede>",
        "<precede>" + step + "<lead" + bare + "</precede>", "<recur>" + step + "<within" + bare + "</recur>",
        "<recur>" + step + "<first" + bare + "<within value=\"3\"" + bare + "</recur>",
        "<accompany><recorded called=\"it\"" + bare + "</accompany>",
        "<absent><then><act is=\"complaint.withdrawn\"/></then><within" + bare + "</absent>"})
    EXPECT_NE(refusal(inside).find(says), std::string::npos) << inside << "\n" << refusal(inside);
}

TEST(CatalogueRefuses, a_number_of_the_councils_where_it_can_set_none) {
  const std::string ours = R"( policy="own-days" unit="day" count="after"/>)", step = a_step;
  const std::string says = "every= and precede's within= take no policy=";
  EXPECT_NE(refusal("<precede>" + step + "<within" + ours + "</precede>").find(says), std::string::npos);
  EXPECT_NE(refusal("<precede>" + step + "<within value=\"3\"" + ours + "</precede>").find(says), std::string::npos);
  EXPECT_NE(
      refusal("<schedule>" + step + "<every" + ours + "<due attribute=\"report-due-days\"/></schedule>").find(says),
      std::string::npos);
  for (const std::string& inside :
       {"<follow>" + step + "<within" + ours + "</follow>", "<precede>" + step + "<lead" + ours + "</precede>",
        "<recur>" + step + "<first" + ours + "<within" + ours + "</recur>",
        "<accompany><recorded called=\"it\"" + ours + "</accompany>",
        "<absent><then><act is=\"complaint.withdrawn\"/></then><within" + ours + "</absent>"})
    EXPECT_EQ(refusal(inside), "") << inside;
}

TEST(CatalogueRefuses, until_with_within_or_without_then) {
  const std::string then = R"(<then><act is="complaint.withdrawn"/></then>)";
  EXPECT_EQ(refusal("<absent until=\"recorded\">" + then + "</absent>"), "");
  for (const std::string& inside :
       {"<absent until=\"recorded\">" + then + "<within value=\"3\" unit=\"day\" count=\"after\"/></absent>",
        std::string("<absent until=\"recorded\"/>")})
    EXPECT_NE(refusal(inside).find("until= needs then, and takes no within"), std::string::npos) << inside;
}

TEST(CatalogueRefuses, an_act_that_no_record_gives) {
  const std::string step = a_step, clock = R"(<within value="3" unit="day" count="after"/>)";
  const std::string known = R"(<act is="complaint.withdrawn"/>)", unknown = R"(<act is="complaint.sung"/>)";
  const auto pause = [&](const std::string& from, const std::string& to) {
    return refusal("<follow>" + step + clock + "<pause because=\"b\"><from>" + from + "</from><to>" + to +
                   "</to></pause></follow>");
  };
  EXPECT_EQ(pause(known, known), "");
  for (const auto& said : {pause(unknown, known), pause(known, unknown)})
    EXPECT_NE(said.find("no record kind gives the act complaint.sung"), std::string::npos) << said;
}

TEST(CatalogueRefuses, words_the_grammar_does_not_have) {
  const std::string step = a_step;
  EXPECT_NE(refusal(R"(<absent as="met"/>)"), "");
  EXPECT_NE(refusal(R"(<absent until="noon"><then><act is="complaint.withdrawn"/></then></absent>)"), "");
  EXPECT_NE(refusal("<follow>" + step + R"(<within value="0" unit="day" count="after"/></follow>)"), "");
  EXPECT_NE(refusal("<follow>" + step + R"(<within value="3" unit="year" count="after"/></follow>)"), "");
  EXPECT_NE(refusal(R"(<accompany><value attribute="minutes" at-least="1.23456" called="m"/></accompany>)"), "");
  EXPECT_NE(refusal("<absent/>", "other.rule").find("a rule's file is named by its id"), std::string::npos);
  EXPECT_EQ(refusal("<absent/>"), "");
}

}  // namespace
}  // namespace answerable::engine
