#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <stdexcept>

#include "audit/ledger/keys.hpp"
#include "ingest/base64.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::ledger {
namespace {

namespace fs = std::filesystem;
using testing::Folder;
using ::testing::HasSubstr;
using testing::run;
using testing::slurp;
using testing::spill;

mode_t mode(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) throw std::runtime_error("no " + path.string());
  return found.st_mode & 07777;
}

std::string refusal(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "not refused";
}

TEST(LedgerKeys, AreMadeForThisUserAloneAndReadBack) {
  const Folder folder;
  const Keys keys(folder / "conf/keys");
  EXPECT_EQ(mode(folder / "conf/keys"), 0700U);
  EXPECT_TRUE(keys.of("905").empty());
  const StoredKey made = keys.make("905");
  EXPECT_EQ(made.number, 1);
  EXPECT_EQ(made.file.filename(), "905-1.pem");
  EXPECT_EQ(mode(made.file), 0600U);
  const auto read = Keys(folder / "conf/keys").of("905");
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].key.public_key(), made.key.public_key());
  const auto message = as_bytes("text");
  EXPECT_TRUE(verify_ed25519(made.key.public_key(), message, read[0].key.sign(message)));
  EXPECT_EQ(std::distance(fs::directory_iterator(keys.folder()), {}), 1) << "nothing is left behind";
}

TEST(LedgerKeys, OpensslReadsThem) {
  const Folder folder;
  const StoredKey made = Keys(folder / "keys").make("905");
  const auto text = run("openssl pkey -in " + made.file.string() + " -pubout -outform DER | tail -c 32 | base64", true);
  EXPECT_EQ(text.code, 0);
  EXPECT_EQ(text.out, base64(made.key.public_key()) + "\n");
}

TEST(LedgerKeys, OfOneThatOpensslMadeServeAsWell) {
  const Folder folder;
  const Keys keys(folder / "keys");
  ASSERT_EQ(run("umask 077; openssl genpkey -algorithm ed25519 -out " + (keys.folder() / "905-3.pem").string()).code,
            0);
  EXPECT_EQ(keys.of("905").at(0).number, 3);
  EXPECT_EQ(keys.make("905").number, 4);
}

TEST(LedgerKeys, DuringAChangeoverBothSignAndAfterwardsTheNewest) {
  const Folder folder;
  const Keys keys(folder / "keys");
  const PublicKey first = keys.make("905").key.public_key(), second = keys.make("905").key.public_key();
  EXPECT_NE(first, second);
  const auto both = keys.of("905");
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].key.public_key(), second);
  EXPECT_EQ(both[1].key.public_key(), first);
  keys.retire_former("905");
  ASSERT_EQ(keys.of("905").size(), 1U);
  EXPECT_EQ(keys.of("905")[0].number, 2);
  EXPECT_EQ(keys.make("905").number, 3) << "no number is used twice";
}

/// A service's credentials, as systemd shows them, while this lasts.
class Credentials {
 public:
  explicit Credentials(const fs::path& folder) { ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1); }
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;
  ~Credentials() { ::unsetenv("CREDENTIALS_DIRECTORY"); }
};

