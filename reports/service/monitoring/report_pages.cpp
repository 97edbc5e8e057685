// The contract monitoring report, to be printed and kept: as a page of its own, a PDF and a spreadsheet.
#include <fmt/format.h>

#include <sstream>

#include "ingest/http/problem.hpp"
#include "reports/render/ods.hpp"
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
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto found = number ? monitoring::provider(transaction, council, *number, today) : std::nullopt;
  if (!found) throw http::Problem{.status = 404, .detail = "There is no organisation of that number."};
  return monitoring::report(*found, *visit.hall.rules.lend(transaction, council), visit.member->council.name, today);
}

/// A file to keep. \param ending  of its name
http::Response kept(std::string media_type, std::string_view ending, std::string file) {
  return {.content_type = std::move(media_type),
          .body = std::move(file),
          .headers = {
              {"Content-Disposition", fmt::format("attachment; filename=\"contract-monitoring-report.{}\"", ending)}}};
}

}  // namespace

http::Response monitoring_report(Visit& visit) {
  return document_page(report_for(visit));
}

http::Response monitoring_report_pdf(Visit& visit) {
  std::ostringstream file;
  render::pdf(report_for(visit), file);
  return kept("application/pdf", "pdf", std::move(file).str());
}

http::Response monitoring_report_ods(Visit& visit) {
  std::ostringstream file;
  render::ods(report_for(visit), file);
  return kept("application/vnd.oasis.opendocument.spreadsheet", "ods", std::move(file).str());
}

}  // namespace answerable::service
