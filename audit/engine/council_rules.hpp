#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/engine/catalogue.hpp"
#include "ingest/civil_date.hpp"

namespace answerable::pg {
class Transaction;
}

/// Rules a council has loaded beside those that ship, and rules as stored audits used them.
namespace answerable::engine {

/// One decision about a rule of a council's own.
struct CouncilRule {
  std::string id;
  bool withdrawn{};
  Instant decided_at{};
  std::string decided_by, reason;
};

/// Every decision, by id, oldest first.
std::vector<CouncilRule> council_rules(pg::Transaction& transaction, const std::string& authority);
/// Loads a rule, or a new version of it. The caller has tried it on its examples.
/// \throws std::invalid_argument for the id of a rule that ships (policy tailors those), and for a council that holds
/// no records
void load_rule(pg::Transaction& transaction, const std::string& authority, const Catalogue::File& file,
               const std::string& decided_by, const std::string& reason);
/// \throws std::invalid_argument when the council has no such rule in force
void withdraw_rule(pg::Transaction& transaction, const std::string& authority, const std::string& id,
                   const std::string& decided_by, const std::string& reason);

/// What ships and what the council has loaded.
Catalogue catalogue_for(pg::Transaction& transaction, const std::string& authority, const xml::Kinds& kinds);
/// The rules as they were, by the digest that an audit stored. Nothing when none of that digest is held.
std::optional<Catalogue> catalogue_of(pg::Transaction& transaction, const Digest& digest, const xml::Kinds& kinds);

}  // namespace answerable::engine
