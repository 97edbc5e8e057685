#include "audit/engine/council_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "audit/engine/ledger_reader.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::engine {
namespace {

constexpr pg::Statement all_decisions{"audit.council_rules",
                                      "SELECT id, file IS NULL, decided_at, decided_by, reason FROM "
                                      "answerable.council_rule WHERE authority = $1 ORDER BY id, ordinal"};
constexpr pg::Statement files_in_force{
    "audit.council_rule_files",
    "SELECT f.id, f.digest, f.bytes FROM (SELECT DISTINCT ON (id) id, file FROM answerable.council_rule"
    " WHERE authority = $1 ORDER BY id, ordinal DESC) c JOIN answerable.rule_file f ON f.digest = c.file ORDER BY 1"};
constexpr pg::Statement keep_file{
    "audit.keep_rule_file",
    "INSERT INTO answerable.rule_file (digest, id, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};
constexpr pg::Statement add_rule_decision{
    "audit.add_council_rule",
    "INSERT INTO answerable.council_rule (authority, id, ordinal, file, decided_at, decided_by, reason)"
    " SELECT $1, $2, coalesce(max(ordinal), 0) + 1, $3, now(), $4, $5 FROM answerable.council_rule"
    " WHERE authority = $1 AND id = $2"};
constexpr pg::Statement files_of_set{
    "audit.rule_set_files",
    "SELECT f.id, f.digest, f.bytes FROM answerable.rule_set s JOIN answerable.rule_file f ON f.digest = s.file"
    " WHERE s.digest = $1 ORDER BY 1"};

Catalogue::File file_in(const pg::Result& rows, int row) {
  Catalogue::File file;
  file.id = rows.text(row, 0);
  const auto digest = rows.bytes(row, 1);
  std::copy(digest.begin(), digest.end(), file.digest.begin());
  const auto bytes = rows.bytes(row, 2);
  file.bytes.resize(bytes.size());
  std::transform(bytes.begin(), bytes.end(), file.bytes.begin(), [](std::byte b) { return static_cast<char>(b); });
  return file;
}

}  // namespace

std::vector<CouncilRule> council_rules(pg::Transaction& transaction, const std::string& authority) {
  const auto rows = transaction.run(all_decisions, authority);
  std::vector<CouncilRule> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({std::string(rows.text(i, 0)), rows.boolean(i, 1), rows.instant(i, 2), std::string(rows.text(i, 3)),
                   std::string(rows.text(i, 4))});
  return all;
}

void load_rule(pg::Transaction& transaction, const std::string& authority, const Catalogue::File& file,
               const std::string& decided_by, const std::string& reason) {
  const auto shipped = Catalogue::shipped();
  if (std::any_of(shipped.begin(), shipped.end(), [&](const auto& other) { return other.id == file.id; }))
    throw std::invalid_argument(
        fmt::format("{} ships with the program; switch it off or change its numbers with a policy record, and give a "
                    "rule of your own another id",
                    file.id));
  const auto councils = LedgerReader::authorities(transaction);
  if (std::find(councils.begin(), councils.end(), authority) == councils.end())
    throw std::invalid_argument(
        fmt::format("{}: no records of that council are held; `answerable status` lists those that are", authority));
  transaction.run(keep_file, std::span<const std::byte>(file.digest), file.id, as_bytes(file.bytes));
  transaction.run(add_rule_decision, authority, file.id, std::optional{std::span<const std::byte>(file.digest)},
                  decided_by, reason);
}

void withdraw_rule(pg::Transaction& transaction, const std::string& authority, const std::string& id,
                   const std::string& decided_by, const std::string& reason) {
  const auto all = council_rules(transaction, authority);
  const auto newest = std::find_if(all.rbegin(), all.rend(), [&](const auto& rule) { return rule.id == id; });
  if (newest == all.rend() || newest->withdrawn)
    throw std::invalid_argument(fmt::format("{}: the council {} has loaded no such rule", id, authority));
  transaction.run(add_rule_decision, authority, id, std::optional<std::span<const std::byte>>{}, decided_by, reason);
}

Catalogue catalogue_for(pg::Transaction& transaction, const std::string& authority, const xml::Kinds& kinds) {
  auto files = Catalogue::shipped();
  const auto rows = transaction.run(files_in_force, authority);
  for (int i = 0; i < rows.rows(); ++i) files.push_back(file_in(rows, i));
  return Catalogue::from(std::move(files), kinds);
}

std::optional<Catalogue> catalogue_of(pg::Transaction& transaction, const Digest& digest, const xml::Kinds& kinds) {
  const auto rows = transaction.run(files_of_set, std::span<const std::byte>(digest));
  if (rows.rows() == 0) return std::nullopt;
  std::vector<Catalogue::File> files;
  for (int i = 0; i < rows.rows(); ++i) files.push_back(file_in(rows, i));
  return Catalogue::from(std::move(files), kinds);
}

}  // namespace answerable::engine
