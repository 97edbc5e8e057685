#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/outcome.hpp"
#include "ingest/pg/connection.hpp"
#include "reports/pages/trail.hpp"

/// The register of complaints (SI 2009/309 reg 17), as the records give it.
namespace answerable::service {

/// Something done about a complaint, as a record that no other has corrected says.
struct CaseAct {
  std::int64_t record{};
  std::string record_id;  ///< the sender's own
  Day received_on{};
  std::string act;  ///< complaint.received, ombudsman.enquiry, remedy.paid …
  Happened when;
  std::optional<Day> until{};  ///< of a longer time: its last day
  pages::Party performer;
  std::string to_name{};                                         ///< of the body it was sent on to, where that is known
  std::map<std::string, std::string, std::less<>> attributes{};  ///< codes and dates; nothing that anybody said

  /// "" when it has none.
  std::string_view value(std::string_view attribute) const;
};

/// What the law, or a letter, gives a time for, and what became of it.
struct CaseClock {
  std::int64_t finding{};
  std::string rule, title;
  engine::Outcome outcome{};
  std::optional<Day> due{};
  std::int64_t record{-1};   ///< with which the time begins
  std::string sentence;      ///< "" for met, exempt and pending
  std::string source{};      ///< the law
  std::string confidence{};  ///< how sure that is, in words
  bool verified{};

  bool runs() const { return outcome == engine::Outcome::pending; }
};

/// Where a complaint stands.
enum class CaseState { open, answered, with_ombudsman, recommendations, closed };
std::string_view state_words(CaseState state);

/// One complaint, whoever sent records of it.
struct Complaint {
  std::string reference;
  std::int32_t subject{};
  std::vector<CaseAct> acts{};      ///< by date
  std::vector<CaseClock> clocks{};  ///< those that run first, by their last day

  /// The first of its acts of this kind; null when there is none.
  const CaseAct* first(std::string_view act) const;
  const CaseAct* last(std::string_view act) const;
  CaseState state() const;
  /// The clock to mind: one that is over or runs out first. Null when there is none, or the complaint is closed.
  const CaseClock* next() const;
  /// Why the council has to answer although another body received it or was sent it; "" when that is not in question.
  std::string redirect_warning(std::string_view council) const;
};

/// The complaints assigned to whoever the connection acts for, the one whose time runs out first at the top.
/// \param of_case only that one: nothing when it is not theirs
/// \param rules where the law of each clock stands
std::vector<Complaint> complaints(pg::Transaction& transaction, const std::string& authority,
                                  const std::optional<std::string>& of_case, const engine::Catalogue& rules);

/// How many of the complaints that came in nobody handles.
struct Unassigned {
  std::string reference, sender;
  Day received_on{};
};
std::vector<Unassigned> unassigned_complaints(pg::Transaction& transaction);
/// Assigned, and no record of it has come in: references.
std::vector<std::string> cases_without_records(pg::Transaction& transaction);

}  // namespace answerable::service
