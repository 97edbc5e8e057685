#include "audit/replay/cast.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace answerable::replay {
namespace {

using xml::Element;

/// A made-up NHS number of the 999 range, with its check digit (NHS Data Dictionary, modulus 11); distinct for each
/// number given below 900,000.
std::string nhs_number(int number) {
  for (int candidate = number * 2 + 100;; ++candidate) {
    const std::string nine = fmt::format("999{:06}", candidate);
    int sum = 0;
    for (std::size_t i = 0; i < 9; ++i) sum += (nine[i] - '0') * static_cast<int>(10 - i);
    const int check = 11 - sum % 11;
    if (check == 10) continue;
    return nine + static_cast<char>('0' + check % 11);
  }
}

}  // namespace

Element leaf(const std::string& ns, std::string name, std::string text) {
  Element e;
  e.ns = ns;
  e.name = std::move(name);
  e.text = std::move(text);
  return e;
}

Cast::Cast(const Chronology& chronology, const Mapping& mapping, const CouncilNames& councils, Day begins, Note note)
    : case_(&chronology), begins_(begins), note_(std::move(note)) {
  const auto found = councils.find(case_->council);
  council_ = {"cassr", found ? found->code : "999",
              case_->council.empty() ? "the council" : clean(case_->council, 250)};
  if (!found)
    note_(fmt::format("\"{}\" is no council with a code here; it is replayed under the demonstration code 999",
                      case_->council));
  name_parties(mapping, councils);
  name_people();
}

/// Which party is the council of the case: the one of its name, or else the first council.
const CaseParty* Cast::own_council() const {
  const CaseParty* first = nullptr;
  for (const auto& party : case_->parties) {
    if (party.kind != "council") continue;
    if (CouncilNames::same(party.name, case_->council)) return &party;
    if (first == nullptr) first = &party;
  }
  return first;
}

void Cast::name_parties(const Mapping& mapping, const CouncilNames& councils) {
  const auto* own_party = own_council();
  for (const auto& party : case_->parties) {
    if (parties_.contains(party.id)) continue;
    Party named{&party, council_, &party == own_party, "", std::nullopt};
    if (!named.council) {
      const auto same = councils.find(party.name);
      std::string name = clean(party.name.empty() ? party.id : party.name, 250);
      if (name.empty()) name = "a body without a name";
      named.organisation = party.kind == "council" && same ? Organisation{"cassr", same->code, name}
                                                           : Organisation{"local", clean_code(party.id), name};
      named.arrangement = mapping.arrangement(party, begins_);
      if (named.arrangement) {
        named.agreement = fmt::format("AGREEMENT-{}", clean_code(party.id));
        if (!named.arrangement->note.empty())
          note_(fmt::format("{} ({}): {}", party.id, name, named.arrangement->note));
      }
    }
    parties_.emplace(party.id, std::move(named));
  }
}

void Cast::name_people() {
  for (const auto& told : case_->people)
    if (!person(told.id)) add(told.id, told.role.empty() ? "person" : told.role);
  if (!with("person")) {
    note_("no person with needs is named; one is taken to be there");
    add("the person", "person");
  }
}

void Cast::add(std::string id, std::string role) {
  people_.push_back({std::move(id), std::move(role), nhs_number(static_cast<int>(people_.size()))});
}

const Party* Cast::party(std::string_view id) const {
  const auto found = parties_.find(id);
  return found == parties_.end() ? nullptr : &found->second;
}

const Person* Cast::person(std::string_view id) const {
  const auto found = std::ranges::find(people_, id, &Person::id);
  return found == people_.end() ? nullptr : &*found;
}

const Person* Cast::with(std::string_view role) const {
  const auto found = std::ranges::find(people_, role, &Person::role);
  return found == people_.end() ? nullptr : &*found;
}

const Person& Cast::carer(const CaseEvent& event) {
  for (const auto& id : {event.subject, event.actor})
    if (const auto* named = person(id); named && named->role != "person") return *named;
  if (const auto* carer = with("carer")) return *carer;
  for (const char* role : {"complainant", "representative"})
    if (const auto* speaker = with(role)) return *speaker;
  if (const auto* named = person(event.subject)) return *named;
  note_(fmt::format("events[{}] ({}): no carer is named; one is taken to be there", event.index, event.kind));
  add("the carer", "carer");
  return people_.back();
}

std::vector<const Person*> Cast::subjects(const CaseEvent& event, About about) {
  if (about == About::carer) return {&carer(event)};
  std::vector<const Person*> found;
  if (const auto* whole = person(event.subject)) {
    found.push_back(whole);
  } else {
    // "X and MX" names two.
    std::string word;
    for (const char c : event.subject + " ") {
      if (c == ' ' || c == ',' || c == '&' || c == '/' || c == ';') {
        if (const auto* one = person(word)) found.push_back(one);
        word.clear();
      } else {
        word += c;
      }
    }
  }
  std::erase_if(found,
                [&](const Person* p) { return p->role != "person" && (about == About::adult || p->role != "carer"); });
  if (!found.empty()) return found;
  if (const auto* actor = person(event.actor); actor && actor->role == "person") return {actor};
  return {with("person")};
}

std::string Cast::record(const Person& person) const {
  const std::string ns = "urn:answerable:person:1";
  Element e = leaf(ns, "person", "");
  e.attributes.emplace_back("id", fmt::format("PERSON-{}", person.nhs));
  e.children.push_back(leaf(ns, "person", person.nhs));
  e.children.back().attributes.emplace_back("scheme", "nhs-number");
  e.children.push_back(leaf(ns, "name", clean(fmt::format("Person {} of {}", person.id, case_->ref), 250)));
  e.children.push_back(leaf(ns, "isCarer", person.role == "carer" ? "yes" : "not-recorded"));
  return xml::serialise(e);
}

std::string Cast::record(const Party& party) const {
  const std::string ns = "urn:answerable:agreement:1";
  Element e = leaf(ns, "agreement", "");
  e.attributes.emplace_back("id", "MADE-" + party.agreement);
  e.children.push_back(leaf(ns, "reference", party.agreement));
  e.children.push_back(leaf(ns, "type", party.arrangement->type));
  e.children.push_back(leaf(ns, "party", party.organisation.name));
  e.children.back().attributes = {{"scheme", party.organisation.scheme}, {"code", party.organisation.code}};
  e.children.push_back(leaf(ns, "functions", fmt::format("{}", fmt::join(party.arrangement->functions, " "))));
  e.children.push_back(leaf(ns, "extent", "all"));
  e.children.push_back(leaf(ns, "from", iso(begins_)));
  return xml::serialise(e);
}

}  // namespace answerable::replay
