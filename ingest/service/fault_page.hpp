#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ingest/parsed.hpp"

namespace answerable::service {

/// What is wrong with a file, as a page without scripts or styles of its own. The one page of this room: the reports'
/// writers lie above it.
std::string fault_page(std::string_view title, std::string_view detail, std::span<const Fault> faults);

}  // namespace answerable::service
