#include "ingest/intake/register.hpp"

#include <algorithm>
#include <stdexcept>

#include "ingest/digest.hpp"
#include "ingest/intake/sql_arrays.hpp"

namespace answerable::intake {
namespace {

constexpr std::size_t remembered_at_most = 600'000;  // 32 MB

// The tables grow while the statements' plans stay, and nobody may have analysed them yet: each name is looked up by
// its own index, behind a fence (OFFSET 0) that the planner cannot turn round.
constexpr pg::Statement plain_plans{"intake.plain_plans",
                                    "SELECT set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true)"};
constexpr pg::Statement find_organisations{
    "intake.find_organisations",
    "SELECT scheme || ':' || code, organisation FROM answerable.organisation WHERE authority = $1"};
constexpr pg::Statement any_record{
    "intake.any_record", "SELECT EXISTS (SELECT FROM answerable.record WHERE authority = $1 AND sender = $2)"};
constexpr pg::Statement find_records{
    "intake.find_records",
    "SELECT found.* FROM unnest($3::text[]) AS wanted (id) CROSS JOIN LATERAL ("
    "SELECT r.id, r.number, r.subject, r.kind FROM answerable.record r"
    " WHERE r.authority = $1 AND r.sender = $2 AND r.id = wanted.id OFFSET 0) AS found"};
constexpr pg::Statement find_identifiers{
    "intake.find_identifiers",
    "SELECT found.* FROM unnest($3::text[]) AS wanted (value) CROSS JOIN LATERAL ("
    "SELECT i.value, i.subject, i.number FROM answerable.identifier i"
    " WHERE i.authority = $1 AND i.scheme = $2 AND i.value = wanted.value OFFSET 0) AS found"};
constexpr pg::Statement find_agreement{
    "intake.find_agreement",
    "SELECT e.number, e.act, e.first, e.last, e.precision::text, e.until_first, e.until_last, e.until_precision::text,"
    " coalesce(e.attributes::jsonb->>'party', ''), o.scheme || ':' || o.code"
    " FROM answerable.entry e JOIN answerable.record r USING (authority, number)"
    " JOIN answerable.organisation o ON o.authority = r.authority AND o.organisation = r.sender"
    " WHERE r.authority = $1 AND r.subject = $2 AND e.act IN ('agreement.made', 'agreement.revoked')"
    " AND NOT EXISTS (SELECT FROM answerable.record c WHERE c.authority = r.authority AND c.subject = r.subject AND "
    "c.corrects = r.number)"
    " ORDER BY e.number, e.ordinal"};
constexpr pg::Statement find_bodies{"intake.find_bodies",
                                    "SELECT number, digest FROM answerable.body_digests($1, $2::bigint[])"};

Precision precision_of(std::string_view letter) {
  return static_cast<Precision>(letter.at(0));
}

void add_parties(std::set<std::string>& parties, std::string_view list) {
  while (!list.empty()) {
    const auto end = std::min(list.find(' '), list.size());
    if (end > 0) parties.emplace(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

void add_entry(AgreementTerms& terms, std::int64_t number, std::string_view act, const Happened& when,
               const std::optional<Happened>& until) {
  if (act == "agreement.made") terms.versions.push_back({number, when, until});
  if (act == "agreement.revoked") terms.revoked.emplace_back(number, when);
}

}  // namespace

Register::Register(pg::Transaction& transaction, std::string authority, bool remember_all)
    : transaction_(transaction), authority_(std::move(authority)), remember_all_(remember_all) {
  transaction_.run(plain_plans);
  const pg::Result rows = transaction_.run(find_organisations, authority_);
  for (int row = 0; row < rows.rows(); ++row) organisations_.emplace(rows.text(row, 0), rows.int32(row, 1));
}

bool Register::make_room() {
  if (remember_all_ || known_.size() < remembered_at_most) return false;
  known_.clear();
  complete_ = false;
  return true;
}

void Register::want(std::map<std::string, std::vector<Name>>& wanted, const std::string& space, const std::string& name,
                    Key key) {
  // Not known until it is found: an entry that says so keeps the same name from being asked for twice.
  if (known_.try_emplace(key).second) wanted[space].push_back({name, key});
}

void Register::want_record(const std::string& sender, const std::string& id) {
  want(wanted_records_, sender, id, keys_.record(sender, id));
}

void Register::want_identifier(const std::string& scheme, const std::string& value) {
  want(wanted_identifiers_, scheme, value, keys_.identifier(scheme, value));
}

void Register::fetch() {
  for (const auto& [sender, names] : wanted_records_) fetch_records(sender, names);
  for (const auto& [scheme, names] : wanted_identifiers_) fetch_identifiers(scheme, names);
  wanted_records_.clear();
  wanted_identifiers_.clear();
}

bool Register::has_records(const std::string& sender, std::int32_t number) {
  const auto [place, is_new] = had_records_.try_emplace(sender);
  if (is_new) place->second = transaction_.run_one(any_record, authority_, number).boolean(0, 0);
  return place->second || !complete_;
}

void Register::fetch_records(const std::string& sender, const std::vector<Name>& names) {
  const auto number = organisation(sender);
  if (!number || !has_records(sender, *number)) return;
  ArrayText ids;
  for (const Name& name : names) ids.add(name.text);
  const pg::Result rows = transaction_.run(find_records, authority_, *number, std::move(ids).close());
  for (int row = 0; row < rows.rows(); ++row) {
    known_[keys_.record(sender, rows.text(row, 0))] = {rows.int64(row, 1), rows.int32(row, 2),
                                                       kind(std::string(rows.text(row, 3)))};
  }
}

void Register::fetch_identifiers(const std::string& scheme, const std::vector<Name>& names) {
  ArrayText values;
  for (const Name& name : names) values.add(name.text);
  const pg::Result rows = transaction_.run(find_identifiers, authority_, scheme, std::move(values).close());
  for (int row = 0; row < rows.rows(); ++row)
    known_[keys_.identifier(scheme, rows.text(row, 0))] = {rows.int64(row, 2), rows.int32(row, 1), 0};
}

const Known& Register::find(const Key& key) const {
  static const Known nobody;
  const Known* const known = known_.find(key);
  return known ? *known : nobody;
}

Known Register::record(const Key& key) const {
  return find(key);
}
Known Register::identifier(const Key& key) const {
  return find(key);
}
void Register::add(const Key& key, const Known& known) {
  known_[key] = known;
}

std::int16_t Register::kind(const std::string& name) {
  const auto [place, is_new] = kind_numbers_.try_emplace(name, static_cast<std::int16_t>(kinds_.size()));
  if (is_new) kinds_.push_back(name);
  return place->second;
}

const AgreementTerms& Register::agreement(const std::string& reference) const {
  static const AgreementTerms none;
  const auto at = agreements_.find(reference);
  return at == agreements_.end() ? none : at->second;
}

void Register::learn_agreement(const std::string& reference) {
  if (agreements_.contains(reference)) return;
  const Known held = find(keys_.identifier("agreement", reference));
  if (!held.exists()) return;
  AgreementTerms& terms = agreements_[reference];
  const pg::Result rows = transaction_.run(find_agreement, authority_, held.subject);
  for (int row = 0; row < rows.rows(); ++row) {
    const Happened when{rows.day(row, 2), rows.day(row, 3), precision_of(rows.text(row, 4))};
    std::optional<Happened> until;
    if (!rows.is_null(row, 5)) until = Happened{rows.day(row, 5), rows.day(row, 6), precision_of(rows.text(row, 7))};
    add_entry(terms, rows.int64(row, 0), rows.text(row, 1), when, until);
    add_parties(terms.parties, rows.text(row, 8));
    terms.parties.emplace(rows.text(row, 9));
  }
}

void Register::add_agreement(const std::string& reference, const std::string& sender, const ParsedRecord& record,
                             std::int64_t number) {
  AgreementTerms& terms = agreements_[reference];
  if (!record.corrects.empty()) {
    const std::int64_t corrected = find(keys_.record(sender, record.corrects)).number;
    std::erase_if(terms.versions, [&](const auto& version) { return version.number == corrected; });
    std::erase_if(terms.revoked, [&](const auto& revoked) { return revoked.first == corrected; });
  }
  for (const ParsedEntry& entry : record.entries) {
    add_entry(terms, number, entry.act, entry.when, entry.until);
    for (const auto& [name, value] : entry.attributes)
      if (name == "party") add_parties(terms.parties, value);
  }
  terms.parties.insert(sender);
}

std::optional<std::int32_t> Register::organisation(std::string_view key) const {
  const auto at = organisations_.find(key);
  return at == organisations_.end() ? std::nullopt : std::optional(at->second);
}

void Register::add_organisation(const std::string& key, std::int32_t number) {
  organisations_.emplace(key, number);
}

std::map<std::int64_t, Digest> Register::bodies(const std::vector<std::int64_t>& numbers) {
  std::map<std::int64_t, Digest> found;
  if (numbers.empty()) return found;
  ArrayText wanted;
  for (const std::int64_t number : numbers) wanted.add(number);
  const pg::Result rows = transaction_.run(find_bodies, authority_, std::move(wanted).close());
  for (int row = 0; row < rows.rows(); ++row) {
    Digest digest;
    const auto bytes = rows.bytes(row, 1);
    if (bytes.size() != digest.size()) throw std::logic_error("sha256() gave something else than 32 bytes");
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    found.emplace(rows.int64(row, 0), digest);
  }
  return found;
}

}  // namespace answerable::intake
