#pragma once

#include <span>
#include <string>

#include "ingest/parsed.hpp"
#include "reports/render/html.hpp"

namespace answerable::service::provider_desk {

/// Every fault with its place, what was sent, what was expected and how to mend it: errors first. A page shows the
/// first hundred and says how many more there are.
render::Fragment faults_shown(std::span<const Fault> faults);
/// "2 errors and 1 question"
std::string faults_counted(std::span<const Fault> faults);
/// All of them, for a spreadsheet.
std::string faults_csv(std::span<const Fault> faults);

}  // namespace answerable::service::provider_desk
