#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/vocabulary.hpp"
#include "ingest/civil_date.hpp"

namespace answerable::engine {

/// From where one looks: on which day, and knowing which records (those numbered below known_at).
struct Horizon {
  Day as_of{};
  std::int64_t known_at{};
};

struct Organisation {
  std::int32_t number{};
  std::string scheme, code, name;
  std::string key() const { return scheme + ':' + code; }
};

/// The bodies of one council's ledger. The council itself answers for all of them.
struct Organisations {
  std::string authority;  ///< CASSR code
  std::string council_name;
  std::map<std::int32_t, Organisation> by_number;

  std::string council_key() const { return "cassr:" + authority; }
  bool is_council(std::int32_t organisation) const;
  /// "ods:RH5"; the council's own key for a number nobody has.
  std::string key(std::int32_t organisation) const;
  /// The name last given for a key; the key itself when there is none.
  std::string name(std::string_view organisation_key) const;
};

struct AttributeValue {
  Word name{};
  std::string_view value;
};

/// Views in these rows last as long as the Batch that holds them.
struct RecordRow {
  std::int64_t number{};
  std::int64_t submission{};
  std::string_view kind;
  int version{};
  std::string_view id;
  std::int32_t sender{};
  std::int64_t corrects{-1};      ///< number of the record it corrects, or -1
  std::int64_t corrected_by{-1};  ///< the first record that corrects it, or -1
  std::int64_t root{};            ///< the first record of its chain of corrections: itself when it corrects none
  std::string_view agreement;     ///< on whose behalf; may be ""
  std::int32_t performer{};
  std::string_view worker, role, source;
  std::optional<Happened> recorded;
  Day received_on{};
};

/// One act on a timeline.
struct Entry {
  std::int64_t number{};  ///< of its record; -1 for what the law itself brings about (regime.entered)
  std::int16_t ordinal{};
  std::uint32_t record{};  ///< index into SubjectTimeline::records
  Word act{};
  bool may_lie_ahead{};  ///< of what is due, takes effect or ends: it can be told before it happens
  Happened when;         ///< a month or year ends, at the latest, on the day its record was received
  std::optional<Happened> until;
  std::int32_t performer{};
  std::span<const AttributeValue> attributes;

  /// "" when it has none.
  std::string_view value(Word name) const;
};

enum class EvidenceState : std::uint8_t { present, absent, not_supplied, contradicted, created_late, not_applicable };
std::string_view word(EvidenceState state);

struct EvidenceRow {
  std::int64_t number{};  ///< the record that says so
  std::int16_t ordinal{};
  std::int64_t target{};   ///< the record it is evidence for
  std::int64_t root{};     ///< the first record of the target's chain of corrections
  std::uint32_t record{};  ///< index of `number` into SubjectTimeline::records
  Word item{};
  EvidenceState state{};
  std::string_view document, is_a, covers, reason;
  std::optional<Happened> created;
  std::string_view searched_by, searched_where, searched_terms;
  std::optional<Day> searched_on;
};

struct Identifier {
  std::string scheme, value;
};

enum class SubjectType : std::uint8_t { person, agreement, council };
std::string_view word(SubjectType type);

/// Everything held about one subject. Entries in order of date, then number; records by number; evidence by root.
struct SubjectTimeline {
  std::int32_t subject{};
  SubjectType type{SubjectType::person};
  std::span<const RecordRow> records;
  std::span<const Entry> entries;
  std::span<const EvidenceRow> evidence;

  const RecordRow& record(const Entry& entry) const { return records[entry.record]; }
  /// Null when the record is not about this subject.
  const RecordRow* find(std::int64_t number) const;
};

/// Whether a record has been corrected by one that is known at the horizon. Corrected ones are shown and not judged.
inline bool corrected(const RecordRow& record, const Horizon& horizon) {
  return record.corrected_by >= 0 && record.corrected_by < horizon.known_at;
}

/// Puts one subject's rows in order and fills in entry.record, evidence.record, roots and corrected_by. What the reader
/// does for each batch; timelines built by hand need it too. \throws std::runtime_error when a row names a record that
/// is not among `records`
void arrange(std::span<RecordRow> records, std::span<Entry> entries, std::span<EvidenceRow> evidence);

}  // namespace answerable::engine
