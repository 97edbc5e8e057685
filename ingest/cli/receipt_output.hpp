#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "ingest/intake/intake.hpp"

namespace answerable::cli {

std::string receipt_text(const std::string& file, const intake::Receipt& receipt);
nlohmann::ordered_json receipt_json(const intake::Receipt& receipt);

std::string refusal_text(const std::string& file, const intake::Refusal& refusal);
nlohmann::ordered_json refusal_json(const intake::Refusal& refusal);

std::string check_text(const std::string& file, const intake::CheckReport& report);
nlohmann::ordered_json check_json(const intake::CheckReport& report);

std::string status_text(const std::string& database, int schema_version,
                        const std::vector<intake::CouncilStatus>& councils);
nlohmann::ordered_json status_json(const std::string& database, int schema_version,
                                   const std::vector<intake::CouncilStatus>& councils);

}  // namespace answerable::cli
