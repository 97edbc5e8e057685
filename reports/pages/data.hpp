#pragma once

#include <iosfwd>

#include "reports/pages/trail.hpp"

namespace answerable::pages {

/// One row a line or gap, in the trail's order. Codes, ISO dates.
void write_chronology_csv(const Trail& trail, std::ostream& out);
/// One row a duty judged, the most serious first.
void write_findings_csv(const Trail& trail, std::ostream& out);
/// One row a piece of evidence held, missing or contradicted.
void write_evidence_csv(const Trail& trail, std::ostream& out);
/// The whole trail, as schemas/reports/trail/1/trail.xsd has it.
void write_xml(const Trail& trail, std::ostream& out);

}  // namespace answerable::pages
