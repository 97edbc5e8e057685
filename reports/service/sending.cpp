#include "reports/service/sending.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <utility>

#include "ingest/http/client.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/intake/faults.hpp"
#include "ingest/intake/receipt.hpp"

namespace answerable::service {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds patience{120};    // a file of 32 MiB is answered at once
constexpr std::size_t most_of_answer{64 << 20};  // ten thousand faults

[[noreturn]] void no_way_in() {
  throw http::Problem{.status = 503,
                      .title = "The way in does not answer",
                      .detail =
                          "Try again in a moment. If it was stored all the same, sending the same again stores "
                          "nothing twice and gives the same receipt.",
                      .headers = {{"Retry-After", "10"}}};
}

http::Response asked(const http::Question& question) {
  http::Response answer;
  try {
    answer = http::ask(question, patience, most_of_answer);
  } catch (const std::runtime_error&) {
    no_way_in();
  }
  if (answer.status == 401 || answer.status == 403)
    throw http::Problem{.status = 403,
                        .title = "You may not send records",
                        .detail =
                            "Your session has ended, or your role sends no records. Sign in again, or ask an "
                            "administrator of accounts."};
  if (answer.status == 413) throw http::Problem{.status = 413, .title = "The file is too large", .detail = answer.body};
  constexpr std::array understood{200, 201, 202, 404, 422};
  if (std::ranges::find(understood, answer.status) == understood.end()) no_way_in();
  return answer;
}

http::Question question(const std::string& intake, const std::string& token, const char* method, std::string path) {
  return {.server = intake,
          .method = method,
          .path = std::move(path),
          .headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json, application/problem+json"}}};
}

http::Response send(const std::string& intake, const std::string& token, const char* path, std::istream& file,
                    std::uint64_t bytes) {
  auto posted = question(intake, token, "POST", path);
  posted.headers.emplace_back("Content-Type", "application/xml");
  posted.body = &file;
  posted.bytes = bytes;
  return asked(posted);
}

std::vector<Fault> faults_in(const json& document) {
  std::vector<Fault> faults;
  for (const json& one : document.at("faults"))
    faults.push_back({.severity = intake::parse_severity(one.at("severity").get<std::string>()),
                      .code = one.at("code"),
                      .line = one.at("line"),
                      .column = one.at("column"),
                      .record_id = one.at("record_id"),
                      .field = one.at("field"),
                      .sent = one.at("sent"),
                      .problem = one.at("problem"),
                      .expected = one.at("expected"),
                      .mend = one.at("mend")});
  return faults;
}

Sent taken_or_refused(const json& document) {
  if (document.value("refused", false)) return Refused{faults_in(document)};
  if (!document.contains("receipt"))
    return Refused{
        {{.code = "file", .problem = document.value("title", ""), .mend = document.value("detail", "Try again.")}}};
  return Taken{.submission = intake::parse_receipt_id(document.at("receipt").get<std::string>()).value().submission,
               .repeated = document.at("repeated"),
               .stored = document.at("stored"),
               .held = document.at("held"),
               .already_held = document.at("already_held")};
}

Waiting waiting(const json& document) {
  return {.upload = document.at("upload"), .bytes = document.at("bytes"), .bytes_read = document.at("bytes_read")};
}

}  // namespace

Sent Sending::submit(const std::string& token, std::istream& file, std::uint64_t bytes) const {
  const auto answer = send(intake_, token, "/submissions", file, bytes);
  const auto document = json::parse(answer.body);
  if (answer.status == 202) return waiting(document);
  return taken_or_refused(document);
}

Sent Sending::submit(const std::string& token, const std::string& file) const {
  std::istringstream in(file);
  return submit(token, in, file.size());
}

Checked Sending::check(const std::string& token, std::istream& file, std::uint64_t bytes) const {
  const auto document = json::parse(send(intake_, token, "/checks", file, bytes).body);
  return {.refused = document.at("refused"),
          .taken_in_as = document.at("taken_in_as").is_null() ? "" : document.at("taken_in_as").get<std::string>(),
          .records = document.at("records"),
          .would_store = document.at("would_store"),
          .would_hold = document.at("would_hold"),
          .already_held = document.at("already_held"),
          .faults = faults_in(document)};
}

Checked Sending::check(const std::string& token, const std::string& file) const {
  std::istringstream in(file);
  return check(token, in, file.size());
}

std::optional<Sent> Sending::upload(const std::string& token, const std::string& id) const {
  const auto answer = asked(question(intake_, token, "GET", "/uploads/" + id));
  if (answer.status == 404) return std::nullopt;
  const auto document = json::parse(answer.body);
  if (document.at("state") != "done") return waiting(document);
  const bool refused = document.at("outcome") == "refused";
  return taken_or_refused(document.at(refused ? "refusal" : "receipt"));
}

}  // namespace answerable::service
