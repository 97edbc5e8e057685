#include "audit/engine/rule_clauses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "audit/engine/lexicon.hpp"

namespace answerable::engine::clauses {
namespace {

using lexicon::all_of;
using lexicon::either;

constexpr std::string_view involved = "involved.";

bool are_yes_no(const std::vector<std::string>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](const std::string& v) { return v == "yes" || v == "no" || v == "not-recorded"; });
}

/// "an advocate", "somebody the adult asked for": who may be involved (schemas/common, capacity).
std::string person(std::string_view capacity) {
  if (capacity == "adult") return "the adult";
  if (capacity == "family") return "a member of the family";
  if (capacity == "other") return "somebody else";
  if (capacity == "asked-for-person") return "somebody the adult asked for";
  const auto noun = lexicon::spaced(capacity);
  const bool vowel = std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

std::string took_part(const std::string& state) {
  if (state == "attended") return "took part";
  if (state == "invited") return "was invited";
  if (state == "declined") return "declined to take part";
  if (state == "not-invited") return "was not invited";
  return lexicon::spaced(state);
}

std::vector<std::string> each(const std::vector<std::string>& values, const auto& words) {
  std::vector<std::string> out;
  for (const auto& value : values) out.push_back(words(value));
  return out;
}

std::string_view is_or_are(std::string_view noun) {
  return lexicon::is_plural(noun) ? "are" : "is";
}

/// The first of those that differ only in upper and lower case: rules list both where senders write both.
std::vector<std::string> distinct(std::vector<std::string> texts) {
  const auto alike = [](const std::string& a, const std::string& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
  };
  std::vector<std::string> out;
  for (auto& text : texts)
    if (std::none_of(out.begin(), out.end(), [&](const std::string& one) { return alike(one, text); }))
      out.push_back(std::move(text));
  return out;
}

std::string bound_words(const Bound& bound, const Vocabulary& vocabulary, std::string_view act) {
  return bound.attribute == 0 ? number(bound.number) : lexicon::attribute(act, vocabulary.text(bound.attribute));
}

/// The conditions of one act. Those that only say what is not on record are gathered into one.
class Conditions {
 public:
  Conditions(std::string_view act, const Vocabulary& vocabulary) : act_(act), vocabulary_(vocabulary) {}

  void add(const Where& where) {
    const std::string_view name = vocabulary_.text(where.attribute);
    if (where.present) present(name, *where.present);
    if (!where.is.empty()) is(name, where.is);
    if (!where.is_not.empty()) is_not(name, where.is_not);
    const auto noun = lexicon::attribute(act_, name);
    if (where.at_least)
      said_.push_back(
          fmt::format("{} {} at least {}", noun, is_or_are(noun), bound_words(*where.at_least, vocabulary_, act_)));
    if (where.below)
      said_.push_back(
          fmt::format("{} {} less than {}", noun, is_or_are(noun), bound_words(*where.below, vocabulary_, act_)));
  }

  std::string text() const {
    auto all = said_;
    if (!silent_.empty()) {
      std::vector<std::string> parts;
      for (const auto& clause : silent_) parts.push_back("that " + clause);
      all.push_back("it is not on record " + either(parts));
    }
    if (all.empty()) return {};
    std::string out = ", where ";
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) out += i + 1 == all.size() ? (all.size() == 2 ? ", and " : "; and ") : "; ";
      out += all[i];
    }
    return out;
  }

 private:
  void present(std::string_view name, bool wanted) {
    const auto clause = lexicon::yes_no(act_, name);
    if (name.starts_with(involved)) {
      said_.push_back(fmt::format("it is {}on record whether {} took part", wanted ? "" : "not ",
                                  person(name.substr(involved.size()))));
    } else if (!clause.yes.empty()) {
      said_.push_back(fmt::format("it is {}on record whether {}", wanted ? "" : "not ", clause.yes));
    } else {
      auto noun = lexicon::attribute(act_, name);
      constexpr std::string_view given = " given";
      if (noun.ends_with(given)) noun.resize(noun.size() - given.size());
      said_.push_back(fmt::format("{} {} {}given", noun, is_or_are(noun), wanted ? "" : "not "));
    }
  }

  void is(std::string_view name, const std::vector<std::string>& values) {
    if (name.starts_with(involved)) {
      said_.push_back(fmt::format("{} {}", person(name.substr(involved.size())), either(each(values, took_part))));
      return;
    }
    const auto clause = lexicon::yes_no(act_, name);
    if (are_yes_no(values) && !clause.yes.empty()) {
      const bool either_way =
          std::count(values.begin(), values.end(), "yes") + std::count(values.begin(), values.end(), "no") == 2;
      if (either_way) {
        said_.push_back(fmt::format("it is on record whether {}", clause.yes));
        return;
      }
      const auto words = each(values, [&](const std::string& v) {
        return v == "yes" ? std::string(clause.yes) : v == "no" ? std::string(clause.no) : "that is not recorded";
      });
      said_.push_back(either(words));
      return;
    }
    said_.push_back(lexicon::stem(act_, name).said + either(values_of(name, values)));
  }

  void is_not(std::string_view name, const std::vector<std::string>& values) {
    if (name.starts_with(involved)) {
      silent_.push_back(fmt::format("{} {}", person(name.substr(involved.size())), either(each(values, took_part))));
      return;
    }
    const auto clause = lexicon::yes_no(act_, name);
    if (are_yes_no(values) && !clause.yes.empty()) {
      for (const auto& value : values)
        if (value != "not-recorded") silent_.emplace_back(value == "yes" ? clause.yes : clause.no);
      return;
    }
    if (name == "delivery" && values == std::vector<std::string>{"not-received"}) {
      silent_.emplace_back("it did not arrive");
      return;
    }
    said_.push_back(lexicon::stem(act_, name).denied + either(values_of(name, values)));
  }

  std::vector<std::string> values_of(std::string_view name, const std::vector<std::string>& values) const {
    return distinct(each(values, [&](const std::string& v) { return lexicon::value(act_, name, v); }));
  }

  std::string_view act_;
  const Vocabulary& vocabulary_;
  std::vector<std::string> said_, silent_;
};

