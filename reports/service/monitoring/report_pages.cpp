// The contract monitoring report, to be printed: as a page of its own, and as a PDF.
#include <sstream>

#include "ingest/http/problem.hpp"
#include "reports/render/pdf.hpp"
#include "reports/service/document_page.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/monitoring/report.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

render::Document report_for(const Visit& visit) {
  const Day today = london_day(now());
  const auto number = number_in<std::int32_t>(visit.request.parameters.at("organisation"));
  std::optional<monitoring::Provider> found;
  if (number) {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    found = monitoring::provider(transaction, visit.actor().authority, *number, today);
  }
  if (!found) throw http::Problem{.status = 404, .detail = "There is no organisation of that number."};
  return monitoring::report(*found, visit.member->council.name, today);
}

}  // namespace

http::Response monitoring_report(Visit& visit) {
  return document_page(report_for(visit));
}

http::Response monitoring_report_pdf(Visit& visit) {
  std::ostringstream file;
  render::pdf(report_for(visit), file);
  return {.content_type = "application/pdf",
          .body = std::move(file).str(),
          .headers = {{"Content-Disposition", "attachment; filename=\"contract-monitoring-report.pdf\""}}};
}

}  // namespace answerable::service
