#include "reports/bundle/provenance.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "reports/pages/wording.hpp"
#include "reports/render/xml.hpp"

namespace answerable::bundle {
namespace {

using Id = std::string;

/// "b:record-12": numbers and letters of ours only, so that every id is a qualified name.
Id record_id(std::int64_t record) {
  return fmt::format("b:record-{}", record);
}
Id act_id(const pages::Line& line) {
  return fmt::format("b:act-{}-{}", line.source.record, line.ordinal);
}
Id submission_id(const std::string& receipt) {
  return "b:submission-" + receipt;
}
Id finding_id(const std::string& finding) {
  return "b:finding-" + finding;
}
constexpr const char *judging = "b:judging", *making = "b:making", *bundle_itself = "b:bundle",
                     *program = "b:answerable";

class Provenance {
 public:
  Provenance(const pages::Trail& trail, const Exhibits& exhibits, std::ostream& out)
      : trail_(trail), exhibits_(exhibits), index_(exhibits), xml_(out) {}

  void write(const std::string& bundle, const std::string& made_by) {
    xml_.open("prov:document")
        .attribute("xmlns:prov", "http://www.w3.org/ns/prov#")
        .attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .attribute("xmlns:xsd", "http://www.w3.org/2001/XMLSchema")
        .attribute("xmlns:b", "urn:answerable:" + trail_.authority + ":")
        .attribute("xmlns:a", "urn:answerable:provenance:1");
    organisation({"cassr:" + trail_.authority, trail_.council});
    open("prov:softwareAgent", program);
    label("Answerable " ANSWERABLE_VERSION);
    xml_.close();
    submissions();
    records();
    acts();
    judged();
    made(bundle, made_by);
    xml_.close();
    xml_.finish();
  }

 private:
  render::XmlWriter& open(const char* element, const Id& id) { return xml_.open(element).attribute("prov:id", id); }
  void label(const std::string& text) {
    if (!text.empty()) xml_.element("prov:label", text);
  }
  void type(const char* text) { xml_.element("prov:type", text); }
  void ref(const char* element, const Id& id) { xml_.open(element).attribute("prov:ref", id).close(); }
  /// An element that says nothing but how two things stand to each other.
  void relation(const char* element, const char* first, const Id& one, const char* second, const Id& other) {
    xml_.open(element);
    ref(first, one);
    ref(second, other);
    xml_.close();
  }

  /// Said once, whenever it is first needed.
  Id organisation(const pages::Party& party) {
    const auto [known, is_new] = agents_.try_emplace(party.key, fmt::format("b:organisation-{}", agents_.size() + 1));
    if (is_new) {
      open("prov:organization", known->second);
      label(party.name.empty() ? party.key : party.name);
      xml_.element("a:code", party.key);
      xml_.close();
    }
    return known->second;
  }
  /// A worker, or a role where nobody is named, of an organisation.
  Id worker(const pages::Source& source, const pages::Party& of) {
    const auto name = source.worker.empty() ? source.role
                      : source.role.empty() ? source.worker
                                            : fmt::format("{}, {}", source.worker, source.role);
    const auto employer = organisation(of);
    const auto [known, is_new] =
        agents_.try_emplace(of.key + '\n' + name, fmt::format("b:worker-{}", agents_.size() + 1));
    if (is_new) {
      open("prov:agent", known->second);
      label(name);
      type(source.worker.empty() ? "role" : "worker");
      xml_.close();
      relation("prov:actedOnBehalfOf", "prov:delegate", known->second, "prov:responsible", employer);
    }
    return known->second;
  }

  void submissions() {
    for (const auto& it : trail_.submissions) {
      open("prov:activity", submission_id(it.id));
      xml_.element("prov:startTime", iso(it.received_at)).element("prov:endTime", iso(it.received_at));
      label("Taken in: " + it.id);
      type("submission");
      xml_.element("a:sha256", hex(it.sha256));
      xml_.close();
      submissions_.insert(it.id);
      relation("prov:wasAssociatedWith", "prov:activity", submission_id(it.id), "prov:agent", organisation(it.sender));
    }
  }

