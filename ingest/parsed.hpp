#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/attribute_list.hpp"
#include "ingest/civil_date.hpp"

/// What the parse workers make of a file, record by record. Plain values: no Xerces, no database.
namespace answerable {

enum class Severity : std::uint8_t { error, query, note };

/// One thing wrong, said so that the sender can mend it without asking.
struct Fault {
  Severity severity{Severity::error};
  std::string code{};       ///< stable, for machines: "value.date", "element.missing", "nhs-number.check-digit" …
  int line{}, column{};     ///< in the file as sent, from 1
  std::string record_id{};  ///< "" when outside any record or before its id was read
  std::string field{};      ///< in the schema's words: "review/completed"
  std::string sent{};       ///< the value as sent
  std::string problem{};    ///< one sentence in plain words
  std::string expected{};   ///< what would have been right
  std::string mend{};       ///< what to do, with an example
};

struct OrganisationRef {
  std::string scheme, code, name;
  bool operator==(const OrganisationRef&) const = default;
  /// "ods:RH5"
  std::string key() const { return scheme + ':' + code; }
};

struct IdentifierRef {
  std::string scheme, value;  ///< nhs-number | council | sender | agreement | case
  bool operator==(const IdentifierRef&) const = default;
};

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// One act of a record, as its kind's timeline.xml makes it.
struct ParsedEntry {
  std::string act;
  Happened when;
  std::optional<Happened> until;
  std::optional<OrganisationRef> by;  ///< where it is not the record's performer
  AttributeList attributes;           ///< in timeline.xml's order, empty values left out
};

struct ParsedEvidence {
  std::string item, state;
  std::string target;  ///< id of the record it is evidence for; "" for the record itself
  std::string document, is_a, covers, reason;
  std::optional<Happened> created;
  std::string searched_by, searched_where, searched_terms;
  std::optional<Day> searched_on;
};

/// An id that must be resolved in the file or in what is held.
struct ParsedReference {
  std::string id;
  std::string sender;              ///< "ods:RH5" when another organisation sent it
  std::vector<std::string> kinds;  ///< any of these record kinds; empty: any kind
  std::string scheme;              ///< instead of kinds: agreement | person | case
  std::string field;
  int line{}, column{};
  Severity severity{Severity::error};
};

struct ParsedRecord {
  std::uint64_t ordinal{};   ///< place in the file, from 0
  std::uint64_t position{};  ///< byte offset of its first byte in the file
  std::uint32_t length{};    ///< bytes
  std::uint32_t
      lead{};  ///< bytes between the previous record's end (or the records element's start tag) and its first byte
  int line{}, column{};  ///< of its first byte
  std::string kind;      ///< "review"; "" when the namespace is not one of ours
  int version{};
  std::string id, corrects;
  std::string subject_type;  ///< person | agreement | council
  std::vector<IdentifierRef>
      subject;                       ///< first: the one that names the subject; more only in kinds that define subjects
  bool defines_subject{};            ///< this record brings `subject` into being
  std::vector<IdentifierRef> cases;  ///< case references this record defines
  std::string agreement;             ///< the record's own; "" means the envelope's
  std::string function;              ///< the council function its kind exercises; may be ""
  std::optional<OrganisationRef> performer;
  std::string worker, role;
  std::optional<Happened> recorded;
  std::string source;
  std::vector<ParsedEntry> entries;
  std::vector<ParsedEvidence> evidence;
  std::vector<ParsedReference> references;
  std::string content;        ///< of the document it carries, decoded; "" unless asked for (xml::Limits::contents)
  std::vector<Fault> faults;  ///< with at least one error the record is held
};

struct Envelope {
  std::string message_id;
  OrganisationRef sender, authority;
  std::string agreement;
  std::optional<Day> period_from, period_to;
  Instant created_at{};
  std::string source_system;
};

}  // namespace answerable
