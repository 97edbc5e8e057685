#include "audit/engine/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace answerable::engine {

bool Organisations::is_council(std::int32_t organisation) const {
  const auto found = by_number.find(organisation);
  return found == by_number.end() || (found->second.scheme == "cassr" && found->second.code == authority);
}

std::string Organisations::key(std::int32_t organisation) const {
  const auto found = by_number.find(organisation);
  return found == by_number.end() ? council_key() : found->second.key();
}

std::string Organisations::name(std::string_view organisation_key) const {
  if (organisation_key == council_key()) return council_name;
  for (const auto& [number, organisation] : by_number)
    if (organisation.key() == organisation_key) return organisation.name;
  return std::string(organisation_key);
}

std::string_view word(EvidenceState state) {
  static constexpr std::string_view words[] = {"present",      "absent",       "not-supplied",
                                               "contradicted", "created-late", "not-applicable"};
  return words[static_cast<std::size_t>(state)];
}

std::string_view word(SubjectType type) {
  static constexpr std::string_view words[] = {"person", "agreement", "council"};
  return words[static_cast<std::size_t>(type)];
}

std::string_view Entry::value(Word name) const {
  for (const auto& attribute : attributes)
    if (attribute.name == name) return attribute.value;
  return {};
}

const RecordRow* SubjectTimeline::find(std::int64_t number) const {
  const auto found = std::lower_bound(records.begin(), records.end(), number,
                                      [](const RecordRow& row, std::int64_t wanted) { return row.number < wanted; });
  return found != records.end() && found->number == number ? &*found : nullptr;
}

void arrange(std::span<RecordRow> records, std::span<Entry> entries, std::span<EvidenceRow> evidence) {
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  const auto index_of = [&](std::int64_t number) -> std::optional<std::uint32_t> {
    const auto found = std::lower_bound(records.begin(), records.end(), number,
                                        [](const RecordRow& row, std::int64_t wanted) { return row.number < wanted; });
    if (found == records.end() || found->number != number) return std::nullopt;
    return static_cast<std::uint32_t>(found - records.begin());
  };
  for (auto& record : records) {
    record.root = record.number;
    if (record.corrects < 0) continue;
    // A correction has a higher number than what it corrects, so that one's root is known by now.
    if (const auto corrected_one = index_of(record.corrects); corrected_one && record.corrects < record.number) {
      auto& earlier = records[*corrected_one];
      record.root = earlier.root;
      if (earlier.corrected_by < 0) earlier.corrected_by = record.number;
    } else {
      record.root = record.corrects;
    }
  }
  const auto must_find = [&](std::int64_t number) {
    const auto index = index_of(number);
    if (!index)
      throw std::runtime_error(fmt::format("the ledger holds an act of record {} but not the record", number));
    return *index;
  };
  for (auto& entry : entries) {
    entry.record = must_find(entry.number);
    const Day received = records[entry.record].received_on;
    if (!entry.may_lie_ahead && entry.when.precision != Precision::day && entry.when.first <= received) {
      entry.when.last = std::min(entry.when.last, received);
    }
  }
  for (auto& row : evidence) {
    row.record = must_find(row.number);
    const auto target = index_of(row.target);
    row.root = target ? records[*target].root : row.target;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.when.first, a.when.last, a.number, a.ordinal) <
           std::tie(b.when.first, b.when.last, b.number, b.ordinal);
  });
  std::sort(evidence.begin(), evidence.end(), [](const EvidenceRow& a, const EvidenceRow& b) {
    return std::tie(a.root, a.number, a.ordinal) < std::tie(b.root, b.number, b.ordinal);
  });
}

}  // namespace answerable::engine