std::string likeness(const Likeness& like, bool same, const Vocabulary& vocabulary, std::string_view trigger_act) {
  std::string out;
  if (like.record) out += same ? ", in the same record" : ", in another record";
  if (like.sender) out += same ? ", told by the same sender" : ", told by another sender";
  if (like.performer) out += same ? ", done by the same body" : ", done by another body";
  for (const Word word : like.attributes) {
    const auto noun = lexicon::attribute(trigger_act, vocabulary.text(word));
    constexpr std::string_view the = "the ";
    if (vocabulary.text(word) == "case") {
      out += same ? ", about the same complaint" : ", about another complaint";
    } else if (noun.starts_with(the)) {
      out += fmt::format(", with {} {}", same ? "the same" : "a different", noun.substr(the.size()));
    } else {
      out += fmt::format(", {} being {}", noun, same ? "the same" : "different");
    }
  }
  return out;
}

}  // namespace

std::string number(std::int64_t ten_thousandths) {
  const auto whole = std::abs(ten_thousandths / 10000), rest = std::abs(ten_thousandths % 10000);
  std::string out = fmt::format("{}{}", ten_thousandths < 0 ? "-" : "", whole);
  if (rest == 0) return out;
  out += fmt::format(".{:04}", rest);
  while (out.back() == '0') out.pop_back();
  return out;
}

std::string act(const ActPattern& pattern, const Vocabulary& vocabulary, std::string_view trigger_act) {
  std::vector<std::string> names;
  for (const Word word : pattern.acts) names.push_back(lexicon::act(vocabulary.text(word)));
  std::string out = either(names);
  if (pattern.by == By::council) out += ", by the council itself";
  if (pattern.by == By::other) out += ", by another body than the council";
  out += likeness(pattern.same, true, vocabulary, trigger_act);
  out += likeness(pattern.differs, false, vocabulary, trigger_act);
  Conditions conditions(pattern.acts.empty() ? std::string_view{} : vocabulary.text(pattern.acts.front()), vocabulary);
  for (const auto& where : pattern.where) conditions.add(where);
  return out + conditions.text();
}

