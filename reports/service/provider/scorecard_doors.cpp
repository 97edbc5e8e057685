// How one's own duties stand: what the council's officers see of them, before it is shared.
#include "ingest/civil_date.hpp"
#include "reports/render/components/content.hpp"
#include "reports/service/monitoring/scorecard_parts.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/handlers.hpp"

namespace answerable::service::provider_desk {
namespace {

using namespace components;

constexpr int quarters_shown = 8;

}  // namespace

http::Response scorecard(Visit& visit) {
  const auto& actor = visit.actor();
  const std::string key = actor.organisation.value();
  const auto today = london_day(now());
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  Page page(visit, "Your scorecard");
  page.paragraph(
      "What the council’s contract monitoring officers see of how your duties stand, from the records that are held. "
      "Nobody else sees it before they share it. Answer what counts against you under To do: it does not count while "
      "a reply of yours waits to be decided.");
  page.add(
      scorecard_parts(monitoring::scorecard(transaction, key), *visit.hall.rules.lend(transaction, actor.authority)));
  page.heading("Over time")
      .add(trend_chart(monitoring::trend(transaction, actor.authority, key, today, quarters_shown), ""));
  page.heading("Reviews").add(reviews_chart(monitoring::reviews(transaction, actor.authority, key, today), ""));
  return std::move(page).answer();
}

}  // namespace answerable::service::provider_desk
