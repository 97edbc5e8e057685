#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audit/engine/explain.hpp"
#include "audit/events/reads.hpp"
#include "audit/loss/loss.hpp"
#include "ingest/digest.hpp"
#include "reports/pages/findings.hpp"
#include "reports/pages/rows.hpp"
#include "reports/render/document.hpp"

/// Pages people read: the audit trail, and the tables that look things up.
namespace answerable::pages {

/// An organisation: "ods:RH5" and the name last given for it.
struct Party {
  std::string key, name;
};

/// Where a line comes from.
struct Source {
  std::int64_t record{};
  std::string record_id;  ///< the sender's own
  std::string kind;
  int version{};
  Party sender;
  std::string submission;  ///< the receipt's id: "S905-12"
  Day received_on{};
  std::string document;  ///< system and document at the sender; may be ""
  std::string worker, role;
};

/// Something that happened, as a record says.
struct Line {
  Source source;
  int ordinal{};
  std::string act;
  std::string says;
  Happened when;
  std::optional<Happened> until;
  Party actor;
  Party answers;                  ///< the council; nobody when the act exercises no function of the council
  std::string agreement;          ///< by which the act counts as the council's; "" when by none
  std::string answering;          ///< why the council answers, in words
  std::optional<int> days_later;  ///< from the last day it can have happened to receipt, where that is more than 28
  std::int64_t corrects{-1};      ///< -1: none
  std::int64_t corrected_by{-1};  ///< -1: none
  bool planned{};                 ///< lay ahead when it was received, and lies ahead still
  std::string case_reference;     ///< the complaint it belongs to; "" when to none
};

/// Where something should stand and does not, or stands and should not.
struct Gap {
  Happened when;
  std::string finding, rule;
  engine::Outcome outcome{};
  bool missing{};  ///< false: something is there that should not be
  std::string text;
  Party actor, answers;
  std::string agreement;
  std::string case_reference;
  std::vector<std::int64_t> rests_on;  ///< records
};

using ChronologyRow = std::variant<Line, Gap>;
void pack(Packer& packer, const ChronologyRow& row);
void unpack(Unpacker& unpacker, ChronologyRow& row);

/// A person's carer, representative or the like; or the other way about.
struct Relation {
  std::string role, name, scope;
  bool of_other{};  ///< the person is this to the one named
  Happened from;
  std::optional<Happened> to;
  std::int64_t record{};
};

struct Person {
  struct Value {
    std::string text;
    std::int64_t record{};  ///< the record that says so
  };
  std::vector<Value> names, born, communication_needs, reasonable_adjustments;
  std::vector<engine::Identifier> identifiers;
  std::vector<Relation> relations;
  std::vector<Line> moves;
  std::optional<Line> death;

  /// The name last given; the first identifier when there is none.
  std::string name() const;
};

/// A version of an agreement under which something was done for the person, or should have been.
struct AgreementUsed {
  std::string reference, type, party_name;
  std::vector<std::string> functions;
  std::string extent, monitoring, reports;
  Happened from;
  std::optional<Happened> until;
  bool revoked{};
  std::int64_t record{};
};

/// What is held, or known to be missing, for one record.
struct EvidenceItem {
  std::int64_t target{}, said_by{};  ///< record numbers
  std::string target_says;           ///< the act it is to prove
  Happened target_when;
  std::string item;
  engine::EvidenceState state{};
  std::string is_a, document, covers, reason;
  std::optional<Happened> created;
  std::string searched_by, searched_where, searched_terms;
  std::optional<Day> searched_on;
  Party sender;
  bool superseded{};  ///< said by, or about, a record that has been corrected since
};
void pack(Packer& packer, const EvidenceItem& item);
void unpack(Unpacker& unpacker, EvidenceItem& item);

/// A document somebody sent or named.
struct DocumentHeld {
  std::int64_t record{};
  std::string title, is_a, author, offered_as, sha256;
  Happened created;
  Party sender;
  Day received_on{};
};
void pack(Packer& packer, const DocumentHeld& held);
void unpack(Unpacker& unpacker, DocumentHeld& held);

/// What was held of a person at the end of one day in London.
struct Knowledge {
  struct Act {
    std::int64_t record{};
    int ordinal{};
    std::string says;
    Happened when;
    Day received_on{};
    int days_later{};  ///< after the day in question; 0: it was known
  };
  Day day{};
  std::vector<std::string> findings;  ///< that were wrong from this day
  std::int64_t records_held{};
  std::vector<Act> known, later;
};

/// A complaint, and what its clock says.
struct Case {
  std::string reference;
  std::vector<std::string> clock;  ///< in words, in order
};

struct SubmissionUsed {
  std::string id;
  Party sender;
  std::string message_id, source_system;
  Digest sha256{};
  Instant received_at{};
  std::int64_t bytes{};
  std::int64_t records{};  ///< about this person or these agreements
};

/// A record about the person that says nothing of a date.
struct Undated {
  Source source;
  std::string title;
};

/// The files handed over with a trail, in each of which a record is as it was sent.
struct HandedOver {
  std::map<std::int64_t, std::string> numbers;  ///< by record: "EX-001"
  render::Sequence<render::Exhibit> files;      ///< in the order of their numbers
};

/// Everything the renderings of one trail share. The same ledger, day and rules give the same trail.
struct Trail {
  std::string authority, council;
  engine::Horizon horizon;
  Digest rule_set{};
  std::string case_reference;  ///< "" for a person's trail
  Person person;
  std::vector<AgreementUsed> agreements;
  Rows<ChronologyRow> chronology;
  std::vector<Undated> undated;
  std::int64_t left_out{};  ///< lines known that happened only after the day looked from
  Findings findings;        ///< of the person and of the agreements used; the most serious first
  Rows<EvidenceItem> evidence;
  Rows<DocumentHeld> documents;
  std::vector<Knowledge> knowledge;
  std::vector<Case> cases;
  std::optional<loss::Loss> loss;  ///< worked out where payments that stopped or were cut are held
  std::vector<SubmissionUsed> submissions;
  HandedOver exhibits;  ///< none where the records are not handed over
  /// By people, of this record: up to the newest record known, so that reading a trail does not change it.
  std::vector<events::Read> reads;

  std::map<engine::Outcome, std::int64_t> outcomes() const;
  /// When the newest record that was known came in: what a rendering carries as its time of making.
  Instant made_at() const;
};

/// What no reader of a trail may miss.
const std::vector<std::string>& limits();

/// Writes trail.html, trail.pdf, chronology.csv, findings.csv and trail.xml, making the folder when it is absent.
/// \return the files, in that order
/// \throws std::runtime_error when one cannot be written
std::vector<std::filesystem::path> write(const Trail& trail, const std::filesystem::path& folder);

}  // namespace answerable::pages
