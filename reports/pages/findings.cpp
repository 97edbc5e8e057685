#include "reports/pages/findings.hpp"

namespace answerable::pages {
namespace {

// The bindings name every member, so that one more cannot be forgotten here.
template <class Visitor, class Event>
void visit_event(Visitor& visit, Event& event) {
  auto& [part, record, record_id, kind, version, act, when, performer, performer_name, received_on, text] = event;
  visit.shared(part, kind, act, performer, performer_name);
  visit.own(record_id, text);
  visit.plain(record, version, when, received_on);
}

template <class Visitor, class Evidence>
void visit_evidence(Visitor& visit, Evidence& evidence) {
  auto& [counts, item, state, is_a, document, covers, reason, created, record, text] = evidence;
  visit.shared(item, state, is_a, covers);
  visit.own(document, reason, text);
  visit.plain(counts, created, record);
}

template <class Visitor, class Attribution>
void visit_attribution(Visitor& visit, Attribution& attribution) {
  auto& [actor, actor_name, accountable, accountable_name, agreement, instrument, in_force, covers_function, law,
         note] = attribution;
  visit.shared(actor, actor_name, accountable, accountable_name, agreement, instrument, law, note);
  visit.plain(in_force, covers_function);
}

template <class Visitor, class Any>
void visit_finding(Visitor& visit, Any& finding) {
  auto& [why, about] = finding;
  auto& [id, rule, duty, title, because, outcome, state, sentence, severity, source, force, confidence,
         confidence_words, caveat, regime, edition_from, edition_to, due, flagged_since, next_change, clock, events,
         not_found, evidence, exceptions, notes, attribution, horizon] = why;
  visit.shared(about, rule, duty, title, because, state, severity, source, force, confidence, confidence_words, caveat,
               regime);
  visit.own(id, sentence);
  visit.plain(outcome, edition_from, edition_to, due, flagged_since, next_change, horizon);
  visit.each(events, [&](auto& it) { visit_event(visit, it); });
  visit.each(evidence, [&](auto& it) { visit_evidence(visit, it); });
  for (auto* lines : {&clock, &not_found, &notes}) visit.each(*lines, [&](auto& it) { visit.own(it); });
  visit.each(exceptions, [&](auto& it) { visit.shared(it); });
  visit_attribution(visit, attribution);
}

}  // namespace

void pack(Packer& packer, const Finding& finding) {
  visit_finding(packer, finding);
}

void unpack(Unpacker& unpacker, Finding& finding) {
  visit_finding(unpacker, finding);
}

}  // namespace answerable::pages
