#include "audit/engine/rule_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/lexicon.hpp"
#include "audit/engine/regime.hpp"
#include "audit/engine/rule_clauses.hpp"

namespace answerable::engine {
namespace {

using lexicon::all_of;
using lexicon::capital;
using lexicon::either;
using lexicon::sentence;
using Point = RuleWords::Point;
using Texts = std::vector<std::string>;

/// "a; or b", for clauses with commas of their own.
std::string or_else(const Texts& texts) {
  return fmt::format("{}", fmt::join(texts, "; or "));
}

/// Says one duty. What its sentences compare with is the first act that calls for it.
class DutyWriter {
 public:
  DutyWriter(const Duty& duty, const Vocabulary& vocabulary) : duty_(duty), vocabulary_(vocabulary) {
    if (!duty.when.empty() && !duty.when.front().acts.empty())
      trigger_ = vocabulary.text(duty.when.front().acts.front());
  }

  RuleWords::Duty write() {
    out_.id = duty_.id;
    auto when = sentences(clauses::acts(duty_.when, vocabulary_));
    const char* const label = when.size() == 1 ? "When" : "When any of these happens";
    point("when", label, std::move(when));
    std::visit([this](const auto& pattern) { write(pattern); }, duty_.pattern);
    exceptions();
    says();
    return std::move(out_);
  }

 private:
  void point(std::string key, std::string label, Texts texts) {
    if (!texts.empty()) out_.points.push_back({std::move(key), std::move(label), std::move(texts)});
  }
  Texts acts(const Acts& all) const { return clauses::acts(all, vocabulary_, trigger_); }
  std::string any_of(const Acts& all) const { return or_else(acts(all)); }

  static Texts sentences(Texts texts) {
    for (auto& text : texts) text = sentence(capital(std::move(text)));
    return texts;
  }

  void then(Texts texts) { point("then", "Then", std::move(texts)); }

  /// What counts as each step, and what shows it.
  void counts(const std::vector<const Step*>& steps) {
    for (const Step* step : steps) {
      auto texts = sentences(acts(step->acts));
      for (const auto& need : step->evidence)
        texts.push_back(sentence("It must be shown by " + clauses::evidence(need, vocabulary_)));
      point("counts", fmt::format("What counts as {}", step->called), std::move(texts));
    }
  }
  void counts(const std::vector<Step>& steps) {
    std::vector<const Step*> all;
    for (const auto& step : steps) all.push_back(&step);
    counts(all);
  }

  void clock(const std::optional<Clock>& clock) {
    if (clock) point("clock", "How the time is counted", clauses::counting(*clock));
  }

  void progress(const Acts& all) {
    Texts texts;
    for (const auto& pattern : all)
      if (!pattern.state.empty()) texts.push_back(pattern.state);
    if (!texts.empty())
      point("progress", "While it is missing",
            {fmt::format("We say how far it got: {}, or nothing recorded.", fmt::join(texts, ", "))});
  }

  /// In the middle of a sentence: with a comma after a name that has one itself.
  static std::string named(const Step& step) {
    return step.called.find(',') == std::string::npos ? step.called : step.called + ',';
  }

  static std::string listed(const std::vector<Step>& steps) {
    Texts texts;
    bool commas = false;
    for (const auto& step : steps) {
      texts.push_back(step.called);
      commas = commas || step.called.find(',') != std::string::npos;
    }
    return commas ? fmt::format("{}", fmt::join(texts, "; ")) : all_of(texts);
  }

  void write(const Follow& follow) {
    std::string limit;
    if (follow.within) limit = fmt::format("within {}", clauses::length(*follow.within));
    const auto before = acts(follow.before);
    if (!before.empty()) {
      limit += follow.within ? ", and in any case " : "";
      limit += before.size() == 1 ? "no later than when " + before.front()
                                  : "no later than the first of what is named below";
    }
    if (!limit.empty()) limit += ", ";
    Texts texts{follow.steps.size() == 1
                    ? capital(fmt::format("{}{} must be on record.", limit, named(follow.steps.front())))
                    : capital(fmt::format("{}all of these must be on record, in this order: {}.", limit,
                                          listed(follow.steps)))};
    if (!follow.within && follow.before.empty())
      texts.emplace_back("No time is fixed for it: until it is there, the duty is shown as not due yet.");
    then(std::move(texts));
    if (before.size() > 1) point("before", "No later than the first of these", sentences(before));
    counts(follow.steps);
    clock(follow.within);
    Texts moved;
    for (const auto& pause : follow.pauses)
      moved.push_back(
          fmt::format("The clock stands still ({}) from when {}, until {}. The last day moves by the days "
                      "it stood still.",
                      pause.because, any_of(pause.from), any_of(pause.to)));
    if (follow.extended_by)
      moved.push_back(fmt::format("The last day is moved to the one then named when, before it has passed, {}.",
                                  clauses::act(*follow.extended_by, vocabulary_, trigger_)));
    point("clock", "What moves the last day", std::move(moved));
    progress(follow.progress);
  }

