#include "audit/cli/witness_command.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/ledger/witness.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/http/server.hpp"
#include "ingest/locations.hpp"

namespace answerable::cli {
namespace {

const std::string help =
    "A witness remembers the last checkpoint of each ledger it was told to watch, and cosigns the next only when a "
    "proof "
    "shows that the ledger grew and nothing before was changed. Who later holds a checkpoint with the cosignature "
    "knows "
    "that the council has not shown others another history. A witness sees sizes and hashes, never records.\n\n"
    "Keys: --origin names each ledger and the key it signs with (a vkey, which the council gives you; twice while the "
    "council changes its key). The witness's own key is made at the first start in the keys folder, as "
    "witness-NAME-1.pem, which only you can read; its vkey is printed at every start: give that to the councils. To "
    "change "
    "it, put witness-NAME-2.pem beside it (umask 077; openssl genpkey -algorithm ed25519 -out FILE) and start again: "
    "both "
    "sign. When everybody has the new vkey, remove the former file. Keep the state folder in your backups: without it "
    "the "
    "witness starts from nothing and would not see that a ledger was rolled back.\n\n"
    "It speaks plain HTTP: put a proxy with TLS before it, unless all is on one machine. It stops on SIGTERM and "
    "SIGINT.";

struct WitnessAsked {
  std::string listen, name;
  std::filesystem::path state, keys;
  std::vector<std::string> origins;
};

std::map<std::string, std::vector<ledger::VerifierKey>> parse_origins(const std::vector<std::string>& texts) {
  std::map<std::string, std::vector<ledger::VerifierKey>> logs;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == text.npos)
      throw Failure(usage,
                    fmt::format("--origin '{}': expected ORIGIN=VKEY, the ledger's name and the key it signs with",
                                printable(text)));
    try {
      const auto key = ledger::parse_vkey(std::string_view{text}.substr(equals + 1));
      if (key.type != ledger::SignatureType::ed25519)
        throw ledger::Malformed("it is a witness's key: a ledger signs with a key of type 1");
      logs[text.substr(0, equals)].push_back(key);
    } catch (const ledger::Malformed& error) {
      throw Failure(usage, fmt::format("--origin '{}': {}", printable(text), printable(error.what())));
    }
  }
  return logs;
}

/// Holds SIGTERM and SIGINT back, in this thread and those it starts, until they are waited for.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  void wait() {
    int signal{};
    sigwait(&set_, &signal);
  }

 private:
  sigset_t set_;
};

void announce(const Common& common, const ledger::Witness& witness, const std::vector<std::string>& key_files,
              const std::string& address) {
  const auto verifiers = witness.verifiers();
  if (common.json) {
    nlohmann::ordered_json keys = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < verifiers.size(); ++i)
      keys.push_back({{"vkey", format_vkey(verifiers[i])}, {"file", key_files[i]}});
    print_json({{"witness", verifiers.front().name}, {"address", address}, {"keys", keys}});
  } else {
    std::string text = fmt::format("Witness {}, listening at {}\n", verifiers.front().name, address);
    for (std::size_t i = 0; i < verifiers.size(); ++i)
      text += fmt::format("vkey {}\nkey file {}\n", format_vkey(verifiers[i]), key_files[i]);
    print(printable(text));
  }
  std::fflush(stdout);
}

int run_witness(const Common& common, WitnessAsked asked) {
  const auto logs = parse_origins(asked.origins);
  if (!ledger::is_key_name(asked.name))
    throw Failure(usage, fmt::format("--name '{}': a name has neither spaces nor a plus", printable(asked.name)));
  if (asked.state.empty()) asked.state = (common.data.empty() ? default_data_folder() : common.data) / "witness";
  if (asked.keys.empty()) asked.keys = default_keys_folder();
  StopSignals stop;
  auto keys = ledger::Keys(asked.keys).of_or_first("witness-" + asked.name);
  std::vector<std::string> files;
  for (const auto& key : keys) files.push_back(key.file.string());
  ledger::Witness witness(asked.state, asked.name, std::move(keys), logs);
  const http::Server server(
      {.addresses = {asked.listen}}, http::Router(witness.routes()),
      {.failed = [](const std::exception& error) { fmt::print(stderr, "answerable: {}\n", printable(error.what())); }});
  announce(common, witness, files, server.address());
  stop.wait();
  return done;
}

}  // namespace

void add_witness_command(Program& program) {
  const auto asked = std::make_shared<WitnessAsked>();
  auto& command = program.add("witness",
                              "Cosign the checkpoints of other councils' ledgers (C2SP tlog-witness, "
                              "https://c2sp.org/tlog-witness)",
                              [asked](const Common& common) { return run_witness(common, *asked); });
  command.footer(help + command.get_footer());
  command
      .add_option("--name", asked->name, "This witness's name, a URL without https://: audit.example.gov.uk/witness")
      ->required();
  command.add_option("--origin", asked->origins, "A ledger to watch and its key; once for each key")
      ->type_name("ORIGIN=VKEY")
      ->required();
  command.add_option("--listen", asked->listen, "Where to listen; port 0 takes a free one")
      ->type_name("ADDRESS:PORT")
      ->required();
  command
      .add_option("--state", asked->state, "Folder with the last checkpoints (default: witness, in the data folder)")
      ->type_name("DIR");
  command.add_option("--keys", asked->keys, "Folder with signing keys (default: under the XDG config folder)")
      ->type_name("DIR");
}

}  // namespace answerable::cli
