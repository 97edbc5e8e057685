#include "audit/engine/case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace answerable::engine {
namespace {

/// XML has no other characters as low as these.
bool is_space(char c) {
  return static_cast<unsigned char>(c) <= ' ';
}

/// Eight characters at a time, since the rules ask it of some attribute of most entries.
bool has_space(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101U, tops = 0x8080808080808080U;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    // The lowest byte below '!' borrows into its own top bit, which it did not have itself.
    if (((eight - ones * '!') & ~eight & tops) != 0) return true;
  }
  return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_space);
}

/// Calls use(word) for each word until it returns true.
template <class Use>
bool any_word(std::string_view list, const Use& use) {
  std::size_t at = 0;
  while (at < list.size()) {
    while (at < list.size() && is_space(list[at])) ++at;
    const std::size_t from = at;
    while (at < list.size() && !is_space(list[at])) ++at;
    if (at > from && use(list.substr(from, at - from))) return true;
  }
  return false;
}

std::string article(std::string_view word) {
  const std::string text = spoken(word);
  return (std::string_view("aeiou").find(text.front()) != std::string_view::npos ? "an " : "a ") + text;
}

}  // namespace

bool shares_word(std::string_view list, std::span<const std::string> words) {
  // The usual: one word.
  std::size_t shortest = list.size();
  for (const auto& word : words) {
    if (word == list) return true;
    shortest = std::min(shortest, word.size());
  }
  return list.size() > shortest + 1 && has_space(list) && any_word(list, [&](std::string_view word) {
           return std::find(words.begin(), words.end(), word) != words.end();
         });
}

bool has_word(std::string_view list, std::string_view wanted) {
  return any_word(list, [&](std::string_view word) { return word == wanted; });
}

std::string spoken(std::string_view word) {
  std::string text(word);
  // The schemas' own words are small letters and hyphens; a reference such as C-2024-17 is said as it stands.
  if (!std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == ' '; }))
    return text;
  std::replace(text.begin(), text.end(), '-', ' ');
  return text;
}

Case::Case(const Context& context)
    : context_(&context), calendar_(context.catalogue->calendar().known_on(context.horizon.as_of)) {
  const auto& vocabulary = context.catalogue->vocabulary();
  document_created_ = vocabulary.find("document.created");
  is_ = vocabulary.find("is");
  for (const auto& [number, organisation] : context.organisations->by_number) {
    if (number < 0) continue;
    const auto at = static_cast<std::size_t>(number);
    if (keys_.size() <= at) {
      keys_.resize(at + 1);
      council_.resize(at + 1, true);
    }
    keys_[at] = organisation.key();
    council_[at] = context.organisations->is_council(number);
  }
  // One more, for numbers nobody has: what cannot be laid at another's door is the council's.
  keys_.push_back(context.organisations->council_key());
  council_.push_back(true);
  const auto& words = context.catalogue->regime_words();
  entered_attributes_.push_back({words.regime, word(Regime::care_act)});
}

bool Case::by_council(const Entry& entry) const {
  const auto at = static_cast<std::size_t>(entry.performer);
  return entry.performer < 0 || at >= council_.size() || council_[at];
}

std::string_view Case::organisation_key(std::int32_t organisation) const {
  const auto at = static_cast<std::size_t>(organisation);
  return organisation < 0 || at >= keys_.size() || keys_[at].empty() ? keys_.back() : keys_[at];
}

bool Case::known(const RecordRow& record) const {
  return record.number < context_->horizon.known_at && !corrected(record, context_->horizon);
}

void Case::open(const SubjectTimeline& timeline) {
  timeline_ = &timeline;
  visible_.clear();
  next_visible_.reset();
  const auto comes = [&](Day day) {
    if (!next_visible_ || day < *next_visible_) next_visible_ = day;
  };
  for (const auto& entry : timeline.entries) {
    if (!known(timeline.record(entry))) continue;
    if (entry.when.first > as_of()) {
      comes(entry.when.first);
    } else {
      visible_.push_back(&entry);
    }
  }
  for (const auto& row : timeline.evidence)
    if (row.created && row.created->first > as_of() && known(timeline.records[row.record])) comes(row.created->first);

  path_ = RegimePath{};
  path_.easements = context_->easements;
  if (timeline.type == SubjectType::person) {
    const auto& words = context_->catalogue->regime_words();
    path_ = regime_path(words, visible_, context_->easements);
    if (path_.transitional) {
      if (path_.entered > as_of()) {
        comes(path_.entered);
      } else if (path_.supported_when_entered) {
        entered_ = Entry{};
        entered_.number = -1;
        entered_.act = words.entered;
        entered_.when = {path_.entered, path_.entered, Precision::day};
        entered_.performer = -1;
        entered_.attributes = entered_attributes_;
        const auto at = std::upper_bound(visible_.begin(), visible_.end(), path_.entered,
                                         [](Day day, const Entry* entry) { return day < entry->when.first; });
        visible_.insert(at, &entered_);
      }
    }
  }
  index();
}

