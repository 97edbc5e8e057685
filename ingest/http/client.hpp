#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "ingest/http/message.hpp"

namespace answerable::http {

/// What is asked, and of whom.
struct Question {
  std::string server;  ///< "https://example.org", "http://127.0.0.1:8081" or "unix:/run/answerable-ingest/http.sock"
  std::string method{"GET"};
  std::string path{"/"};  ///< with its query, percent-encoded
  std::vector<std::pair<std::string, std::string>> headers{};
  std::istream* body{};   ///< of a POST: sent as it is read
  std::uint64_t bytes{};  ///< how many the body has
};

/// Asks this server and nobody else: redirects are not followed, proxies not asked. Servers of https:// must have a
/// certificate that this machine trusts. \param silence how long the server may say nothing \param most bytes of an
/// answer that are taken \throws std::runtime_error naming the address, when it is not one, nobody answers, the body
/// cannot be read, or the answer is cut off or too long
Response ask(const Question& question, std::chrono::seconds silence = std::chrono::seconds{10},
             std::size_t most = 1 << 20);

/// Sends a POST to this address. \throws as ask()
Response post(const std::string& url, const std::string& content_type, const std::string& body,
              std::chrono::seconds silence = std::chrono::seconds{10}, std::size_t most = 1 << 20);

}  // namespace answerable::http