  void write(const Precede& precede) {
    const std::string back =
        precede.within ? fmt::format(", not more than {} before", clauses::length(*precede.within)) : "";
    const auto& steps = precede.steps;
    Texts texts{steps.size() == 1 ? fmt::format("By then {} must already be on record{}.", named(steps.front()), back)
                                  : fmt::format("By then all of these must already be on record, in this order{}: {}.",
                                                back, listed(steps))};
    if (precede.lead)
      texts.push_back(fmt::format("{} must stand at least {} before.", steps.size() == 1 ? "It" : "The last of them",
                                  clauses::length(*precede.lead)));
    then(std::move(texts));
    counts(steps);
    clock(precede.within);
    if (precede.lead) point("clock", "How the time before is counted", clauses::counting(*precede.lead));
  }

  void write(const Accompany& accompany) {
    Texts texts;
    std::vector<const Step*> entries;
    Texts clocks;
    for (const auto& need : accompany.needs) {
      if (const auto* evidence = std::get_if<EvidenceNeed>(&need)) {
        texts.push_back(sentence("It must be shown by " + clauses::evidence(*evidence, vocabulary_)));
      } else if (const auto* value = std::get_if<ValueNeed>(&need)) {
        texts.push_back(sentence("Its record must show " + clauses::value(*value, vocabulary_, trigger_)));
      } else if (const auto* recorded = std::get_if<RecordedNeed>(&need)) {
        texts.push_back(fmt::format("It must have been written down within {} of the day it happened ({}).",
                                    clauses::length(recorded->within), recorded->called));
        clocks = clauses::counting(recorded->within);
      } else if (const auto* step = std::get_if<Step>(&need)) {
        texts.push_back(fmt::format("There must also be {}.", step->called));
        entries.push_back(step);
      }
    }
    then(std::move(texts));
    counts(entries);
    point("clock", "How the time is counted", std::move(clocks));
  }

  void write(const Recur& recur) {
    const auto every = clauses::length(recur.within);
    then({recur.first ? fmt::format("Within {} {} must be on record, and after that another within {} of each, for as "
                                    "long as the duty lasts.",
                                    clauses::length(*recur.first), named(recur.step), every)
                      : fmt::format("Within {} {} must be on record, and another within {} of each, for as long as the "
                                    "duty lasts.",
                                    every, named(recur.step), every)});
    counts({&recur.step});
    if (recur.first) point("clock", "How the first time is counted", clauses::counting(*recur.first));
    point("clock", recur.first ? "How the time is counted after that" : "How the time is counted",
          clauses::counting(recur.within));
    progress(recur.progress);
  }

  void write(const Absent& absent) {
    Texts texts;
    if (absent.then.empty()) {
      texts.emplace_back("This should not be there at all.");
    } else {
      const std::string window =
          absent.until_recorded
              ? "Between that day and the day it, or the latest document that proves it, was written down"
          : absent.within ? fmt::format("Within {} after it", clauses::length(*absent.within))
                          : std::string("After it");
      texts.push_back(fmt::format("{}, this must not happen: {}.", window, any_of(absent.then)));
    }
    if (absent.as == Outcome::contradicted)
      texts.emplace_back("If it is there, the records contradict each other, and we say so.");
    if (absent.as == Outcome::not_evidenced)
      texts.emplace_back("If it is there, the act is not shown by its record, and we say so.");
    then(std::move(texts));
    clock(absent.within);
  }

  void write(const Cover& cover) {
    then({fmt::format("From {}, {} must be in force, without a day's gap.",
                      cover.next_day ? "the next day" : "the same day", named(cover.step)),
          "A gap is counted in days and stays on record when it closes."});
    counts({&cover.step});
    if (!cover.ended_by.empty())
      point("counts", "What does not count",
            {fmt::format("One that began earlier, when before that day {}.", any_of(cover.ended_by))});
  }

