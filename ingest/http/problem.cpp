#include "ingest/http/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "ingest/http/accept.hpp"

namespace answerable::http {
namespace {

/// RFC 9110 §15, RFC 6585.
constexpr std::array<std::pair<int, std::string_view>, 34> reasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

}  // namespace

std::string_view reason(int status) {
  const auto found = std::ranges::find(reasons, status, &std::pair<int, std::string_view>::first);
  return found == reasons.end() ? std::string_view{"Other"} : found->second;
}

Problem too_many_requests(std::chrono::seconds retry_after, std::string detail) {
  return {
      .status = 429, .detail = std::move(detail), .headers = {{"Retry-After", std::to_string(retry_after.count())}}};
}

Response to_response(const Problem& problem, const Request& request) {
  constexpr std::array<std::string_view, 3> offered{"application/problem+json", "text/html", "text/plain"};
  const std::string title = problem.title.empty() ? std::string{reason(problem.status)} : problem.title;
  Response response{.status = problem.status, .headers = problem.headers};
  if (preferred(request.headers.find("accept").value_or(""), offered).value_or(0) != 0) {
    response.body = fmt::format("{}\n{}{}", title, problem.detail, problem.detail.empty() ? "" : "\n");
    return response;
  }
  nlohmann::ordered_json members{{"type", problem.type}, {"title", title}, {"status", problem.status}};
  if (!problem.detail.empty()) members["detail"] = problem.detail;
  members.update(problem.extra);
  response.content_type = "application/problem+json";
  response.body = members.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  return response;
}

}  // namespace answerable::http
