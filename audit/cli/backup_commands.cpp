#include "audit/cli/backup_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "audit/cli/ledger_desk.hpp"
#include "audit/cli/verify_command.hpp"
#include "ingest/backup/backup.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/locations.hpp"

namespace answerable::cli {
namespace {

struct RestoreAsked : LedgerAsked {
  std::string from;
};

std::string held_text(const backup::About& about) {
  std::string out;
  for (const auto& one : about.councils)
    out += fmt::format("  council {}: {} submissions, {} records, {} leaves, {} of them signed\n", one.authority,
                       grouped(one.submissions), grouped(one.records), grouped(one.leaves), grouped(one.signed_leaves));
  return out;
}

int make_backup(const Common& common, const std::string& into) {
  if (common.database)
    throw Failure(usage,
                  "a database of your own is backed up with its own tools: pg_basebackup --checkpoint=fast "
                  "--wal-method=stream --pgdata=DIR for the whole server, or as a superuser pg_dump --format=custom "
                  "--file=FILE for the database and pg_dumpall --roles-only for its roles. Afterwards restore it "
                  "somewhere and run answerable verify --ledger on that");
  const pg::Database database = open_database(common);
  pg::Connection connection(database.conninfo(), "backup");
  const auto made = backup::make(common.data, connection, into);
  if (common.json) {
    auto document = backup::to_json(made.about);
    document["backup"] = made.folder.string();
    document["bytes"] = made.bytes;
    print_json(document);
    return done;
  }
  print(
      printable(fmt::format("{}: {} bytes, schema {}. When it was begun it held\n{}The signing keys and the "
                            "checkpoints kept apart are not in "
                            "it: copy their folder (usually {}) to another place than this.\n",
                            made.folder.string(), grouped(static_cast<std::int64_t>(made.bytes)),
                            made.about.schema_version, held_text(made.about), default_keys_folder().string())));
  return done;
}

int restore_backup(const Common& common, const RestoreAsked& asked) {
  if (common.database)
    throw Failure(usage, "a backup is restored to a private server, in a new data folder: leave --database out");
  std::error_code none;
  if (std::filesystem::exists(common.data) && !std::filesystem::is_empty(common.data, none))
    throw Failure(usage, fmt::format("{} holds something already: name a new folder with --data, and move it to its "
                                     "place once you have seen that it is what you want",
                                     common.data.string()));
  try {
    const auto about = backup::restore(asked.from, common.data);
    if (!common.json)
      print(printable(fmt::format("Restored to {}: the backup of {}, schema {}. When it was begun it held\n{}",
                                  common.data.string(), iso(about.made_at), about.schema_version, held_text(about))));
  } catch (const backup::Damaged& damaged) {
    throw Failure(refused, fmt::format("{}. Nothing was restored: use another backup", damaged.what()));
  }
  if (!common.json)
    print(
        "What came in later is not in it, and it cannot know that: the checkpoints kept apart show what was signed "
        "later.\n");
  return verify_ledger(common, asked);
}

}  // namespace

void add_backup_commands(Program& program) {
  const auto into = std::make_shared<std::string>();
  program
      .add("backup", "Copy the private database while it is used: a folder that restore takes back.",
           [into](const Common& common) { return make_backup(common, *into); })
      .add_option("--output", *into, "Where the backup's folder is made, named by the time")
      ->type_name("DIR")
      ->required();
  const auto asked = std::make_shared<RestoreAsked>();
  auto& restore = program.add("restore", "Put a backup into a new data folder, and verify its ledger.",
                              [asked](const Common& common) { return restore_backup(common, *asked); });
  restore.add_option("BACKUP", asked->from, "The backup's folder")->required();
  asked->add_to(restore);
}

}  // namespace answerable::cli
