// The guide to the rules: complete, linked, tagged, and the same bytes each time.
#include "reports/pages/rule_guide.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/not_checked.hpp"
#include "audit/engine/rule_words.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"
#include "reports/render/document.hpp"
#include "reports/render/html.hpp"
#include "tests/reports/pdf_archive.hpp"
#include "tests/reports/render_sample.hpp"

namespace answerable::pages {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RuleGuide : public ::testing::Test {
 protected:
  static const engine::Catalogue& catalogue() {
    static const auto all = engine::Catalogue::load(xml::Kinds::load(share_folder() / "schemas"));
    return all;
  }
  static const render::Document& guide() {
    static const auto one =
        rule_guide(catalogue(), std::vector<engine::NotChecked>{{"lgo.powers", "a right of the ombudsman, <no> duty"}});
    return one;
  }
  static const std::string& page() {
    static const auto one = render::html(guide());
    return one;
  }
};

TEST_F(RuleGuide, HasEveryRuleUnderItsIdWithLawDutyAndExamples) {
  for (const auto& rule : catalogue().rules()) {
    EXPECT_THAT(page(), HasSubstr(fmt::format("<h3 id=\"{}\">", rule_anchor(rule.id)))) << rule.id;
    EXPECT_THAT(page(), HasSubstr(fmt::format("<a href=\"#{}\">", rule_anchor(rule.id))));
    EXPECT_THAT(page(), HasSubstr(fmt::format("Examples ({})", rule.id)));
  }
}

TEST_F(RuleGuide, MarksUnverifiedLawAtEveryRuleThatRestsOnIt) {
  std::size_t editions = 0;
  for (const auto& rule : catalogue().rules())
    for (const auto& edition : rule.editions)
      if (edition.confidence == engine::Confidence::unverified) ++editions;
  ASSERT_GT(editions, 0U);
  std::size_t tags = 0;
  const std::string wanted = ">UNVERIFIED</strong>";
  for (auto at = page().find(wanted); at != std::string::npos; at = page().find(wanted, at + 1)) ++tags;
  EXPECT_EQ(tags, editions + 1) << "one at each, and one where the mark is explained";
}

TEST_F(RuleGuide, SaysWhatIsNotCheckedAndWhichCatalogueItIs) {
  EXPECT_THAT(page(), HasSubstr("What is not checked, and why"));
  EXPECT_THAT(page(), HasSubstr("A right of the ombudsman, &lt;no&gt; duty."));
  EXPECT_THAT(page(), HasSubstr(hex(catalogue().digest())));
  EXPECT_THAT(page(), HasSubstr(fmt::format("{} rules in ", catalogue().rules().size())));
}

TEST_F(RuleGuide, CarriesNoTimeAndRunsNothing) {
  EXPECT_THAT(page(), Not(HasSubstr("dcterms.created")));
  EXPECT_THAT(page(), Not(HasSubstr("<script")));
}

TEST_F(RuleGuide, IsWrittenAsPageAndTaggedPdfTheSameBytesTwice) {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("answerable-guide-{}", ::getpid());
  const auto files = write_rule_guide(guide(), folder);
  ASSERT_EQ(files.size(), 2U);
  const auto read = [](const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  const auto html = read(files[0]), pdf = read(files[1]);
  std::filesystem::remove_all(folder);
  EXPECT_EQ(files[0].filename(), "rules.html");
  EXPECT_EQ(html, page());
  EXPECT_EQ(files[1].filename(), "rules.pdf");
  EXPECT_EQ(pdf, render::pdf(guide()));
  EXPECT_THAT(pdf, Not(HasSubstr("CreationDate")));
  EXPECT_THAT(pdf, Not(HasSubstr("1970-01")));
  EXPECT_THAT(render::pdfa_violations(render::PdfObjects(pdf)), ::testing::IsEmpty());
}

TEST(RuleAnchor, BeginsWithALetter) {
  EXPECT_EQ(rule_anchor("review.annual"), "review.annual");
  EXPECT_EQ(rule_anchor("117.duty"), "rule-117.duty");
}

}  // namespace
}  // namespace answerable::pages
