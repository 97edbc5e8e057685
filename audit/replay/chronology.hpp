#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"

/// Decided ombudsman cases, told again as records to see what the audit would have found, and when.
namespace answerable::replay {

/// A case file that cannot be read. what() says the file, where in it, and what was expected there.
struct BadCase : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CasePerson {
  std::string id;
  std::string role;      ///< person | carer | complainant | representative; "" when not said
  std::string relation;  ///< husband of Y; "" when not said
};

struct CaseParty {
  std::string id;
  std::string kind;  ///< council | nhs_trust | icb | care_provider | direct_payment_support | other; "" when not said
  std::string name, acts_for;
};

struct CaseEvent {
  std::size_t index{};  ///< its place in the file's list, from 0
  Happened when;
  std::string kind, actor, subject, detail;
  std::string evidence;  ///< recorded | missing | late | contradicted | not_stated
  bool only_said{};      ///< told as somebody's account alone: tell() finds that out
};

/// What a case file tells of what happened. What the ombudsman made of it (faults, no_fault, remedy, outcome) is
/// dropped while the file is parsed and is nowhere in here.
struct Chronology {
  std::string ref, council;
  std::optional<Happened> decided;
  std::vector<CasePerson> people;
  std::vector<CaseParty> parties;
  std::vector<CaseEvent> events;      ///< in order of their last possible day, then as in the file
  std::vector<std::string> not_told;  ///< what in the file could not be understood, a sentence each
};

/// \throws BadCase when the file is not a case at all: unreadable, not JSON, no events
Chronology read_case(const std::filesystem::path& file);
/// \param name for messages
Chronology parse_case(const std::string& name, const std::string& text);

}  // namespace answerable::replay
