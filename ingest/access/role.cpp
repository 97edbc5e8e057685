#include "ingest/access/role.hpp"

#include <algorithm>

namespace answerable::access {

std::string_view word(Role role) {
  switch (role) {
    case Role::provider_submitter:
      return "provider-submitter";
    case Role::provider_manager:
      return "provider-manager";
    case Role::contract_monitoring_officer:
      return "contract-monitoring-officer";
    case Role::complaints_officer:
      return "complaints-officer";
    case Role::auditor:
      return "auditor";
    case Role::guardian:
      return "guardian";
    case Role::administrator:
      return "administrator";
    case Role::outside_reader:
      return "outside-reader";
  }
  return "";
}

std::optional<Role> parse_role(std::string_view text) {
  const auto* const found = std::ranges::find(all_roles, text, [](Role role) { return word(role); });
  return found == all_roles.end() ? std::nullopt : std::optional(*found);
}

std::string words(Role role) {
  std::string text(word(role));
  std::ranges::replace(text, '-', ' ');
  return text;
}

bool of_provider(Role role) {
  return role == Role::provider_submitter || role == Role::provider_manager;
}

}  // namespace answerable::access
