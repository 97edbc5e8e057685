// From a file to a receipt that proves it, a bundle a stranger can check, and a year's end: the real programs.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

using nlohmann::ordered_json;

constexpr const char* file_text =
    "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>{}</messageId>"
    "<sender scheme=\"cassr\" code=\"999\">Demonstration Council</sender>"
    "<authority scheme=\"cassr\" code=\"999\">Demonstration Council</authority>"
    "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>"
    "<person xmlns=\"urn:answerable:person:1\" id=\"PER-{}\"><person scheme=\"council\">P{}</person>"
    "<name>Example Person</name></person></records></submission>";

class LedgerJourney : public ::testing::Test {
 protected:
  std::filesystem::path send(int n) {
    const auto file = folder_ / fmt::format("M-{}.xml", n);
    spill(file, fmt::format(fmt::runtime(file_text), fmt::format("M-{}", n), n, n));
    const auto sent = run(program + " submit" + data_ + " " + file.string(), true);
    EXPECT_EQ(sent.code, 0) << sent.out;
    return file;
  }
  ordered_json sign(const std::string& options = "") {
    const auto signed_now = run(program + " checkpoint --format json" + data_ + keys_ + options);
    EXPECT_EQ(signed_now.code, 0) << signed_now.out;
    return signed_now.json()["checkpoints"][0];
  }
  std::string vkey() {
    return run(program + " ledger show --format json" + data_ + keys_).json()["councils"][0]["keys"][0];
  }
  Ran both(const std::string& command) { return run(program + " " + command, true); }

