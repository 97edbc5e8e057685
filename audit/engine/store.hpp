#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/explain.hpp"

namespace answerable::pg {
class Connection;
class Transaction;
}  // namespace answerable::pg

namespace answerable::engine {

/// One finding as it stood after an audit.
struct Finding {
  FindingId id{};
  std::int32_t subject{};
  std::string rule, duty;
  Outcome outcome{};
  Severity severity{};
  std::string state;
  Happened trigger_when;
  std::string trigger_act;
  std::int64_t trigger_record{-1};
  std::int32_t occurrence{};
  std::optional<Day> due, flagged_since;
  std::string actor, agreement;
  std::string sentence;  ///< "" for met, exempt and pending
};

/// The edition of this program's own reading of rules and records. Raised with every change after which the same rules
/// could give other judgements, so that everything is judged again.
inline constexpr int engine_edition = 2;

/// What an audit did.
struct AuditReport {
  std::string authority;
  Day as_of{};
  std::int64_t known_at{};
  std::int64_t records{};                   ///< in the ledger at the horizon
  std::int64_t subjects{};                  ///< with records at the horizon
  std::int64_t judged{};                    ///< subjects judged now
  std::int64_t entries{};                   ///< acts judged now
  std::int64_t judgements{};                ///< made now
  std::int64_t steps{};                     ///< findings that are new or changed; 0 when nothing is stored
  std::map<std::string, std::int64_t> why;  ///< subjects judged, by reason
  bool stored{};
  std::map<Outcome, std::int64_t> outcomes;  ///< of all findings, judged now or before
  std::map<std::string, std::map<Outcome, std::int64_t>> by_rule;
};

/// Judges and stores: subjects with new records since they were last judged, those whose date has come, or all when
/// rules, agreements or the council's policy changed. One transaction.
AuditReport audit(pg::Connection& connection, Catalogue& catalogue, const std::string& authority, Day as_of);

/// Judges everything at a horizon and stores nothing.
/// \param use every judgement, subject by subject; its batch lives during the call only
AuditReport question(pg::Connection& connection, Catalogue& catalogue, const std::string& authority, Day as_of,
                     std::optional<std::int64_t> known_at,
                     const std::function<void(const Context&, const SubjectTimeline&, const Judgement&)>& use);

/// Which findings to list. Empty: all.
struct FindingFilter {
  std::string rule;
  std::vector<Outcome> outcomes;
  std::optional<std::int32_t> subject;
  std::string agreement, actor;
  std::optional<Severity> severity;
  bool matches(const Finding& finding) const;
};

/// The findings as the last audit left them, sorted by rule, subject, trigger date and id.
std::vector<Finding> findings(pg::Transaction& transaction, const std::string& authority, const FindingFilter& filter);
/// The findings as a stored audit left them, in the same order.
std::vector<Finding> findings_after(pg::Transaction& transaction, const std::string& authority, std::int64_t run);
/// The findings at a horizon, computed.
std::vector<Finding> findings(pg::Connection& connection, Catalogue& catalogue, const std::string& authority,
                              const FindingFilter& filter, Day as_of, std::optional<std::int64_t> known_at);

/// Whose finding it is, from the last audits. Nothing when there is none of that id.
std::optional<std::int32_t> subject_of(pg::Transaction& transaction, const std::string& authority, FindingId id);

/// Explains one finding of a subject at a horizon. Nothing when there is none then.
std::optional<Explanation> explain(pg::Connection& connection, Catalogue& catalogue, const std::string& authority,
                                   std::int32_t subject, FindingId id, Day as_of, std::optional<std::int64_t> known_at);
/// Explains all of a subject's judgements at a horizon, one after another, sorted as judged.
void explain_all(pg::Connection& connection, Catalogue& catalogue, const std::string& authority, std::int32_t subject,
                 Day as_of, std::optional<std::int64_t> known_at, const std::function<void(Explanation)>& use);

nlohmann::ordered_json json(const Finding& finding);
nlohmann::ordered_json json(const AuditReport& report);

}  // namespace answerable::engine
