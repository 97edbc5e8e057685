#pragma once

// Private to reports/pages: the parts of a trail's document.

#include <set>
#include <string>

#include "reports/pages/trail.hpp"
#include "reports/render/document.hpp"

namespace answerable::pages {

/// "record-12": the first line of that record. The anchor of a finding is its own number.
std::string record_anchor(std::int64_t record);
std::string finding_anchor(const std::string& finding);
/// "record 12", leading to its line where it has one.
render::Run record_link(std::int64_t record);
/// ", EX-003" behind what names a record; nothing where it is not handed over.
void add_exhibit(render::Inline& runs, const Trail& trail, std::int64_t record);
render::Run finding_link(const std::string& finding);

void add_front(render::Blocks& blocks, const Trail& trail);
void add_person(render::Blocks& blocks, const Trail& trail);
void add_cases(render::Blocks& blocks, const Trail& trail);
void add_chronology(render::Blocks& blocks, const Trail& trail);
void add_findings(render::Blocks& blocks, const Trail& trail);
void add_knowledge(render::Blocks& blocks, const Trail& trail);
void add_agreements(render::Blocks& blocks, const Trail& trail);
void add_evidence(render::Blocks& blocks, const Trail& trail);
void add_exhibits(render::Blocks& blocks, const Trail& trail);
void add_sources(render::Blocks& blocks, const Trail& trail);
void add_reads(render::Blocks& blocks, const Trail& trail);

}  // namespace answerable::pages
