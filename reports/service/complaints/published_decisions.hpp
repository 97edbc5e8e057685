#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "reports/service/complaints/case_file.hpp"
#include "reports/service/complaints/pieces.hpp"

namespace answerable::service {

/// A decision that an ombudsman published: where to read it, and which rules' duties it was about.
struct PublishedDecision {
  std::string reference, council;
  Day decided{};
  bool upheld{};
  std::string about;  ///< "review not done; support not provided"
  std::vector<std::string> rules;
  std::string url;
};

/// schemas/codes/decisions.csv (reference, council, decided, outcome, about, rules, url; no field holds a comma), the
/// newest first. A line there is all it takes to load one. \throws std::runtime_error naming file and line
std::vector<PublishedDecision> published_decisions(const std::filesystem::path& share);

/// Those about the duties that open findings are about, each linked; none is suggested that is not loaded.
void add_similar_decisions(Pieces& pieces, const std::vector<CaseFinding>& findings,
                           const std::filesystem::path& share);

}  // namespace answerable::service