  void records() {
    for (const auto& it : exhibits_) {
      open("prov:entity", record_id(it.record));
      label(fmt::format("{}: {}", it.number, it.what));
      xml_.element("prov:location", it.path);
      type(it.kind.c_str());
      xml_.element("a:sendersId", it.id);
      xml_.close();
      relation("prov:wasAttributedTo", "prov:entity", record_id(it.record), "prov:agent", organisation(it.sender));
      if (submissions_.contains(it.receipt))
        relation("prov:wasGeneratedBy", "prov:entity", record_id(it.record), "prov:activity",
                 submission_id(it.receipt));
      if (it.content.empty()) continue;
      const auto content = fmt::format("b:content-{}", it.record);
      open("prov:entity", content);
      label(it.number + ", the document sent within it");
      xml_.element("prov:location", it.content);
      xml_.close();
      relation("prov:wasDerivedFrom", "prov:generatedEntity", content, "prov:usedEntity", record_id(it.record));
    }
    // Only now is every record there that another can be derived from.
    for (const auto& it : exhibits_) {
      if (it.corrects < 0 || !index_.place(it.corrects)) continue;
      xml_.open("prov:wasDerivedFrom");
      ref("prov:generatedEntity", record_id(it.record));
      ref("prov:usedEntity", record_id(it.corrects));
      xml_.open("prov:type").attribute("xsi:type", "xsd:QName").text("prov:Revision").close();
      xml_.close();
    }
  }

  void acts() {
    for (const auto& row : trail_.chronology) {
      const auto* line = std::get_if<pages::Line>(&row);
      if (line == nullptr || !told_.insert(act_id(*line)).second) continue;
      const auto id = act_id(*line);
      const auto actor = organisation(line->actor);
      const bool by_somebody = !line->source.worker.empty() || !line->source.role.empty();
      const auto by = by_somebody ? worker(line->source, line->actor) : actor;
      open("prov:activity", id);
      label(line->says);
      type(line->act.c_str());
      xml_.element("a:happened", iso(line->when));
      if (line->until) xml_.element("a:until", iso(*line->until));
      xml_.close();
      relation("prov:wasAssociatedWith", "prov:activity", id, "prov:agent", by);
      if (!line->answers.key.empty() && line->answers.key != line->actor.key) {
        const auto council = organisation(line->answers);
        xml_.open("prov:actedOnBehalfOf");
        ref("prov:delegate", actor);
        ref("prov:responsible", council);
        ref("prov:activity", id);
        if (!line->agreement.empty()) xml_.element("a:agreement", line->agreement);
        xml_.close();
      }
      if (index_.place(line->source.record))
        relation("prov:wasInfluencedBy", "prov:influencee", record_id(line->source.record), "prov:influencer", id);
    }
  }

  void judged() {
    open("prov:activity", judging);
    label(
        fmt::format("Judged as of {}, from records 0 to {}", words(trail_.horizon.as_of), trail_.horizon.known_at - 1));
    type("audit");
    xml_.element("a:ruleSet", hex(trail_.rule_set));
    xml_.close();
    relation("prov:wasAssociatedWith", "prov:activity", judging, "prov:agent", program);
    std::set<std::int64_t> used;
    for (const auto& [why, about] : trail_.findings) {
      if (!told_.insert(finding_id(why.finding)).second) continue;
      open("prov:entity", finding_id(why.finding));
      label(why.sentence.empty() ? why.title : why.sentence);
      type("finding");
      xml_.element("a:outcome", engine::word(why.outcome)).element("a:rule", why.rule);
      xml_.close();
      relation("prov:wasGeneratedBy", "prov:entity", finding_id(why.finding), "prov:activity", judging);
      std::set<std::int64_t> rests_on;
      for (const auto& it : why.events) rests_on.insert(it.record);
      for (const auto record : rests_on) {
        if (record < 0 || !index_.place(record)) continue;
        relation("prov:wasDerivedFrom", "prov:generatedEntity", finding_id(why.finding), "prov:usedEntity",
                 record_id(record));
        used.insert(record);
      }
    }
    for (const auto record : used) relation("prov:used", "prov:activity", judging, "prov:entity", record_id(record));
  }

  void made(const std::string& bundle, const std::string& made_by) {
    open("prov:entity", bundle_itself);
    label("Bundle " + bundle);
    xml_.close();
    open("prov:activity", making);
    label(made_by.empty() ? "Bundle made" : "Bundle made at the request of " + made_by);
    xml_.close();
    relation("prov:wasGeneratedBy", "prov:entity", bundle_itself, "prov:activity", making);
    relation("prov:wasAttributedTo", "prov:entity", bundle_itself, "prov:agent",
             agents_.at("cassr:" + trail_.authority));
    relation("prov:wasAssociatedWith", "prov:activity", making, "prov:agent", program);
    for (const auto& it : exhibits_)
      relation("prov:used", "prov:activity", making, "prov:entity", record_id(it.record));
  }

  const pages::Trail& trail_;
  const Exhibits& exhibits_;
  ExhibitIndex index_;
  render::XmlWriter xml_;
  std::map<std::string, Id> agents_;
  std::set<std::string> submissions_;
  std::set<Id> told_;
};

}  // namespace

void write_provenance(const pages::Trail& trail, const Exhibits& exhibits, const std::string& bundle,
                      const std::string& made_by, std::ostream& out) {
  Provenance(trail, exhibits, out).write(bundle, made_by);
}

}  // namespace answerable::bundle
