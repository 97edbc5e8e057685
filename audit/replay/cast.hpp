#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/replay/chronology.hpp"
#include "audit/replay/councils.hpp"
#include "audit/replay/fill.hpp"
#include "audit/replay/mapping.hpp"

namespace answerable::replay {

/// A body of the case, under a code of its own.
struct Party {
  const CaseParty* told{};
  Organisation organisation;
  bool council{};         ///< the council of the case
  std::string agreement;  ///< its reference; "" when it acts under none
  std::optional<Arrangement> arrangement;
};

/// Somebody of the case, under a made-up NHS number.
struct Person {
  std::string id, role, nhs;
};

/// Who is who in a case. What had to be assumed is told to `note`, a sentence each.
class Cast {
 public:
  using Note = std::function<void(std::string)>;
  /// \param begins the day from which arrangements hold
  Cast(const Chronology& chronology, const Mapping& mapping, const CouncilNames& councils, Day begins, Note note);

  const Organisation& council() const { return council_; }
  const std::map<std::string, Party, std::less<>>& parties() const { return parties_; }
  const std::deque<Person>& people() const { return people_; }
  /// Null when there is none.
  const Party* party(std::string_view id) const;
  const Person* person(std::string_view id) const;
  /// Whose records an event becomes; never empty. Somebody who is not named is added.
  std::vector<const Person*> subjects(const CaseEvent& event, About about);

  /// What the council knows before anybody acts.
  std::string record(const Person& person) const;
  /// \param party one that acts under an arrangement
  std::string record(const Party& party) const;

 private:
  void name_parties(const Mapping& mapping, const CouncilNames& councils);
  void name_people();
  void add(std::string id, std::string role);
  const CaseParty* own_council() const;
  const Person* with(std::string_view role) const;
  const Person& carer(const CaseEvent& event);

  const Chronology* case_;
  Day begins_;
  Note note_;
  Organisation council_;
  std::map<std::string, Party, std::less<>> parties_;
  std::deque<Person> people_;
};

/// An element with words in it.
xml::Element leaf(const std::string& ns, std::string name, std::string text);

}  // namespace answerable::replay
