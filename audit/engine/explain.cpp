#include "audit/engine/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "audit/engine/case.hpp"

namespace answerable::engine {
namespace {

const Rule& rule_of(const Context& context, const Judgement& j) {
  return context.catalogue->rules()[j.duty.rule];
}
const Edition& edition_of(const Context& context, const Judgement& j) {
  return rule_of(context, j).editions[j.duty.edition];
}
const Duty& duty_of(const Context& context, const Judgement& j) {
  return edition_of(context, j).duties[j.duty.duty];
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

std::string days_words(std::int64_t count) {
  return fmt::format("{} {}", count, count == 1 ? "day" : "days");
}

std::string missing_words(const Judgement& j) {
  std::vector<std::string> parts;
  for (const auto& piece : j.pieces)
    if (piece.kind == Piece::Kind::missing || piece.kind == Piece::Kind::unproved) parts.push_back(piece.text);
  return join(parts);
}

std::string gap_words(const Judgement& j) {
  if (!j.gap_from) return "0 days";
  // An open gap grows by itself; the sentence must not.
  return j.gap_days > 0 ? days_words(j.gap_days) : fmt::format("the whole time since {}", words(*j.gap_from));
}

std::string range_words(const std::pair<Day, Day>& range) {
  return fmt::format("{} to {}", words(range.first), words(range.second));
}

std::string step_called(const Judgement& j) {
  for (const auto& piece : j.pieces)
    if (piece.kind == Piece::Kind::used || piece.kind == Piece::Kind::claimed || piece.kind == Piece::Kind::missing)
      return piece.text;
  return "the act";
}

std::string placeholder(const Context& context, const Judgement& j, const Attribution& who, std::string_view name) {
  const auto& vocabulary = context.catalogue->vocabulary();
  if (name == "trigger") return act_words(vocabulary, j.trigger->act);
  if (name == "trigger.date") return words(j.trigger->when);
  if (name == "due") return j.due ? words(*j.due) : "a day not fixed";
  if (name == "step") return step_called(j);
  if (name == "step.date") return j.step ? words(j.step->when) : "no day known";
  if (name == "late") return j.late_days > 0 ? days_words(j.late_days) : "not done yet";
  if (name == "gap") return gap_words(j);
  if (name == "missing") return missing_words(j);
  if (name == "state") return std::string(j.state);
  if (name == "actor") return who.actor_name;
  if (name == "accountable") return who.accountable_name;
  if (name == "agreement") return j.agreement.empty() ? "no agreement" : std::string(j.agreement);
  if (name == "period") return j.period ? range_words(*j.period) : "";
  constexpr std::string_view attribute = "attribute:";
  if (name.starts_with(attribute)) {
    const auto value = j.trigger->value(vocabulary.find(name.substr(attribute.size())));
    if (value.empty()) return "not given";
    if (const auto when = parse_happened(value)) return words(*when);
    if (value.find(':') != std::string_view::npos) return context.organisations->name(value);
    return spoken(value);
  }
  return fmt::format("{{{}}}", name);
}

/// "December 2013" or "2013", as words() writes them.
bool is_month_or_year(std::string_view value) {
  if (value.size() < 4 || value.find_first_not_of("0123456789", value.size() - 4) != value.npos) return false;
  return value.size() == 4 || (value[0] >= 'A' && value[0] <= 'Z' && std::count(value.begin(), value.end(), ' ') == 1);
}

std::string fill(const Context& context, const Judgement& j, const Attribution& who, std::string_view words_of_rule) {
  std::string out;
  while (!words_of_rule.empty()) {
    const auto open = words_of_rule.find('{');
    const auto close = open == std::string_view::npos ? open : words_of_rule.find('}', open);
    if (close == std::string_view::npos) {
      out += words_of_rule;
      break;
    }
    out += words_of_rule.substr(0, open);
    const auto value = placeholder(context, j, who, words_of_rule.substr(open + 1, close - open - 1));
    // One speaks of a thing on a day, but in a month or a year.
    if (out.ends_with(" on ") && is_month_or_year(value)) out.replace(out.size() - 3, 2, "in");
    out += value;
    words_of_rule.remove_prefix(close + 1);
  }
  return out;
}

std::string sentence(const Context& context, const Judgement& j, const Attribution& who) {
  const auto& says = duty_of(context, j).says[static_cast<std::size_t>(j.outcome)];
  if (!says.empty()) return fill(context, j, who, says);
  std::string out = fmt::format("{} Outcome: {} ({}).", rule_of(context, j).title, spoken(word(j.outcome)), j.state);
  if (const auto missing = missing_words(j); !missing.empty()) out += fmt::format(" Missing: {}.", missing);
  return out;
}

std::vector<std::string> clock_lines(const Context& context, const Judgement& j) {
  const Calendar calendar = context.catalogue->calendar().known_on(context.horizon.as_of);
  const auto& duty = duty_of(context, j);
  std::vector<std::string> lines;
  if (j.clock) {
    lines = arithmetic(*j.clock, j.trigger->when, calendar);
  } else if (const auto* precede = std::get_if<Precede>(&duty.pattern); precede && precede->within) {
    if (const auto from = look_back(*precede->within, j.trigger->when.first, calendar))
      lines.push_back(fmt::format("looked back {} from {}: to {}", length_words(*precede->within),
                                  words(j.trigger->when.first), words(*from)));
    if (!precede->within->convention.empty()) lines.push_back(precede->within->convention);
  } else if (const auto* schedule = std::get_if<Schedule>(&duty.pattern); schedule && j.period) {
    lines.push_back(fmt::format("period {} of {} each, counted from {}: {}", j.occurrence,
                                length_words(schedule->every), words(j.trigger->when.last), range_words(*j.period)));
    const auto given = j.trigger->value(schedule->due);
    lines.push_back(
        given.empty()
            ? fmt::format("the agreement fixes no day: due by the end of the following period, {}", words(*j.due))
            : fmt::format("due {} days after the period's end: {}", given, words(*j.due)));
    if (!schedule->every.convention.empty()) lines.push_back(schedule->every.convention);
  } else if (std::holds_alternative<Cover>(duty.pattern) && j.due) {
    lines.push_back(fmt::format("must be in force from {}", words(*j.due)));
    if (j.gap_from && j.gap_days > 0)
      lines.push_back(fmt::format("gap from {}: {}", words(*j.gap_from), days_words(j.gap_days)));
    if (j.gap_from && j.gap_days == 0)
      lines.push_back(fmt::format("gap from {}, still open on {}: {}", words(*j.gap_from), words(context.horizon.as_of),
                                  days_words((context.horizon.as_of - *j.gap_from).count())));
  }
  if (j.clock && j.start && j.due) {
    const auto counted = due_day(*j.clock, *j.start, calendar);
    if (counted && *j.due > *counted) lines.push_back(fmt::format("the last day was moved to {}", words(*j.due)));
    if (counted && *j.due < *counted)
      lines.push_back(fmt::format("it had to stand before what was done on {}", words(*j.due)));
  } else if (const auto* follow = std::get_if<Follow>(&duty.pattern); follow && follow->by && j.due) {
    lines.push_back(fmt::format("the day is the one the record gives: {}", words(*j.due)));
  } else if (follow && j.due) {
    lines.push_back(fmt::format("no period is fixed; it had to stand before what was done on {}", words(*j.due)));
  }
  if (j.step && j.late_days > 0)
    lines.push_back(fmt::format("done {}: {} after the last day", words(j.step->when), days_words(j.late_days)));
  else if (j.outcome == Outcome::breached && j.clock && j.due && context.horizon.as_of > *j.due)
    lines.push_back(fmt::format("not done by {}, {} after the last day", words(context.horizon.as_of),
                                days_words((context.horizon.as_of - *j.due).count())));
  return lines;
}

Explanation::Event event(const Context& context, const SubjectTimeline& timeline, std::string part, const Entry& entry,
                         std::string text) {
  Explanation::Event e;
  e.part = std::move(part);
  e.act = context.catalogue->vocabulary().text(entry.act);
  e.when = entry.when;
  e.text = std::move(text);
  if (entry.number < 0) return e;
  const auto& record = timeline.record(entry);
  e.record = record.number;
  e.record_id = record.id;
  e.kind = record.kind;
  e.version = record.version;
  e.performer = context.organisations->key(entry.performer);
  e.performer_name = context.organisations->name(e.performer);
  e.received_on = record.received_on;
  return e;
}

Explanation::Evidence evidence(const Context& context, const Piece& piece) {
  Explanation::Evidence e;
  e.counts = piece.kind == Piece::Kind::held;
  e.text = piece.text;
  if (const auto* row = piece.evidence) {
    e.item = context.catalogue->vocabulary().text(row->item);
    e.state = word(row->state);
    e.is_a = row->is_a;
    e.document = row->document;
    e.covers = row->covers;
    e.reason = row->reason;
    e.created = row->created;
    e.record = row->number;
  }
  return e;
}

/// With a full stop, where it has none.
std::string ended(std::string sentence) {
  if (!sentence.ends_with('.')) sentence += '.';
  return sentence;
}

std::vector<std::string> exceptions(const Context& context, const Judgement& j) {
  std::vector<std::string> lines;
  for (const auto& exception : duty_of(context, j).unless) {
    const auto applied = std::find_if(j.pieces.begin(), j.pieces.end(), [&](const Piece& piece) {
      return piece.kind == Piece::Kind::exception && piece.text == exception.because;
    });
    lines.push_back(applied != j.pieces.end()
                        ? fmt::format("{}: yes, {}", exception.because, words(applied->entry->when))
                        : fmt::format("{}: nothing of the kind is on record", exception.because));
  }
  return lines;
}

}  // namespace

std::string act_words(const Vocabulary& vocabulary, Word act) {
  std::string text(vocabulary.text(act));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '.' || c == '-'; }, ' ');
  if (text.starts_with("dp ")) text = "direct payment " + text.substr(3);
  return text;
}

