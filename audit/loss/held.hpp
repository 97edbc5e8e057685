#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/loss/loss.hpp"

// Private to audit/loss: a person's timeline, read.
namespace answerable::loss {

/// What is known, uncorrected and has happened, in order of date.
class Held {
 public:
  Held(const engine::SubjectTimeline& timeline, const engine::Vocabulary& vocabulary,
       const engine::Organisations& organisations, engine::Horizon horizon);

  /// The same as far as one direct payment goes. \param records that tell of it; \param with_rest and what cannot be
  /// told apart by payment: support begun, charges and contributions
  Held of_payment(const std::set<std::int64_t>& records, bool with_rest) const;

  const std::vector<const engine::Entry*>& all() const { return entries_; }
  std::vector<const engine::Entry*> acts(std::string_view act) const;
  std::string_view text(const engine::Entry& entry, std::string_view attribute) const;
  std::optional<Pennies> money(const engine::Entry& entry, std::string_view attribute) const;
  std::optional<Hours> hours(const engine::Entry& entry, std::string_view attribute) const;
  std::optional<std::int64_t> number(const engine::Entry& entry, std::string_view attribute) const;
  std::optional<Happened> date(const engine::Entry& entry, std::string_view attribute) const;

  const engine::RecordRow& record(const engine::Entry& entry) const { return timeline_->record(entry); }
  /// The uncorrected record with an id of the sender's own; of this kind. Null when there is none.
  const engine::RecordRow* named(std::string_view id, std::string_view kind) const;
  /// Null when it is not about this person.
  const engine::RecordRow* numbered(std::int64_t number) const { return timeline_->find(number); }
  /// Whether a piece of evidence for a record is there.
  bool evidenced(const engine::RecordRow& record, std::string_view item) const;
  /// Evidence for a record that is missing or contradicted, as "review-record: not-supplied".
  std::vector<std::string> gaps(const engine::RecordRow& record) const;

  /// "Somerset Partnership NHS Foundation Trust, for which Somerset County Council answers"
  std::string holder(const engine::RecordRow& record) const;
  const std::string& council() const { return organisations_->council_name; }
  Day as_of() const { return horizon_.as_of; }

  /// Why a determination does not stand on evidence: "" when it does.
  std::string unsound(const engine::Entry& determination, Day not_before) const;

 private:
  bool corrected(const engine::RecordRow& record) const { return engine::corrected(record, horizon_); }

  const engine::SubjectTimeline* timeline_;
  const engine::Vocabulary* vocabulary_;
  const engine::Organisations* organisations_;
  engine::Horizon horizon_;
  std::vector<const engine::Entry*> entries_;
};

/// Whether a value is one of these words.
bool one_of(std::string_view value, std::initializer_list<std::string_view> words);

/// The days common to both.
Span overlap(const Span& a, const Span& b);

}  // namespace answerable::loss
