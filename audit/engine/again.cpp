#include "audit/engine/again.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "audit/engine/council_rules.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::engine {
namespace {

constexpr pg::Statement one_run{
    "audit.one_run",
    "SELECT as_of, known_at, rule_set, engine FROM answerable.audit_run WHERE authority = $1 AND run = $2"};
constexpr pg::Statement disposed_since{
    "audit.disposed_since",
    "SELECT d.disposal, e.at, count(DISTINCT d.finding) FROM answerable.disposed_leaf d JOIN answerable.event e"
    " ON e.authority = d.authority AND e.event = d.disposal WHERE d.authority = $1 AND d.kind = 'finding' AND d.key <= "
    "$2"
    " GROUP BY d.disposal, e.at ORDER BY d.disposal"};

}  // namespace

Again judge_again(pg::Connection& connection, const xml::Kinds& kinds, const std::string& authority, std::int64_t run) {
  Again again;
  again.run = run;
  std::optional<Catalogue> catalogue;
  std::map<FindingId, std::string> then;
  {
    pg::Transaction transaction(connection, pg::Access::read_only);
    const auto rows = transaction.run(one_run, authority, run);
    if (rows.rows() == 0)
      throw std::invalid_argument(fmt::format("the council {} has no audit {}; the first is 1", authority, run));
    again.as_of = rows.day(0, 0);
    again.known_at = rows.int64(0, 1);
    again.engine_then = rows.int32(0, 3);
    Digest digest{};
    const auto bytes = rows.bytes(0, 2);
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    catalogue = catalogue_of(transaction, digest, kinds);
    const auto disposed = transaction.run(disposed_since, authority, run);
    for (int i = 0; i < disposed.rows(); ++i)
      again.disposed.push_back({disposed.int64(i, 0), disposed.instant(i, 1), disposed.int64(i, 2)});
    for (const auto& finding : findings_after(transaction, authority, run))
      then.emplace(finding.id, json(finding).dump());
  }
  if (!catalogue) throw std::invalid_argument(fmt::format("the rules of audit {} are not held", run));
  again.compared = static_cast<std::int64_t>(then.size());
  for (const auto& finding : findings(connection, *catalogue, authority, {}, again.as_of, again.known_at)) {
    const std::string now = json(finding).dump();
    const auto before = then.find(finding.id);
    if (before == then.end() || before->second != now)
      again.differences.push_back({finding.id, before == then.end() ? "" : before->second, now});
    if (before != then.end()) then.erase(before);
  }
  for (auto& [id, before] : then) again.differences.push_back({id, std::move(before), ""});
  return again;
}

}  // namespace answerable::engine