  void write(const Attributed& attributed) {
    Texts types;
    for (const auto& type : attributed.instruments) types.push_back(lexicon::instrument(type));
    Texts texts{fmt::format("It must have been done under {}, in force on that day for that function.", either(types))};
    if (attributed.only_when_covered)
      texts.emplace_back("Judged only where the act names an agreement of that kind; others are another rule's.");
    then(std::move(texts));
  }

  void write(const Schedule& schedule) {
    then({fmt::format("For every whole period of {} while the agreement is in force, {} must be on record.",
                      clauses::length(schedule.every), named(schedule.step)),
          fmt::format("It is due, after the period's end, by {}; where the agreement fixes none, by the end of the "
                      "period after.",
                      lexicon::attribute(trigger_, vocabulary_.text(schedule.due)))});
    counts({&schedule.step});
    point("clock", "How the periods are counted", clauses::counting(schedule.every));
  }

  void exceptions() {
    Texts texts;
    for (const auto& exception : duty_.unless) {
      const std::string_view when = exception.when == Exception::When::before ? "on record by the day the duty begins"
                                    : exception.when == Exception::When::any  ? "on record at any time"
                                                                              : "on record by the last day";
      const bool speaks_for_itself = exception.acts.size() == 1 && exception.acts.front().where.empty();
      texts.push_back(speaks_for_itself
                          ? fmt::format("{} ({}).", capital(exception.because), when)
                          : fmt::format("{} ({}: {}).", capital(exception.because), when, any_of(exception.acts)));
    }
    point("unless", "Not asked for when", std::move(texts));
  }

  std::string placeholder(std::string_view name) const {
    static constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"trigger", "what happened"},
        {"trigger.date", "the day it happened"},
        {"due", "the last day"},
        {"step", "what was asked for"},
        {"step.date", "the day it was done"},
        {"late", "how many days late"},
        {"gap", "the days of the gap"},
        {"missing", "what is missing"},
        {"state", "how it stands"},
        {"actor", "the body that acted or should have"},
        {"accountable", "the council"},
        {"agreement", "the agreement"},
        {"period", "the period"},
    };
    for (const auto& [key, words] : known)
      if (key == name) return fmt::format("[{}]", words);
    constexpr std::string_view attribute = "attribute:";
    if (name.starts_with(attribute))
      return fmt::format("[{}]", lexicon::attribute(trigger_, name.substr(attribute.size())));
    return fmt::format("[{}]", name);
  }

  std::string filled(std::string_view text) const {
    std::string out;
    while (true) {
      const auto open = text.find('{');
      const auto close = open == std::string_view::npos ? open : text.find('}', open);
      if (close == std::string_view::npos) return out + std::string(text);
      out += text.substr(0, open);
      auto blank = placeholder(text.substr(open + 1, close - open - 1));
      const bool begins_sentence = out.empty() || out.ends_with(". ");
      if (begins_sentence) blank = '[' + capital(blank.substr(1));
      out += blank;
      text.remove_prefix(close + 1);
    }
  }

  void says() {
    for (std::size_t i = 0; i < outcomes; ++i) {
      if (duty_.says[i].empty()) continue;
      const auto text = filled(duty_.says[i]);
      const auto same = std::find_if(out_.says.begin(), out_.says.end(), [&](const auto& s) { return s.text == text; });
      if (same != out_.says.end()) {
        same->outcomes.push_back(static_cast<Outcome>(i));
      } else {
        out_.says.push_back({{static_cast<Outcome>(i)}, text});
      }
    }
  }

  const Duty& duty_;
  const Vocabulary& vocabulary_;
  std::string_view trigger_;
  RuleWords::Duty out_;
};

std::string people_words(std::uint8_t regimes) {
  if (regimes == 0) return "everybody, whichever law they stand under";
  constexpr auto care_act = static_cast<std::uint8_t>(Regime::care_act) | static_cast<std::uint8_t>(Regime::easement);
  if (regimes == care_act) return "people under the Care Act, even while the council had relaxed it in the pandemic";
  static constexpr std::pair<Regime, std::string_view> known[] = {
      {Regime::pre_care_act, "people under the law before the Care Act"},
      {Regime::transitional, "people still under the old law until their first review under the Care Act"},
      {Regime::care_act, "people under the Care Act"},
      {Regime::easement, "people under the Care Act while the council had relaxed it in the pandemic"},
  };
  Texts texts;
  for (const auto& [regime, words] : known)
    if ((regimes & static_cast<std::uint8_t>(regime)) != 0) texts.emplace_back(words);
  return all_of(texts);
}

