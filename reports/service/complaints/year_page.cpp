// The yearly report on complaints: reg 18 of SI 2009/309.
#include <fmt/format.h>

#include <chrono>
#include <sstream>

#include "reports/pages/wording.hpp"
#include "reports/render/csv_table.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/pieces.hpp"
#include "reports/service/complaints/year.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

constexpr int first_year = 2009;  // in which the Regulations came into force

int this_year() {
  const std::chrono::year_month_day today(london_day(now()));
  return static_cast<int>(today.year()) - (today.month() < std::chrono::April ? 1 : 0);
}

int year_asked(const Visit& visit) {
  const auto year = number_in<int>(visit.query("year")).value_or(this_year());
  return year < first_year || year > this_year() ? this_year() : year;
}

bool for_publication(const Visit& visit) {
  return visit.query("for") == "publication";
}

/// One figure of the report.
struct Figure {
  std::string part, what;
  std::int64_t count{};
};

std::string or_not_known(std::string_view code, std::string_view nothing) {
  return code.empty() ? std::string(nothing) : pages::capital(pages::code_words(code));
}

std::vector<Figure> figures_of(const ComplaintYear& year) {
  std::vector<Figure> all{
      {"Received", "Complaints received", year.received},
      {"Received", "of them first received by another body", year.received_first_by_others},
      {"Received", "Known too inexactly to tell whether they came this year: not counted", year.not_placed},
      {"Well-founded", "Decided to be well-founded, wholly or in part", year.well_founded()}};
  for (const auto& [outcome, count] : year.by_outcome)
    all.push_back({"Outcome", or_not_known(outcome, "No outcome on record"), count});
  all.push_back({"Ombudsman", "Known to have gone to the ombudsman", year.to_ombudsman});
  for (const auto& [decision, count] : year.by_ombudsman_decision)
    all.push_back({"Ombudsman", or_not_known(decision, "Not decided"), count});
  for (const auto& [subject, count] : year.by_subject)
    all.push_back({"Subject matter", or_not_known(subject, "Not on record"), count});
  all.push_back({"Response time", "Complainant told by when to expect an answer", year.response_time_told});
  all.push_back({"Response time", "of those answered", year.answered});
  all.push_back({"Response time", "of those answered in that time", year.answered_in_that_time});
  return all;
}

std::string shown(std::int64_t count, bool publication) {
  return publication ? protected_count(count) : std::to_string(count);
}

std::string year_words(int begins) {
  return fmt::format("1 April {} to 31 March {}", begins, begins + 1);
}

void add_lessons(Pieces& pieces, const Visit& visit, const ComplaintYear& year, bool writes) {
  for (const auto& [kind, title] :
       {std::pair<std::string, std::string>{"general-importance", "Matters of general importance"},
        {"improvement", "What was improved, or will be"}}) {
    pieces.heading(title);
    bool any = false;
    for (const auto& lesson : year.lessons) {
      if (lesson.kind != kind) continue;
      any = true;
      pieces.says(lesson.words);
      if (writes)
        pieces.add(post_button(
            visit, "/complaints-report/lessons", fmt::format("Take out entry {}", lesson.number),
            {{"do", "drop"}, {"year", std::to_string(year.begins)}, {"lesson", std::to_string(lesson.number)}}));
    }
    if (!any) pieces.says("Nothing has been written down.");
    if (!writes) continue;
    Fragment fields = hidden_field("kind", kind);
    fields += hidden_field("year", std::to_string(year.begins));
    fields += Fragment(components::Textarea{.name = "words",
                                            .label = fmt::format("Add to “{}”", title),
                                            .hint = "It will be read outside: name nobody.",
                                            .rows = 3,
                                            .id = "words-" + kind});
    fields += Fragment(components::Button{fmt::format("Add to “{}”", title), components::Button::Kind::secondary});
    pieces.add(post_form(visit, "/complaints-report/lessons", fields));
  }
}

