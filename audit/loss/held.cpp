#include "audit/loss/held.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "audit/engine/rule.hpp"

namespace answerable::loss {

using engine::Entry;
using engine::EvidenceState;
using engine::RecordRow;

Held::Held(const engine::SubjectTimeline& timeline, const engine::Vocabulary& vocabulary,
           const engine::Organisations& organisations, engine::Horizon horizon)
    : timeline_(&timeline), vocabulary_(&vocabulary), organisations_(&organisations), horizon_(horizon) {
  for (const auto& entry : timeline.entries) {
    if (entry.number < 0 || corrected(record(entry)) || entry.when.first > horizon.as_of) continue;
    entries_.push_back(&entry);
  }
}

Held Held::of_payment(const std::set<std::int64_t>& records, bool with_rest) const {
  const auto is_rest = [&](const Entry* it) {
    const auto act = vocabulary_->text(it->act);
    return act == "service.started" || act == "change.replaced" || act.starts_with("charge.") ||
           act.starts_with("finance.");
  };
  Held out = *this;
  std::erase_if(out.entries_, [&](const Entry* it) {
    return (record(*it).kind == "direct-payment" && !records.contains(it->number)) || (!with_rest && is_rest(it));
  });
  return out;
}

std::vector<const Entry*> Held::acts(std::string_view act) const {
  const auto word = vocabulary_->find(act);
  std::vector<const Entry*> out;
  if (word == 0) return out;
  std::ranges::copy_if(entries_, std::back_inserter(out), [word](const Entry* it) { return it->act == word; });
  return out;
}

std::string_view Held::text(const Entry& entry, std::string_view attribute) const {
  return entry.value(vocabulary_->find(attribute));
}

std::optional<Pennies> Held::money(const Entry& entry, std::string_view attribute) const {
  return parse_pounds(text(entry, attribute));
}

std::optional<Hours> Held::hours(const Entry& entry, std::string_view attribute) const {
  const auto value = engine::ten_thousandths(text(entry, attribute));
  return value ? std::optional(*value / 100) : std::nullopt;
}

std::optional<std::int64_t> Held::number(const Entry& entry, std::string_view attribute) const {
  const auto value = text(entry, attribute);
  std::int64_t out = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), out);
  return problem == std::errc{} && end == value.data() + value.size() ? std::optional(out) : std::nullopt;
}

std::optional<Happened> Held::date(const Entry& entry, std::string_view attribute) const {
  return parse_happened(text(entry, attribute));
}

const RecordRow* Held::named(std::string_view id, std::string_view kind) const {
  if (id.empty()) return nullptr;
  const auto found = std::ranges::find_if(
      timeline_->records, [&](const RecordRow& it) { return it.id == id && it.kind == kind && !corrected(it); });
  return found == timeline_->records.end() ? nullptr : &*found;
}

bool Held::evidenced(const RecordRow& record, std::string_view item) const {
  bool there = false;
  for (const auto& row : timeline_->evidence) {
    if (row.root != record.root || vocabulary_->text(row.item) != item) continue;
    if (corrected(timeline_->records[row.record])) continue;
    if (row.state == EvidenceState::contradicted) return false;
    there = there || row.state == EvidenceState::present || row.state == EvidenceState::created_late;
  }
  return there;
}

std::vector<std::string> Held::gaps(const RecordRow& record) const {
  std::vector<std::string> out;
  for (const auto& row : timeline_->evidence) {
    const bool missing = row.state == EvidenceState::absent || row.state == EvidenceState::not_supplied ||
                         row.state == EvidenceState::contradicted;
    if (row.root != record.root || !missing || corrected(timeline_->records[row.record])) continue;
    out.push_back(fmt::format("{}: {}", vocabulary_->text(row.item), word(row.state)));
  }
  std::ranges::sort(out);
  const auto twice = std::ranges::unique(out);
  out.erase(twice.begin(), twice.end());
  return out;
}

std::string Held::holder(const RecordRow& record) const {
  if (organisations_->is_council(record.performer)) return organisations_->council_name;
  return fmt::format("{}, for which {} answers", organisations_->name(organisations_->key(record.performer)),
                     organisations_->council_name);
}

std::string Held::unsound(const Entry& determination, Day not_before) const {
  if (!evidenced(record(determination), "eligibility-reasons")) return "no evidence of its reasons is held";
  const auto* assessment = named(text(determination, "assessment"), "assessment");
  if (assessment != nullptr && evidenced(*assessment, "assessment-record")) return {};
  const auto before = [&](std::string_view act, std::string_view item) {
    return std::ranges::any_of(acts(act), [&](const Entry* it) {
      return it->when.first <= determination.when.last && it->when.last >= not_before && evidenced(record(*it), item);
    });
  };
  if (before("assessment.completed", "assessment-record") || before("review.completed", "review-record")) return {};
  return "no record of the assessment or review it would rest on is held";
}

bool one_of(std::string_view value, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, value) != words.end();
}

Span overlap(const Span& a, const Span& b) {
  return {std::max(a.first, b.first), std::min(a.last, b.last)};
}

}  // namespace answerable::loss
