#include "audit/replay/chronology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

namespace answerable::replay {
namespace {

using nlohmann::json;

/// The only members of a case that are ever kept; all others are dropped by the parser before anything can see them.
constexpr std::array<std::string_view, 6> kept{"ref", "council", "decided", "people", "parties", "events"};

std::string text_of(const json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// "2013" for a year written as a number too.
std::string date_text(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->is_number_integer() ? found->dump() : std::string{};
}

/// The date as it is written, made as coarse as its precision says.
std::optional<Happened> date_of(std::string text, std::string_view precision) {
  if (precision == "year" && text.size() > 4) text.resize(4);
  if (precision == "month" && text.size() > 7) text.resize(7);
  return parse_happened(text);
}

class Parser {
 public:
  Parser(std::string name, Chronology& chronology) : name_(std::move(name)), case_(chronology) {}

  void read(const json& document) {
    if (!document.is_object()) throw bad("the document", "one object", document);
    case_.ref = text_of(document, "ref");
    if (case_.ref.empty()) case_.ref = std::filesystem::path(name_).stem().string();
    case_.council = text_of(document, "council");
    if (case_.council.empty()) tell("no council is named");
    if (const auto text = date_text(document, "decided"); !text.empty()) {
      case_.decided = parse_happened(text);
      if (!case_.decided) tell(fmt::format("decided \"{}\" is not a date (2019-08-29, 2019-08 or 2019)", text));
    }
    for (const json* one : list(document, "people", false)) people(*one);
    for (const json* one : list(document, "parties", false)) party(*one);
    std::size_t index = 0;
    for (const json* one : list(document, "events", true)) event(*one, index++);
    std::ranges::stable_sort(case_.events, {}, [](const CaseEvent& e) { return e.when.last; });
  }

 private:
  BadCase bad(const std::string& where, const std::string& expected, const json& found) const {
    return BadCase(fmt::format("{}: {}: expected {}, found {}", name_, where, expected, found.type_name()));
  }
  void tell(std::string sentence) { case_.not_told.push_back(std::move(sentence)); }

  std::vector<const json*> list(const json& document, const char* member, bool needed) {
    std::vector<const json*> all;
    const auto found = document.find(member);
    if (found == document.end() || found->is_null()) {
      if (needed) throw BadCase(fmt::format("{}: {}: expected a list of events, and there is none", name_, member));
      return all;
    }
    if (!found->is_array()) throw bad(member, "a list", *found);
    for (std::size_t i = 0; i < found->size(); ++i) {
      if ((*found)[i].is_object())
        all.push_back(&(*found)[i]);
      else
        tell(fmt::format("{}[{}] is not an object and is left out", member, i));
    }
    return all;
  }

  void people(const json& one) {
    CasePerson person{text_of(one, "id"), text_of(one, "role"), text_of(one, "relation")};
    if (person.id.empty()) return tell("a person without an id is left out");
    case_.people.push_back(std::move(person));
  }

  void party(const json& one) {
    CaseParty party{text_of(one, "id"), text_of(one, "kind"), text_of(one, "name"), text_of(one, "acts_for")};
    if (party.id.empty()) return tell("a party without an id is left out");
    case_.parties.push_back(std::move(party));
  }

  void event(const json& one, std::size_t index) {
    CaseEvent event;
    event.index = index;
    event.kind = text_of(one, "kind");
    event.actor = text_of(one, "actor");
    event.subject = text_of(one, "subject");
    event.detail = text_of(one, "detail");
    event.evidence = text_of(one, "evidence");
    const auto written = date_text(one, "date");
    const auto when = date_of(written, text_of(one, "precision"));
    if (!when)
      return tell(
          fmt::format("events[{}] ({}): \"{}\" is not a date; the event is left out", index, event.kind, written));
    event.when = *when;
    constexpr std::array<std::string_view, 5> known{"recorded", "missing", "late", "contradicted", "not_stated"};
    if (std::ranges::find(known, event.evidence) == known.end()) event.evidence = "not_stated";
    case_.events.push_back(std::move(event));
  }

  std::string name_;
  Chronology& case_;
};

}  // namespace

Chronology parse_case(const std::string& name, const std::string& text) {
  json document;
  try {
    document = json::parse(text, [](int depth, json::parse_event_t event, json& parsed) {
      return depth != 1 || event != json::parse_event_t::key ||
             std::ranges::find(kept, parsed.get_ref<const std::string&>()) != kept.end();
    });
  } catch (const json::parse_error& error) {
    throw BadCase(fmt::format("{}: byte {}: expected JSON (see FORMAT.md of the cases); {}", name, error.byte,
                              std::string_view(error.what()).substr(0, 200)));
  }
  Chronology chronology;
  Parser(name, chronology).read(document);
  return chronology;
}

Chronology read_case(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::error_code ignored;
  if (!in || std::filesystem::is_directory(file, ignored))
    throw BadCase(fmt::format("{}: cannot be read: check its name and permissions", file.string()));
  return parse_case(file.string(), std::string(std::istreambuf_iterator<char>(in), {}));
}

}  // namespace answerable::replay
