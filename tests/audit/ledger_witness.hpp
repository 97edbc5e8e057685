#pragma once

#include <signal.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "audit/ledger/checkpoint.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"
#include "ingest/http/client.hpp"
#include "tests/journeys/journey.hpp"
#include "tests/support/raw_http.hpp"

/// What the witness's tests share: a ledger, and the real program.
namespace answerable::ledger {

using testing::Folder;

constexpr const char* origin = "council.example/905";
constexpr const char* witness_name = "audit.example/w1";

inline PrivateKey key(unsigned char number) {
  std::array<std::byte, 32> seed{};
  seed[0] = std::byte{number};
  return PrivateKey::from_seed(seed);
}

/// A council's ledger. `story` tells different histories apart.
struct Ledger {
  explicit Ledger(std::size_t most, const std::string& story = "leaf") {
    for (std::size_t i = 0; i < most; ++i) hashes.push_back(leaf_hash(as_bytes(story + std::to_string(i))));
  }
  Checkpoint at(std::size_t size) const {
    Frontier tree;
    for (std::size_t i = 0; i < size; ++i) tree.append(hashes.at(i));
    return {origin, size, tree.root()};
  }
  std::string checkpoint(std::size_t size) const { return checkpoint(at(size)); }
  std::string checkpoint(const Checkpoint& what) const {
    const std::string text = format_checkpoint(what);
    return format_note({text, {sign({origin, signing}, text)}});
  }
  std::vector<Digest> proof(std::uint64_t size1, std::uint64_t size2) const {
    return consistency_proof(size1, size2, [&](int level, std::uint64_t index) {
      Frontier tree;
      for (std::uint64_t i = index << level; i < (index + 1) << level; ++i) tree.append(hashes.at(i));
      return tree.root();
    });
  }
  VerifierKey verifier() const { return {origin, SignatureType::ed25519, signing.public_key()}; }

  PrivateKey signing = key(1);
  std::vector<Digest> hashes;
};

inline std::string body(std::uint64_t old_size, const std::vector<Digest>& proof, const std::string& checkpoint) {
  std::string text = "old " + std::to_string(old_size) + "\n";
  for (const Digest& hash : proof) text += base64(hash) + "\n";
  return text + "\n" + checkpoint;
}

/// The real program, until it is stopped.
class Running {
 public:
  Running(const Folder& folder, const Ledger& ledger, const std::string& before = {}, int signal = SIGTERM)
      : signal_(signal) {
    const std::string command = before + testing::program + " witness --listen 127.0.0.1:0 --format json --name " +
                                witness_name + " --state " + (folder / "state").string() + " --keys " +
                                (folder / "keys").string() + " --origin '" + origin + "=" +
                                format_vkey(ledger.verifier()) + "'";
    pipe_ = ::popen(("exec 2>&1; " + command + " & echo $!; wait $!").c_str(), "r");
    std::string text;
    for (std::array<char, 4096> line; pipe_ != nullptr && std::fgets(line.data(), line.size(), pipe_) != nullptr;) {
      if (pid_ == 0) {
        pid_ = std::stoi(line.data());
      } else {
        text += line.data();
      }
      if (text.ends_with("\n}\n")) break;
    }
    said = nlohmann::json::parse(text, nullptr, false);
    complaint = said.is_object() ? "" : text;
    if (!said.is_object()) return;
    for (const auto& one : said.at("keys")) keys.push_back(parse_vkey(one.at("vkey").get<std::string>()));
    url = "http://" + said.at("address").get<std::string>() + "/";
    port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { stop(); }

  int stop() {
    if (pipe_ == nullptr) return -1;
    if (pid_ > 0) ::kill(pid_, signal_);
    const int status = ::pclose(pipe_);
    pipe_ = nullptr;
    return WEXITSTATUS(status);
  }
  http::Response add(const std::string& text) const { return http::post(url + "add-checkpoint", "text/plain", text); }
  std::string get(const std::string& path) const {
    return testing::raw_exchange(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }
  /// What it answers to a checkpoint that is in order.
  Trust trust(const Ledger& ledger) const {
    return {.origin = origin, .log = {ledger.verifier()}, .witnesses = keys, .quorum = 1};
  }

  nlohmann::json said;
  std::string complaint, url;
  std::uint16_t port{};
  std::vector<VerifierKey> keys;

 private:
  int signal_, pid_{};
  std::FILE* pipe_{};
};

inline std::string state_file(const Folder& folder) {
  return (folder / "state" / (hex(sha256(as_bytes(origin))) + ".checkpoint")).string();
}

}  // namespace answerable::ledger
