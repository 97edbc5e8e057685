#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ingest/http/message.hpp"

namespace answerable::http {

/// The head of an answer, with the fields that guard every page and every file (OWASP ASVS 5.0 chapter 3) unless the
/// handler set them otherwise.
struct AnswerHead {
  /// \param closes the connection is closed after this answer \throws std::logic_error when a field would break the
  /// head
  AnswerHead(const Response& response, const Request& request, bool closes);
  static bool may_have_body(int status) { return status != 204 && status != 304; }

  std::string text{};
  bool chunked{};                         ///< the body follows in chunks
  std::optional<std::uint64_t> stated{};  ///< of a body that is written: the Content-Length its handler set
};

}  // namespace answerable::http
