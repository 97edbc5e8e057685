#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/http/message.hpp"

namespace answerable::http {

/// A file that came with a form; the copy on disk goes with the last copy of this.
struct Upload {
  std::string field;
  std::string file_name;     ///< as the sender named it: to be shown, never to be opened
  std::string content_type;  ///< as the sender calls it
  std::uint64_t bytes{};
  std::shared_ptr<const std::filesystem::path> file;
};

/// What a page's form sent.
struct Form {
  std::vector<std::pair<std::string, std::string>> fields;  ///< UTF-8, in the order sent
  std::vector<Upload> uploads;
  /// The first of this name.
  std::optional<std::string_view> value(std::string_view name) const;
};

struct FormLimits {
  std::size_t fields{200};  ///< uploads included
  std::size_t field_bytes{64 << 10};
  std::filesystem::path folder{std::filesystem::temp_directory_path()};  ///< where uploads are kept meanwhile
};

/// Reads application/x-www-form-urlencoded or multipart/form-data (RFC 7578) from a buffered or streamed body, to its
/// end. \throws Problem 415 for any other type, 400 for a form that is not one, 413 when it is more than the limits
Form read_form(Request& request, const FormLimits& limits = {});

}  // namespace answerable::http