  /// That the ledger only grew is shown between two checkpoints that somebody chooses, and both verifiers judge it.
  void only_grew() {
    const auto size = [&] { return sign()["size"].get<int>(); };
    const int one = size();
    send(11);
    const int two = size();
    send(12);
    ASSERT_GT(size(), two);
    const auto proof = (folder_ / "consistency.txt").string();
    const auto show = [&](int from, const std::string& rest) {
      return both(fmt::format("ledger consistency --from {}{}{}{}", from, rest, data_, keys_));
    };
    const auto verdicts = [&](const std::string& options) {
      const auto python = fmt::format("python3 {}/reports/bundle/verify.py{}", ANSWERABLE_SOURCE, options);
      return std::pair(both("verify" + options).code, run(python, true).code);
    };
    const auto options = " --consistency " + proof + " --key '" + vkey() + "'";
    const auto to_two = fmt::format(" --to {}", two), output = " --output " + proof;
    EXPECT_EQ(show(one, to_two + output).code, 0);
    EXPECT_EQ(verdicts(options), std::pair(0, 0));
    const auto said = fmt::format("from the checkpoint of {} leaves to that of {}", one, two);
    EXPECT_NE(both("verify" + options).out.find(said), std::string::npos);
    const auto text = slurp(proof);
    EXPECT_EQ(show(one, to_two).out, text);
    const auto json =
        run(fmt::format("{} ledger consistency --format json --from {}{}{}", program, one, data_, keys_)).json();
    EXPECT_GT(json["to"]["size"], two) << "the newest when none is named";
    EXPECT_NE(text.find(json["from"]["note"].get<std::string>()), std::string::npos);
    EXPECT_EQ(verdicts(" --consistency " + proof), std::pair(1, 1)) << "nobody's key was given";
    // A proof of other checkpoints; checkpoints of another proof; a checkpoint that nobody signed.
    EXPECT_EQ(show(two, output).code, 0);
    const auto other = slurp(proof);
    const auto middle = [](const std::string& of) { return of.find("\n\n"); };
    for (const auto& forged : {other.substr(0, middle(other)) + text.substr(middle(text)),
                               text.substr(0, middle(text)) + other.substr(middle(other)),
                               std::string(text).replace(text.rfind(fmt::format("\n{}\n", two)), 1, "\n1")}) {
      spill(proof, forged);
      EXPECT_EQ(verdicts(options), std::pair(1, 1)) << forged;
    }
    const auto none = show(100'000, "");
    EXPECT_EQ(none.code, 2);
    EXPECT_NE(none.out.find(fmt::format("{}, {}", one, two)), std::string::npos) << none.out;
    EXPECT_EQ(show(two, fmt::format(" --to {}", one)).code, 2);
  }

  Folder folder_;
  std::string data_ = " --data " + (folder_ / "data").string();
  std::string keys_ = " --keys " + (folder_ / "keys").string();
};

TEST_F(LedgerJourney, a_receipt_proves_later_and_offline_what_was_sent) {
  const auto file = send(1);
  const auto receipt = (folder_ / "receipt.txt").string();
  const auto keep = [&] { return both("receipt S999-1 --output " + receipt + data_); };
  EXPECT_NE(keep().out.find("received: stored durably"), std::string::npos);
  const auto before = slurp(receipt);
  const auto back = (folder_ / "back.xml").string();
  EXPECT_EQ(both("receipt S999-1 --original " + back + data_).code, 0);
  EXPECT_EQ(slurp(back), slurp(file)) << "the exact bytes that were sent";
  EXPECT_EQ(run(program + " receipt S999-1 --format json" + data_).json()["state"], "received");
  EXPECT_EQ(before.find("c2sp.org/tlog-proof"), std::string::npos);
  sign();
  EXPECT_NE(keep().out.find("sequenced: in the ledger"), std::string::npos);
  const auto text = slurp(receipt);
  const auto check = [&](const std::string& of) {
    return both("verify --receipt " + receipt + " --file " + of + " --key " + vkey());
  };
  const auto holds = check(file.string());
  EXPECT_EQ(holds.code, 0) << holds.out;
  EXPECT_NE(holds.out.find("Everything holds."), std::string::npos);
  const auto python = run(fmt::format("python3 {}/reports/bundle/verify.py --receipt {} --file {} --key '{}'",
                                      ANSWERABLE_SOURCE, receipt, file.string(), vkey()),
                          true);
  EXPECT_EQ(python.code, 0) << python.out;
  const auto other = send(2);
  EXPECT_EQ(check(other.string()).code, 1) << "another file";
  sign();
  EXPECT_EQ(keep().code, 0);
  EXPECT_EQ(slurp(receipt), text) << "the same bytes under a later checkpoint";
}

/// The receipt that the program prints is what it was; the receipt to keep says where it stands by then.
TEST_F(LedgerJourney, the_same_file_again_gives_the_same_receipt_byte_for_byte) {
  const auto kept = [&](const char* name) {
    const auto path = (folder_ / name).string();
    EXPECT_EQ(both("receipt S999-1 --output " + path + data_).code, 0);
    return slurp(path);
  };
  const auto submitted = [&](const std::filesystem::path& file) {
    return run(program + " submit --format json" + data_ + " " + file.string()).json()["files"][0];
  };
  const auto file = send(1);
  const auto same = [&](ordered_json receipt) {
    EXPECT_EQ(receipt["repeated"], true);
    receipt.erase("repeated");
    receipt.erase("state");  // of the receipt: the only thing that goes on
    receipt.erase("file");   // as it was called on the command line
    return receipt.dump();
  };
  const auto received = kept("received.txt");
  const auto again = same(submitted(file));
  EXPECT_EQ(kept("received-again.txt"), received);
  sign();
  const auto sequenced = kept("sequenced.txt");
  EXPECT_NE(sequenced, received) << "the proof has come to it";
  auto begins = received;
  begins.replace(begins.find("state received"), 14, "state sequenced");
  EXPECT_EQ(sequenced.substr(0, begins.size()), begins) << "nothing else is said otherwise, the proof stands behind it";
  std::filesystem::rename(file, folder_ / "another-name.xml");
  EXPECT_EQ(same(submitted(folder_ / "another-name.xml")), again) << "also once it is signed, under any name";
  send(2);
  sign();
  EXPECT_EQ(same(submitted(folder_ / "another-name.xml")), again);
  EXPECT_EQ(kept("sequenced-again.txt"), sequenced) << "and under a later checkpoint";
  const auto offline = " --receipt " + (folder_ / "sequenced-again.txt").string() + " --file " +
                       (folder_ / "another-name.xml").string() + " --key '" + vkey() + "'";
  std::filesystem::remove_all(folder_ / "data");  // offline: there is no database to ask
  EXPECT_EQ(both("verify" + offline).code, 0);
  EXPECT_EQ(run(fmt::format("python3 {}/reports/bundle/verify.py{}", ANSWERABLE_SOURCE, offline), true).code, 0);
}

TEST_F(LedgerJourney, a_ledger_is_verified_exported_closed_and_signed_with_another_key) {
  send(1);
  sign();
  EXPECT_EQ(both("verify --ledger" + data_ + keys_).code, 0);
  const auto zip = (folder_ / "ledger.zip").string();
  ASSERT_EQ(both("ledger export --output " + zip + data_ + keys_).code, 0);
  const auto exported = both("verify " + zip + " --key " + vkey());
  EXPECT_EQ(exported.code, 0) << exported.out;
  const auto python = run(fmt::format("python3 {}/reports/bundle/verify.py {}", ANSWERABLE_SOURCE, zip), true);
  EXPECT_EQ(python.code, 0) << python.out;
  only_grew();
  const auto closed = both("ledger close" + data_ + keys_);
  EXPECT_EQ(closed.code, 0) << closed.out;
  EXPECT_NE(closed.out.find("answerable/999/2 begins"), std::string::npos);
  send(2);
  EXPECT_EQ(sign()["origin"], "answerable/999/2");
  const auto changed = both("ledger key" + data_ + keys_);
  EXPECT_EQ(changed.code, 0) << changed.out;
  send(3);
  const std::string note = sign()["note"];
  EXPECT_NE(note.find("\u2014", note.find("\u2014") + 1), std::string::npos) << "both keys sign: " << note;
  EXPECT_EQ(both("ledger key --retire" + data_ + keys_).code, 0);
  const auto verified = both("verify --ledger" + data_ + keys_);
  EXPECT_EQ(verified.code, 0) << verified.out;
  EXPECT_NE(both("ledger show" + data_ + keys_).out.find("nothing differed"), std::string::npos);
  EXPECT_EQ(both("verify /dev/null").code, 2) << "nothing to judge";
}

TEST_F(LedgerJourney, a_key_that_is_gone_is_not_quietly_replaced) {
  send(1);
  sign();
  std::filesystem::remove_all(folder_ / "keys");
  send(2);
  const auto refused = both("checkpoint" + data_ + keys_);
  EXPECT_EQ(refused.code, 3) << refused.out;
  EXPECT_NE(refused.out.find("ledger key --lost"), std::string::npos);
  EXPECT_EQ(both("ledger key" + data_ + keys_).code, 2);
  EXPECT_EQ(both("ledger key --lost" + data_ + keys_).code, 0);
  sign();
  EXPECT_EQ(both("verify --ledger" + data_ + keys_).code, 0) << "what the lost key signed stays valid";
}

TEST_F(LedgerJourney, a_bundle_leaves_and_is_checked_by_both_verifiers) {
  send(1);
  sign();
  const auto zip = [&](const char* name) { return (folder_ / name).string(); };
  const auto made = both("bundle --person council:P1 --output " + zip("a.zip") + data_);
  ASSERT_EQ(made.code, 0) << made.out;
  ASSERT_EQ(both("bundle --person council:P1 --output " + zip("b.zip") + data_).code, 0);
  EXPECT_EQ(slurp(zip("a.zip")), slurp(zip("b.zip"))) << "the same request at the same checkpoint";
  const auto checked = both("verify " + zip("a.zip") + " --key " + vkey());
  EXPECT_EQ(checked.code, 0) << checked.out;
  const auto python = run(
      fmt::format("python3 {}/reports/bundle/verify.py {} --key '{}'", ANSWERABLE_SOURCE, zip("a.zip"), vkey()), true);
  EXPECT_EQ(python.code, 0) << python.out;
  const auto listed = run("unzip -l " + zip("a.zip"));
  for (const char* name : {"data/index.html", "data/trail.pdf", "data/receipts/S999-1.txt", "data/exhibits/EX-001.xml",
                           "data/ledger/checkpoint", "data/VERIFY.html", "data/provenance.xml"})
    EXPECT_NE(listed.out.find(name), std::string::npos) << name << "\n" << listed.out;
  // A changed exhibit is named.
  auto bytes = slurp(zip("a.zip"));
  const auto at = bytes.find("Example Person</name>");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'X';
  spill(zip("c.zip"), bytes);
  const auto changed = both("verify " + zip("c.zip"));
  EXPECT_EQ(changed.code, 1);
  EXPECT_NE(changed.out.find("exhibits/EX-001.xml"), std::string::npos) << changed.out;
}

/// So many contacts that taking them in and verifying them lasts a moment.
std::string long_file() {
  constexpr const char* who = "<person scheme=\"council\">P1</person>";
  std::string out =
      "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-1</messageId>"
      "<sender scheme=\"cassr\" code=\"999\">Demonstration Council</sender>"
      "<authority scheme=\"cassr\" code=\"999\">Demonstration Council</authority>"
      "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>";
  out +=
      fmt::format("<person xmlns=\"urn:answerable:person:1\" id=\"PER-1\">{}<name>Example Person</name></person>", who);
  for (int n = 0; n < 13'000; ++n)
    out += fmt::format(
        "<contact xmlns=\"urn:answerable:contact:1\" id=\"CON-{}\">{}<on>2025-01-01</on><about>payment</about>"
        "<from>adult</from><answered>yes</answered></contact>",
        n, who);
  return out + "</records></submission>";
}

TEST(LedgerProgress, is_shown_on_a_terminal_up_to_the_end_and_nowhere_else) {
  const Folder folder;
  const auto file = (folder / "long.xml").string(), output = (folder / "output").string();
  spill(file, long_file());
  const auto options = fmt::format(" --data {} ", (folder / "data").string());
  const auto keys = fmt::format(" --keys {}", (folder / "keys").string());
  const auto on_terminal = [&](const std::string& command) {
    const auto ran = run(
        fmt::format("python3 {}/tests/support/on_terminal.py {} {} {}", ANSWERABLE_SOURCE, output, program, command));
    EXPECT_EQ(ran.code, 0) << ran.out;
    EXPECT_NE(ran.out.find("[#"), std::string::npos) << "a bar: " << ran.out;
    EXPECT_NE(ran.out.find("] 100%"), std::string::npos) << "to the end: " << ran.out;
    EXPECT_TRUE(ran.out.ends_with("\r\033[K")) << "and gone again: " << ran.out;
    const auto document = nlohmann::ordered_json::parse(slurp(output));  // nothing of the bar stands in it
    EXPECT_FALSE(document.empty());
  };
  on_terminal("submit --format json" + options + file);
  ASSERT_EQ(run(program + " checkpoint" + options + keys).code, 0);
  on_terminal("verify --ledger --format json" + options + keys);
  for (const auto& command : {"submit" + options + file, "verify --ledger" + options + keys}) {
    const auto piped = run(program + " " + command, true);
    EXPECT_EQ(piped.code, 0) << piped.out;
    EXPECT_EQ(piped.out.find('\r'), std::string::npos) << piped.out;
    EXPECT_EQ(piped.out.find("[#"), std::string::npos) << piped.out;
  }
}

}  // namespace
}  // namespace answerable::testing
