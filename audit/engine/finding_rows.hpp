#pragma once

#include "audit/engine/store.hpp"

// Private to the engine: findings on their way into the database.
namespace answerable::pg {
class Transaction;
}

namespace answerable::engine {

/// One row of finding_step.
struct StepRow {
  Finding finding;
  Day edition_from{};
  std::int16_t trigger_ordinal{};
  bool withdrawn{};
  std::int64_t content{};
};

/// Makes a finding of a judgement. The sentence is made for those that need one only.
Finding make_finding(const Context& context, const SubjectTimeline& timeline, const Judgement& judgement, FindingId id);

/// What the database says of some subjects' findings, compared with what was found now.
class Differences {
 public:
  Differences(std::string authority, std::int64_t run);

  void add(Sha256& hash, StepRow row);
  /// Writes the steps of the subjects judged since the last call: new and changed findings, and those that are no more.
  /// \return how many
  std::int64_t write(pg::Transaction& transaction, std::int32_t first_subject, std::int32_t last_subject,
                     const std::vector<std::int32_t>& judged);

 private:
  std::string authority_;
  std::int64_t run_;
  std::vector<StepRow> rows_;
};

}  // namespace answerable::engine