Attribution attribution(const Context& context, const SubjectTimeline& timeline, const Judgement& j) {
  const auto& vocabulary = context.catalogue->vocabulary();
  Standing standing = context.agreements->standing(j.agreement, j.actor, j.function, j.acted_on, timeline.subject);
  if (timeline.type == SubjectType::agreement && standing.agreement) {
    // The agreement is itself what is judged: what matters is who was bound by it.
    standing.covers_function = standing.reaches = standing.is_party = true;
    Attribution who = attribute(*context.organisations, j.actor, standing, j.acted_on, "", j.acted);
    if (who.actor != who.accountable)
      who.note = fmt::format("{} was bound by {} as the other party; {} answers for holding it to it.", who.actor_name,
                             j.agreement, who.accountable_name);
    return who;
  }
  return attribute(*context.organisations, j.actor, standing, j.acted_on, spoken(vocabulary.text(j.function)), j.acted);
}

std::string sentence(const Context& context, const SubjectTimeline& timeline, const Judgement& j) {
  return sentence(context, j, attribution(context, timeline, j));
}

Explanation explain(const Context& context, const SubjectTimeline& timeline, const Judgement& j, FindingId id) {
  const auto& rule = rule_of(context, j);
  const auto& edition = edition_of(context, j);
  Explanation e;
  e.finding = format_finding(id);
  e.rule = rule.id;
  e.duty = duty_of(context, j).id;
  e.title = rule.title;
  e.because = rule.because;
  e.outcome = j.outcome;
  e.state = j.state;
  e.attribution = attribution(context, timeline, j);
  e.sentence = sentence(context, j, e.attribution);
  e.source = edition.source;
  e.force = word(edition.force);
  e.confidence = word(edition.confidence);
  e.confidence_words = sentence(edition.confidence);
  e.caveat = edition.caveat;
  e.regime = timeline.type == SubjectType::person ? word(j.regime) : "";
  e.edition_from = edition.from;
  e.edition_to = edition.to;
  e.due = j.due;
  e.flagged_since = j.flagged_since;
  e.next_change = j.next_change;
  e.clock = clock_lines(context, j);
  e.horizon = context.horizon;
  e.events.push_back(event(context, timeline, "trigger", *j.trigger, ""));
  for (const auto& piece : j.pieces) {
    switch (piece.kind) {
      case Piece::Kind::used:
        e.events.push_back(event(context, timeline, "answer", *piece.entry, piece.text));
        break;
      case Piece::Kind::claimed:
        e.events.push_back(event(context, timeline, "claim", *piece.entry, piece.text));
        break;
      case Piece::Kind::progress:
        e.events.push_back(event(context, timeline, "progress", *piece.entry, piece.text));
        break;
      case Piece::Kind::exception:
        e.events.push_back(event(context, timeline, "exception", *piece.entry, piece.text));
        break;
      case Piece::Kind::missing:
        e.not_found.push_back(
            piece.range ? fmt::format("{} (looked for from {})", piece.text, range_words(*piece.range)) : piece.text);
        break;
      case Piece::Kind::held:
      case Piece::Kind::unproved:
        e.evidence.push_back(evidence(context, piece));
        break;
      case Piece::Kind::note:
        e.notes.push_back(piece.text);
        break;
    }
  }
  e.severity = word(j.severity);
  if (j.policy) e.notes.push_back(ended("Shaped by the council's own policy: " + j.policy->words()));
  if (j.reweighed)
    e.notes.push_back(
        ended(fmt::format("Its severity ({}) is the council's own: {}", e.severity, j.reweighed->words())));
  e.exceptions = exceptions(context, j);
  return e;
}

}  // namespace answerable::engine