std::vector<std::string> acts(const Acts& all, const Vocabulary& vocabulary, std::string_view trigger_act) {
  std::vector<std::string> out;
  for (const auto& pattern : all) out.push_back(act(pattern, vocabulary, trigger_act));
  return out;
}

std::string evidence(const EvidenceNeed& need, const Vocabulary& vocabulary) {
  std::string out = lexicon::evidence(vocabulary.text(need.item));
  if (!need.is.empty())
    out += fmt::format(", and the document must itself be {}, whatever it was offered as",
                       either(each(need.is, lexicon::document)));
  if (!need.covers.empty())
    out += fmt::format("{} where it says what it covers, that must include {}", need.is.empty() ? ", and" : ";",
                       all_of(each(need.covers, lexicon::coverage)));
  return out;
}

std::string value(const ValueNeed& need, const Vocabulary& vocabulary, std::string_view trigger_act) {
  const std::string_view name = vocabulary.text(need.attribute);
  const auto words = [&](const std::string& v) {
    if (name.starts_with(involved)) return took_part(v);
    const auto clause = lexicon::yes_no(trigger_act, name);
    if (v == "yes" && !clause.yes.empty()) return std::string(clause.yes);
    if (v == "no" && !clause.no.empty()) return std::string(clause.no);
    return lexicon::value(trigger_act, name, v);
  };
  std::vector<std::string> parts;
  if (!need.is.empty()) parts.push_back(either(each(need.is, words)));
  if (!need.has.empty())
    parts.push_back(need.has.size() == 1 ? words(need.has.front()) : "all of " + all_of(each(need.has, words)));
  if (need.at_least) parts.push_back("at least " + bound_words(*need.at_least, vocabulary, trigger_act));
  if (need.below) parts.push_back("less than " + bound_words(*need.below, vocabulary, trigger_act));
  const auto count = [&](const char* word) { return std::count(need.is.begin(), need.is.end(), word); };
  const bool either_way = count("yes") > 0 && count("no") > 0;
  // A name in brackets already says what is wanted.
  if (parts.empty() || either_way || need.called.ends_with(')')) return need.called;
  return fmt::format("{} (the record must say: {})", need.called, all_of(parts));
}

std::string length(const Clock& clock) {
  static constexpr std::string_view units[] = {"days", "working days", "weeks", "months"};
  if (clock.policy.empty()) return length_words(clock);
  const auto own =
      fmt::format("the number of {} the council has set itself", units[static_cast<std::size_t>(clock.unit)]);
  return clock.value > 0 ? fmt::format("{} ({} until it sets one)", own, length_words(clock)) : own;
}

std::vector<std::string> counting(const Clock& clock) {
  std::vector<std::string> out;
  out.emplace_back(clock.count == Count::after ? "The day itself is not counted: it is day 0."
                                               : "The day itself is counted: it is day 1.");
  if (clock.unit == Unit::working_day && clock.calendar == CalendarName::england_and_wales)
    out.emplace_back("Working days leave out Saturdays, Sundays and the bank holidays of England and Wales.");
  if (clock.unit == Unit::working_day && clock.calendar == CalendarName::united_kingdom)
    out.emplace_back(
        "Working days leave out Saturdays, Sundays and the bank holidays of any part of the United Kingdom.");
  if (clock.unit == Unit::month)
    out.emplace_back("Months are calendar months; where the last month has no such day, its last day.");
  if (!clock.policy.empty())
    out.push_back(fmt::format(
        "The number is the council's own, from the policy it has recorded with the target “{}”, as in force on that "
        "day.{}",
        clock.policy, clock.value > 0 ? "" : " Until it has recorded one, nobody can tell whether the duty was kept."));
  if (clock.warn > 0) {
    Clock warning = clock;
    warning.value = clock.warn;
    out.push_back(fmt::format("After {} it is said to be falling due.", length_words(warning)));
  }
  if (!clock.convention.empty()) out.push_back(lexicon::sentence(clock.convention));
  return out;
}

}  // namespace answerable::engine::clauses