TEST(LedgerKeys, LieSealedWhereThereIsAVault) {
  const Folder folder;
  const Keys keys(folder / "keys");
  keys.make("905");
  for (const char* service : {"one", "another", "wrong"}) {
    fs::create_directory(folder / service);
    spill(folder / service / "sealing-key", std::string(32, *service));
  }
  PublicKey sealed;
  {
    const Credentials one(folder / "one");
    const auto made = keys.make("905");
    sealed = made.key.public_key();
    EXPECT_THAT(slurp(made.file), HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
    EXPECT_NE(run("openssl pkey -noout -passin pass:" + std::string(32, 'o') + " -in " + made.file.string()).code, 0);
    EXPECT_EQ(keys.of("905").at(0).key.public_key(), sealed);
    EXPECT_EQ(keys.of("905").at(1).number, 1) << "one made before there was a vault goes on";
  }
  EXPECT_THAT(refusal([&] { keys.of("905"); }), HasSubstr("LoadCredentialEncrypted=sealing-key:"));
  {
    const Credentials another(folder / "another");
    EXPECT_THAT(refusal([&] { keys.of("905"); }), HasSubstr("905-2.pem cannot be used: it is sealed"));
  }
  spill(folder / "wrong/sealing-key", std::string(33, 'x'));
  const Credentials wrong(folder / "wrong");
  EXPECT_THAT(refusal([&] { keys.make("905"); }), HasSubstr("expected 32 bytes"));
}

TEST(LedgerKeys, NamesDoNotMix) {
  const Folder folder;
  const Keys keys(folder / "keys");
  keys.make("905");
  keys.make("905-1");
  keys.make("witness-audit.example/w 1");
  keys.make("witness-audit.example/w_1");
  EXPECT_EQ(keys.of("905").size(), 1U);
  EXPECT_EQ(keys.of("905-1").size(), 1U);
  EXPECT_EQ(keys.of("90").size(), 0U);
  EXPECT_EQ(keys.of("witness-audit.example/w 1").size(), 1U);
  EXPECT_TRUE(fs::exists(keys.folder() / "witness-audit.example%2Fw%201-1.pem"));
}

TEST(LedgerKeys, ProgramsThatMakeTheFirstAtOnceGetTheSame) {
  const Folder folder;
  const Keys keys(folder / "keys");
  std::vector<std::future<PublicKey>> makers;
  for (int i = 0; i < 8; ++i)
    makers.push_back(std::async(std::launch::async, [&] { return keys.of_or_first("905").at(0).key.public_key(); }));
  for (auto& maker : makers) {
    const PublicKey made = maker.get();
    EXPECT_EQ(made, keys.of("905").at(0).key.public_key());
  }
  EXPECT_EQ(keys.of("905").size(), 1U);
}

TEST(LedgerKeys, WhatOthersCanReadIsRefusedWithTheCure) {
  const Folder folder;
  const Keys keys(folder / "keys");
  const fs::path file = keys.make("905").file;
  for (const mode_t open : {0640U, 0604U, 0660U, 0622U}) {
    ASSERT_EQ(::chmod(file.c_str(), open), 0);
    EXPECT_THAT(refusal([&] { keys.of("905"); }), HasSubstr("chmod 0600 " + file.string()));
  }
  ASSERT_EQ(::chmod(file.c_str(), 0400), 0);
  EXPECT_EQ(keys.of("905").size(), 1U);
  ASSERT_EQ(::chmod(keys.folder().c_str(), 0750), 0);
  EXPECT_THAT(refusal([&] { Keys again(keys.folder()); }), HasSubstr("chmod 0700 " + keys.folder().string()));
}

TEST(LedgerKeys, WhatIsNoKeyIsRefused) {
  const Folder folder;
  const Keys keys(folder / "keys");
  const auto put = [&](const std::string& command) {
    ASSERT_EQ(run("umask 077; " + command + " > " + (keys.folder() / "905-1.pem").string()).code, 0) << command;
  };
  put("echo nonsense");
  EXPECT_THAT(refusal([&] { keys.of("905"); }), HasSubstr("openssl pkey -in"));
  put("true");
  EXPECT_THAT(refusal([&] { keys.of("905"); }), HasSubstr("905-1.pem"));
  put("openssl genpkey -algorithm X25519");
  EXPECT_THAT(refusal([&] { keys.of("905"); }), HasSubstr("another kind than Ed25519"));
  put("openssl genpkey -algorithm ed25519 -aes256 -pass pass:secret");
  EXPECT_THAT(refusal([&] { keys.of("905"); }), HasSubstr("it is sealed, and not with the sealing key"));
  fs::remove(keys.folder() / "905-1.pem");
  fs::create_symlink("/etc/passwd", keys.folder() / "905-1.pem");
  EXPECT_THAT(refusal([&] { keys.of("905"); }), HasSubstr("905-1.pem cannot be opened"));
}

}  // namespace
}  // namespace answerable::ledger
