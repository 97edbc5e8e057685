// The first page of whoever monitors: what changed, what needs them, and how things stand.
#include <fmt/format.h>

#include <cmath>
#include <sstream>

#include "audit/engine/identity.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/chart.hpp"
#include "reports/render/csv.hpp"
#include "reports/service/links.hpp"
#include "reports/service/monitoring/finding_list.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/monitoring/overview.hpp"
#include "reports/service/monitoring/page_parts.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/rule_words.hpp"

namespace answerable::service {
namespace {

using monitoring::Overview;

constexpr std::size_t providers_shown = 8;

render::Fragment counted(std::int64_t count, std::string_view one, std::string_view many, std::string href) {
  const auto words = pages::capital(pages::count_of(count, one, many));
  return count == 0 ? render::Fragment(words) : render::Fragment(ui::Link{words, std::move(href)});
}

void add_changes(Page& page, const Visit& visit, const monitoring::Changes& changes) {
  page.heading(changes.since ? "Since you last looked, on " + day_of_words(*changes.since) : "In the last seven days");
  const auto since = iso(london_day(changes.from));
  page.add(
      ui::List{{counted(changes.opened, "finding came to need attention", "findings came to need attention",
                        "/findings?sort=newest&since=" + since),
                pages::capital(pages::count_of(changes.closed,
                                               "finding closed: its rule was kept after all, or "
                                               "nothing calls for it any more",
                                               "findings closed: their rules were kept after all, or nothing calls "
                                               "for them any more")),
                counted(changes.replies, "reply came", "replies came", "/requests?show=all"),
                counted(changes.approvals_decided, "approval was decided", "approvals were decided", "/approvals")}});
  page.add(post_form(visit, "/looked", ui::Button{.text = "I have seen this", .kind = ui::Button::Kind::secondary}));
}

ui::Table due_table(std::string caption, const std::vector<monitoring::DueLine>& lines, const engine::Catalogue& rules,
                    const std::map<std::string, std::string>& names, Day today) {
  ui::Table table{.caption = std::move(caption),
                  .columns = {{"Finding"}, {"What"}, {"Who acts"}, {"Due"}, {"Time"}},
                  .rows = {},
                  .wide = true};
  for (const auto& line : lines) {
    const auto name = engine::format_finding(line.finding);
    table.rows.push_back({ui::Link{name, "/findings/" + name},
                          line.sentence.empty() ? rule_words(rules, line.rule) : render::Fragment(line.sentence),
                          name_of(names, line.actor), words(line.due), lateness_words(line.due, today)});
  }
  return table;
}

void add_today(Page& page, const Overview& all, const engine::Catalogue& rules,
               const std::map<std::string, std::string>& names, Day today) {
  const auto& it = all.today;
  std::int64_t overdue = 0;
  for (const auto& band : all.ageing) overdue += band.overdue;
  page.heading("What needs you today");
  page.add(ui::List{
      {counted(it.replies_to_decide, "reply waits for a decision", "replies wait for a decision",
               "/requests?show=decision"),
       counted(it.answers_overdue, "answer is overdue", "answers are overdue", "/requests?show=overdue"),
       counted(it.approvals_waiting, "approval waits for a second person", "approvals wait for a second person",
               "/approvals"),
       counted(it.drafts, "action plan of yours waits to be sent", "action plans of yours wait to be sent", "/plans"),
       counted(it.due_soon, "duty falls due within 14 days", "duties fall due within 14 days",
               "/findings?outcome=pending&state=due-soon&sort=due"),
       counted(overdue, "open finding is past its day", "open findings are past their day", "/findings?sort=due")}});
  if (!it.latest.empty()) page.add(due_table("Most days late", it.latest, rules, names, today));
  if (!it.soonest.empty()) page.add(due_table("Falling due soonest", it.soonest, rules, names, today));
}

void add_providers(Page& page, const std::vector<monitoring::ProviderRow>& all) {
  page.heading("Providers and trusts, by evidenced share");
  ui::Chart chart{.id = "evidenced",
                  .headline = "Share of duties shown to have been done, smallest first",
                  .category = "Organisation",
                  .unit = "%",
                  .series = {{"Shown to have been done", {}}},
                  .csv_href = "/providers.csv"};
  ui::Table table{
      .caption = "With what each is a share of",
      .columns = {{"Organisation"}, {"Shown to have been done"}, {"Count against", true}, {"Right of reply", true}},
      .rows = {},
      .when_empty = "You monitor no organisation yet."};
  for (const auto& row : all) {
    if (table.rows.size() == providers_shown) break;
    const auto share = row.standing.as_it_stands();
    if (share.known()) {
      chart.categories.push_back(row.name);
      chart.series.front().values.push_back(std::round(1000 * share.value()) / 10);
    }
    table.rows.push_back({ui::Link{row.name, fmt::format("/providers/{}", row.organisation)},
                          monitoring::share_words(share), grouped(row.standing.against),
                          grouped(row.standing.replying)});
  }
  if (!chart.categories.empty()) page.add(chart);
  page.add(table);
  page.paragraph(ui::Link{
      fmt::format("All {}", pages::count_of(static_cast<std::int64_t>(all.size()), "organisation", "organisations")),
      "/providers"});
}

void add_ageing(Page& page, const Overview& all) {
  std::int64_t total = 0, old = 0;
  ui::Chart chart{.id = "ageing",
                  .headline = "",
                  .kind = ui::Chart::Kind::stacked,
                  .category = "Wrong for",
                  .unit = "findings",
                  .series = {{"Serious", {}}, {"Important", {}}, {"Advisory", {}}, {"Not graded", {}}},
                  .csv_href = "/findings/ageing.csv"};
  for (std::size_t i = 0; i < monitoring::age_bands; ++i) {
    const auto& band = all.ageing.at(i);
    total += band.all();
    if (band.words == "more than a year") old = band.all();
    chart.categories.emplace_back(band.words);
    const std::int64_t counts[]{band.serious, band.important, band.advisory, band.not_graded};
    for (std::size_t series = 0; series < 4; ++series)
      chart.series[series].values.push_back(static_cast<double>(counts[series]));
  }
  std::erase_if(chart.series, [](const ui::Series& one) {
    return one.name == "Not graded" && std::ranges::all_of(one.values, [](const auto& v) { return v == 0; });
  });
  page.heading("How long open findings have been wrong");
  chart.headline =
      fmt::format("{} open; {} for more than a year",
                  pages::capital(pages::count_of(total, "finding is", "findings are")), pages::count_words(old));
  if (total > 0)
    page.add(chart);
  else
    page.paragraph("No finding needs attention.");
}

void add_silence(Page& page, const Overview& all, const std::map<std::string, std::string>& names, Day today) {
  page.heading("Silence");
  ui::Table table{.caption = fmt::format("Parties to agreements in force that sent nothing for {} days",
                                         monitoring::silent_after_days),
                  .columns = {{"Organisation"}, {"Agreements"}, {"Last file"}},
                  .rows = {},
                  .when_empty = "Every party to an agreement in force has sent something lately."};
  for (const auto& one : all.silent)
    table.rows.push_back(
        {ui::Link{one.name, fmt::format("/providers/{}", one.organisation)}, one.agreements,
         one.last_sent ? fmt::format("{} ({} ago)", day_of_words(*one.last_sent),
                                     pages::count_of((today - london_day(*one.last_sent)).count(), "day", "days"))
                       : std::string("Never")});
  page.add(table);
  ui::Table reports{.caption = "Reports that agreements ask for, and that are not held",
                    .columns = {{"Agreement"}, {"Who was to report"}, {"Not received", true}},
                    .rows = {},
                    .when_empty = "None is missing."};
  for (const auto& one : all.missing_reports)
    reports.rows.push_back(
        {ui::Link{one.agreement.empty() ? "no agreement" : one.agreement,
                  "/findings?provider=" + url_part(one.actor) + "&agreement=" + url_part(one.agreement)},
         name_of(names, one.actor), grouped(one.findings)});
  page.add(reports);
}

/// It is done every night: one night may be missed.
constexpr std::int64_t oldest_verification = 2;

render::Fragment verified(const monitoring::Health& it) {
  if (!it.verified_at) return render::Fragment("Not yet");
  const auto days = (london_day(now()) - london_day(*it.verified_at)).count();
  const auto when = fmt::format("{} ({})", pages::time_words(*it.verified_at),
                                days == 0 ? "today" : figure_of(days, "day", "days") + " ago");
  if (it.differences > 0)
    return render::joined({ui::Tag{"Differs", ui::TagColour::red},
                           fmt::format(" {}: {}. Tell whoever runs the service.", when,
                                       pages::count_of(it.differences, "difference", "differences"))});
  if (days <= oldest_verification) return render::Fragment(when + ": everything holds");
  return render::joined({ui::Tag{"Old", ui::TagColour::red},
                         fmt::format(" {}: everything held. It should be done every night: tell whoever runs the "
                                     "service.",
                                     when)});
}

void add_health(Page& page, const monitoring::Health& it) {
  page.heading("How the service is");
  ui::SummaryList list;
  const auto week = [](const monitoring::IntakeWeek& one) {
    return fmt::format("{}: {} taken in, {} held", figure_of(one.files, "file", "files"),
                       figure_of(one.stored, "record", "records"), grouped(one.held));
  };
  list.rows.push_back({"Intake, last seven days", week(it.this_week)});
  list.rows.push_back({"The seven days before", week(it.week_before)});
  list.rows.push_back({"Last file that you may see", it.last_file ? pages::time_words(*it.last_file) : "None yet"});
  list.rows.push_back({"Last audit", it.audited_at ? pages::time_words(*it.audited_at) : "None yet"});
  list.rows.push_back({"Ledger last verified in full", verified(it)});
  for (const auto& failure : it.failing)
    list.rows.push_back({"Failing: " + failure.kind,
                         fmt::format("{}, the last one with: {}. Whoever runs the service finds more in its log.",
                                     figure_of(failure.attempts, "attempt", "attempts"), failure.why)});
  page.add(list);
}

}  // namespace

http::Response overview(Visit& visit) {
  const Day today = london_day(now());
  const auto& actor = visit.actor();
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto all = monitoring::overview(transaction, actor.authority, actor.account, today);
  const auto names = monitoring::organisation_names(transaction, actor.authority);
  const auto rules = visit.hall.rules.lend(transaction, actor.authority);
  Page page(visit, "Overview");
  add_changes(page, visit, all.changes);
  add_today(page, all, *rules, names, today);
  add_providers(page, all.providers);
  add_ageing(page, all);
  add_silence(page, all, names, today);
  add_health(page, all.health);
  return std::move(page).answer();
}

http::Response mark_looked(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_write);
  monitoring::look(transaction, visit.actor().authority, visit.actor().account);
  transaction.commit();
  return done(visit, "/", "From now on, changes are told from now.");
}

http::Response ageing_csv(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  std::ostringstream out;
  render::Csv csv(out, {"wrong_for", "serious", "important", "advisory", "not_graded"});
  for (const auto& band : monitoring::ageing(transaction, visit.actor().authority, london_day(now())))
    csv.row({band.words, std::to_string(band.serious), std::to_string(band.important), std::to_string(band.advisory),
             std::to_string(band.not_graded)});
  return csv_answer("ageing.csv", std::move(out).str());
}

}  // namespace answerable::service
