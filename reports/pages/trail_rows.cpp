#include "reports/pages/trail.hpp"

namespace answerable::pages {
namespace {

// The bindings name every member, so that one more cannot be forgotten here.
template <class Visitor, class Any>
void visit_party(Visitor& visit, Any& party) {
  auto& [key, name] = party;
  visit.shared(key, name);
}

template <class Visitor, class Any>
void visit_source(Visitor& visit, Any& source) {
  auto& [record, record_id, kind, version, sender, submission, received_on, document, worker, role] = source;
  visit.plain(record, version, received_on);
  visit.own(record_id, document);
  visit.shared(kind, submission, worker, role);
  visit_party(visit, sender);
}

template <class Visitor, class Any>
void visit_line(Visitor& visit, Any& line) {
  auto& [source, ordinal, act, says, when, until, actor, answers, agreement, answering, days_later, corrects,
         corrected_by, planned, case_reference] = line;
  visit_source(visit, source);
  visit.plain(ordinal, when, until, days_later, corrects, corrected_by, planned);
  visit.own(says);
  visit.shared(act, agreement, answering, case_reference);
  visit_party(visit, actor);
  visit_party(visit, answers);
}

template <class Visitor, class Any>
void visit_gap(Visitor& visit, Any& gap) {
  auto& [when, finding, rule, outcome, missing, text, actor, answers, agreement, case_reference, rests_on] = gap;
  visit.plain(when, outcome, missing);
  visit.own(finding, text);
  visit.shared(rule, agreement, case_reference);
  visit_party(visit, actor);
  visit_party(visit, answers);
  visit.each(rests_on, [&](auto& record) { visit.plain(record); });
}

template <class Visitor, class Any>
void visit_item(Visitor& visit, Any& item) {
  auto& [target, said_by, target_says, target_when, what, state, is_a, document, covers, reason, created, searched_by,
         searched_where, searched_terms, searched_on, sender, superseded] = item;
  visit.plain(target, said_by, target_when, state, created, searched_on, superseded);
  visit.own(target_says, document, reason, searched_by, searched_where, searched_terms);
  visit.shared(what, is_a, covers);
  visit_party(visit, sender);
}

template <class Visitor, class Any>
void visit_document(Visitor& visit, Any& held) {
  auto& [record, title, is_a, author, offered_as, sha256, created, sender, received_on] = held;
  visit.plain(record, created, received_on);
  visit.own(title, author, sha256);
  visit.shared(is_a, offered_as);
  visit_party(visit, sender);
}

}  // namespace

void pack(Packer& packer, const ChronologyRow& row) {
  const bool is_gap = std::holds_alternative<Gap>(row);
  packer.plain(is_gap);
  is_gap ? visit_gap(packer, std::get<Gap>(row)) : visit_line(packer, std::get<Line>(row));
}

void unpack(Unpacker& unpacker, ChronologyRow& row) {
  bool is_gap{};
  unpacker.plain(is_gap);
  is_gap ? visit_gap(unpacker, row.emplace<Gap>()) : visit_line(unpacker, row.emplace<Line>());
}

void pack(Packer& packer, const EvidenceItem& item) {
  visit_item(packer, item);
}

void unpack(Unpacker& unpacker, EvidenceItem& item) {
  visit_item(unpacker, item);
}

void pack(Packer& packer, const DocumentHeld& held) {
  visit_document(packer, held);
}

void unpack(Unpacker& unpacker, DocumentHeld& held) {
  visit_document(unpacker, held);
}

}  // namespace answerable::pages
