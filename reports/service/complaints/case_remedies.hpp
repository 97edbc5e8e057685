#pragma once

#include <string>
#include <vector>

#include "reports/service/complaints/case_file.hpp"
#include "reports/service/complaints/pieces.hpp"

namespace answerable::service {

/// What was offered or given, until it is paid and proved; before anything was, what the ombudsman looks at first.
/// \param council  scheme:code, whose records are changed here
void add_remedies(Pieces& pieces, const Complaint& complaint, const std::vector<CaseRecord>& records,
                  const std::vector<CaseFinding>& findings, const std::string& council);

}  // namespace answerable::service
