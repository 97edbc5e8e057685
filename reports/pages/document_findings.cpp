#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/pages/document_parts.hpp"
#include "reports/pages/line_index.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {
namespace {

using namespace render;
using engine::Explanation;

/// From this many on, findings of one duty are explained once, and of the others is listed what is not the same. The
/// person's own are what the trail is read for: only so many as nobody reads one by one.
constexpr std::size_t many_about_agreement = 3, many_about_person = 50;

Inline lines_of(const std::vector<std::string>& texts) {
  Inline out;
  for (std::size_t i = 0; i < texts.size(); ++i) out.push_back((i > 0 ? "\n" : "") + capital(texts[i]));
  return out;
}

std::string part_words(std::string_view part) {
  if (part == "trigger") return "What sets the duty going";
  if (part == "answer") return "What answers it";
  if (part == "claim") return "What is said to answer it";
  if (part == "progress") return "How far it got";
  return "What was considered";
}

/// What the chronology says of an act; its code in words where it has no line.
std::string said(const LineIndex& lines, const Explanation::Event& event) {
  if (const auto line = lines.find(event.record, event.act)) return line->says;
  std::string out = code_words(event.act);
  std::ranges::replace(out, '.', ' ');
  return capital(out) + ".";
}

Inline events(const LineIndex& lines, const Explanation& why) {
  Inline out;
  for (const auto& it : why.events) {
    if (!out.empty()) out.push_back("\n");
    out.push_back(fmt::format("{}: {}. {}", part_words(it.part), words(it.when), said(lines, it)));
    if (it.record < 0) {
      out.push_back(" Brought about by the law itself.");
      continue;
    }
    out.push_back(fmt::format(" By {} (", it.performer_name));
    out.push_back(record_link(it.record));
    if (it.received_on) out.push_back(", received " + words(*it.received_on));
    out.push_back(").");
  }
  return out;
}

Inline evidence(const Explanation& why) {
  Inline out;
  for (const auto& it : why.evidence) {
    if (!out.empty()) out.push_back("\n");
    out.push_back(tag(it.counts ? "Held" : "Missing", it.counts ? TagKind::good : TagKind::gap));
    out.push_back(fmt::format(" {}", it.text.empty() ? capital(code_words(it.item)) : capital(it.text)));
    if (it.record < 0) continue;
    out.push_back(" (");
    out.push_back(record_link(it.record));
    out.push_back(")");
  }
  return out;
}

std::string law(const Explanation& why) {
  std::string out = fmt::format("{}: {}", capital(force_words(why.force)), sentence(why.source));
  out += fmt::format(" In force from {}", words(why.edition_from));
  out += why.edition_to ? fmt::format(" to {}.", words(*why.edition_to)) : ".";
  return out;
}

std::string who_answers(const Explanation& why) {
  const auto& how = why.attribution;
  auto out = sentence(how.accountable_name);
  if (!how.note.empty()) return out + " " + sentence(how.note);
  if (!how.agreement.empty()) out += fmt::format(" Under {}, {}.", how.agreement, instrument_words(how.instrument));
  if (!how.law.empty()) out += fmt::format(" By {}.", how.law);
  return out;
}

using UseBlock = render::Blocks::Use;

/// Gives its blocks.
void finding_blocks(const UseBlock& use, const LineIndex& lines, const Finding& finding) {
  const auto& why = finding.why;
  auto heading = fmt::format("Finding {}: {}", why.finding, outcome_words(why.outcome));
  if (const auto trigger = std::ranges::find(why.events, "trigger", &Explanation::Event::part);
      trigger != why.events.end()) {
    heading += ", " + words(trigger->when);
  }
  use(Heading{3, std::move(heading), finding_anchor(why.finding)});
  use(Paragraph{
      {tag(std::string(outcome_words(why.outcome)), outcome_tag(why.outcome)), " ", strong(sentence(why.sentence))}});
  DefinitionList list;
  list.entries.push_back(
      {"Duty",
       {fmt::format("{} (rule {}{})", sentence(why.title), why.rule, why.duty == "main" ? "" : ", " + why.duty)}});
  if (!why.because.empty()) list.entries.push_back({"Why it matters", {sentence(why.because)}});
  list.entries.push_back({"Who acted, or should have",
                          {why.attribution.actor_name.empty() ? "Nobody known" : why.attribution.actor_name}});
  list.entries.push_back({"Who answers", {who_answers(why)}});
  list.entries.push_back({"Law", {law(why)}});
  Inline sure{why.confidence == "unverified" ? strong(capital(why.confidence_words))
                                             : plain(capital(why.confidence_words))};
  if (!why.caveat.empty()) sure.push_back("\n" + sentence(why.caveat));
  list.entries.push_back({"How sure the law is", std::move(sure)});
  if (!why.clock.empty()) list.entries.push_back({"Clock", lines_of(why.clock)});
  if (!why.events.empty()) list.entries.push_back({"Records used", events(lines, why)});
  if (!why.not_found.empty()) list.entries.push_back({"Looked for and not found", lines_of(why.not_found)});
  if (!why.evidence.empty()) list.entries.push_back({"Evidence", evidence(why)});
  if (!why.exceptions.empty()) list.entries.push_back({"Exceptions considered", lines_of(why.exceptions)});
  if (!why.notes.empty()) list.entries.push_back({"Notes", lines_of(why.notes)});
  use(list);
}

Row row_of(const Finding& finding) {
  const auto& why = finding.why;
  Inline what{sentence(why.sentence.empty() ? why.title : why.sentence)};
  what.push_back(fmt::format(" (Rule {}.{})", why.rule,
                             finding.about.empty() ? "" : fmt::format(" About agreement {}.", finding.about)));
  if (why.confidence == "unverified") what.push_back(" " + sentence("Law " + why.confidence_words));
  return {.cells = {{tag(std::string(outcome_words(why.outcome)), outcome_tag(why.outcome))},
                    std::move(what),
                    {why.due ? words(*why.due) : "no day"},
                    {why.finding}},
          .anchor = finding_anchor(why.finding)};
}

std::vector<Column> finding_columns() {
  return {{"Outcome", 1.3}, {"What became of it", 4.4}, {"Due by", 1.3}, {"Finding", 1.9}};
}

/// What the outcomes that occur mean.
void add_meanings(render::Blocks& blocks, const Trail& trail) {
  std::vector<engine::Outcome> outcomes;
  for (const auto& [outcome, count] : trail.outcomes()) outcomes.push_back(outcome);
  std::ranges::sort(outcomes, {}, seriousness);
  DefinitionList list;
  for (const auto outcome : outcomes)
    list.entries.push_back({std::string(outcome_words(outcome)), {std::string(outcome_meaning(outcome))}});
  blocks.push_back(list);
}

/// The same, with what it rests on.
Row row_with_working(const LineIndex& lines, const Finding& finding) {
  const auto& why = finding.why;
  Row row = row_of(finding);
  auto& what = row.cells[1];
  const auto add = [&](const char* term, const Inline& detail) {
    if (detail.empty()) return;
    what.push_back(fmt::format("\n{}: ", term));
    what.insert(what.end(), detail.begin(), detail.end());
  };
  add("Clock", lines_of(why.clock));
  add("Records used", events(lines, why));
  add("Looked for and not found", lines_of(why.not_found));
  add("Evidence", evidence(why));
  add("Exceptions considered", lines_of(why.exceptions));
  add("Notes", lines_of(why.notes));
  return row;
}

using Places = std::vector<std::size_t>;  ///< among the trail's findings

/// What findings that are listed together have in common: all that is said of the first alone.
std::string in_common(const Finding& finding) {
  const auto& why = finding.why;
  const auto same = fmt::format("{}\n{}\n{}", finding.about, why.rule, why.duty);
  if (!finding.about.empty()) return same;
  return fmt::format("{}\n{}\n{}\n{}\n{}", same, engine::word(why.outcome), why.attribution.actor_name,
                     who_answers(why), iso(why.edition_from));
}

void same_blocks(const UseBlock& use, const LineIndex& lines, const Trail& trail, const Places& places) {
  const Finding first = trail.findings[places.front()];
  finding_blocks(use, lines, first);
  const auto more = count_words(static_cast<std::int64_t>(places.size() - 1));
  Table table{.caption = first.about.empty() ? fmt::format("The same: {} more under rule {}", more, first.why.rule)
                                             : fmt::format("The same for agreement {}: {} more", first.about, more),
              .columns = finding_columns()};
  table.rows.add([&](const auto& row) {
    for (std::size_t i = 1; i < places.size(); ++i) row(row_with_working(lines, trail.findings[places[i]]));
  });
  use(std::move(table));
}

/// Findings that need attention: those about the person, then by agreement and duty.
void wrong_blocks(const UseBlock& use, const Trail& trail) {
  const LineIndex lines(trail.chronology);
  std::map<std::string, Places> about_person, about_agreements;
  for (std::size_t i = 0; i < trail.findings.size(); ++i) {
    const auto finding = trail.findings[i];
    if (!engine::needs_attention(finding.why.outcome)) continue;
    (finding.about.empty() ? about_person : about_agreements)[in_common(finding)].push_back(i);
  }
  if (about_person.empty() && about_agreements.empty()) use(Paragraph{{"No duty needs attention."}});
  // In the trail's order, which is not that of what they have in common.
  std::map<std::size_t, const Places*> in_order;
  for (const auto& [common, places] : about_person) {
    if (places.size() >= many_about_person) {
      in_order.emplace(places.front(), &places);
    } else {
      for (const auto place : places) in_order.emplace(place, nullptr);
    }
  }
  for (const auto& [place, places] : in_order) {
    if (places != nullptr) {
      same_blocks(use, lines, trail, *places);
    } else {
      finding_blocks(use, lines, trail.findings[place]);
    }
  }
  for (const auto& [common, places] : about_agreements) {
    if (places.size() >= many_about_agreement) {
      same_blocks(use, lines, trail, places);
    } else {
      for (const auto place : places) finding_blocks(use, lines, trail.findings[place]);
    }
  }
}

Row row_of(const Knowledge::Act& act, bool known) {
  return {.cells = {{tag(known ? "Known" : "Not known", known ? TagKind::good : TagKind::gap)},
                    {act.says},
                    {words(act.when)},
                    {known ? words(act.received_on)
                           : fmt::format("{}, {} days later", words(act.received_on), act.days_later)},
                    {record_link(act.record)}}};
}

void knowledge_blocks(const UseBlock& use, const Knowledge& it) {
  use(Heading{3, words(it.day), {}});
  Inline said{fmt::format("From this day on {} certain: ", it.findings.size() == 1
                                                               ? "one finding was"
                                                               : count_of(static_cast<std::int64_t>(it.findings.size()),
                                                                          "finding was", "findings were"))};
  for (std::size_t i = 0; i < it.findings.size(); ++i) {
    if (i > 0) said.push_back(i + 1 == it.findings.size() ? " and " : ", ");
    said.push_back(finding_link(it.findings[i]));
  }
  said.push_back(
      fmt::format(". The council held {} about the person.", count_of(it.records_held, "record", "records")));
  if (it.later.empty()) {
    said.push_back(" It held everything on which this rests, so the council could have seen it that day.");
  } else {
    Day last{};
    for (const auto& act : it.later) last = std::max(last, act.received_on);
    said.push_back(fmt::format(" The last record on which this rests came on {}, {} days later.", words(last),
                               (last - it.day).count()));
  }
  use(Paragraph{std::move(said)});
  if (it.known.empty() && it.later.empty()) return;
  Table table{.caption = "What this rests on, and when it was received, as of " + words(it.day),
              .columns = {{"Known that day", 1.3}, {"Act", 3.6}, {"Happened", 1.3}, {"Received", 1.5}, {"Record", 1}}};
  table.rows.add([&it](const auto& row) {
    for (const auto& act : it.known) row(row_of(act, true));
    for (const auto& act : it.later) row(row_of(act, false));
  });
  use(std::move(table));
}

}  // namespace

