#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "audit/engine/catalogue.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::service {

/// The rules in force for each council: read once, and again when a council has loaded or withdrawn one of its own.
class RuleShelf {
 public:
  explicit RuleShelf(const xml::Kinds& kinds) : kinds_(&kinds) {}

  /// To look things up in. Whoever judges or explains with them takes a copy: that adds words to its vocabulary.
  std::shared_ptr<const engine::Catalogue> rules(pg::Transaction& transaction, const std::string& council);

 private:
  struct Kept {
    std::int64_t decisions{};  ///< of the council about its own rules, when these were read
    std::shared_ptr<const engine::Catalogue> rules;
  };
  const xml::Kinds* kinds_;
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

}  // namespace answerable::service