void Case::index() {
  for (const Word act : touched_) begin_[act] = end_[act] = 0;
  touched_.clear();
  const std::size_t words = context_->catalogue->vocabulary().size();
  if (begin_.size() < words) {
    begin_.resize(words);
    end_.resize(words);
  }
  for (const Entry* entry : visible_)
    if (end_[entry->act]++ == 0) touched_.push_back(entry->act);
  std::uint32_t next = 0;
  for (const Word act : touched_) {
    begin_[act] = next;
    next += end_[act];
    end_[act] = begin_[act];
  }
  positions_.resize(visible_.size());
  for (std::uint32_t i = 0; i < visible_.size(); ++i) positions_[end_[visible_[i]->act]++] = i;
}

bool Case::matches(const ActPattern& pattern, const Entry& entry, const Entry* trigger) const {
  if (pattern.by != By::any && by_council(entry) != (pattern.by == By::council)) return false;
  for (const auto& where : pattern.where) {
    const auto value = entry.value(where.attribute);
    if (!where.is.empty() && !shares_word(value, where.is)) return false;
    if (!where.is_not.empty() && shares_word(value, where.is_not)) return false;
    if (where.present && value.empty() == *where.present) return false;
    if (!within(where.at_least, where.below, value, entry)) return false;
  }
  return !trigger || (alike(pattern.same, entry, *trigger) && differ(pattern.differs, entry, *trigger));
}

bool Case::alike(const Likeness& in, const Entry& a, const Entry& b) const {
  if (in.record && a.number != b.number) return false;
  if (in.performer && a.performer != b.performer) return false;
  if (in.sender && sender(a) != sender(b)) return false;
  return std::all_of(in.attributes.begin(), in.attributes.end(),
                     [&](Word name) { return a.value(name) == b.value(name); });
}

bool Case::differ(const Likeness& in, const Entry& a, const Entry& b) const {
  if (in.record && a.number == b.number) return false;
  if (in.performer && a.performer == b.performer) return false;
  if (in.sender && sender(a) == sender(b)) return false;
  return std::all_of(in.attributes.begin(), in.attributes.end(), [&](Word name) {
    const auto one = a.value(name), other = b.value(name);
    return !one.empty() && !other.empty() && one != other;
  });
}

std::int32_t Case::sender(const Entry& entry) const {
  const auto* row = record(entry);
  return row ? row->sender : -1;
}

bool within(const std::optional<Bound>& at_least, const std::optional<Bound>& below, std::string_view value,
            const Entry& entry) {
  if (!at_least && !below) return true;
  const auto number = ten_thousandths(value);
  if (!number) return false;
  const auto limit = [&](const Bound& bound) {
    return bound.attribute ? ten_thousandths(entry.value(bound.attribute)) : std::optional{bound.number};
  };
  if (at_least) {
    const auto least = limit(*at_least);
    if (!least || *number < *least) return false;
  }
  if (below) {
    const auto end = limit(*below);
    if (!end || *number >= *end) return false;
  }
  return true;
}

const Clock* Case::effective(const Clock& clock, const Entry& trigger, const Policy*& policy) const {
  if (clock.policy.empty()) return &clock;
  policy = context_->policies->in_force(Policy::Kind::number, clock.policy, trigger.when.last);
  if (!policy) return clock.value > 0 ? &clock : nullptr;
  const auto [found, added] = effective_.try_emplace({&clock, policy}, clock);
  if (added) {
    found->second.value = policy->value;
    found->second.unit = policy->unit;
    if (policy->unit != clock.unit) found->second.warn = 0;
    found->second.convention = "the number is the council's own: " + policy->words();
    if (policy->unit == Unit::working_day && clock.calendar == CalendarName::none)
      found->second.calendar = CalendarName::england_and_wales;
  }
  return &found->second;
}

bool Case::matches(const Acts& acts, const Entry& entry, const Entry* trigger) const {
  return std::any_of(acts.begin(), acts.end(), [&](const ActPattern& pattern) {
    return std::find(pattern.acts.begin(), pattern.acts.end(), entry.act) != pattern.acts.end() &&
           matches(pattern, entry, trigger);
  });
}

void Case::collect(const Acts& acts, const Entry* trigger, std::vector<const Entry*>& out) const {
  merged_.clear();
  for (const auto& pattern : acts)
    for (const Word act : pattern.acts) {
      if (act >= begin_.size()) continue;
      for (std::uint32_t i = begin_[act]; i < end_[act]; ++i) {
        const Entry* entry = visible_[positions_[i]];
        if (entry != trigger && matches(pattern, *entry, trigger)) merged_.push_back(positions_[i]);
      }
    }
  std::sort(merged_.begin(), merged_.end());
  merged_.erase(std::unique(merged_.begin(), merged_.end()), merged_.end());
  out.clear();
  for (const auto position : merged_) out.push_back(visible_[position]);
}

const Entry* Case::document(const EvidenceRow& row) const {
  if (row.document.empty() || !document_created_ || document_created_ >= begin_.size()) return nullptr;
  for (std::uint32_t i = begin_[document_created_]; i < end_[document_created_]; ++i) {
    const Entry* entry = visible_[positions_[i]];
    if (timeline_->record(*entry).id == row.document) return entry;
  }
  return nullptr;
}

