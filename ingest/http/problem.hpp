#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "ingest/http/message.hpp"

namespace answerable::http {

/// Why a request is not done (RFC 9457). Thrown by a handler it becomes the answer.
struct Problem {
  int status{400};
  std::string type{"about:blank"};  ///< a URI that names the kind of problem
  std::string title{};              ///< of the kind, a few words; empty: the status in words
  std::string detail{};             ///< of this one: where, what was sent, what was expected, how to mend it
  nlohmann::ordered_json extra = nlohmann::ordered_json::object();  ///< further members
  std::multimap<std::string, std::string, CaseLess> headers{};
};

/// 429 with Retry-After.
Problem too_many_requests(std::chrono::seconds retry_after, std::string detail);

/// application/problem+json, or plain text where Accept prefers any text to JSON. (HTML is for those who may escape:
/// see Hooks::problem_page.)
Response to_response(const Problem& problem, const Request& request);

/// "Not Found"
std::string_view reason(int status);

}  // namespace answerable::http
