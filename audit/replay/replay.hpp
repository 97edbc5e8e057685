#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audit/replay/chronology.hpp"

namespace answerable::replay {

/// One finding, as one kind of fault.
struct Found {
  std::string kind;  ///< in the words of the cases' format
  std::string rule, duty;
  std::string subject;            ///< the person's id in the case; an agreement's reference
  std::string actor, actor_name;  ///< who acted or should have: the party's id in the case, or an organisation key
  std::string accountable;        ///< always the council
  /// The first day on which it stood, knowing only what had been received by then; always there in a result.
  std::optional<Day> first_flagged;
  std::string outcome, explanation;
};

/// What a replay of one case comes to.
struct Result {
  std::string ref, council;
  std::optional<Happened> decided;
  Day as_of{};
  std::int64_t records{}, held{};
  std::vector<Found> findings;              ///< by kind, day and rule
  std::map<std::string, int> silence;       ///< findings that rest on the chronology's silence, by kind: not counted
  std::map<std::string, int> without_kind;  ///< other findings that need attention, by rule
  std::vector<std::string> notes;           ///< what was assumed, and what could not be expressed
};

/// Replays cases in a private, throw-away database. Holds one server for all of them.
class Replayer {
 public:
  /// \throws std::runtime_error when no server can be started or the mapping cannot be read
  Replayer();
  Replayer(const Replayer&) = delete;
  Replayer& operator=(const Replayer&) = delete;
  ~Replayer();

  Result replay(const Chronology& chronology);
  /// What the policy numbers are, and whose.
  const std::string& policy_note() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

nlohmann::ordered_json json(const Result& result);
std::string text(const Result& result);

}  // namespace answerable::replay
