#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "audit/engine/judge.hpp"
#include "audit/replay/chronology.hpp"
#include "audit/replay/telling.hpp"
#include "ingest/xml/document.hpp"

namespace answerable::replay {

/// What a finding says, in the words of the cases' format.
struct Speaks {
  std::set<std::string> kinds;
  std::set<std::string> silent;  ///< kinds it would have, were the chronology not silent
};

/// kinds.xml: which findings speak of which kinds of fault.
class FaultKinds {
 public:
  /// \throws xml::Invalid naming file and place
  FaultKinds(const std::filesystem::path& folder, const std::filesystem::path& schemas_folder);

  /// \param judgement one that was made with pieces
  /// \param marks what the chronology tells that went wrong, of whom the judgement is
  Speaks speaks(const engine::Context& context, const engine::Judgement& judgement, const Chronology& chronology,
                std::span<const Mark> marks) const;
  /// Every rule that some row names.
  std::set<std::string> rules() const;

 private:
  struct Where {
    std::string attribute;
    std::vector<std::string> is, none;
  };
  struct Row {
    std::string kind;
    std::vector<std::string> rules, duties, outcomes, acts, lacks, told, unless_told, unless_before, unless_after,
        unless_by, says;
    std::optional<int> late_days;
    std::string actor;
    bool while_told{}, marked{}, said{};
    std::vector<Where> where;
  };
  static bool matches(const Row& row, const engine::Context& context, const engine::Judgement& judgement);

  std::vector<Row> rows_;
};

}  // namespace answerable::replay
