#include <fmt/format.h>

#include <algorithm>

#include "reports/bundle/redaction.hpp"

namespace answerable::bundle {
namespace {

using pages::Line;
using pages::Trail;

/// Every text of a trail that may hold words of a record. Codes, rules and numbers of findings are ours.
class Texts {
 public:
  explicit Texts(const std::function<void(std::string&)>& use) : use_(use) {}

  void of(std::string& text) const {
    if (!text.empty()) use_(text);
  }
  void of(std::vector<std::string>& texts) const {
    for (auto& it : texts) of(it);
  }
  void of(pages::Party& party) const { of(party.name); }
  void of(pages::Source& it) const {
    of(it.record_id);
    of(it.sender);
    of(it.document);
    of(it.worker);
    of(it.role);
  }
  void of(Line& it) const {
    of(it.source);
    of(it.says);
    of(it.actor);
    of(it.answers);
    of(it.agreement);
    of(it.answering);
    of(it.case_reference);
  }
  void of(pages::Gap& it) const {
    of(it.text);
    of(it.actor);
    of(it.answers);
    of(it.agreement);
    of(it.case_reference);
  }
  void of(pages::Person& it) const {
    for (auto* values : {&it.names, &it.born, &it.communication_needs, &it.reasonable_adjustments}) {
      for (auto& value : *values) of(value.text);
    }
    for (auto& relation : it.relations) {
      of(relation.name);
      of(relation.scope);
    }
    for (auto& move : it.moves) of(move);
    if (it.death) of(*it.death);
  }
  void of(pages::AgreementUsed& it) const {
    of(it.reference);
    of(it.party_name);
    of(it.extent);
    of(it.monitoring);
    of(it.reports);
  }
  void of(pages::EvidenceItem& it) const {
    of(it.target_says);
    of(it.document);
    of(it.covers);
    of(it.reason);
    of(it.searched_by);
    of(it.searched_where);
    of(it.searched_terms);
    of(it.sender);
  }
  void of(pages::DocumentHeld& it) const {
    of(it.title);
    of(it.author);
    of(it.sha256);
    of(it.sender);
  }
  void of(pages::Finding& it) const {
    auto& why = it.why;
    of(it.about);
    of(why.sentence);
    of(why.because);
    of(why.clock);
    of(why.not_found);
    of(why.exceptions);
    of(why.notes);
    of(why.attribution.actor_name);
    of(why.attribution.accountable_name);
    of(why.attribution.agreement);
    of(why.attribution.note);
    for (auto& event : why.events) {
      of(event.record_id);
      of(event.performer_name);
      of(event.text);
    }
    for (auto& evidence : why.evidence) {
      of(evidence.document);
      of(evidence.covers);
      of(evidence.reason);
      of(evidence.text);
    }
  }
  void of(std::vector<loss::End>& ends) const {
    for (auto& it : ends) of(it.what);
  }
  void of(std::vector<loss::Missing>& missing) const {
    for (auto& it : missing) {
      of(it.what);
      of(it.matters);
      of(it.holder);
    }
  }
  void of(std::vector<loss::Shown>& shown) const {
    for (auto& it : shown) of(it.text);
  }
  void of(loss::Loss& it) const {
    for (auto& lost : it.payments) {
      of(lost.plan);
      of(lost.ends);
      of(lost.missing);
      of(lost.shown);
      of(lost.notes);
    }
    for (auto& lost : it.care) of(lost.service);
    for (auto& lost : it.support) {
      of(lost.text);
      of(lost.ends);
    }
    of(it.missing);
    of(it.shown);
  }
  void of(Trail& trail) const {
    of(trail.council);
    of(trail.case_reference);
    of(trail.person);
    for (auto& it : trail.agreements) of(it);
    trail.chronology.change([this](pages::ChronologyRow& row) { std::visit([this](auto& it) { of(it); }, row); });
    for (auto& it : trail.undated) {
      of(it.source);
      of(it.title);
    }
    trail.findings.change([this](pages::Finding& it) { of(it); });
    trail.evidence.change([this](pages::EvidenceItem& it) { of(it); });
    trail.documents.change([this](pages::DocumentHeld& it) { of(it); });
    for (auto& day : trail.knowledge) {
      for (auto* acts : {&day.known, &day.later}) {
        for (auto& act : *acts) of(act.says);
      }
    }
    for (auto& it : trail.cases) {
      of(it.reference);
      of(it.clock);
    }
    if (trail.loss) of(*trail.loss);
    for (auto& it : trail.submissions) {
      of(it.sender);
      of(it.message_id);
      of(it.source_system);
    }
    for (auto& it : trail.reads) {
      of(it.by);
      of(it.what);
    }
  }