ComplaintYear year_for(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only, pg::Isolation::repeatable_read);
  return complaint_year(transaction, year_asked(visit));
}

const render::CsvTable& year_csv() {
  static const render::CsvTable table{
      .file = "complaints-year.csv",
      .title = "Yearly report on complaints",
      .description = "SI 2009/309 reg 18, one row a figure.",
      .columns = {{"year_begins", render::CsvType::day, "The first day"},
                  {"part", render::CsvType::text, "Part of the report"},
                  {"what", render::CsvType::text, "What is counted"},
                  {"count", render::CsvType::text, "How many; 'fewer than 5' where fewer could lead to somebody"}}};
  return table;
}

}  // namespace

http::Response complaints_report(Visit& visit) {
  const auto year = year_for(visit);
  const bool publication = for_publication(visit);
  Page page(visit, fmt::format("Complaints, {}", year_words(year.begins)));
  Pieces pieces;
  components::Select years{.name = "year", .label = "Year", .options = {}, .chosen = std::to_string(year.begins)};
  for (int begins = this_year(); begins >= first_year; --begins)
    years.options.push_back({std::to_string(begins), year_words(begins)});
  Fragment fields = years;
  fields += Fragment(components::Select{.name = "for",
                                        .label = "Made for",
                                        .options = {{"us", "The council itself: every figure"},
                                                    {"publication", "Publication: counts from 1 to 4 are protected"}},
                                        .chosen = publication ? "publication" : "us"});
  fields += Fragment(components::Button{"Show", components::Button::Kind::secondary});
  pieces.add(get_form("/complaints-report", fields));
  components::Table table{.caption = "Figures", .columns = {{"Part"}, {"What"}, {"Number", true}}, .rows = {}};
  for (const auto& figure : figures_of(year))
    table.rows.push_back({figure.part, figure.what, shown(figure.count, publication)});
  pieces.add(table);
  pieces.says(components::Link{"These figures as CSV", fmt::format("/complaints-report.csv?year={}{}", year.begins,
                                                                   publication ? "&for=publication" : "")});
  pieces.says(
      "A complaint may concern several subjects, so those do not add up to the number received. A complaint counts in "
      "the "
      "year in which it was first received, by whomever.");
  add_lessons(pieces, visit, year, visit.actor().has(access::Role::complaints_officer) && !publication);
  pieces.says(
      "What a yearly report lists is SI 2009/309 reg 18, from general knowledge: unverified, and in need of a "
      "qualified "
      "person’s sign-off.");
  page.add(pieces.all());
  return std::move(page).answer();
}

http::Response complaints_report_csv(Visit& visit) {
  const auto year = year_for(visit);
  std::ostringstream out;
  auto csv = render::open_csv(year_csv(), out);
  for (const auto& figure : figures_of(year))
    csv.row(
        {fmt::format("{}-04-01", year.begins), figure.part, figure.what, shown(figure.count, for_publication(visit))});
  return {.content_type = "text/csv; charset=utf-8",
          .body = std::move(out).str(),
          .headers = {{"Content-Disposition", fmt::format("attachment; filename=\"complaints-{}.csv\"", year.begins)}}};
}

http::Response change_lessons(Visit& visit) {
  const auto year = number_in<int>(visit.field("year")).value_or(this_year());
  const auto kind = visit.field("kind"), words = visit.field("words");
  const auto lesson = number_in<std::int64_t>(visit.field("lesson"));
  const bool drop = visit.field("do") == "drop";
  const bool sound = drop ? lesson.has_value()
                          : !words.empty() && (kind == "general-importance" || kind == "improvement") &&
                                year >= first_year && year <= this_year();
  if (!sound)
    return page_of_problem(visit, 422, "Nothing was added",
                           "Write down what is to be said, and under which heading of which year.");
  {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    if (drop)
      drop_lesson(transaction, *lesson);
    else
      add_lesson(transaction, year, kind, words);
    transaction.commit();
  }
  return see_other(fmt::format("/complaints-report?year={}", year));
}

}  // namespace answerable::service
