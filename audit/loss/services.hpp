#pragma once

#include <vector>

#include "audit/loss/held.hpp"

// Private to audit/loss: care planned and not given, and support that ended or was cut.
namespace answerable::loss {

std::vector<MissedCare> missed_care(const Held& held, const Question& question, std::vector<Missing>& missing);

/// \param not_worked gets the changes that are no loss, with the reason
std::vector<LostSupport> lost_support(const Held& held, const Question& question, std::vector<Shown>& not_worked);

}  // namespace answerable::loss
