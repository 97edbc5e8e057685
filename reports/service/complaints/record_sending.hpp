#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/render/components/content.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/complaints/case_file.hpp"
#include "reports/service/complaints/complaint_record.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service {

CouncilSender sending_council(pg::Transaction& transaction, const std::string& authority);
/// The number by which a record of the council's names the person of a complaint, as an element: their NHS number, the
/// council's own, or else what another body called them in a record of the complaint.
xml::Element number_of_person(pg::Transaction& transaction, const std::string& authority, const Complaint& complaint,
                              const std::vector<CaseRecord>& records);
/// Sends a file of one record. One that was taken in before is right too: somebody sent the same form twice.
/// \return the errors for which nothing was stored, in the intake's words; none when it is held now
std::vector<Fault> send_record(const Visit& visit, const std::string& file);
/// Faults that are about no one field of a page.
std::vector<components::ErrorSummary::Error> summary_of(std::span<const Fault> faults);

/// In what capacity somebody complains or is written to.
std::vector<components::Select::Option> recipients();

}  // namespace answerable::service