void add_findings(render::Blocks& blocks, const Trail& trail) {
  blocks.push_back(Heading{2, "Findings", "findings"});
  if (!trail.findings.empty()) {
    blocks.push_back(
        Paragraph{{"The most serious first. Each says what it rests on, so that it can be weighed and answered. What "
                   "the words mean:"}});
    add_meanings(blocks, trail);
  }
  blocks.add([&trail](const UseBlock& use) { wrong_blocks(use, trail); });

  Table others{.caption = "Duties judged that need no attention", .columns = finding_columns()};
  others.rows.add([&trail](const auto& use) {
    for (const auto& finding : trail.findings) {
      if (!engine::needs_attention(finding.why.outcome)) use(row_of(finding));
    }
  });
  blocks.push_back(Heading{3, "Other duties judged", "other-duties"});
  blocks.push_back(std::move(others));
}

void add_knowledge(render::Blocks& blocks, const Trail& trail) {
  if (trail.knowledge.empty()) return;
  blocks.push_back(Heading{2, "What the council knew on the day", "knowledge"});
  blocks.push_back(
      Paragraph{{"A record counts as known from the day, in London, on which it was received. What the council knew "
                 "otherwise is not in the ledger."}});
  blocks.add([&trail](const UseBlock& use) {
    for (const auto& it : trail.knowledge) knowledge_blocks(use, it);
  });
}

}  // namespace answerable::pages
