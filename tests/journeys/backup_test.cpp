// A backup is taken while the services run, the data are lost, and what is put back is verified to the last leaf.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class BackupJourney : public ::testing::Test {
 protected:
  Ran answer(const std::string& words) { return run(program + " " + words, true); }

  void send(int n) {
    const auto file = folder_ / fmt::format("M-{}.xml", n);
    spill(file, fmt::format("<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-{0}</messageId>"
                            "<sender scheme=\"cassr\" code=\"999\">Demonstration Council</sender>"
                            "<authority scheme=\"cassr\" code=\"999\">Demonstration Council</authority>"
                            "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header>"
                            "<records><person xmlns=\"urn:answerable:person:1\" id=\"PER-{0}\">"
                            "<person scheme=\"council\">P{0}</person><name>Example Person</name></person></records>"
                            "</submission>",
                            n));
    const auto sent = answer("submit " + file.string() + data_);
    ASSERT_EQ(sent.code, 0) << sent.out;
  }
  fs::path back_up() {
    const auto made = run(program + " backup --format json --output " + (folder_ / "backups").string() + data_);
    EXPECT_EQ(made.code, 0) << answer("backup --output " + (folder_ / "backups").string() + data_).out;
    return made.json()["backup"].get<std::string>();
  }
  Ran restore(const fs::path& backup, const char* to) {
    return answer(fmt::format("restore {} --data {}{}", backup.string(), (folder_ / to).string(), keys_));
  }

  Folder folder_;
  std::string data_ = " --data " + (folder_ / "data").string();
  std::string keys_ = " --keys " + (folder_ / "keys").string();
};

TEST_F(BackupJourney, what_was_lost_is_put_back_and_verified) {
  send(1);
  ASSERT_EQ(answer("checkpoint" + data_ + keys_).code, 0);
  const auto backup = back_up();
  EXPECT_EQ(run("cd " + backup.string() + " && sha256sum --check --strict SHA256SUMS").code, 0);
  const auto about = nlohmann::ordered_json::parse(slurp(backup / "about.json"));
  EXPECT_EQ(about["councils"][0]["authority"], "999");
  EXPECT_EQ(about["councils"][0]["records"], 1);
  EXPECT_GT(about["councils"][0]["signed_leaves"], 0);
  EXPECT_EQ(fs::status(backup).permissions(), fs::perms{0700});
  for (const auto& entry : fs::directory_iterator(backup))
    EXPECT_EQ(entry.status().permissions(), fs::perms{0600}) << entry.path();
  fs::remove_all(folder_ / "data");
  const auto restored = restore(backup, "new");
  EXPECT_EQ(restored.code, 0) << restored.out;
  EXPECT_THAT(restored.out, HasSubstr("Everything is as it was signed."));
  EXPECT_THAT(restored.out, HasSubstr("1 submissions, 1 records"));
  data_ = " --data " + (folder_ / "new").string();
  send(2);
  EXPECT_EQ(answer("checkpoint" + data_ + keys_).code, 0);
  EXPECT_EQ(answer("verify --ledger" + data_ + keys_).code, 0) << "and it goes on from there";
  const auto again = restore(backup, "new");
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.out, HasSubstr("holds something already"));
}

TEST_F(BackupJourney, an_older_backup_is_told_by_the_checkpoints_kept_apart) {
  send(1);
  ASSERT_EQ(answer("checkpoint" + data_ + keys_).code, 0);
  const auto backup = back_up();
  send(2);
  ASSERT_EQ(answer("checkpoint" + data_ + keys_).code, 0);
  const auto restored = restore(backup, "new");
  EXPECT_EQ(restored.code, 1) << restored.out;
  EXPECT_THAT(restored.out, Not(HasSubstr("Everything is as it was signed.")));
  EXPECT_THAT(restored.out, HasSubstr("not as it was"));
}

TEST_F(BackupJourney, a_damaged_backup_is_refused_by_the_name_of_its_file) {
  send(1);
  const auto backup = back_up();
  const auto damaged = folder_ / "damaged";
  const auto refused = [&](const char* file, const std::string& content) {
    fs::remove_all(damaged);
    fs::copy(backup, damaged, fs::copy_options::recursive);
    spill(damaged / file, content);
    const auto restored = restore(damaged, "new");
    EXPECT_EQ(restored.code, 3) << restored.out;
    EXPECT_THAT(restored.out, HasSubstr((damaged / file).string()));
    EXPECT_FALSE(fs::exists(folder_ / "new" / "postgres"));
  };
  for (const char* file : {"base.tar.gz", "pg_wal.tar.gz", "backup_manifest", "about.json"}) {
    auto bytes = slurp(backup / file);
    refused(file, bytes.substr(0, bytes.size() / 2));
    bytes[bytes.size() / 2] ^= 1;
    refused(file, bytes);
  }
  fs::remove_all(damaged);
  fs::copy(backup, damaged, fs::copy_options::recursive);
  fs::remove(damaged / "base.tar.gz");
  EXPECT_THAT(restore(damaged, "new").out, HasSubstr("base.tar.gz is missing"));
  // Whoever changes the sums too is found out by PostgreSQL's own manifest.
  fs::remove_all(damaged);
  fs::copy(backup, damaged, fs::copy_options::recursive);
  ASSERT_EQ(run(fmt::format("cd {} && mkdir x && tar -xzf base.tar.gz -C x && echo 1 >>x/PG_VERSION && tar -czf "
                            "base.tar.gz -C x . && rm -r x && sha256sum about.json backup_manifest base.tar.gz "
                            "pg_wal.tar.gz >SHA256SUMS",
                            damaged.string()))
                .code,
            0);
  const auto forged = restore(damaged, "new");
  EXPECT_EQ(forged.code, 3) << forged.out;
  EXPECT_THAT(forged.out, HasSubstr("PG_VERSION"));
}

TEST_F(BackupJourney, a_server_of_your_own_has_its_own_tools) {
  const auto refused = answer("backup --output /nowhere --database postgresql:///x");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.out, HasSubstr("pg_basebackup"));
  EXPECT_THAT(refused.out, HasSubstr("pg_dump"));
}

}  // namespace
}  // namespace answerable::testing
