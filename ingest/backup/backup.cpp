#include "ingest/backup/backup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>

#include "ingest/digest.hpp"
#include "ingest/durable_file.hpp"
#include "ingest/pg/base_backup.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::backup {
namespace fs = std::filesystem;
namespace {

using nlohmann::ordered_json;

constexpr std::array files{"about.json", "backup_manifest", "base.tar.gz", "pg_wal.tar.gz"};
constexpr const char* sums = "SHA256SUMS";

constexpr pg::Statement councils_held{
    "backup.councils",
    "SELECT c.authority, c.next_submission - 1, c.next_record,"
    " (SELECT coalesce(sum(count), 0)::bigint FROM answerable.to_ledger l WHERE l.authority = c.authority),"
    " (SELECT coalesce(max(size), 0) FROM answerable.checkpoint k WHERE k.authority = c.authority AND k.ledger ="
    "   (SELECT max(ledger) FROM answerable.checkpoint n WHERE n.authority = c.authority))"
    " FROM answerable.counter c ORDER BY c.authority"};
constexpr pg::Statement schema_is{"backup.schema_version", "SELECT max(number) FROM answerable.migration"};

About about_now(pg::Connection& connection) {
  pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  About about{.made_at = now(), .schema_version = transaction.run_one(schema_is).int32(0, 0), .councils = {}};
  const auto rows = transaction.run(councils_held);
  for (int row = 0; row < rows.rows(); ++row)
    about.councils.push_back({.authority = std::string(rows.text(row, 0)),
                              .submissions = rows.int64(row, 1),
                              .records = rows.int64(row, 2),
                              .leaves = rows.int64(row, 3),
                              .signed_leaves = rows.int64(row, 4)});
  return about;
}

About parse_about(const fs::path& file) {
  std::ifstream in(file);
  const auto document = ordered_json::parse(in);
  About about{.made_at = parse_instant(document.at("made_at").get<std::string>()).value(),
              .schema_version = document.at("schema_version"),
              .councils = {}};
  for (const auto& one : document.at("councils"))
    about.councils.push_back(
        {one.at("authority"), one.at("submissions"), one.at("records"), one.at("leaves"), one.at("signed_leaves")});
  return about;
}

/// A line of SHA256SUMS, as sha256sum writes it.
std::string sum_line(const fs::path& folder, const char* name) {
  std::ifstream in(folder / name, std::ios::binary);
  Sha256 sha256;
  std::array<char, 1 << 16> buffer;
  while (in.read(buffer.data(), buffer.size()), in.gcount() > 0)
    sha256.update(std::as_bytes(std::span(buffer).first(static_cast<std::size_t>(in.gcount()))));
  if (!in.eof()) throw Damaged(fmt::format("{} cannot be read", (folder / name).string()));
  return fmt::format("{}  {}\n", hex(sha256.finish()), name);
}

/// "answerable-2026-11-22T013000Z": sorts by time, and is a file's name everywhere.
std::string name_of(Instant at) {
  std::string name = "answerable-" + iso(at).substr(0, 19) + "Z";
  std::erase(name, ':');
  return name;
}

}  // namespace

ordered_json to_json(const About& about) {
  ordered_json councils = ordered_json::array();
  for (const auto& one : about.councils)
    councils.push_back({{"authority", one.authority},
                        {"submissions", one.submissions},
                        {"records", one.records},
                        {"leaves", one.leaves},
                        {"signed_leaves", one.signed_leaves}});
  return {{"made_at", iso(about.made_at)}, {"schema_version", about.schema_version}, {"councils", councils}};
}

Made make(const fs::path& data_dir, pg::Connection& connection, const fs::path& into) {
  fs::create_directories(into);
  Made made{.folder = into, .about = about_now(connection)};
  const std::string name = name_of(made.about.made_at);
  made.folder = into / name;
  if (fs::exists(made.folder)) throw std::runtime_error(fmt::format("{} is there already", made.folder.string()));
  const fs::path unfinished = into / ("." + name);
  fs::create_directory(unfinished);
  try {
    fs::permissions(unfinished, fs::perms{0700});
    pg::copy_cluster(data_dir, unfinished);
    create_durably(unfinished / "about.json", to_json(made.about).dump(2) + "\n");
    std::string lines;
    for (const char* file : files) {
      fs::permissions(unfinished / file, fs::perms{0600});
      lines += sum_line(unfinished, file);
      made.bytes += fs::file_size(unfinished / file);
    }
    create_durably(unfinished / sums, lines);
    fs::rename(unfinished, made.folder);
    make_durable(made.folder);
  } catch (...) {
    std::error_code gone;
    fs::remove_all(unfinished, gone);
    throw;
  }
  return made;
}

About check(const fs::path& backup) {
  std::ifstream in(backup / sums);
  const std::string lines{std::istreambuf_iterator<char>(in), {}};
  if (lines.empty()) throw Damaged(fmt::format("{} is no backup: it has no {}", backup.string(), sums));
  for (const char* file : files) {
    if (!fs::exists(backup / file)) throw Damaged(fmt::format("{} is missing", (backup / file).string()));
    if (lines.find(sum_line(backup, file)) == lines.npos)
      throw Damaged(
          fmt::format("{} is not as it was made: its SHA-256 is not the one in {}", (backup / file).string(), sums));
  }
  return parse_about(backup / "about.json");
}

About restore(const fs::path& backup, const fs::path& data_dir) {
  About about = check(backup);
  try {
    pg::put_cluster_back(backup, data_dir);
  } catch (const pg::DamagedCopy& damaged) {
    throw Damaged(damaged.what());
  }
  return about;
}

}  // namespace answerable::backup
