#include "audit/engine/rule_reader.hpp"

#include <charconv>

#include "audit/engine/regime.hpp"
#include "ingest/xml/document.hpp"

namespace answerable::engine {
namespace {

using xml::Element;

/// White space separated words; the grammar has checked them.
std::vector<std::string> list(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      if (!word.empty()) words.push_back(std::exchange(word, {}));
    } else {
      word += c;
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class Reader {
 public:
  explicit Reader(Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  Rule rule(const Element& e) {
    Rule rule;
    rule.id = e.value("id");
    rule.title = e.child_text("title");
    rule.because = e.child_text("because");
    for (const SubjectType type : {SubjectType::person, SubjectType::agreement, SubjectType::council})
      if (word(type) == e.value("subject")) rule.subject = type;
    if (const auto* function = e.attribute("function")) rule.function = vocabulary_.add(*function);
    for (const auto* child : e.all("edition")) rule.editions.push_back(edition(*child));
    for (const auto* child : e.all("example")) rule.examples.push_back(example(*child));
    return rule;
  }

 private:
  Edition edition(const Element& e) {
    Edition edition;
    edition.from = parse_day(e.value("from")).value();
    if (const auto* to = e.attribute("to")) edition.to = parse_day(*to);
    const auto force = e.value("force"), confidence = e.value("confidence");
    edition.force = force == "statute" ? Force::statute : force == "guidance" ? Force::guidance : Force::practice;
    edition.confidence = confidence == "verified"      ? Confidence::verified
                         : confidence == "second-hand" ? Confidence::second_hand
                                                       : Confidence::unverified;
    for (const auto& regime : list(e.value("regimes")))
      for (const Regime each : {Regime::pre_care_act, Regime::transitional, Regime::care_act, Regime::easement})
        if (word(each) == regime) edition.regimes |= static_cast<std::uint8_t>(each);
    edition.source = e.child_text("source");
    edition.caveat = e.child_text("caveat");
    for (const auto* child : e.all("duty")) edition.duties.push_back(duty(*child));
    return edition;
  }

  Duty duty(const Element& e) {
    Duty duty;
    duty.id = e.value("id");
    duty.when = acts(*e.child("when"));
    for (const auto* child : e.all("unless")) {
      Exception exception;
      exception.acts = acts(*child);
      exception.because = child->value("because");
      const auto when = child->value("when");
      exception.when = when == "before"    ? Exception::When::before
                       : when == "earlier" ? Exception::When::earlier
                       : when == "any"     ? Exception::When::any
                                           : Exception::When::by_deadline;
      duty.unless.push_back(std::move(exception));
    }
    for (const auto& child : e.children) {
      if (child.name == "follow") duty.pattern = follow(child);
      if (child.name == "precede")
        duty.pattern = Precede{steps(child), optional_clock(child, "within"), optional_clock(child, "lead")};
      if (child.name == "accompany") duty.pattern = accompany(child);
      if (child.name == "recur")
        duty.pattern = Recur{step(*child.child("step")), optional_clock(child, "first"), clock(*child.child("within")),
                             optional_acts(child, "progress")};
      if (child.name == "absent")
        duty.pattern =
            Absent{optional_acts(child, "then"), optional_clock(child, "within"), child.value("until") == "recorded",
                   parse_outcome(child.value("as")).value_or(Outcome::breached)};
      if (child.name == "cover")
        duty.pattern =
            Cover{step(*child.child("step")), optional_acts(child, "ended-by"), child.value("from") == "next-day"};
      if (child.name == "attribute") {
        const auto only = child.value("only-when-covered");
        duty.pattern = Attributed{list(child.value("instruments")), only == "true" || only == "1"};
      }
      if (child.name == "schedule")
        duty.pattern = Schedule{step(*child.child("step")), clock(*child.child("every")),
                                vocabulary_.add(child.child("due")->value("attribute"))};
      if (child.name == "says")
        for (const auto& outcome : list(child.value("outcome")))
          if (const auto parsed = parse_outcome(outcome)) duty.says[static_cast<std::size_t>(*parsed)] = child.text;
    }
    return duty;
  }

  ActPattern act(const Element& e) {
    ActPattern pattern;
    for (const auto& name : list(e.value("is"))) pattern.acts.push_back(vocabulary_.add(name));
    for (const auto* child : e.all("where")) {
      Where where;
      where.attribute = vocabulary_.add(child->value("attribute"));
      where.is = list(child->value("is"));
      where.is_not = list(child->value("not"));
      if (const auto* present = child->attribute("present")) where.present = *present == "yes";
      where.at_least = bound(*child, "at-least");
      where.below = bound(*child, "below");
      pattern.where.push_back(std::move(where));
    }
    const auto by = e.value("by");
    pattern.by = by == "council" ? By::council : by == "other" ? By::other : By::any;
    pattern.same = likeness(e.value("same"));
    pattern.differs = likeness(e.value("differs"));
    pattern.state = e.value("state");
    return pattern;
  }

  Likeness likeness(std::string_view words) {
    Likeness likeness;
    for (const auto& name : list(words)) {
      if (name == "record") {
        likeness.record = true;
      } else if (name == "sender") {
        likeness.sender = true;
      } else if (name == "performer") {
        likeness.performer = true;
      } else {
        likeness.attributes.push_back(vocabulary_.add(name));
      }
    }
    return likeness;
  }

  std::optional<Bound> bound(const Element& e, std::string_view name) {
    const auto text = e.value(name);
    if (text.empty()) return std::nullopt;
    if (const auto number = ten_thousandths(text)) return Bound{*number, 0};
    return Bound{0, vocabulary_.add(text)};
  }

  Acts acts(const Element& e) {
    Acts all;
    for (const auto* child : e.all("act")) all.push_back(act(*child));
    return all;
  }
  Acts optional_acts(const Element& e, std::string_view name) {
    const auto* child = e.child(name);
    return child ? acts(*child) : Acts{};
  }

  EvidenceNeed evidence(const Element& e) {
    return {vocabulary_.add(e.value("item")), list(e.value("is")), list(e.value("covers"))};
  }

  Step step(const Element& e) {
    Step step;
    step.called = e.value("called");
    step.acts = acts(e);
    for (const auto* child : e.all("evidence")) step.evidence.push_back(evidence(*child));
    return step;
  }
  std::vector<Step> steps(const Element& e) {
    std::vector<Step> all;
    for (const auto* child : e.all("step")) all.push_back(step(*child));
    return all;
  }

  static Clock clock(const Element& e) {
    Clock clock;
    clock.value = number(e.value("value"));
    clock.policy = e.value("policy");
    const auto unit = e.value("unit"), calendar = e.value("calendar");
    clock.unit = unit == "day"           ? Unit::day
                 : unit == "working-day" ? Unit::working_day
                 : unit == "week"        ? Unit::week
                                         : Unit::month;
    clock.count = e.value("count") == "beginning" ? Count::beginning : Count::after;
    clock.calendar = calendar == "england-and-wales" ? CalendarName::england_and_wales
                     : calendar == "united-kingdom"  ? CalendarName::united_kingdom
                                                     : CalendarName::none;
    clock.warn = number(e.value("warn"));
    clock.convention = e.value("convention");
    return clock;
  }
  static std::optional<Clock> optional_clock(const Element& e, std::string_view name) {
    const auto* child = e.child(name);
    return child ? std::optional{clock(*child)} : std::nullopt;
  }

  Follow follow(const Element& e) {
    Follow follow;
    follow.steps = steps(e);
    follow.within = optional_clock(e, "within");
    if (const auto* child = e.child("by")) follow.by = vocabulary_.add(child->value("attribute"));
    for (const auto* child : e.all("pause"))
      follow.pauses.push_back(
          {acts(*child->child("from")), acts(*child->child("to")), std::string(child->value("because"))});
    if (const auto* child = e.child("extended-by")) follow.extended_by = act(*child);
    follow.before = optional_acts(e, "before");
    follow.progress = optional_acts(e, "progress");
    return follow;
  }

  Accompany accompany(const Element& e) {
    Accompany accompany;
    for (const auto& child : e.children) {
      if (child.name == "evidence") accompany.needs.emplace_back(evidence(child));
      if (child.name == "entry") accompany.needs.emplace_back(step(child));
      if (child.name == "value")
        accompany.needs.emplace_back(ValueNeed{vocabulary_.add(child.value("attribute")), list(child.value("is")),
                                               list(child.value("has")), bound(child, "at-least"),
                                               bound(child, "below"), std::string(child.value("called"))});
      if (child.name == "recorded")
        accompany.needs.emplace_back(RecordedNeed{clock(child), std::string(child.value("called"))});
    }
    return accompany;
  }

  static Example example(const Element& e) {
    Example example;
    example.name = e.value("name");
    example.as_of = parse_day(e.value("as-of")).value();
    example.outcome = parse_outcome(e.value("outcome")).value();
    example.duty = e.value("duty");
    example.state = e.value("state");
    for (const auto* child : e.all("sent")) {
      Example::Sent sent;
      sent.by = child->value("by");
      sent.on = parse_day(child->value("on")).value();
      sent.agreement = child->value("agreement");
      for (const auto& record : child->children) sent.records.push_back(xml::serialise(record));
      example.sent.push_back(std::move(sent));
    }
    return example;
  }

  Vocabulary& vocabulary_;
};

}  // namespace

Rule read_rule(const Element& document, Vocabulary& vocabulary) {
  return Reader(vocabulary).rule(document);
}

}  // namespace answerable::engine
