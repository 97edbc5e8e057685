#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audit/engine/catalogue.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::service {

/// The rules in force for each council, read once and not for every page; again when a council has loaded or withdrawn
/// one of its own. Judging adds words to a catalogue, so each is used by one visit at a time.
class RuleShelf {
  struct Kept {
    std::string council;
    std::int64_t decisions{};  ///< of the council about its own rules, when these were read
    std::unique_ptr<engine::Catalogue> rules{};
  };

 public:
  explicit RuleShelf(const xml::Kinds& kinds) : kinds_(&kinds) {}

  /// Goes back to the shelf with this.
  class Lent {
   public:
    Lent(RuleShelf& shelf, Kept kept) : shelf_(&shelf), kept_(std::move(kept)) {}
    Lent(Lent&&) noexcept = default;
    Lent& operator=(Lent&&) = delete;
    ~Lent();
    engine::Catalogue& operator*() const { return *kept_.rules; }

   private:
    RuleShelf* shelf_;
    Kept kept_;
  };
  Lent lend(pg::Transaction& transaction, const std::string& council);

 private:
  const xml::Kinds* kinds_;
  std::mutex mutex_;
  std::vector<Kept> kept_;
};

}  // namespace answerable::service
