#include "reports/service/rule_shelf.hpp"

#include "audit/engine/council_rules.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement decisions_about_rules{"rules.decisions",
                                              "SELECT count(*) FROM answerable.council_rule WHERE authority = $1"};

}  // namespace

std::shared_ptr<const engine::Catalogue> RuleShelf::rules(pg::Transaction& transaction, const std::string& council) {
  const auto decisions = transaction.run_one(decisions_about_rules, council).int64(0, 0);
  const std::lock_guard lock(mutex_);
  auto& kept = kept_[council];
  if (!kept.rules || kept.decisions != decisions)
    kept = {decisions,
            std::make_shared<const engine::Catalogue>(engine::catalogue_for(transaction, council, *kinds_))};
  return kept.rules;
}

}  // namespace answerable::service
