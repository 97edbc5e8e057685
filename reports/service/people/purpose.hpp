#pragma once

#include <string>

#include "reports/render/components/form.hpp"

namespace answerable::service {

/// What somebody opens a person's record for, or searches records for: the field "purpose".
inline components::Select purpose_select(std::string chosen, std::string error) {
  return {.name = "purpose",
          .label = "What for",
          .options = {{"", "Choose one"},
                      {"complaint", "A complaint"},
                      {"monitoring", "Monitoring a contract or agreement"},
                      {"audit", "An audit"},
                      {"subject-access", "A subject access request"}},
          .chosen = std::move(chosen),
          .error = std::move(error)};
}

}  // namespace answerable::service
