#pragma once

#include <string>
#include <string_view>

#include "audit/engine/catalogue.hpp"
#include "reports/render/components/content.hpp"
#include "reports/render/html.hpp"

namespace answerable::service {

/// A rule as people read it: its title, and its id below. The id alone of a rule that is no longer there.
inline render::Fragment rule_words(const engine::Catalogue& rules, std::string_view id) {
  const auto* rule = rules.find(id);
  if (rule == nullptr) return std::string(id);
  return render::joined({rule->title, components::Hint{std::string(id)}});
}

}  // namespace answerable::service
