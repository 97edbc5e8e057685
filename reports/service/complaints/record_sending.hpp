#pragma once

#include <string>
#include <vector>

#include "reports/render/components/content.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/complaints/complaint_record.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service {

/// A number for a record or file that was never used.
std::string fresh_number();
CouncilSender sending_council(pg::Transaction& transaction, const std::string& authority);
/// Sends a file of one record. \return why nothing was stored, in the intake's words; nothing when it was
std::vector<components::ErrorSummary::Error> send_record(const Visit& visit, const std::string& file);

/// In what capacity somebody complains or is written to.
std::vector<components::Select::Option> recipients();

}  // namespace answerable::service
