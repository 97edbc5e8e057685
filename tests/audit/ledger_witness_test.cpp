// `answerable witness` as another council would run it, asked over real HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <sstream>
#include <string>
#include <vector>

#include "audit/ledger/witness.hpp"
#include "tests/audit/ledger_witness.hpp"

namespace answerable::ledger {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::run;
using testing::slurp;
using testing::spill;
using ::testing::StartsWith;

TEST(LedgerWitness, CosignsALedgerThatGrows) {
  const Folder folder;
  const Ledger ledger(40);
  Running witness(folder, ledger);
  ASSERT_EQ(witness.keys.size(), 1U) << witness.complaint;
  EXPECT_EQ(witness.keys[0].type, SignatureType::cosignature);
  std::size_t before = 0;
  for (const std::size_t size : {0, 0, 1, 1, 7, 8, 31, 40}) {
    const http::Response answer = witness.add(body(before, ledger.proof(before, size), ledger.checkpoint(size)));
    ASSERT_EQ(answer.status, 200) << before << " to " << size << ": " << answer.body;
    EXPECT_THAT(answer.body, StartsWith("\u2014 "));
    const auto opened = open_checkpoint(ledger.checkpoint(size) + answer.body, witness.trust(ledger));
    ASSERT_EQ(opened.witnesses.size(), 1U);
    EXPECT_NEAR(static_cast<double>(*opened.witnesses[0].cosigned), static_cast<double>(::time(nullptr)), 60);
    EXPECT_EQ(open_checkpoint(slurp(state_file(folder)), witness.trust(ledger)).checkpoint.size, size);
    before = size;
  }
  EXPECT_EQ(witness.stop(), 0) << "SIGTERM ends it in good order";
}

TEST(LedgerWitness, EveryRefusalHasItsStatusAndLeavesTheStateAlone) {
  const Folder folder;
  const Ledger ledger(40), forked(40, "another story");
  const Running witness(folder, ledger);
  ASSERT_EQ(witness.keys.size(), 1U) << witness.complaint;
  const auto status = [&](const std::string& text) { return witness.add(text).status; };

  EXPECT_EQ(status(body(0, {empty_root()}, ledger.checkpoint(5))), 422) << "a proof from nothing";
  EXPECT_EQ(status(body(0, {}, ledger.checkpoint({origin, 0, leaf_hash({})}))), 422) << "an empty tree with a root";
  EXPECT_THAT(witness.get("/" + hex(sha256(as_bytes(origin))) + "/checkpoint"), StartsWith("HTTP/1.1 404"));
  const http::Response early = witness.add(body(5, ledger.proof(5, 7), ledger.checkpoint(7)));
  EXPECT_EQ(early.status, 409);
  EXPECT_EQ(early.body, "0\n");
  ASSERT_EQ(status(body(0, {}, ledger.checkpoint(20))), 200);
  const std::string state = slurp(state_file(folder));

  const auto proof = ledger.proof(20, 31);
  const std::string good = body(20, proof, ledger.checkpoint(31));
  const auto changed = [&](std::string_view what, std::string_view with) {
    std::string text = good;
    const auto at = text.find(what);
    if (at == text.npos) throw std::logic_error("nothing to change");
    return text.replace(at, what.size(), with);
  };
  std::vector<Digest> many(64, proof[0]);
  for (const std::string& bad : {std::string{},
                                 std::string{"\n"},
                                 ledger.checkpoint(31),
                                 changed("old 20", "20"),
                                 changed("old 20", "old  20"),
                                 changed("old 20", "old 020"),
                                 changed("old 20", "old +20"),
                                 changed("old 20", "old 20 "),
                                 changed("old 20\n", ""),
                                 changed("old 20\n", "old 20\r\n"),
                                 changed("old 20\n", "old 18446744073709551616\n"),
                                 changed("\n31\n", "\n031\n"),
                                 changed("=\n", "\n"),
                                 changed("\n\n" + std::string{origin}, "\n" + std::string{origin}),
                                 changed(" council.example/905 ", " council.example/905"),
                                 good.substr(0, good.size() - 1),
                                 good + "more\n",
                                 changed(origin, ""),
                                 good.substr(0, good.find("\u2014")),
                                 body(20, many, ledger.checkpoint(31)),
                                 body(32, ledger.proof(32, 32), ledger.checkpoint(31)),
                                 std::string{"\xFF\xFE"},
                                 changed("old", std::string(1, '\0'))})
    EXPECT_EQ(status(bad), 400) << bad;
  EXPECT_EQ(status(std::string(65537, 'x')), 413);

  Ledger stranger(40);
  stranger.signing = key(2);
  EXPECT_EQ(status(body(20, proof, stranger.checkpoint(31))), 403) << "signed by another key";
  std::string tampered = good;
  auto& digit = tampered[tampered.rfind('\n', tampered.size() - 2) + 60];
  digit = digit == 'A' ? 'B' : 'A';
  EXPECT_EQ(status(tampered), 403) << "the signature of a trusted key is not good";
  const std::string text31 = format_checkpoint(ledger.at(31));
  EXPECT_EQ(
      status(body(
          20, proof,
          format_note({text31, {sign({origin, ledger.signing}, text31), sign({origin, ledger.signing}, "other\n")}}))),
      403)
      << "one good and one bad";

  Checkpoint unknown = ledger.at(31);
  unknown.origin = "council.example/906";
  EXPECT_EQ(status(body(20, proof, ledger.checkpoint(unknown))), 404);
  EXPECT_THAT(witness.get("/"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(witness.get("/state/lock"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(witness.get("/checkpoint"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(witness.get("/../lock/checkpoint"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(witness.get("/add-checkpoint"), StartsWith("HTTP/1.1 405"));

  for (const std::size_t old : {0, 19, 21}) {
    const http::Response conflict = witness.add(body(old, ledger.proof(old, 31), ledger.checkpoint(31)));
    EXPECT_EQ(conflict.status, 409);
    EXPECT_EQ(conflict.content_type, "text/x.tlog.size");
    EXPECT_EQ(conflict.body, "20\n");
  }
  EXPECT_EQ(status(body(12, {}, ledger.checkpoint(12))), 409) << "an older checkpoint";

  EXPECT_EQ(status(body(20, {}, ledger.checkpoint(31))), 422) << "no proof";
  EXPECT_EQ(status(body(20, ledger.proof(19, 31), ledger.checkpoint(31))), 422) << "the proof of another size";
  EXPECT_EQ(status(body(20, forked.proof(20, 31), forked.checkpoint(31))), 422) << "a fork";
  EXPECT_EQ(status(body(20, {}, forked.checkpoint(20))), 422) << "a fork of the same size";
  EXPECT_EQ(status(body(20, {proof[0]}, ledger.checkpoint(20))), 422) << "a proof of what needs none";

  EXPECT_EQ(slurp(state_file(folder)), state);
  EXPECT_EQ(status(good), 200) << "and it still cosigns what is right";
}

TEST(LedgerWitness, RemembersWhatItCosignedWhenItIsKilled) {
  const Folder folder;
  const Ledger ledger(40), forked(40, "another story");
  {
    const Running witness(folder, ledger, "", SIGKILL);
    ASSERT_EQ(witness.add(body(0, {}, ledger.checkpoint(20))).status, 200) << witness.complaint;
  }
  const Running witness(folder, ledger);
  EXPECT_EQ(witness.add(body(0, {}, forked.checkpoint(31))).status, 409);
  EXPECT_EQ(witness.add(body(20, forked.proof(20, 31), forked.checkpoint(31))).status, 422);
  EXPECT_EQ(witness.add(body(20, ledger.proof(20, 31), ledger.checkpoint(31))).status, 200);
}

TEST(LedgerWitness, TheStateIsDurableBeforeTheCosignatureLeaves) {
  const Folder folder;
  const Ledger ledger(40);
  const std::string calls = (folder / "calls").string();
  {
    Running witness(folder, ledger, "strace -D -f -o " + calls + " -e trace=fsync,rename,renameat2,sendto ");
    ASSERT_EQ(witness.add(body(0, {}, ledger.checkpoint(20))).status, 200) << witness.complaint;
  }
  std::istringstream lines(slurp(calls));
  std::vector<std::string> order;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("fsync(") != line.npos) order.emplace_back("fsync");
    if (line.find("rename") != line.npos && line.find(".checkpoint") != line.npos) order.emplace_back("rename");
    if (line.find("HTTP/1.1 200") != line.npos) order.emplace_back("answer");
  }
  // The key and its folder come first.
  ASSERT_GE(order.size(), 4U);
  EXPECT_THAT(std::vector(order.end() - 4, order.end()), ::testing::ElementsAre("fsync", "rename", "fsync", "answer"));
}

TEST(LedgerWitness, WhatCannotBeKeptIsNotCosigned) {
  const Folder folder;
  const Ledger ledger(40);
  const Running witness(folder, ledger);
  fs::create_directory(state_file(folder));  // no file can take its place
  const http::Response answer = witness.add(body(0, {}, ledger.checkpoint(20)));
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, ::testing::Not(HasSubstr("\u2014")));
  fs::remove(state_file(folder));
  EXPECT_EQ(witness.add(body(20, {}, ledger.checkpoint(20))).status, 200) << "again, once the disk is mended";
}

TEST(LedgerWitness, RefusesAStateThatIsNotItsOwn) {
  const Folder folder;
  const Ledger ledger(40);
  {
    const Running witness(folder, ledger);
    ASSERT_EQ(witness.add(body(0, {}, ledger.checkpoint(20))).status, 200) << witness.complaint;
    Running second(folder, ledger);
    EXPECT_THAT(second.complaint, HasSubstr("in use by another witness"));
    EXPECT_NE(second.stop(), 0);
  }
  const std::string good = slurp(state_file(folder));
  for (const std::string& bad : {std::string{}, good.substr(0, good.size() / 2), ledger.checkpoint(10)}) {
    spill(state_file(folder), bad);
    Running witness(folder, ledger);
    EXPECT_THAT(witness.complaint, HasSubstr("Bring both back from a backup")) << bad;
    EXPECT_NE(witness.stop(), 0);
  }
  spill(state_file(folder), good);
  fs::remove_all(folder / "keys");
  EXPECT_THAT(Running(folder, ledger).complaint, HasSubstr("Bring both back")) << "a lost key is not passed over";
}

TEST(LedgerWitness, RequestsAtOnceNeverTakeItBack) {
  const Folder folder;
  const Ledger ledger(200);
  const Running witness(folder, ledger);
  ASSERT_EQ(witness.keys.size(), 1U) << witness.complaint;
  std::vector<std::future<int>> first;
  for (std::size_t size = 1; size <= 12; ++size)
    first.push_back(
        std::async(std::launch::async, [&, size] { return witness.add(body(0, {}, ledger.checkpoint(size))).status; }));
  int cosigned = 0;
  for (auto& one : first) {
    const int status = one.get();
    cosigned += status == 200;
    EXPECT_TRUE(status == 200 || status == 409) << status;
  }
  EXPECT_EQ(cosigned, 1) << "from nothing there is one way only";
  std::atomic<std::uint64_t> largest{};
  std::vector<std::future<void>> many;
  for (std::size_t start = 13; start <= 20; ++start)
    many.push_back(std::async(std::launch::async, [&, start] {
      for (std::size_t size = start; size <= 200; size += 8) {
        try {
          submit_to_witness(witness.url, ledger.checkpoint(size), witness.keys, 0,
                            [&](std::uint64_t old) { return ledger.proof(old, size); });
          for (std::uint64_t seen = largest; seen < size && !largest.compare_exchange_weak(seen, size);) {
          }
        } catch (const WitnessRefused&) {  // somebody else was quicker
        }
      }
    }));
  for (auto& one : many) one.get();
  EXPECT_EQ(open_checkpoint(slurp(state_file(folder)), witness.trust(ledger)).checkpoint.size, largest);
}

TEST(LedgerWitness, ShowsTheLatestCheckpointToAnybody) {
  const Folder folder;
  const Ledger ledger(40);
  const Running witness(folder, ledger);
  const std::string path = "/" + hex(sha256(as_bytes(origin))) + "/checkpoint";
  EXPECT_THAT(witness.get(path), StartsWith("HTTP/1.1 404"));
  ASSERT_EQ(witness.add(body(0, {}, ledger.checkpoint(20))).status, 200);
  const std::string answer = witness.get(path);
  const auto opened = open_checkpoint(answer.substr(answer.find("\r\n\r\n") + 4), witness.trust(ledger));
  EXPECT_EQ(opened.checkpoint, ledger.at(20));
  EXPECT_EQ(opened.log.size() + opened.witnesses.size(), 2U);
}

TEST(LedgerWitness, KeysAreChangedOver) {
  const Folder folder;
  const Ledger ledger(40);
  {
    const Running witness(folder, ledger);
    ASSERT_EQ(witness.add(body(0, {}, ledger.checkpoint(20))).status, 200) << witness.complaint;
  }
  const std::string file = (folder / "keys/witness-audit.example%2Fw1-2.pem").string();
  ASSERT_EQ(run("umask 077; openssl genpkey -algorithm ed25519 -out " + file).code, 0);
  {
    const Running witness(folder, ledger);
    ASSERT_EQ(witness.keys.size(), 2U) << witness.complaint;
    EXPECT_EQ(witness.said["keys"][0]["file"], file) << "the newest first";
  }
  fs::remove(folder / "keys/witness-audit.example%2Fw1-1.pem");
  const Running witness(folder, ledger);
  ASSERT_EQ(witness.keys.size(), 1U) << witness.complaint;
  EXPECT_EQ(witness.add(body(20, ledger.proof(20, 31), ledger.checkpoint(31))).status, 200);
}

TEST(LedgerWitness, TheLedgersSideBelievesTheSizeThatItIsTold) {
  const Folder folder;
  const Ledger ledger(40), forked(40, "another story");
  const Running witness(folder, ledger);
  const auto submit = [&](const Ledger& which, std::size_t size, std::uint64_t old,
                          const std::vector<VerifierKey>& known) {
    return submit_to_witness(witness.url, which.checkpoint(size), known, old,
                             [&](std::uint64_t from) { return which.proof(from, size); });
  };
  const auto refusal = [&](const Ledger& which, std::size_t size) -> std::string {
    try {
      submit(which, size, 0, witness.keys);
    } catch (const WitnessRefused& refused) {
      return refused.what();
    }
    return "not refused";
  };
  EXPECT_EQ(submit(ledger, 20, 0, witness.keys).size(), 1U);
  const auto cosignatures = submit(ledger, 31, 7, witness.keys);
  ASSERT_EQ(cosignatures.size(), 1U);
  Note note = parse_note(ledger.checkpoint(31));
  note.signatures.push_back(cosignatures[0]);
  EXPECT_EQ(open_checkpoint(format_note(note), witness.trust(ledger)).witnesses.size(), 1U);
  EXPECT_THAT(refusal(ledger, 25), HasSubstr("has cosigned this ledger with 31 leaves, and it has only 25 now"));
  EXPECT_THAT(refusal(forked, 35), HasSubstr("HTTP status 422"));
  const VerifierKey stranger{witness_name, SignatureType::cosignature, key(9).public_key()};
  EXPECT_THROW(submit(ledger, 31, 31, {stranger}), NotVerified);
  EXPECT_THROW(submit_to_witness("http://127.0.0.1:1", ledger.checkpoint(1), witness.keys, 0,
                                 [&](std::uint64_t) { return std::vector<Digest>{}; }),
               std::runtime_error);
}

TEST(LedgerWitness, SaysWhatIsWrongWithItsCommandLine) {
  const Folder folder;
  const Ledger ledger(1);
  const std::string vkey = format_vkey(ledger.verifier());
  const auto start = [&](const std::string& rest) {
    return run("timeout 5 " + testing::program + " witness --state " + (folder / "state").string() + " --keys " +
                   (folder / "keys").string() + " " + rest,
               true);
  };
  const std::string at = "--listen 127.0.0.1:0 ";
  const VerifierKey wrong{origin, SignatureType::cosignature, ledger.signing.public_key()};
  for (const auto& [options, says] : std::vector<std::pair<std::string, std::string>>{
           {at + "--name a", "--origin is required"},
           {at + "--name a --origin o", "ORIGIN=VKEY"},
           {at + "--name a --origin =" + vkey, "ORIGIN=VKEY"},
           {at + "--name a --origin o=nonsense", "not a verifier key"},
           {at + "--name a --origin o=" + format_vkey(wrong), "a witness's key"},
           {at + "--name 'a b' --origin o=" + vkey, "neither spaces nor a plus"},
       }) {
    const auto ran = start(options);
    EXPECT_EQ(ran.code, 2) << options;
    EXPECT_THAT(ran.out, HasSubstr(says)) << options;
  }
  EXPECT_FALSE(fs::exists(folder / "keys")) << "no key is made for a command line that is wrong";
  EXPECT_THAT(start("--listen nonsense --name a --origin o=" + vkey).out, HasSubstr("such as 127.0.0.1:8080"));
}

}  // namespace
}  // namespace answerable::ledger
