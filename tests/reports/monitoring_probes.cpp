#include "tests/reports/monitoring_probes.hpp"

#include <map>

#include "audit/engine/identity.hpp"

namespace answerable::service::testing {
namespace {

using access::Role;

constexpr const char* far_away = "until-day=1&until-month=1&until-year=2100";

const char* council_of(Whose whose) {
  return whose == Whose::another_councils ? "912" : "905";
}

/// As the owner of the database, who makes what a probe is about.
struct Maker {
  PeopleWorld& world;
  Whose whose;
  Knocking knocking;

  std::int64_t made(const pg::Statement& statement, const auto&... values) const {
    pg::Transaction transaction(world.owner, pg::Access::read_write);
    const auto number = transaction.run_one(statement, values...).int64(0, 0);
    transaction.commit();
    return number;
  }
  std::int64_t finding() const {
    static constexpr pg::Statement one{
        "test.probe_finding",
        "SELECT o.finding FROM answerable.open_finding o JOIN answerable.identifier i USING (authority, subject)"
        " WHERE o.authority = $1 AND i.scheme = 'nhs-number' AND i.value = $2 AND answerable.needs_attention(o.outcome)"
        " AND ($3 OR o.agreement = 'S79-REVIEWS') AND ($3 OR o.actor = 'ods:RH5') ORDER BY o.finding LIMIT 1"};
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    const bool bea = whose == Whose::another_persons;
    return transaction.run_one(one, council_of(whose), bea ? "9990000026" : "9990000018", bea).int64(0, 0);
  }
  std::string finding_name() const { return engine::format_finding(finding()); }
  std::int64_t request() const {
    static constexpr pg::Statement ask{
        "test.probe_request",
        "INSERT INTO answerable.request (authority, letter, asked_of, finding, subject, agreement, what, account, "
        "asked_by, until, event)"
        " SELECT o.authority, 1, o.actor, o.finding, o.subject, o.agreement, 'what', (SELECT min(account) FROM "
        "answerable.account a WHERE a.authority = o.authority), 'x', '2020-01-01', 1"
        " FROM answerable.open_finding o WHERE o.authority = $1 AND o.finding = $2 RETURNING request"};
    return made(ask, council_of(whose), finding());
  }
  std::int64_t reply() const {
    static constexpr pg::Statement answer{
        "test.probe_reply",
        "INSERT INTO answerable.request_reply (authority, request, words, account, replied_by, event)"
        " SELECT authority, request, 'words', account, 'x', 1 FROM answerable.request WHERE request = $1 RETURNING "
        "reply"};
    return made(answer, request());
  }
  std::int64_t plan() const {
    static constexpr pg::Statement draft{
        "test.probe_plan",
        "WITH p AS (INSERT INTO answerable.action_plan (authority, asked_of, title, account, made_by) VALUES ($1, "
        "'ods:RH5', 't', $2, 'x') RETURNING authority, plan),"
        " i AS (INSERT INTO answerable.action_plan_issue (authority, plan, finding, subject, agreement) SELECT "
        "p.authority, p.plan, o.finding, o.subject, o.agreement FROM p JOIN answerable.open_finding o USING "
        "(authority) "
        "WHERE o.finding = $3 RETURNING authority, plan, finding)"
        " INSERT INTO answerable.action (authority, plan, finding, ordinal, what, until) SELECT authority, plan, "
        "finding, 1, 'what', '2100-01-01' FROM i RETURNING plan"};
    return made(draft, council_of(whose), knocking.target, finding());
  }
  std::int64_t sample() const {
    static constexpr pg::Statement drawn{
        "test.probe_sample",
        "INSERT INTO answerable.sample (authority, event, agreement, known_at, seed, subjects, drawn_by) SELECT $1, "
        "coalesce(max(event), 0) + 1, $2, 100, 'seed', '{1}', 'x' FROM answerable.sample RETURNING event"};
    return made(drawn, council_of(whose), whose == Whose::another_persons ? "NOBODYS" : "S79-REVIEWS");
  }
  std::int32_t organisation() const {
    if (whose == Whose::another_councils) return 4711;
    static constexpr pg::Statement number{
        "test.probe_organisation",
        "SELECT organisation FROM answerable.organisation WHERE authority = '905' AND code = 'RH5'"};
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return transaction.run_one(number).int32(0, 0);
  }
};

}  // namespace

std::optional<Probe> monitoring_probe(PeopleWorld& world, const std::string& door, Role role, Whose whose,
                                      Knocking knocking) {
  static const std::map<std::string, Probe> plain{
      {"POST /looked", {"/looked", "", 303}},
      {"GET /findings", {"/findings", "", 200}},
      {"GET /findings.csv", {"/findings.csv", "", 200}},
      {"GET /findings/ageing.csv", {"/findings/ageing.csv", "", 200}},
      {"POST /findings/views", {"/findings/views", "name=mine&query=outcome%3Dbreached", 303}},
      {"POST /findings/views/forget", {"/findings/views/forget", "name=mine", 303}},
      {"GET /requests", {"/requests", "", 200}},
      {"GET /providers", {"/providers", "", 200}},
      {"GET /providers.csv", {"/providers.csv", "", 200}},
      {"GET /plans", {"/plans", "", 200}},
      {"GET /samples", {"/samples", "", 200}},
  };
  if (const auto found = plain.find(door); found != plain.end()) return found->second;
  const Maker maker{world, whose, knocking};
  const bool own = whose == Whose::own;
  // Auditors and guardians see every finding, and every agreement's samples.
  const bool sees = own || (whose == Whose::another_persons && (role == Role::auditor || role == Role::guardian));
  if (door == "GET /findings/{finding}") return Probe{"/findings/" + maker.finding_name(), "", sees ? 200 : 404};
  if (door == "POST /findings/{finding}/open") {
    const auto purpose = role == Role::contract_monitoring_officer ? "monitoring"
                         : role == Role::auditor                   ? "audit"
                                                                   : "complaint";
    return Probe{fmt::format("/findings/{}/open", maker.finding_name()),
                 fmt::format("purpose={}&reference=R-1", purpose), sees ? 303 : 404};
  }
  if (door == "GET /findings/act")
    return Probe{"/findings/act?act=ask&finding=" + maker.finding_name(), "", own ? 200 : 404};
  if (door == "POST /findings/act")
    return Probe{"/findings/act", fmt::format("act=escalate&finding={}&to=x&text=y", maker.finding_name()),
                 own ? 303 : 404};
  if (door == "POST /requests")
    return Probe{"/requests", fmt::format("organisation={}&text=x&{}", own ? "ods%3ARH5" : "ods%3ANONE", far_away),
                 own ? 303 : 403};
  if (door == "POST /requests/remind")
    return Probe{"/requests/remind", fmt::format("request={}", maker.request()), own ? 303 : 422};
  if (door == "GET /replies/{reply}") return Probe{fmt::format("/replies/{}", maker.reply()), "", own ? 200 : 404};
  if (door == "POST /replies/{reply}")
    return Probe{fmt::format("/replies/{}", maker.reply()), "decision=accepted&reason=x", own ? 303 : 403};
  for (const char* page : {"", "/figures.csv", "/report", "/report.pdf", "/report.ods"})
    if (door == fmt::format("GET /providers/{{organisation}}{}", page))
      return Probe{fmt::format("/providers/{}{}", maker.organisation(), page), "",
                   whose == Whose::another_councils ? 404 : 200};
  if (door == "GET /plans/{plan}") return Probe{fmt::format("/plans/{}", maker.plan()), "", own ? 200 : 404};
  if (door == "POST /plans/{plan}/actions") {
    const auto name = maker.finding_name();
    return Probe{fmt::format("/plans/{}/actions", maker.plan()),
                 fmt::format("finding={0}&what=x&until-{0}-day=1&until-{0}-month=1&until-{0}-year=2100", name),
                 own ? 303 : 404};
  }
  if (door == "POST /plans/{plan}/actions/{action}/remove")
    return Probe{fmt::format("/plans/{}/actions/1/remove", maker.plan()), "", own ? 303 : 404};
  if (door == "POST /plans/{plan}/send") return Probe{fmt::format("/plans/{}/send", maker.plan()), "", own ? 303 : 404};
  if (door == "POST /samples")
    return Probe{"/samples", fmt::format("agreement={}&size=1&seed=s", own ? "S79-REVIEWS" : "NOBODYS"),
                 own ? 303 : 422};
  if (door == "GET /samples/{sample}") return Probe{fmt::format("/samples/{}", maker.sample()), "", sees ? 200 : 404};
  if (door == "GET /samples/{sample}/population.csv")
    return Probe{fmt::format("/samples/{}/population.csv", maker.sample()), "", sees ? 200 : 404};
  return std::nullopt;
}

}  // namespace answerable::service::testing
