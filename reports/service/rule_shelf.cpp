#include "reports/service/rule_shelf.hpp"

#include <algorithm>

#include "audit/engine/council_rules.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement decisions_about_rules{"rules.decisions",
                                              "SELECT count(*) FROM answerable.council_rule WHERE authority = $1"};

}  // namespace

RuleShelf::Lent::~Lent() {
  if (!kept_.rules) return;
  const std::lock_guard lock(shelf_->mutex_);
  shelf_->kept_.push_back(std::move(kept_));
}

RuleShelf::Lent RuleShelf::lend(pg::Transaction& transaction, const std::string& council) {
  const auto decisions = transaction.run_one(decisions_about_rules, council).int64(0, 0);
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const Kept& kept) { return kept.council == council && kept.decisions < decisions; });
    const auto found = std::ranges::find_if(
        kept_, [&](const Kept& kept) { return kept.council == council && kept.decisions == decisions; });
    if (found != kept_.end()) {
      Kept kept = std::move(*found);
      kept_.erase(found);
      return {*this, std::move(kept)};
    }
  }
  return {
      *this,
      {council, decisions, std::make_unique<engine::Catalogue>(engine::catalogue_for(transaction, council, *kinds_))}};
}

}  // namespace answerable::service