 private:
  const std::function<void(std::string&)>& use_;
};

std::string said_instead(Reason reason) {
  return fmt::format("[kept back: {}]", word(reason));
}

/// Only what its leaf shows is left: that there is a record, from whom, and when it came.
Line emptied(const Line& line, Reason reason) {
  Line out;
  out.source = line.source;
  out.source.document.clear();
  out.source.worker.clear();
  out.source.role.clear();
  out.ordinal = 0;
  out.act = "kept-back";
  out.says = "This record is kept back. " + std::string(meaning(reason));
  out.when = {line.source.received_on, line.source.received_on, Precision::day};
  out.actor = line.source.sender;
  return out;
}

}  // namespace

void Redaction::withhold(Trail& trail) {
  const auto kept = [&](std::int64_t record) { return withheld(record); };
  std::set<std::int64_t> shown_once;
  std::set<std::string> cases;
  pages::Rows<pages::ChronologyRow> rows;
  for (const auto& row : trail.chronology) {
    const auto* line = std::get_if<Line>(&row);
    const auto reason = line != nullptr ? kept(line->source.record) : std::nullopt;
    if (!reason) {
      rows.push_back(row);
      continue;
    }
    if (!line->case_reference.empty()) cases.insert(line->case_reference);
    if (shown_once.insert(line->source.record).second) rows.push_back(emptied(*line, *reason));
  }
  trail.chronology = std::move(rows);

  auto& person = trail.person;
  for (auto* values : {&person.names, &person.born, &person.communication_needs, &person.reasonable_adjustments})
    std::erase_if(*values, [&](const auto& it) { return kept(it.record).has_value(); });
  std::erase_if(person.relations, [&](const auto& it) { return kept(it.record).has_value(); });
  std::erase_if(person.moves, [&](const Line& it) { return kept(it.source.record).has_value(); });
  if (person.death && kept(person.death->source.record)) person.death.reset();
  std::erase_if(trail.agreements, [&](const auto& it) { return kept(it.record).has_value(); });
  trail.evidence.erase_if([&](const pages::EvidenceItem& it) { return kept(it.said_by) || kept(it.target); });
  trail.documents.erase_if([&](const pages::DocumentHeld& it) { return kept(it.record).has_value(); });
  for (auto& day : trail.knowledge) {
    for (auto* acts : {&day.known, &day.later})
      std::erase_if(*acts, [&](const auto& it) { return kept(it.record).has_value(); });
  }
  for (auto& it : trail.cases) {
    if (cases.contains(it.reference)) it.clock = {"[kept back: it rests on a record that is kept back]"};
  }
}

namespace {

/// What a finding says may tell what the record it rests on says. Its law, outcome and number stay.
void empty_finding(pages::Finding& finding, const std::string& instead) {
  auto& why = finding.why;
  why.sentence = instead;
  why.due.reset();
  why.flagged_since.reset();
  why.next_change.reset();
  why.clock.clear();
  why.not_found.clear();
  why.exceptions.clear();
  why.notes.clear();
  why.events.clear();
  why.evidence.clear();
  why.attribution.note.clear();
}

}  // namespace

void Redaction::apply(Trail& trail) {
  if (!records_.empty()) {
    std::set<std::string> emptied_findings;
    trail.findings.change([&](pages::Finding& finding) {
      std::optional<Reason> reason;
      for (const auto& it : finding.why.events) {
        if (!reason && it.record >= 0) reason = withheld(it.record);
      }
      for (const auto& it : finding.why.evidence) {
        if (!reason && it.record >= 0) reason = withheld(it.record);
      }
      if (!reason) return;
      emptied_findings.insert(finding.why.finding);
      empty_finding(finding, said_instead(*reason) + " It rests on a record that is kept back.");
    });
    // A gap stands on the day of what set it going, which is no longer told.
    trail.chronology.erase_if([&](const pages::ChronologyRow& row) {
      const auto* gap = std::get_if<pages::Gap>(&row);
      return gap != nullptr && emptied_findings.contains(gap->finding);
    });
    std::erase_if(trail.knowledge, [&](const pages::Knowledge& day) {
      return std::ranges::any_of(day.findings, [&](const auto& it) { return emptied_findings.contains(it); });
    });
    withhold(trail);
  }
  if (!words_.empty()) Texts([this](std::string& text) { apply(text); }).of(trail);
}

}  // namespace answerable::bundle
