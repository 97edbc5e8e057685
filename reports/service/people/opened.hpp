#pragma once

#include <cstdint>
#include <optional>

#include "reports/service/visit.hpp"

namespace answerable::service {

/// Whose page this is. Nothing unless their record is open to whoever asks: whether there is such a person is not said.
std::optional<std::int32_t> open_subject(const Visit& visit, pg::Connection& records);
/// The page that is shown instead.
http::Response opening_offered(const Visit& visit);

}  // namespace answerable::service