RuleWords::Edition edition_words(const Edition& edition, SubjectType subject, const Vocabulary& vocabulary) {
  RuleWords::Edition out;
  out.from = edition.from;
  out.to = edition.to;
  out.in_force = edition.to ? fmt::format("From {} to {}.", words(edition.from), words(*edition.to))
                            : fmt::format("From {}.", words(edition.from));
  if (subject == SubjectType::person) out.people = people_words(edition.regimes);
  out.source = sentence(edition.source);
  out.force = edition.force;
  out.force_words = force_words(edition.force);
  out.confidence = edition.confidence;
  switch (edition.confidence) {
    case Confidence::verified:
      out.confidence_words = "The text of the law was seen.";
      break;
    case Confidence::second_hand:
      out.confidence_words = "Second hand: a page that states it was seen, not the text itself.";
      break;
    case Confidence::unverified:
      out.confidence_words = sentence(capital(std::string(engine::sentence(edition.confidence))));
      break;
  }
  if (!edition.caveat.empty()) out.caveat = sentence(edition.caveat);
  for (const auto& duty : edition.duties) out.duties.push_back(DutyWriter(duty, vocabulary).write());
  return out;
}

std::string subject_words(SubjectType type) {
  switch (type) {
    case SubjectType::person:
      return "Each person's own records.";
    case SubjectType::agreement:
      return "Each agreement's own records.";
    case SubjectType::council:
      return "The records of the council as such.";
  }
  return "";
}

std::string answers_words(const Rule& rule, const std::string& function) {
  if (rule.subject == SubjectType::council) return "The council: the duty is its own.";
  if (rule.subject == SubjectType::agreement)
    return "The council, and the other party with it: the council has to hold it to the agreement.";
  const std::string of = function.empty() ? "whichever function was exercised" : function;
  return fmt::format("The council, for {}, also where another body did it or should have.", of);
}

}  // namespace

RuleWords rule_words(const Rule& rule, const Vocabulary& vocabulary) {
  RuleWords out;
  out.id = rule.id;
  out.title = rule.title;
  out.because = rule.because;
  auto area = area_of(rule.id);
  out.area = std::move(area.key);
  out.area_title = std::move(area.title);
  out.subject = subject_words(rule.subject);
  if (rule.function != 0) out.function = lexicon::function(vocabulary.text(rule.function));
  out.answers = answers_words(rule, out.function);
  for (const auto& edition : rule.editions) out.editions.push_back(edition_words(edition, rule.subject, vocabulary));
  for (const auto& example : rule.examples)
    out.examples.push_back({example.name, example.outcome, example.state, example.duty, example.as_of});
  return out;
}

AreaWords area_of(std::string_view id) {
  const auto first = id.substr(0, id.find('.'));
  for (const auto wanted : {id, first})
    for (const auto& area : lexicon::areas())
      for (const auto word : area.first_words)
        if (word == wanted) return {std::string(area.key), std::string(area.title)};
  return {std::string(first), capital(lexicon::spaced(first))};
}

std::vector<RuleArea> by_area(const Catalogue& catalogue) {
  std::vector<RuleArea> all;
  for (const auto& area : lexicon::areas()) all.push_back({{std::string(area.key), std::string(area.title)}, {}});
  for (const auto& rule : catalogue.rules()) {
    auto area = area_of(rule.id);
    auto found = std::find_if(all.begin(), all.end(), [&](const RuleArea& one) { return one.area.key == area.key; });
    if (found == all.end()) found = all.insert(all.end(), {std::move(area), {}});
    found->rules.push_back(&rule);
  }
  std::erase_if(all, [](const RuleArea& area) { return area.rules.empty(); });
  return all;
}

std::string_view force_words(Force force) {
  static constexpr std::string_view words[] = {"law: breach is unlawful", "statutory guidance",
                                               "good practice the ombudsman expects"};
  return words[static_cast<std::size_t>(force)];
}

const Edition& last_edition(const Rule& rule) {
  return *std::max_element(rule.editions.begin(), rule.editions.end(),
                           [](const Edition& a, const Edition& b) { return a.from < b.from; });
}

bool unverified(const Rule& rule) {
  return std::any_of(rule.editions.begin(), rule.editions.end(),
                     [](const Edition& e) { return e.confidence == Confidence::unverified; });
}

}  // namespace answerable::engine
