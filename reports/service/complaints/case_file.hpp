#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/outcome.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/document.hpp"
#include "reports/service/complaints/register.hpp"
#include "reports/service/complaints/work.hpp"

namespace answerable::service {

/// A record of a complaint, as it was sent.
struct CaseRecord {
  std::int64_t number{};
  std::string kind, id, sender, sender_name;  ///< sender: scheme:code
  xml::Element element;
};

/// What was found about the person and needs attention, to tie heads to.
struct CaseFinding {
  std::int64_t finding{};
  std::string rule, sentence;
  engine::Outcome outcome{};
  std::int64_t record{-1};
  std::string linked_by{};  ///< whoever of contract monitoring linked it to the complaint; "" for nobody
};

/// Evidence that a reader of the one case asked for.
struct EvidenceAsked {
  std::int64_t number{};
  std::string reference, words, asked_by;
  Instant at{};
  std::optional<std::string> answer{};
  std::optional<Instant> answered_at{};
};

/// The records of a complaint that no other has corrected, complaint records first, then by number.
/// \throws xml::Invalid when one is not what was stored
std::vector<CaseRecord> case_records(pg::Transaction& transaction, const std::string& authority,
                                     const Complaint& complaint);
std::vector<CaseFinding> case_findings(pg::Transaction& transaction, const std::string& authority,
                                       const Complaint& complaint);
/// "review REV-1 of A trust, received 1 March 2025", by number: those of the person that are among the numbers.
std::map<std::int64_t, std::string> records_in_words(pg::Transaction& transaction, const std::string& authority,
                                                     const Complaint& complaint,
                                                     const std::vector<std::int64_t>& numbers);
/// The names of the organisations that sent the person's records or did what they say, by scheme:code.
std::map<std::string, std::string> bodies(pg::Transaction& transaction, const std::string& authority,
                                          const Complaint& complaint);

/// The ombudsman's questions, as drafts of their answers are named: "question OMB-1 1.2", by record, letter and
/// question.
std::vector<std::string> question_pieces(const std::vector<CaseRecord>& records);

/// A reader of one case: those they asked. An officer: those asked about the complaints that are theirs.
/// \param reference "" for all of them
std::vector<EvidenceAsked> evidence_asked(pg::Transaction& transaction, const std::string& reference);
/// On the ledger too; nothing when whoever the connection acts for is no reader of one case.
std::optional<std::int64_t> ask_evidence(pg::Transaction& transaction, const std::string& words);
bool answer_evidence(pg::Transaction& transaction, std::int64_t request, const std::string& words);

}  // namespace answerable::service
