// Organisations that act for the council: the list, and each one's page.
#include <fmt/format.h>

#include <sstream>

#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/chart.hpp"
#include "reports/render/csv.hpp"
#include "reports/service/links.hpp"
#include "reports/service/monitoring/acts.hpp"
#include "reports/service/monitoring/asking.hpp"
#include "reports/service/monitoring/finding_list.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/monitoring/page_parts.hpp"
#include "reports/service/monitoring/provider.hpp"
#include "reports/service/monitoring/request_parts.hpp"
#include "reports/service/monitoring/scorecard_parts.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

using monitoring::Provider;

constexpr int requests_shown = 10;
constexpr int findings_shown = 10;

std::string sent_words(const std::optional<Instant>& at, Day today) {
  if (!at) return "Never";
  const auto days = (today - london_day(*at)).count();
  return days == 0 ? "Today" : fmt::format("{} ({} ago)", day_of_words(*at), figure_of(days, "day", "days"));
}

std::string from_until(const monitoring::AgreementLine& line) {
  return fmt::format("{} {}", words(line.from),
                     line.until ? fmt::format("to {}{}", words(*line.until), line.revoked ? ", revoked" : "") : "on");
}

void add_agreements(Page& page, const Provider& it) {
  page.heading("Who does what for the council, and by which instrument");
  ui::Table table{.caption = "Agreements over time",
                  .columns = {{"Agreement"}, {"Instrument"}, {"Functions"}, {"When"}, {"In force today"}},
                  .rows = {},
                  .wide = true,
                  .when_empty =
                      "No agreement with this organisation is on record. What it did for the council rests on "
                      "no instrument that is held."};
  for (const auto& line : it.agreements)
    table.rows.push_back({ui::Link{line.reference, "/findings?agreement=" + url_part(line.reference), "findings under"},
                          pages::capital(std::string(pages::instrument_words(line.type))), line.functions,
                          from_until(line), line.in_force ? "Yes" : "No"});
  page.add(table);
}

void add_findings(Page& page, const Provider& it, const monitoring::FindingList& list) {
  page.heading("Open findings");
  ui::Table table{.caption = "Wrong for longest",
                  .columns = {{"Finding"}, {"Outcome"}, {"What was found"}, {"Wrong since"}},
                  .rows = {},
                  .wide = true,
                  .when_empty = "None that needs attention."};
  for (const auto& row : list.shown) {
    const auto name = engine::format_finding(row.id);
    table.rows.push_back({ui::Link{name, "/findings/" + name}, outcome_tag(row.outcome), row.sentence,
                          row.flagged_since ? words(*row.flagged_since) : std::string("not dated")});
  }
  page.add(table);
  page.paragraph(ui::Link{fmt::format("All {}", pages::count_of(list.total, "open finding", "open findings")),
                          "/findings?provider=" + url_part(it.key)});
}

void add_requests(Page& page, const Provider& it, const monitoring::Requests& all, Day today) {
  page.heading("What was asked, and what came back");
  page.paragraph(it.asked == 0
                     ? std::string("Nothing has been asked of them.")
                     : fmt::format("{}; {} overdue.", pages::capital(pages::count_of(it.asked, "request", "requests")),
                                   pages::count_of(it.unanswered_and_late, "answer is", "answers are")));
  if (all.shown.empty()) return;
  ui::Table table{.caption = "The newest requests",
                  .columns = {{"What"}, {"Asked"}, {"To be answered by"}, {"Stands"}, {"Replies", true}},
                  .rows = {},
                  .wide = true};
  for (const auto& request : all.shown)
    table.rows.push_back({request.what, day_of_words(request.at), words(request.until), request_tag(request, today),
                          std::to_string(request.replies.size())});
  page.add(table);
}

void add_submissions(Page& page, const Provider& it, Day today) {
  page.heading("What they sent");
  page.paragraph(fmt::format("Last file: {}.", sent_words(it.last_sent, today)));
  ui::Table table{.caption = "Newest files that you may see",
                  .columns = {{"File"}, {"Received"}, {"Taken in", true}, {"Held", true}, {"Held already", true}},
                  .rows = {}};
  for (const auto& line : it.submissions)
    table.rows.push_back({line.receipt, pages::time_words(line.received), grouped(line.stored), grouped(line.held),
                          grouped(line.already_held)});
  if (!table.rows.empty()) page.add(table);
}

void add_asking(Page& page, const Visit& visit, const Provider& it) {
  if (!visit.actor().has(access::Role::contract_monitoring_officer)) return;
  page.heading("Ask for something that no finding is about");
  TypedDay until{.id = "until"};
  page.add(post_form(visit, "/requests",
                     render::joined({hidden_field("organisation", it.key),
                                     ui::Textarea{.name = "text", .label = "What do you ask for?", .rows = 3},
                                     until.input("The last day to answer", "For example, 27 3 2027",
                                                 london_day(now()) + std::chrono::days{14}),
                                     ui::Button{.text = "Ask", .kind = ui::Button::Kind::secondary}})));
}

std::int32_t organisation_in(const Visit& visit) {
  const auto number = number_in<std::int32_t>(visit.request.parameters.at("organisation"));
  if (!number) throw http::Problem{.status = 404, .detail = "There is no organisation of that number."};
  return *number;
}

Provider provider_in(const Visit& visit, pg::Transaction& transaction, Day today) {
  auto found = monitoring::provider(transaction, visit.actor().authority, organisation_in(visit), today);
  if (!found) throw http::Problem{.status = 404, .detail = "There is no organisation of that number."};
  return std::move(*found);
}

