#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/rule.hpp"

namespace answerable::engine {

class Catalogue;

/// A rule in plain words, as values: what a reader needs who knows neither the rule's grammar nor the record kinds'
/// code words. Every text is a whole sentence, or a clause where its comment says so.
struct RuleWords {
  /// One thing said about a duty: "When", and each of the acts that call for it.
  struct Point {
    std::string key;    ///< when | then | before | counts | clock | progress | unless
    std::string label;  ///< "When", "What counts as an acknowledgement" …
    std::vector<std::string> texts;
  };
  struct Said {
    std::vector<Outcome> outcomes;  ///< more than one where the words are the same
    std::string text;               ///< what is filled in each time stands in square brackets: "[its day]"
  };
  struct Duty {
    std::string id;
    std::vector<Point> points;
    std::vector<Said> says;
  };
  struct Edition {
    Day from{};
    std::optional<Day> to;
    std::string in_force;  ///< "From 1 April 2015 to 31 March 2016."
    std::string people;    ///< "people under the Care Act"; "" where it does not matter
    std::string source;
    Force force{};
    std::string force_words;  ///< "law: breach is unlawful"
    Confidence confidence{};
    std::string confidence_words, caveat;
    std::vector<Duty> duties;
  };
  struct Example {
    std::string name;
    Outcome outcome{};
    std::string state, duty;  ///< "" when not said
    Day judged_on{};
  };

  std::string id, title, because;
  std::string area, area_title;
  std::string subject;   ///< whose timeline is judged
  std::string function;  ///< a clause: "reviewing care and support"; "" when the rule names none
  std::string answers;   ///< who answers for it
  std::vector<Edition> editions;
  std::vector<Example> examples;
};

/// \param vocabulary the one the rule was read with
RuleWords rule_words(const Rule& rule, const Vocabulary& vocabulary);

/// The area that a rule's id belongs to: key and heading. One without an area of its own is headed by its first word.
struct AreaWords {
  std::string key, title;
};
AreaWords area_of(std::string_view id);

/// The rules of one area.
struct RuleArea {
  AreaWords area;
  std::vector<const Rule*> rules;  ///< in the order of their ids
};
/// All rules by area, areas in the order in which a reader meets them.
std::vector<RuleArea> by_area(const Catalogue& catalogue);

/// "law: breach is unlawful", "statutory guidance", "good practice the ombudsman expects"
std::string_view force_words(Force force);
/// The edition that began last: its force is the one a list shows.
const Edition& last_edition(const Rule& rule);
/// Whether any edition rests on law nobody has checked.
bool unverified(const Rule& rule);

/// Wraps at spaces; the first line begins with `first`, the others with as many spaces. Ends with a newline.
std::string wrapped(std::string_view text, const std::string& first, int width);
/// For a terminal, `width` columns wide; ends with a newline.
std::string text(const RuleWords& words, int width = 96);
/// Complete; keys in a fixed order.
nlohmann::ordered_json json(const RuleWords& words);

}  // namespace answerable::engine
