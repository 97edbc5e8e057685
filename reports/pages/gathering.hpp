#pragma once

// Private to reports/pages: the steps of gather().

#include <set>
#include <string>
#include <vector>

#include "audit/engine/agreements.hpp"
#include "audit/engine/catalogue.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "reports/pages/line_index.hpp"
#include "reports/pages/speech.hpp"
#include "reports/pages/trail.hpp"

namespace answerable::pg {
class Transaction;
}

namespace answerable::pages {

/// What is read of one person before anything is judged.
struct Gathering {
  const engine::Catalogue* catalogue{};
  const Speech* speech{};
  engine::Organisations organisations;
  engine::Agreements agreements;
  engine::Batch batch;
  const engine::SubjectTimeline* timeline{};  ///< into batch

  Party party(std::string_view key) const { return {std::string(key), organisations.name(key)}; }
  Party party(std::int32_t organisation) const { return party(organisations.key(organisation)); }
};

Source source_of(const Gathering& gathering, const std::string& authority, const engine::RecordRow& record);

/// The last day on which an act can have happened: not after the record that tells of it was received.
Day latest(const Line& line);

/// The acts, in that order. Those that lie after the day looked from are left out and counted, but for what was
/// planned.
Rows<ChronologyRow> lines(const Gathering& gathering, Trail& trail);
Rows<EvidenceItem> evidence(const Gathering& gathering, const Trail& trail, const LineIndex& lines);
Rows<DocumentHeld> documents(const Gathering& gathering, const Trail& trail);
std::vector<Undated> undated(const Gathering& gathering, const Trail& trail);

/// Names, numbers, carers: from the person's own records and, for whom they care, from other people's.
Person person(pg::Transaction& transaction, const Gathering& gathering, const Trail& trail, std::int32_t subject);

/// The files in which anything known about a subject came.
std::vector<SubmissionUsed> submissions(pg::Transaction& transaction, const Gathering& gathering, const Trail& trail,
                                        std::int32_t subject);

/// Lines with the gaps between them.
Rows<ChronologyRow> chronology(const engine::Catalogue& catalogue, const Rows<ChronologyRow>& lines,
                               const LineIndex& index, const Findings& findings);
/// \param received the days on which the person's records were received, in order
std::vector<Knowledge> knowledge(const Trail& trail, const LineIndex& lines, const std::vector<Day>& received);
std::vector<Case> cases(const Trail& trail, const Rows<ChronologyRow>& lines, const LineIndex& index);

/// What needs attention before what does not, the person before the agreements; in each the most serious first, statute
/// before guidance before practice, then by date.
void sort_findings(Findings& findings);

}  // namespace answerable::pages