std::optional<Happened> Case::made(const EvidenceRow& row) const {
  if (!known(timeline_->records[row.record])) return std::nullopt;
  if (row.created) return row.created->first <= as_of() ? row.created : std::nullopt;
  const Entry* own = document(row);
  return own ? std::optional{own->when} : std::nullopt;
}

Proof Case::weigh(const Entry& entry, const EvidenceRow& row, const EvidenceNeed& need, std::string_view is_a,
                  std::string_view& lacks) const {
  switch (row.state) {
    case EvidenceState::contradicted:
      return Proof::contradicted;
    case EvidenceState::absent:
    case EvidenceState::not_supplied:
      return Proof::missing;
    case EvidenceState::not_applicable:
      return row.reason.empty() ? Proof::missing : Proof::proved;
    case EvidenceState::present:
    case EvidenceState::created_late:
      break;
  }
  if (!need.is.empty() && !is_a.empty() && std::find(need.is.begin(), need.is.end(), is_a) == need.is.end())
    return Proof::not_one;
  if (!row.covers.empty())
    for (const auto& wanted : need.covers)
      if (!has_word(row.covers, wanted)) {
        lacks = wanted;
        return Proof::not_one;
      }
  if (row.state == EvidenceState::created_late) return Proof::late;
  std::optional<Happened> when_made = made(row);
  if (!when_made) when_made = timeline_->records[row.record].recorded;
  return when_made && when_made->first > entry.when.last + late_after ? Proof::late : Proof::proved;
}

Case::Held Case::look_up(const Entry& entry, const EvidenceNeed& need) const {
  Held best;
  const std::int64_t wanted = root(entry);
  const auto rows = timeline_->evidence;
  const auto from = std::lower_bound(rows.begin(), rows.end(), wanted,
                                     [](const EvidenceRow& row, std::int64_t number) { return row.root < number; });
  bool labelled = false;
  for (auto row = from; row != rows.end() && row->root == wanted; ++row) {
    if (row->item != need.item || !known(timeline_->records[row->record])) continue;
    if (row->created && row->created->first > as_of()) continue;
    Held held{Proof::missing, &*row, row->is_a, {}};
    if (held.is_a.empty())
      if (const Entry* own = document(*row)) held.is_a = own->value(is_);
    held.proof = weigh(entry, *row, need, held.is_a, held.lacks);
    if (held.proof == Proof::contradicted) return held;
    // What a document says it is outweighs a bare claim that there is one.
    const bool has_label = !held.is_a.empty();
    const auto rank = [](const Held& h, bool label, bool any_label) {
      const bool bare = any_label && !label && counts(h.proof);
      return bare ? 5 : h.proof == Proof::proved ? 1 : h.proof == Proof::late ? 2 : h.proof == Proof::not_one ? 3 : 4;
    };
    const bool any_label = labelled || has_label;
    if (!best.row || rank(held, has_label, any_label) <= rank(best, !best.is_a.empty(), any_label)) best = held;
    labelled = any_label;
  }
  return best;
}

Proof Case::prove(const Entry& entry, std::span<const EvidenceNeed> needs, std::vector<Piece>* pieces) const {
  Proof worst = Proof::proved;
  for (const auto& need : needs) {
    const Held held = look_up(entry, need);
    worst = std::max(worst, held.proof);
    if (!pieces) continue;
    const std::string item = spoken(context_->catalogue->vocabulary().text(need.item));
    Piece piece{Piece::Kind::unproved, &entry, held.row, {}, {}};
    const EvidenceRow* row = held.row;
    switch (held.proof) {
      case Proof::proved:
        piece.kind = Piece::Kind::held;
        piece.text = item;
        break;
      case Proof::late:
        piece.kind = Piece::Kind::held;
        piece.text = item + ", created late";
        if (row->created) piece.text += fmt::format(" ({})", words(*row->created));
        break;
      case Proof::contradicted:
        piece.text = fmt::format("the {} (another source says otherwise{}{})", item, row->reason.empty() ? "" : ": ",
                                 row->reason);
        break;
      case Proof::not_one:
        piece.text = held.lacks.empty()
                         ? fmt::format("the {} (the document offered is {})", item, article(held.is_a))
                         : fmt::format("the {} (the document offered does not state {})", item, held.lacks);
        break;
      case Proof::missing:
        if (!row) {
          piece.text = fmt::format("the {} (nothing was sent)", item);
        } else if (row->state == EvidenceState::absent) {
          piece.text = row->searched_on ? fmt::format("the {} (searched for by {} in {} on {} and not found)", item,
                                                      row->searched_by, row->searched_where, words(*row->searched_on))
                                        : fmt::format("the {} (said to be absent)", item);
        } else if (row->state == EvidenceState::not_applicable) {
          piece.text = fmt::format("the {} (said not to apply, without a reason)", item);
        } else {
          piece.text = fmt::format("the {} (not supplied)", item);
        }
        break;
    }
    pieces->push_back(std::move(piece));
  }
  return worst;
}

}  // namespace answerable::engine
