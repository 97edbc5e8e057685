#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/agreements.hpp"
#include "audit/engine/timeline.hpp"

namespace answerable::pg {
class Transaction;
}

namespace answerable::engine {

/// Rows of some subjects with the text they view. Moves keep the views valid.
class Batch {
 public:
  Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;
  ~Batch();

  const std::vector<SubjectTimeline>& timelines() const;
  std::size_t entry_count() const;

 private:
  friend class LedgerReader;
  struct Rows;
  std::unique_ptr<Rows> rows_;
};

/// Reads one council's ledger out of the database, in the transaction it is given (repeatable read, so that all is of
/// one moment). Words it meets are added to the vocabulary.
class LedgerReader {
 public:
  LedgerReader(pg::Transaction& transaction, std::string authority, Vocabulary& vocabulary);

  /// All councils that hold records, by code.
  static std::vector<std::string> authorities(pg::Transaction& transaction);
  const std::string& authority() const { return authority_; }

  /// How many records there are: a record is known at this number when it is numbered below it.
  std::int64_t size() const { return size_; }
  /// The number as of which everything received up to a moment was known.
  std::int64_t known_at(Instant moment) const;

  Organisations organisations() const;
  /// The agreements as known at the horizon.
  Agreements agreements(std::int64_t known_at) const;
  /// The council's own timeline (policies, easement notices). Empty when it has none.
  Batch council(std::int64_t known_at) const;
  /// One subject, for explanations and trails.
  Batch subject(std::int32_t subject, std::int64_t known_at) const;

  /// Every subject, or those listed (by number, in order), in batches of about `entries` entries; memory stays flat.
  void each(std::int64_t known_at, const std::optional<std::vector<std::int32_t>>& subjects,
            const std::function<void(const Batch&)>& use, std::size_t entries = 100'000) const;

  /// Subjects with records numbered from `from`, up to and without `to`.
  std::vector<std::int32_t> changed(std::int64_t from, std::int64_t to) const;
  /// The subject an identifier stands for. A scheme of "" means any.
  std::optional<std::int32_t> find_subject(std::string_view scheme, std::string_view value) const;
  std::vector<Identifier> identifiers(std::int32_t subject) const;

 private:
  struct Range {
    std::int32_t first{}, last{};
    std::vector<std::int32_t> listed;  ///< in order; empty: all from first to last
    std::size_t records{}, entries{};  ///< about so many are to come
  };
  Batch load(const Range& range, std::int64_t known_at) const;
  Batch of_type(std::string_view type, std::int64_t known_at) const;

  pg::Transaction* transaction_;
  std::string authority_;
  Vocabulary* vocabulary_;
  std::int64_t size_{};
  std::int32_t last_subject_{};
};

}  // namespace answerable::engine
