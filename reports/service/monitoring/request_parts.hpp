#pragma once

// Private to reports/service/monitoring: how requests and replies read.

#include <string>

#include "reports/render/html.hpp"
#include "reports/service/monitoring/asking.hpp"

namespace answerable::service {

/// What was replied, and with which file.
std::string reply_words(const monitoring::Reply& reply);
/// Where a request stands, as a tag.
render::Fragment request_tag(const monitoring::Request& request, Day today);

}  // namespace answerable::service