ui::Chart shares_chart(const std::vector<monitoring::ProviderRow>& all) {
  ui::Chart chart{.id = "shares",
                  .headline = "Share of duties shown to have been done, by organisation",
                  .category = "Organisation",
                  .unit = "%",
                  .series = {{"Shown to have been done", {}}},
                  .csv_href = "/providers.csv"};
  for (const auto& row : all) {
    const auto share = row.standing.as_it_stands();
    if (!share.known() || chart.categories.size() == 10) continue;
    chart.categories.push_back(row.name);
    chart.series.front().values.push_back(std::round(1000 * share.value()) / 10);
  }
  chart.denominator = "The ten with the smallest share. The table below has everybody’s, with what it is a share of.";
  return chart;
}

}  // namespace

http::Response providers(Visit& visit) {
  const Day today = london_day(now());
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto all = monitoring::providers(transaction, visit.actor().authority);
  Page page(visit, "Providers and trusts");
  const auto chart = shares_chart(all);
  if (!chart.categories.empty()) page.add(chart);
  ui::Table table{
      .caption = "Smallest share first",
      .columns = {{"Organisation"},
                  {"Shown to have been done"},
                  {"Done in time"},
                  {"Count against", true},
                  {"Right of reply", true},
                  {"Last file"}},
      .rows = {},
      .wide = true,
      .when_empty = "You monitor no organisation yet. A guardian or administrator assigns agreements to you."};
  for (const auto& row : all)
    table.rows.push_back({ui::Link{row.name, fmt::format("/providers/{}", row.organisation)},
                          monitoring::share_words(row.standing.as_it_stands()),
                          monitoring::share_words(row.standing.in_time()), grouped(row.standing.against),
                          grouped(row.standing.replying), sent_words(row.last_sent, today)});
  page.add(table);
  page.paragraph(ui::Link{"These figures as CSV", "/providers.csv"});
  return std::move(page).answer();
}

http::Response providers_csv(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  std::ostringstream out;
  render::Csv csv(out, {"organisation", "name", "met", "met_late", "open_against", "open_replying", "open_explained",
                        "set_aside", "unknown", "not_due", "last_file"});
  for (const auto& row : monitoring::providers(transaction, visit.actor().authority)) {
    const auto& it = row.standing;
    csv.row({row.key, row.name, std::to_string(it.met), std::to_string(it.met_late), std::to_string(it.against),
             std::to_string(it.replying), std::to_string(it.explained), std::to_string(it.set_aside),
             std::to_string(it.unknown), std::to_string(it.pending), row.last_sent ? iso(*row.last_sent) : ""});
  }
  return csv_answer("providers.csv", std::move(out).str());
}

http::Response provider(Visit& visit) {
  const Day today = london_day(now());
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto it = provider_in(visit, transaction, today);
  const auto csv = fmt::format("/providers/{}/figures.csv", it.organisation);

  Page page(visit, it.name);
  page.under({{"Providers and trusts", "/providers"}})
      .caption(pages::capital(pages::organisation_number_words(it.key)));
  page.add(ui::ButtonGroup{{ui::Button{.text = "Contract monitoring report",
                                       .kind = ui::Button::Kind::secondary,
                                       .href = fmt::format("/providers/{}/report", it.organisation)},
                            ui::Link{"as PDF", fmt::format("/providers/{}/report.pdf", it.organisation),
                                     "of the contract monitoring report"},
                            ui::Link{"as a spreadsheet", fmt::format("/providers/{}/report.ods", it.organisation),
                                     "of the contract monitoring report"},
                            ui::Link{"Figures as CSV", csv}}});
  page.heading("Scorecard");
  page.add(scorecard_parts(it.card, *visit.hall.rules.lend(transaction, council)));
  page.add(trend_chart(it.trend, csv));
  page.heading("Reviews");
  page.add(reviews_chart(it.reviews, csv));
  add_agreements(page, it);
  add_findings(page, it, monitoring::open_findings(transaction, council, {.actor = it.key}, today, findings_shown));
  add_requests(page, it,
               monitoring::requests(transaction, council, {.asked_of = it.key, .limit = requests_shown}, today), today);
  add_asking(page, visit, it);
  add_submissions(page, it, today);
  return std::move(page).answer();
}

http::Response provider_csv(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto it = provider_in(visit, transaction, london_day(now()));
  std::ostringstream out;
  render::Csv csv(out, {"figure", "of", "part", "whole"});
  const auto share = [&](std::string_view figure, std::string_view of, const monitoring::Share& value) {
    csv.row({figure, of, std::to_string(value.part), std::to_string(value.whole)});
  };
  share("shown-to-be-done", "all", it.card.all.as_it_stands());
  share("done-in-time", "all", it.card.all.in_time());
  share("shown-as-it-counts", "all", it.card.all.as_it_counts());
  for (const auto& [rule, standing] : it.card.by_rule) share("shown-to-be-done-by-rule", rule, standing.as_it_stands());
  for (const auto& [agreement, standing] : it.card.by_agreement)
    share("shown-to-be-done-by-agreement", agreement, standing.as_it_stands());
  for (const auto& quarter : it.trend) share("shown-to-be-done-by-quarter", iso(quarter.first), quarter.evidenced);
  for (const auto& step : monitoring::survival(it.reviews))
    csv.row({"reviews-done-on-day-after-due", std::to_string(step.days), std::to_string(step.done),
             std::to_string(step.at_risk)});
  return csv_answer("figures.csv", std::move(out).str());
}

}  // namespace answerable::service
