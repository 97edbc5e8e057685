#include "reports/pages/gather.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "audit/engine/store.hpp"
#include "ingest/pg/connection.hpp"
#include "reports/pages/gathering.hpp"

namespace answerable::pages {
namespace {

std::set<std::string, std::less<>> agreements_named(const Gathering& gathering) {
  std::set<std::string, std::less<>> names;
  for (const auto& record : gathering.timeline->records) {
    if (!record.agreement.empty()) names.emplace(record.agreement);
  }
  return names;
}

AgreementUsed used(const engine::Agreement& agreement, const Gathering& gathering) {
  AgreementUsed out{.reference = agreement.reference,
                    .type = agreement.type,
                    .party_name = agreement.party_name,
                    .functions = {},
                    .extent = agreement.extent,
                    .monitoring = agreement.monitoring,
                    .reports = agreement.reports,
                    .from = agreement.from,
                    .until = agreement.until,
                    .revoked = agreement.revoked,
                    .record = agreement.number};
  if (out.party_name.empty()) {
    for (const auto& party : agreement.parties) {
      if (!out.party_name.empty()) out.party_name += ", ";
      out.party_name += gathering.organisations.name(party);
    }
  }
  for (const auto function : agreement.functions)
    out.functions.emplace_back(gathering.catalogue->vocabulary().text(function));
  return out;
}

void add_submissions(std::vector<SubmissionUsed>& to, std::vector<SubmissionUsed> more) {
  for (auto& submission : more) {
    const auto known = std::ranges::find(to, submission.id, &SubmissionUsed::id);
    if (known == to.end()) {
      to.push_back(std::move(submission));
    } else {
      known->records += submission.records;
    }
  }
  std::ranges::sort(to, {}, [](const SubmissionUsed& it) { return std::pair(it.received_at, it.id); });
}

}  // namespace

Trail gather(pg::Connection& connection, engine::Catalogue& catalogue, const xml::Kinds& kinds,
             const TrailRequest& request) {
  Trail trail;
  trail.authority = request.authority;
  trail.case_reference = request.case_reference;
  trail.rule_set = catalogue.digest();

  Gathering gathering;
  gathering.catalogue = &catalogue;
  std::optional<Speech> speech;
  std::vector<Day> received;
  {
    pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
    const engine::LedgerReader reader(transaction, request.authority, catalogue.vocabulary());
    trail.horizon = {request.as_of, std::min(request.known_at.value_or(reader.size()), reader.size())};
    gathering.organisations = reader.organisations();
    gathering.agreements = reader.agreements(trail.horizon.known_at);
    gathering.batch = reader.subject(request.subject, trail.horizon.known_at);
    if (gathering.batch.timelines().empty() || gathering.batch.timelines()[0].records.empty()) {
      throw std::runtime_error(
          "Nothing was held about this person at that time. Ask for a later --known-at, or leave it out.");
    }
    gathering.timeline = &gathering.batch.timelines()[0];
    speech.emplace(kinds, gathering.organisations);
    gathering.speech = &*speech;
    trail.council = gathering.organisations.council_name;
    trail.person = person(transaction, gathering, trail, request.subject);
    trail.submissions = submissions(transaction, gathering, trail, request.subject);
    trail.reads = events::reads_before(transaction, request.authority, request.subject, trail.horizon.known_at);
  }
  const auto acts = lines(gathering, trail);
  const LineIndex index(acts);
  for (const auto& row : acts) {
    const auto& line = std::get<Line>(row);
    if (line.corrected_by >= 0) continue;
    if (line.act == "person.moved-in" || line.act == "person.moved-out") trail.person.moves.push_back(line);
    if (line.act == "person.died") trail.person.death = line;
  }
  trail.evidence = evidence(gathering, trail, index);
  trail.documents = documents(gathering, trail);
  trail.undated = undated(gathering, trail);
  trail.loss = loss::work_out(*gathering.timeline, catalogue.vocabulary(), gathering.organisations, trail.horizon, {});
  if (trail.loss->payments.empty()) trail.loss.reset();
  auto agreements = agreements_named(gathering);
  for (const auto& record : gathering.timeline->records) received.push_back(record.received_on);
  std::ranges::sort(received);
  gathering.timeline = nullptr;
  gathering.batch = {};  // what explains findings reads it again: it is not held twice

  const auto add_findings_of = [&](std::int32_t subject, const std::string& about) {
    engine::explain_all(connection, catalogue, request.authority, subject, trail.horizon.as_of, trail.horizon.known_at,
                        [&](engine::Explanation why) {
                          if (!why.attribution.agreement.empty()) agreements.insert(why.attribution.agreement);
                          trail.findings.push_back({std::move(why), about});
                        });
  };
  add_findings_of(request.subject, "");
  std::set<std::int32_t> seen;
  for (const auto& reference : std::vector(agreements.begin(), agreements.end())) {
    for (const auto& agreement : gathering.agreements.all()) {
      if (agreement.reference != reference) continue;
      trail.agreements.push_back(used(agreement, gathering));
      if (!seen.insert(agreement.subject).second) continue;
      add_findings_of(agreement.subject, reference);
      pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
      add_submissions(trail.submissions, submissions(transaction, gathering, trail, agreement.subject));
    }
  }
  sort_findings(trail.findings);
  trail.knowledge = knowledge(trail, index, received);
  trail.cases = cases(trail, acts, index);
  trail.chronology = chronology(catalogue, acts, index, trail.findings);
  return trail;
}

}  // namespace answerable::pages
