#include <fmt/format.h>

#include <ostream>

#include "reports/loss/loss_page.hpp"
#include "reports/pages/data.hpp"
#include "reports/render/xml.hpp"

namespace answerable::pages {
namespace {

/// Elements and attributes that are left out when there is nothing to say.
class Writer {
 public:
  explicit Writer(std::ostream& out) : xml_(out) {}

  Writer& open(std::string_view name) {
    xml_.open(name);
    return *this;
  }
  Writer& close() {
    xml_.close();
    return *this;
  }
  Writer& attribute(std::string_view name, std::string_view value) {
    if (!value.empty()) xml_.attribute(name, value);
    return *this;
  }
  Writer& number(std::string_view name, std::int64_t value) {
    if (value >= 0) xml_.attribute(name, std::to_string(value));
    return *this;
  }
  Writer& day(std::string_view name, const std::optional<Day>& value) {
    return attribute(name, value ? iso(*value) : "");
  }
  Writer& happened(std::string_view name, const std::optional<Happened>& value) {
    return attribute(name, value ? iso(*value) : "");
  }
  Writer& flag(std::string_view name, bool value) { return attribute(name, value ? "true" : ""); }
  Writer& element(std::string_view name, std::string_view text) {
    if (!text.empty()) xml_.element(name, text);
    return *this;
  }
  Writer& party(std::string_view name, const Party& party) {
    if (party.key.empty()) return *this;
    xml_.open(name).attribute("key", party.key).text(party.name).close();
    return *this;
  }
  Writer& loss(const loss::Loss& loss) {
    write_loss(xml_, loss);
    return *this;
  }
  void finish() { xml_.finish(); }

