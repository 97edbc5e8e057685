#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/judge.hpp"

// Private to the engine: one subject's timeline as it stands at the horizon, indexed by act.
namespace answerable::engine {

/// What the evidence held for an act comes to, best first.
enum class Proof : std::uint8_t { proved, late, missing, not_one, contradicted };

constexpr bool counts(Proof proof) {
  return proof == Proof::proved || proof == Proof::late;
}

/// A document made more than this long after the act it proves was created late.
inline constexpr std::chrono::days late_after{28};

/// Scratch memory, used for one timeline after the other.
class Case {
 public:
  explicit Case(const Context& context);

  void open(const SubjectTimeline& timeline);

  const Context& context() const { return *context_; }
  const SubjectTimeline& timeline() const { return *timeline_; }
  const RegimePath& path() const { return path_; }
  /// As it was known on the day judged.
  const Calendar& calendar() const { return calendar_; }
  /// The clock with the council's own number where the rule leaves the number to the council; null when it has set
  /// none. \param policy set to what set the number
  const Clock* effective(const Clock& clock, const Entry& trigger, const Policy*& policy) const;
  Day as_of() const { return context_->horizon.as_of; }
  /// What is known and may have happened, in order of date.
  std::span<const Entry* const> visible() const { return visible_; }
  /// The next day on which something known comes to pass.
  const std::optional<Day>& next_visible() const { return next_visible_; }

  /// Null for what the law itself brings about.
  const RecordRow* record(const Entry& entry) const { return entry.number < 0 ? nullptr : &timeline_->record(entry); }
  std::int64_t root(const Entry& entry) const { return entry.number < 0 ? -1 : timeline_->record(entry).root; }
  bool by_council(const Entry& entry) const;
  std::string_view organisation_key(std::int32_t organisation) const;

  bool alike(const Likeness& in, const Entry& a, const Entry& b) const;
  bool matches(const ActPattern& pattern, const Entry& entry, const Entry* trigger) const;
  bool matches(const Acts& acts, const Entry& entry, const Entry* trigger) const;
  /// The visible entries that match, in order of date, without the trigger itself.
  void collect(const Acts& acts, const Entry* trigger, std::vector<const Entry*>& out) const;
  /// The first that matches and for which `accept` holds; null when there is none.
  template <class Accept>
  const Entry* first(const Acts& acts, const Entry* trigger, const Accept& accept) const {
    collect(acts, trigger, found_);
    for (const Entry* entry : found_)
      if (accept(*entry)) return entry;
    return nullptr;
  }

  /// When a document was made: as the evidence says, else as the document's own record does. Nothing when that is not
  /// known, or still to come.
  std::optional<Happened> made(const EvidenceRow& row) const;
  /// What the evidence for an act comes to: the worst of its needs. With pieces, says what is held and what is not.
  Proof prove(const Entry& entry, std::span<const EvidenceNeed> needs, std::vector<Piece>* pieces) const;

 private:
  struct Held {
    Proof proof{Proof::missing};
    const EvidenceRow* row{};
    std::string_view is_a;
    std::string_view lacks;  ///< the first word of covers= that it does not cover
  };
  Held look_up(const Entry& entry, const EvidenceNeed& need) const;
  Proof weigh(const Entry& entry, const EvidenceRow& row, const EvidenceNeed& need, std::string_view is_a,
              std::string_view& lacks) const;
  /// The document's own record, where the evidence points at one.
  const Entry* document(const EvidenceRow& row) const;
  bool differ(const Likeness& in, const Entry& a, const Entry& b) const;
  std::int32_t sender(const Entry& entry) const;
  bool known(const RecordRow& record) const;
  void index();

  const Context* context_;
  Calendar calendar_;
  mutable std::map<std::pair<const Clock*, const Policy*>, Clock> effective_;
  const SubjectTimeline* timeline_{};
  RegimePath path_;
  Entry entered_;
  std::vector<AttributeValue> entered_attributes_;
  std::vector<const Entry*> visible_;
  std::optional<Day> next_visible_;
  std::vector<std::uint32_t> begin_, end_;  ///< by act, into positions_
  std::vector<Word> touched_;
  std::vector<std::uint32_t> positions_;  ///< into visible_, act by act
  mutable std::vector<const Entry*> found_;
  mutable std::vector<std::uint32_t> merged_;
  std::vector<std::string> keys_;  ///< by organisation
  std::vector<bool> council_;      ///< by organisation
  Word document_created_, is_;
};

/// Whether a value is a number within bounds; without bounds, whatever it is.
bool within(const std::optional<Bound>& at_least, const std::optional<Bound>& below, std::string_view value,
            const Entry& entry);
/// Whether two lists of words, separated by spaces, share one.
bool shares_word(std::string_view list, std::span<const std::string> words);
/// Whether a list of words holds this one.
bool has_word(std::string_view list, std::string_view word);
/// "review record" for "review-record".
std::string spoken(std::string_view word);

}  // namespace answerable::engine
