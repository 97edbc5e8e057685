#include "audit/engine/regime.hpp"

#include <algorithm>

namespace answerable::engine {
namespace {

constexpr Day last_day_before = care_act_began - std::chrono::days{1};
constexpr Day easement_began{std::chrono::year{2020} / 3 / 31};
constexpr Day easement_ended{std::chrono::year{2021} / 7 / 16};

template <std::size_t n>
bool is_one_of(Word act, const Word (&words)[n]) {
  return std::find(std::begin(words), std::end(words), act) != std::end(words);
}

}  // namespace

std::string_view word(Regime regime) {
  switch (regime) {
    case Regime::pre_care_act:
      return "pre-care-act";
    case Regime::transitional:
      return "transitional";
    case Regime::care_act:
      return "care-act";
    case Regime::easement:
      return "easement";
  }
  return "";
}

RegimeWords::RegimeWords(Vocabulary& vocabulary)
    : started{vocabulary.add("plan.agreed"), vocabulary.add("service.started"),  vocabulary.add("dp.agreed"),
              vocabulary.add("dp.started"),  vocabulary.add("person.supported"), vocabulary.add("dp.restarted")},
      ended{vocabulary.add("plan.ended"),  vocabulary.add("service.ended"),    vocabulary.add("dp.stopped"),
            vocabulary.add("person.died"), vocabulary.add("person.moved-out"), vocabulary.add("change.effective")},
      review(vocabulary.add("review.completed")),
      direction(vocabulary.add("direction")),
      entered(vocabulary.add("regime.entered")),
      regime(vocabulary.add("regime")),
      easement(vocabulary.add("policy.easement")) {}

Easements easements(const Vocabulary& vocabulary, const SubjectTimeline& council, const Organisations& organisations,
                    Horizon horizon) {
  Easements found;
  const Word act = vocabulary.find("policy.easement");
  for (const auto& entry : council.entries) {
    const auto& record = council.record(entry);
    if (entry.act != act || record.number >= horizon.known_at || corrected(record, horizon) ||
        !organisations.is_council(record.sender))
      continue;
    const Day from = std::max(entry.when.first, easement_began);
    const Day to = std::min(entry.until ? entry.until->last : easement_ended, easement_ended);
    if (from <= to) found.emplace_back(from, to);
  }
  return found;
}

Regime RegimePath::at(Day day) const {
  if (day < care_act_began) return Regime::pre_care_act;
  if (transitional && day < entered) return Regime::transitional;
  if (easements)
    for (const auto& [from, to] : *easements)
      if (day >= from && day <= to) return Regime::easement;
  return Regime::care_act;
}

namespace {

/// What support is in place, by family, so that a service that ends leaves a plan that runs on.
class Support {
 public:
  /// \param leaving whether death and moving away count: the rules except them by name, and say so
  Support(const RegimeWords& words, bool leaving) : words_(&words), leaving_(leaving) {}

  bool any() const { return std::find(std::begin(live_), std::end(live_), true) != std::end(live_); }

  /// \param day entries after it change nothing
  void meet(const Entry& entry, Day day) {
    const Word act = entry.act;
    if (is_one_of(act, words_->started)) {
      if (entry.when.first > day) return;
      const bool over = entry.until && entry.until->last < day;
      live_[act == words_->started[0]   ? plan
            : act == words_->started[1] ? service
            : act == words_->started[4] ? stated
                                        : payment] = !over;
    } else if (is_one_of(act, words_->ended) && entry.when.last <= day) {
      if (act == words_->ended[0]) live_[plan] = false;
      if (act == words_->ended[1]) live_[service] = false;
      if (act == words_->ended[2]) live_[payment] = false;
      if ((leaving_ && (act == words_->ended[3] || act == words_->ended[4])) ||
          (act == words_->ended[5] && entry.value(words_->direction) == "end"))
        std::fill(std::begin(live_), std::end(live_), false);
    }
  }

 private:
  enum { plan, service, payment, stated, families };
  const RegimeWords* words_;
  bool leaving_;
  bool live_[families] = {};
};

bool supported_on(const RegimeWords& words, std::span<const Entry* const> visible, Day day, bool leaving) {
  Support support{words, leaving};
  for (const Entry* entry : visible) support.meet(*entry, day);
  return support.any();
}

}  // namespace

RegimePath regime_path(const RegimeWords& words, std::span<const Entry* const> visible, const Easements* easements) {
  RegimePath path;
  path.easements = easements;
  path.transitional = supported_on(words, visible, last_day_before, true);
  if (!path.transitional) return path;
  path.entered = transition_ended;
  for (const Entry* entry : visible) {
    if (entry->act != words.review || entry->when.last < care_act_began) continue;
    if (entry->when.last < path.entered) {
      path.entered = entry->when.last;
      path.by_review = entry->number;
    }
  }
  path.supported_when_entered = supported_on(words, visible, path.entered, false);
  return path;
}

}  // namespace answerable::engine
