#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "ingest/http/message.hpp"

namespace answerable::http {

/// Sends a POST to this address and nowhere else: redirects are not followed, proxies not asked. Servers of https://
/// must have a certificate that this machine trusts. \param silence how long the server may say nothing \param most
/// bytes of an answer that are taken \throws std::runtime_error naming the address, when it is not one, nobody answers,
/// or the answer is cut off or too long
Response post(const std::string& url, const std::string& content_type, const std::string& body,
              std::chrono::seconds silence = std::chrono::seconds{10}, std::size_t most = 1 << 20);

}  // namespace answerable::http
