#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "audit/replay/chronology.hpp"
#include "audit/replay/councils.hpp"
#include "audit/replay/mapping.hpp"

namespace answerable::replay {

/// One file that a body sent.
struct Submission {
  Day received{};
  std::string sender;  ///< the party's id in the case; "" for the council
  std::string xml;
  std::vector<std::size_t> events;  ///< the events it tells of
};

/// What a line tells that went wrong.
struct Mark {
  std::string subject;  ///< a person's id in the case
  Happened when;
  std::set<std::string>
      said;  ///< the word lists that an account or a note speaks in; none: it is marked or recorded so
};

/// A case told as records.
struct Told {
  std::string authority;                       ///< CASSR code
  Day as_of{};                                 ///< the decision, or the last day told of where none is known
  std::vector<Submission> submissions;         ///< in the order of the days received
  std::map<std::string, std::string> people;   ///< id in the case, by NHS number
  std::map<std::string, std::string> parties;  ///< id in the case, by organisation key
  std::vector<Mark> marks;
  std::set<std::size_t> only_said;  ///< the events of which nothing is sent: somebody's account alone
  std::vector<std::string> notes;   ///< what was assumed, and what could not be expressed
};

/// Tells a case as submissions, by the mapping. Never fails on a single odd event: it says so in the notes.
Told tell(const Chronology& chronology, const Mapping& mapping, const CouncilNames& councils);

}  // namespace answerable::replay