 private:
  render::XmlWriter xml_;
};

void write(Writer& out, const Source& source) {
  out.open("source")
      .number("record", source.record)
      .attribute("id", source.record_id)
      .attribute("kind", source.kind)
      .number("version", source.version)
      .attribute("receipt", source.submission)
      .day("received", source.received_on);
  out.party("sender", source.sender)
      .element("worker", source.worker)
      .element("role", source.role)
      .element("document", source.document);
  out.close();
}

void write(Writer& out, const Line& line) {
  out.open("line")
      .attribute("act", line.act)
      .number("ordinal", line.ordinal)
      .happened("happened", line.when)
      .happened("until", line.until)
      .number("daysLater", line.days_later.value_or(-1))
      .number("corrects", line.corrects)
      .number("correctedBy", line.corrected_by)
      .flag("planned", line.planned)
      .attribute("case", line.case_reference)
      .attribute("agreement", line.agreement);
  out.element("says", line.says)
      .party("actor", line.actor)
      .party("accountable", line.answers)
      .element("answering", line.answering);
  write(out, line.source);
  out.close();
}

void write(Writer& out, const Gap& gap) {
  out.open("gap")
      .attribute("finding", gap.finding)
      .attribute("outcome", engine::word(gap.outcome))
      .happened("at", gap.when)
      .attribute("missing", gap.missing ? "true" : "false")
      .attribute("case", gap.case_reference)
      .attribute("agreement", gap.agreement);
  out.element("says", gap.text).party("actor", gap.actor).party("accountable", gap.answers);
  for (const auto record : gap.rests_on) out.open("restsOn").number("record", record).close();
  out.close();
}

void write(Writer& out, const Person& person) {
  out.open("person");
  const auto values = [&](std::string_view name, const std::vector<Person::Value>& all) {
    for (const auto& it : all) out.open(name).number("record", it.record).element("text", it.text).close();
  };
  for (const auto& it : person.identifiers)
    out.open("identifier").attribute("scheme", it.scheme).attribute("value", it.value).close();
  values("name", person.names);
  values("born", person.born);
  values("communicationNeeds", person.communication_needs);
  values("reasonableAdjustments", person.reasonable_adjustments);
  for (const auto& it : person.relations) {
    out.open("relation")
        .attribute("role", it.role)
        .attribute("direction", it.of_other ? "of-other" : "of-person")
        .happened("from", it.from)
        .happened("to", it.to)
        .number("record", it.record);
    out.element("name", it.name).element("scope", it.scope).close();
  }
  out.close();
}

void write(Writer& out, const engine::Explanation::Event& it) {
  out.open("used")
      .attribute("part", it.part)
      .attribute("act", it.act)
      .happened("happened", it.when)
      .number("record", it.record)
      .attribute("id", it.record_id)
      .attribute("kind", it.kind)
      .day("received", it.received_on);
  out.element("text", it.text).party("performer", {it.performer, it.performer_name}).close();
}

void write(Writer& out, const engine::Explanation::Evidence& it) {
  out.open("proof")
      .attribute("counts", it.counts ? "true" : "false")
      .attribute("item", it.item)
      .attribute("state", it.state)
      .attribute("is", it.is_a)
      .happened("created", it.created)
      .attribute("covers", it.covers)
      .number("record", it.record);
  out.element("text", it.text).element("document", it.document).element("reason", it.reason).close();
}

void write(Writer& out, const Finding& finding) {
  const auto& why = finding.why;
  out.open("finding")
      .attribute("id", why.finding)
      .attribute("outcome", engine::word(why.outcome))
      .attribute("rule", why.rule)
      .attribute("duty", why.duty)
      .attribute("state", why.state)
      .day("due", why.due)
      .day("flaggedSince", why.flagged_since)
      .attribute("aboutAgreement", finding.about);
  out.element("title", why.title).element("says", why.sentence).element("because", why.because);
  const auto& how = why.attribution;
  out.open("attribution").attribute("agreement", how.agreement).attribute("instrument", how.instrument);
  out.party("actor", {how.actor, how.actor_name}).party("accountable", {how.accountable, how.accountable_name});
  out.element("law", how.law).element("note", how.note).close();
  out.open("law")
      .attribute("force", why.force)
      .attribute("confidence", why.confidence)
      .day("from", why.edition_from)
      .day("to", why.edition_to)
      .attribute("regime", why.regime);
  out.element("source", why.source).element("certainty", why.confidence_words).element("caveat", why.caveat).close();
  for (const auto& line : why.clock) out.element("clock", line);
  for (const auto& it : why.events) write(out, it);
  for (const auto& line : why.not_found) out.element("notFound", line);
  for (const auto& it : why.evidence) write(out, it);
  for (const auto& line : why.exceptions) out.element("exception", line);
  for (const auto& line : why.notes) out.element("note", line);
  out.close();
}

void write(Writer& out, const EvidenceItem& it) {
  out.open("item")
      .attribute("is", it.item)
      .attribute("state", engine::word(it.state))
      .number("for", it.target)
      .number("saidBy", it.said_by)
      .attribute("document", it.document)
      .attribute("documentIs", it.is_a)
      .happened("created", it.created)
      .attribute("covers", it.covers)
      .flag("superseded", it.superseded);
  out.element("target", it.target_says).party("sender", it.sender).element("reason", it.reason);
  if (!it.searched_by.empty()) {
    out.open("search")
        .day("on", it.searched_on)
        .element("by", it.searched_by)
        .element("where", it.searched_where)
        .element("terms", it.searched_terms)
        .close();
  }
  out.close();
}

void write(Writer& out, const Knowledge& known) {
  out.open("day").day("on", known.day).number("recordsHeld", known.records_held);
  for (const auto& finding : known.findings) out.open("about").attribute("finding", finding).close();
  const auto act = [&](const Knowledge::Act& it, std::string_view name) {
    out.open(name)
        .number("record", it.record)
        .number("ordinal", it.ordinal)
        .happened("happened", it.when)
        .day("received", it.received_on);
    if (it.days_later > 0) out.number("daysLater", it.days_later);
    out.element("says", it.says).close();
  };
  for (const auto& it : known.known) act(it, "known");
  for (const auto& it : known.later) act(it, "later");
  out.close();
}

void write(Writer& out, const AgreementUsed& it) {
  out.open("agreement")
      .attribute("reference", it.reference)
      .attribute("type", it.type)
      .happened("from", it.from)
      .happened("until", it.until)
      .flag("revoked", it.revoked)
      .attribute("extent", it.extent)
      .attribute("monitoring", it.monitoring)
      .attribute("reports", it.reports)
      .number("record", it.record);
  out.element("party", it.party_name);
  for (const auto& function : it.functions) out.element("function", function);
  out.close();
}

void write(Writer& out, const SubmissionUsed& it) {
  out.open("submission")
      .attribute("receipt", it.id)
      .attribute("messageId", it.message_id)
      .attribute("received", iso(it.received_at))
      .attribute("sha256", hex(it.sha256))
      .number("bytes", it.bytes)
      .number("records", it.records);
  out.party("sender", it.sender).element("sourceSystem", it.source_system).close();
}

}  // namespace

void write_xml(const Trail& trail, std::ostream& stream) {
  Writer out(stream);
  out.open("trail")
      .attribute("xmlns", "urn:answerable:trail:1")
      .attribute("asOf", iso(trail.horizon.as_of))
      .number("recordsKnown", trail.horizon.known_at)
      .attribute("ruleSet", hex(trail.rule_set))
      .attribute("case", trail.case_reference);
  out.party("council", {"cassr:" + trail.authority, trail.council});
  out.open("limits");
  for (const auto& text : limits()) out.element("limit", text);
  out.close();
  write(out, trail.person);
  out.open("summary").number("leftOut", trail.left_out);
  for (const auto& [outcome, count] : trail.outcomes()) {
    out.open("count").attribute("outcome", engine::word(outcome)).number("findings", count).close();
  }
  out.close();
  out.open("complaints");
  for (const auto& it : trail.cases) {
    out.open("complaint").attribute("reference", it.reference);
    for (const auto& line : it.clock) out.element("clock", line);
    out.close();
  }
  out.close().open("chronology");
  for (const auto& row : trail.chronology) std::visit([&](const auto& it) { write(out, it); }, row);
  for (const auto& it : trail.undated) {
    out.open("undated").element("title", it.title);
    write(out, it.source);
    out.close();
  }
  out.close().open("findings");
  for (const auto& it : trail.findings) write(out, it);
  out.close().open("knowledge");
  for (const auto& it : trail.knowledge) write(out, it);
  out.close().open("agreements");
  for (const auto& it : trail.agreements) write(out, it);
  out.close().open("evidence");
  for (const auto& it : trail.evidence) write(out, it);
  out.close().open("documents");
  for (const auto& it : trail.documents) {
    out.open("document")
        .number("record", it.record)
        .attribute("is", it.is_a)
        .happened("created", it.created)
        .attribute("offeredAs", it.offered_as)
        .attribute("sha256", it.sha256)
        .day("received", it.received_on);
    out.element("title", it.title).element("author", it.author).party("sender", it.sender).close();
  }
  out.close().open("submissions");
  for (const auto& it : trail.submissions) write(out, it);
  out.close().open("reads");
  for (const auto& it : trail.reads) {
    out.open("read").attribute("at", iso(it.at)).attribute("purpose", it.purpose);
    out.element("by", it.by).element("what", it.what).close();
  }
  out.close();
  if (trail.loss) out.loss(*trail.loss);
  out.close();
  out.finish();
}

}  // namespace answerable::pages
