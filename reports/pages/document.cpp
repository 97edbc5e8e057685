#include "reports/pages/document.hpp"

#include <fmt/format.h>

#include "reports/loss/loss_page.hpp"
#include "reports/pages/document_parts.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {

std::string record_anchor(std::int64_t record) {
  return fmt::format("record-{}", record);
}

std::string finding_anchor(const std::string& finding) {
  return render::anchor_of(finding);
}

render::Run record_link(std::int64_t record) {
  return render::link_to(fmt::format("record {}", record), "#" + record_anchor(record));
}

void add_exhibit(render::Inline& runs, const Trail& trail, std::int64_t record) {
  const auto found = trail.exhibits.numbers.find(record);
  if (found == trail.exhibits.numbers.end()) return;
  runs.push_back(", ");
  runs.push_back(render::exhibit(found->second));
}

render::Run finding_link(const std::string& finding) {
  return render::link_to(finding, "#" + finding_anchor(finding));
}

render::Document document(const Trail& trail) {
  render::Document out;
  const auto name = trail.person.name();
  out.title = trail.case_reference.empty()
                  ? "Audit trail: " + name
                  : fmt::format("Audit trail: complaint {}, about {}", trail.case_reference, name);
  out.subtitle = trail.council + ", adult social care";
  out.author = trail.council;
  out.as_of_line = fmt::format("As of {}, from what was held when the council's ledger had {}.",
                               words(trail.horizon.as_of), count_of(trail.horizon.known_at, "record", "records"));
  out.footer_left = "Answerable, for " + trail.council + ". Personal data: keep it safe.";
  out.made_at = trail.made_at();
  add_front(out.blocks, trail);
  out.blocks.push_back(render::Contents{.title = "Contents", .deepest = 2});
  if (!trail.case_reference.empty()) add_cases(out.blocks, trail);
  add_person(out.blocks, trail);
  add_chronology(out.blocks, trail);
  add_findings(out.blocks, trail);
  add_knowledge(out.blocks, trail);
  if (trail.case_reference.empty()) add_cases(out.blocks, trail);
  if (trail.loss) {
    for (auto& block : loss_blocks(*trail.loss)) out.blocks.push_back(std::move(block));
  }
  add_agreements(out.blocks, trail);
  add_evidence(out.blocks, trail);
  add_exhibits(out.blocks, trail);
  add_sources(out.blocks, trail);
  add_reads(out.blocks, trail);
  out.exhibits = trail.exhibits.files;
  return out;
}

}  // namespace answerable::pages
