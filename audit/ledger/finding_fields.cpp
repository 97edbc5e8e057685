#include "audit/ledger/finding_fields.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/engine/council_rules.hpp"
#include "audit/engine/explain.hpp"
#include "audit/engine/store.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::ledger {
namespace {

constexpr pg::Statement run_judged{
    "ledger.run_judged",
    "SELECT as_of, known_at, rule_set, engine FROM answerable.audit_run WHERE authority = $1 AND run = $2"};

std::string text_of(const std::optional<Day>& day) {
  return day ? iso(*day) : "";
}

}  // namespace

FindingFields::Run& FindingFields::run(std::int64_t number) {
  if (run_ && run_->number == number) return *run_;
  run_.emplace().number = number;
  pg::Transaction transaction(connection_, pg::Access::read_only);
  const auto rows = transaction.run(run_judged, authority_, number);
  if (rows.rows() == 0 || rows.int32(0, 3) != engine::engine_edition) return *run_;
  run_->as_of = rows.day(0, 0);
  run_->known_at = rows.int64(0, 1);
  Digest digest{};
  std::ranges::copy(rows.bytes(0, 2), digest.begin());
  if (!kinds_) kinds_ = xml::Kinds::load(share_folder() / "schemas");
  run_->catalogue = engine::catalogue_of(transaction, digest, *kinds_);
  return *run_;
}

std::optional<FindingFields::Wrong> FindingFields::wrong(std::string_view content) {
  const auto stored = nlohmann::json::parse(content);
  const auto id = engine::parse_finding(stored.at("finding").get<std::string>());
  auto& of = run(stored.at("run").get<std::int64_t>());
  if (!of.catalogue || !id) return std::nullopt;
  const auto now = engine::explain(connection_, *of.catalogue, authority_, stored.at("subject").get<std::int32_t>(),
                                   *id, of.as_of, of.known_at);
  Wrong wrong;
  const auto compare = [&](const char* name, std::string_view expected) {
    const auto& value = stored.at(name);
    const auto found = value.is_null() ? std::string{} : value.get<std::string>();
    if (found == expected) return;
    const char* const between = wrong.fields.empty() ? "" : "; ";
    wrong.fields.append(between).append(name);
    wrong.found.append(between).append(found.empty() ? "nothing" : found);
    wrong.expected.append(between).append(expected.empty() ? "nothing" : expected);
  };
  if (!now) return std::nullopt;
  compare("rule", now->rule);
  compare("duty", now->duty);
  compare("edition_from", iso(now->edition_from));
  compare("outcome", engine::word(now->outcome));
  compare("state", now->state);
  compare("severity", now->severity);
  compare("due", text_of(now->due));
  compare("flagged_since", text_of(now->flagged_since));
  compare("actor", now->attribution.actor);
  compare("agreement", now->attribution.agreement);
  if (!stored.at("sentence").is_null()) compare("sentence", now->sentence);
  if (wrong.fields.empty()) return std::nullopt;
  return wrong;
}

}  // namespace answerable::ledger
