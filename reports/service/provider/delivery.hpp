#pragma once

#include <optional>
#include <string>

#include "reports/service/visit.hpp"

namespace answerable::service::provider_desk {

/// What a page does once the intake has taken something in: notes who sent it, and shows its page.
/// \param mends the held record that it mends
http::Response after_taking(const Visit& visit, const Taken& taken, std::optional<std::int64_t> mends = {});

/// A number nobody has given to anything: for a message, for a record that has none. "F-20261122-9f3c21ab"
std::string fresh_number(std::string_view prefix);

/// "S905-12"
std::string receipt_name(const Visit& visit, std::int64_t submission);

}  // namespace answerable::service::provider_desk
