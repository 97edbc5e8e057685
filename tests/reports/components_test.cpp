// What the components do beyond govuk-frontend's own fixtures: escaping, the Ministry of Justice's parts, charts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/render/chart.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "tests/reports/html_tree.hpp"

namespace answerable::components {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string written(const Fragment& fragment) {
  return std::move(Html::part().add(fragment)).finish();
}
std::string outlined(const std::string& html) {
  return outline_of(answerable::testing::parse_html(html));
}

TEST(Components, WhatIsPutInIsEscapedWhereverItStands) {
  const std::string nasty = "<script>\"'&";
  const std::vector<Fragment> all{
      nasty,
      Link{nasty, nasty, nasty},
      Tag{nasty},
      TextInput{.name = nasty, .label = nasty, .hint = nasty, .error = nasty, .value = nasty, .prefix = nasty},
      Textarea{.name = nasty, .label = nasty, .value = nasty},
      Radios{.name = nasty,
             .legend = nasty,
             .items = {{.value = nasty, .text = nasty, .hint = nasty, .conditional = nasty}}},
      Select{.name = nasty, .label = nasty, .options = {{nasty, nasty}}},
      Table{.caption = nasty, .columns = {{nasty}}, .rows = {{nasty}}, .wide = true},
      SummaryList{.rows = {{nasty, nasty, {{nasty, nasty, nasty}}}}, .card = nasty},
      Timeline{.events = {{nasty, nasty, nasty, nasty, nasty}}},
      Chart{.id = "c",
            .headline = nasty,
            .category = nasty,
            .unit = nasty,
            .categories = {nasty},
            .series = {{nasty, {1}}, {nasty, {2}}},
            .denominator = nasty,
            .csv_href = nasty}};
  for (const Fragment& fragment : all) {
    EXPECT_THAT(written(fragment), AllOf(HasSubstr("&lt;script&gt;&quot;&#39;&amp;"), Not(HasSubstr("<script"))));
    EXPECT_NO_THROW(answerable::testing::parse_html(written(fragment)));
  }
}

TEST(Components, ATextareaKeepsLinesAsTheyWereTyped) {
  const auto html = written(Textarea{.name = "a", .label = "A", .value = "\none\n  two"});
  EXPECT_THAT(html, HasSubstr(">\n\none\n  two</textarea>")) << "a reader drops the first line feed";
}

/// As cards on the narrowest pages: each cell says its column, and the roles hold that a browser would drop.
TEST(Components, AWideTableNamesEachCellsColumn) {
  const auto wide =
      written(Table{.caption = "Late", .columns = {{"Who"}, {"Days", true}}, .rows = {{"A", "3"}}, .wide = true});
  EXPECT_THAT(wide, ::testing::HasSubstr(
                        R"(<th scope="row" class="govuk-table__header" role="rowheader" data-label="Who">A</th>)"));
  EXPECT_THAT(wide,
              ::testing::HasSubstr(
                  R"(<td class="govuk-table__cell govuk-table__cell--numeric" role="cell" data-label="Days">3</td>)"));
}

TEST(Components, ATableSaysThatItIsEmptyAndRefusesARowOfOtherLength) {
  EXPECT_THAT(written(Table{.caption = "Late", .columns = {{"A"}}, .rows = {}, .when_empty = "Nothing is late."}),
              AllOf(HasSubstr("Nothing is late."), Not(HasSubstr("<table"))));
  EXPECT_THROW(written(Table{.caption = "Late", .columns = {{"A"}, {"B"}}, .rows = {{"1"}}}), std::invalid_argument);
}

/// As the package's template writes it (moj/components/timeline/template.njk).
TEST(Components, ATimelineIsTheMinistryOfJustices) {
  const auto ours =
      written(Timeline{.events = {{"Review asked for", "14 June 2019", "2019-06-14", "A trust", "Asked."}}});
  EXPECT_EQ(outlined(ours), outlined(R"(<div class="moj-timeline">
  <div class="moj-timeline__item">
    <div class="moj-timeline__header">
      <h2 class="moj-timeline__title">Review asked for</h2>
        <p class="moj-timeline__byline">by A trust</p>
    </div>
    <p class="moj-timeline__date"><time datetime="2019-06-14">14 June 2019</time></p>
    <div class="moj-timeline__description">Asked.</div>
  </div></div>)"));
}

/// As the package's template writes it (moj/components/filter/template.njk).
TEST(Components, AFilterIsTheMinistryOfJustices) {
  const auto ours = written(
      Filter{.options = Strong{"fields"}, .chosen = {{"Rule", {{"old.elig", "/findings"}}}}, .clear_href = "/all"});
  EXPECT_EQ(outlined(ours), outlined(R"(<div class="moj-filter" data-module="moj-filter">
  <div class="moj-filter__header">
    <div class="moj-filter__header-title"><h2 class="govuk-heading-m">Filter</h2></div>
    <div class="moj-filter__header-action"></div>
  </div>
  <div class="moj-filter__content">
      <div class="moj-filter__selected">
        <div class="moj-filter__selected-heading">
          <div class="moj-filter__heading-title"><h2 class="govuk-heading-m">Selected filters</h2></div>
          <div class="moj-filter__heading-action"><p><a class="govuk-link govuk-link--no-visited-state" href="/all">Clear filters</a></p></div>
        </div>
          <h3 class="govuk-heading-s govuk-!-margin-bottom-0">Rule</h3>
          <ul class="moj-filter-tags">
              <li><a class="moj-filter__tag" href="/findings"><span class="govuk-visually-hidden">Remove this filter</span> old.elig</a></li>
          </ul>
      </div>
    <div class="moj-filter__options">
      <button type="submit" class="govuk-button" data-module="govuk-button">Apply filters</button>
      <strong>fields</strong>
    </div>
  </div>
</div>)"));
}

TEST(Charts, SayTheirFiguresInATableAndWhatIsNotKnown) {
  const Chart chart{.id = "late",
                    .headline = "The trust has most",
                    .category = "Provider",
                    .unit = "findings",
                    .categories = {"A trust", "An agency"},
                    .series = {{"open", {1204, std::nullopt}}},
                    .denominator = "Of 2,000 reviews due.",
                    .csv_href = "/late.csv"};
  const auto html = written(chart);
  EXPECT_THAT(html, AllOf(HasSubstr("<title id=\"late-title\">The trust has most</title>"),
                          HasSubstr("<desc id=\"late-desc\">"), HasSubstr("aria-labelledby=\"late-title late-desc\"")));
  EXPECT_THAT(html, AllOf(HasSubstr(">1,204</td>"), HasSubstr(">not known</td>"), HasSubstr("Of 2,000 reviews due."),
                          HasSubstr("href=\"/late.csv\"")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("style=")), Not(HasSubstr("<script"))));
}

TEST(Charts, AnIsolatedPointIsADotAndAGapIsNotBridged) {
  const Chart chart{.id = "l",
                    .headline = "h",
                    .kind = Chart::Kind::line,
                    .category = "Month",
                    .unit = "%",
                    .categories = {"1", "2", "3", "4", "5"},
                    .series = {{"a", {1, 2, std::nullopt, 1, std::nullopt}}}};
  EXPECT_THAT(written(chart), HasSubstr("d=\"M0.00 50.00L25.00 0.00M75.00 50.00h0\""));
}

TEST(Charts, ASurvivalCurveFallsInStepsAndSaysNothingBeyondWhatIsKnown) {
  const SurvivalChart chart{.id = "s",
                            .headline = "h",
                            .time = "Days",
                            .share = "Open",
                            .curves = {{"a", {{10, 0.5}, {20, 0.25}}}, {"b", {{60, 0.5}}}}};
  const auto html = written(chart);
  EXPECT_THAT(html, HasSubstr("d=\"M0.00 0.00L16.67 0.00L16.67 50.00L33.33 50.00L33.33 75.00\""));
  EXPECT_THAT(html, HasSubstr(">30</th><td class=\"govuk-table__cell govuk-table__cell--numeric\">not known</td>"));
}

TEST(Charts, RefuseWhatCannotBeDrawn) {
  EXPECT_THROW(
      written(Chart{
          .id = "c", .headline = "h", .category = "x", .unit = "", .categories = {"a"}, .series = {{"s", {1, 2}}}}),
      std::invalid_argument);
  EXPECT_THROW(
      written(Chart{
          .id = "c", .headline = "h", .category = "x", .unit = "", .categories = {}, .series = std::vector<Series>(7)}),
      std::invalid_argument);
}

}  // namespace
}  // namespace answerable::components
