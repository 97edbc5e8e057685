#include "ingest/service/answers.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <span>

#include "ingest/cli/fault_output.hpp"
#include "ingest/cli/receipt_output.hpp"
#include "ingest/http/accept.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/service/fault_page.hpp"

namespace answerable::service {
namespace {

using nlohmann::ordered_json;

/// What an answer says, before it is known in which form.
struct Told {
  int status{};
  std::string type, title, detail;  ///< type "": no problem
  ordered_json json;
  std::span<const Fault> faults;
};

std::string csv(std::span<const Fault> faults) {
  std::string out(cli::fault_csv_header);
  for (const Fault& fault : faults) out += cli::fault_csv_row("", fault);
  return out;
}

http::Response in_wanted_form(const http::Request& request, Told told) {
  const bool problem = !told.type.empty();
  const std::array<std::string_view, 4> forms{"application/problem+json", "application/json", "text/html", "text/csv"};
  const auto offered = std::span(forms).subspan(problem ? 0 : 1);
  const auto wanted = http::preferred(request.headers.find("Accept").value_or(""), offered).value_or(0);
  const std::string_view form = offered[wanted];
  http::Response response{.status = told.status};
  if (form == "text/csv") {
    response.content_type = "text/csv; charset=utf-8; header=present";
    response.body = csv(told.faults);
  } else if (form == "text/html") {
    response.content_type = "text/html; charset=utf-8";
    response.body = fault_page(told.title, told.detail, told.faults);
  } else {
    ordered_json document = ordered_json::object();
    if (problem)
      document = {{"type", told.type}, {"title", told.title}, {"status", told.status}, {"detail", told.detail}};
    document.update(told.json);
    response = json_answer(told.status, document);
    if (problem) response.content_type = "application/problem+json";
  }
  return response;
}

}  // namespace

http::Response json_answer(int status, const ordered_json& document) {
  return {.status = status,
          .content_type = "application/json",
          .body = document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n"};
}

std::string location_of(const intake::Receipt& receipt) {
  return "/submissions/" + receipt.id;
}

http::Response answer_to(const http::Request& request, const intake::Answer& answer) {
  if (const auto* refusal = std::get_if<intake::Refusal>(&answer))
    return in_wanted_form(
        request,
        {.status = 422,
         .type = "urn:answerable:problem:refused",
         .title = "The file was refused",
         .detail = "Nothing of it was stored. Mend what is listed, give the file a new message id if it has one "
                   "that was used, and send it again.",
         .json = cli::refusal_json(*refusal),
         .faults = refusal->faults});
  const auto& receipt = std::get<intake::Receipt>(answer);
  Told told{.status = receipt.repeated ? 200 : 201,
            .type = {},
            .title = "The file was taken in",
            .detail = fmt::format("Receipt {}: {} records stored, {} held already.", receipt.id, receipt.stored,
                                  receipt.already_held),
            .json = cli::receipt_json(receipt),
            .faults = receipt.faults};
  if (receipt.held > 0 && !receipt.repeated) {
    told.status = 422;
    told.type = "urn:answerable:problem:records-held";
    told.title = "Some records are held";
    told.detail = fmt::format(
        "Receipt {}: {} records are stored; {} are held until they are mended. Send those again, mended, in another "
        "file.",
        receipt.id, receipt.stored, receipt.held);
  }
  auto response = in_wanted_form(request, std::move(told));
  response.headers.emplace("Location", location_of(receipt));
  return response;
}

http::Response answer_to(const http::Request& request, const intake::CheckReport& report) {
  const std::string found =
      report.taken_in_as ? fmt::format("This very file was taken in before, as {}.", report.taken_in_as->text())
      : report.refused   ? "It would be refused."
                         : fmt::format("{} records would be stored, {} held.", report.would_store, report.would_hold);
  return in_wanted_form(request, {.status = 200,
                                  .type = {},
                                  .title = "The file was checked",
                                  .detail = found + " Nothing was stored.",
                                  .json = cli::check_json(report),
                                  .faults = report.faults});
}

}  // namespace answerable::service
