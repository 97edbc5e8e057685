#include "audit/ledger/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "audit/bag/names.hpp"
#include "audit/bag/sealed_zip_reader.hpp"
#include "ingest/base64.hpp"

namespace answerable::ledger {
namespace {

constexpr std::size_t longest_line = 1 << 20;
constexpr std::array<std::string_view, 4> tag_files{"bag-info.txt", "bagit.txt", "manifest-sha256.txt",
                                                    "tagmanifest-sha256.txt"};
constexpr std::array<std::string_view, 6> labels{"Source-Organization", "External-Identifier", "Bagging-Date",
                                                 "Payload-Oxum",        "Answerable-Format",   "Answerable-Checkpoint"};

bool is_councils(const VerifierKey& key) {
  return key.type == SignatureType::ed25519;
}

}  // namespace

bag::Finding finding(std::string_view path, std::string_view problem, std::string_view expected,
                     std::string_view found) {
  return {bag::Severity::error, bag::printable(path), bag::printable(problem), bag::printable(expected),
          bag::printable(found)};
}

void find_at(std::vector<bag::Finding>& findings, std::string_view path, const std::function<void()>& check) {
  try {
    check();
  } catch (const Wrong& wrong) {
    findings.push_back(finding(path, wrong.what(), wrong.expected, wrong.found));
  } catch (const bag::SealedZipError&) {
    // Judging the bag has named these contents already.
  } catch (const std::runtime_error& problem) {  // Malformed, NotVerified, what cannot be read
    findings.push_back(finding(path, problem.what()));
  }
}

std::optional<intake::Salt> parse_salt(std::string_view text) {
  intake::Salt salt;
  if (text.size() != 2 * salt.size()) return std::nullopt;
  for (std::size_t i = 0; i < salt.size(); ++i) {
    unsigned value{};
    std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, value, 16);
    salt[i] = static_cast<std::byte>(value);
  }
  if (hex(salt) != text) return std::nullopt;
  return salt;
}

std::optional<Digest> parse_hash(std::string_view text) {
  auto hash = parse_digest(text);
  if (hash && hex(*hash) != text) return std::nullopt;
  return hash;
}

std::string listed(std::span<const VerifierKey> keys) {
  std::string all;
  for (const auto& key : keys) all += (all.empty() ? "" : ", ") + format_vkey(key);
  return all;
}

ReadCheckpoint read_checkpoint(std::string_view signed_note) {
  ReadCheckpoint read{parse_note(signed_note), {}};
  read.checkpoint = parse_checkpoint(read.note.text);
  return read;
}

std::vector<VerifierKey> check_signed(const ReadCheckpoint& read, std::span<const VerifierKey> known,
                                      std::span<const VerifierKey> believed) {
  std::vector<VerifierKey> by;
  for (const auto& verified : verify_note(read.note, known, 0)) by.push_back(verified.key);
  // A council's keys sign for a ledger under that ledger's name.
  const bool signed_by_council = std::ranges::any_of(by, [&](const VerifierKey& key) {
    return is_councils(key) && key.name == read.checkpoint.origin && std::ranges::find(believed, key) != believed.end();
  });
  if (!signed_by_council) {
    throw Wrong("No key that is believed signed it for this ledger: somebody else may have made it",
                believed.empty() ? "a key" : "a signature by one of " + listed(believed),
                by.empty() ? "none of those keys signed" : listed(by));
  }
  return by;
}

Judging::Judging(const bag::BagSource& source, BundleJudgement& result, const JudgeOptions& options)
    : source_(source),
      result_(result),
      options_(options),
      known_(options.trusted),
      trusts_given_(std::ranges::any_of(options.trusted, is_councils)) {}

void Judging::error(std::string_view path, std::string_view problem, std::string_view expected,
                    std::string_view found) {
  result_.findings.push_back(finding(path, problem, expected, found));
}

void Judging::cannot_tell(std::string what) {
  auto& all = result_.cannot_tell;
  if (std::ranges::find(all, what) == all.end()) all.push_back(std::move(what));
}

std::string Judging::text(std::string_view path, std::uint64_t most) const {
  const auto* const file = source_.find(path);
  if (file == nullptr) throw Wrong("It is missing");
  if (file->size > most)
    throw Wrong("It is far too long for what it should be", fmt::format("at most {} bytes", most),
                fmt::format("{} bytes", file->size));
  return source_.text(*file, most);
}

void Judging::each_line(std::string_view path, const std::function<void(std::string_view)>& use) const {
  const auto* const file = source_.find(path);
  if (file == nullptr) throw Wrong("It is missing");
  std::string begun;
  source_.read(*file, [&](std::span<const std::byte> piece) {
    std::string_view rest = as_text(piece);
    for (std::size_t end; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
      if (begun.empty()) {
        use(rest.substr(0, end));
        continue;
      }
      begun += rest.substr(0, end);
      use(begun);
      begun.clear();
    }
    begun += rest;
    if (begun.size() > longest_line) throw Wrong(fmt::format("It has a line of more than {} bytes", longest_line));
  });
  if (!begun.empty()) throw Wrong("It does not end in a line feed: its end is missing");
}

void Judging::judge_tag_files() {
  for (const auto& file : source_.files()) {
    if (!file.path.starts_with("data/") && std::ranges::find(tag_files, file.path) == tag_files.end())
      error(file.path, "A bundle has no such file beside data/");
  }
  at("bagit.txt", [&] {
    constexpr std::string_view declared = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
    const auto there = text("bagit.txt");
    if (there != declared) throw Wrong("It is not that of a bundle", std::string(declared), there);
  });
  judge_manifests();
  at("bag-info.txt", [&] {
    std::map<std::string_view, std::string> says;
    each_line("bag-info.txt", [&](std::string_view line) {
      const auto colon = line.find(": ");
      if (colon == 0 || colon == line.npos || line.front() == ' ' || line.front() == '\t')
        throw Wrong("A line is not a label, a colon, a space and a value", {}, std::string(line));
      const auto* const label = std::ranges::find(labels, line.substr(0, colon));
      if (label == labels.end()) return;
      if (!says.emplace(*label, line.substr(colon + 2)).second)
        error("bag-info.txt", fmt::format("It says {} twice", *label));
    });
    for (const auto label : labels) {
      if (!says.contains(label)) error("bag-info.txt", fmt::format("It does not say {}", label));
    }
    result_.council = bag::printable(says["Source-Organization"]);
    result_.identifier = bag::printable(says["External-Identifier"]);
    says_checkpoint_ = says["Answerable-Checkpoint"];
    const auto& format = says["Answerable-Format"];
    if (format != "bundle/1" && format != "ledger/1")
      throw Wrong("Answerable-Format does not say what it is, so what proves it was not judged", "bundle/1 or ledger/1",
                  format);
    result_.format = format;
  });
}

/// Written in one way only: judging the bag has compared what they list with what is there.
void Judging::judge_manifests() {
  for (const std::string_view path : {"manifest-sha256.txt", "tagmanifest-sha256.txt"}) {
    at(path, [&] {
      const bool of_tags = path.starts_with("tag");
      std::set<std::string, std::less<>> listed;
      each_line(path, [&](std::string_view line) {
        constexpr std::size_t digits = 64;
        if (!parse_hash(line.substr(0, digits)) || !line.substr(digits).starts_with("  ") || line.size() < digits + 3)
          throw Wrong("A line is not a hash, two spaces and a path", "64 small hexadecimal digits, two spaces, a path",
                      std::string(line));
        if (of_tags) listed.emplace(line.substr(digits + 2));
      });
      for (const auto name : tag_files) {
        if (of_tags && name != path && !listed.contains(name)) throw Wrong(fmt::format("It does not list {}", name));
      }
    });
  }
}

bool Judging::judge_checkpoint() {
  at(names::keys, [&] {
    std::size_t listed = 0;
    each_line(names::keys, [&](std::string_view line) {
      auto key = parse_vkey(line);
      const bool given = std::ranges::find(options_.trusted, key) != options_.trusted.end();
      if (!given && std::ranges::find(known_, key) != known_.end())
        throw Wrong("It lists a key twice", {}, std::string(line));
      if (!given) known_.push_back(std::move(key));
      ++listed;
    });
    if (listed == 0) throw Wrong("It lists no key");
  });
  bool read = false;
  at(names::checkpoint, [&] {
    signed_note_ = text(names::checkpoint);
    checkpoint_ = ledger::read_checkpoint(signed_note_);
    read = true;
    const auto& checkpoint = checkpoint_.checkpoint;
    result_.checkpoint = checkpoint;
    const auto says = fmt::format("{} {} {}", checkpoint.origin, checkpoint.size, base64(checkpoint.root));
    if (says_checkpoint_ != says)
      error("bag-info.txt", fmt::format("Answerable-Checkpoint is not what stands in {}", names::checkpoint), says,
            says_checkpoint_);
    meet(checkpoint, names::checkpoint);
    result_.signed_by = check_signed(checkpoint_, known_, believed());
    if (result_.signed_by.size() < checkpoint_.note.signatures.size())
      cannot_tell("whether the other signatures of the checkpoint (a witness's?) are good: their keys were not given");
  });
  if (!trusts_given_)
    cannot_tell(
        fmt::format("whose signature it is: the keys were taken from {}. Compare them with the council's own "
                    "publication, or give its key from there",
                    names::keys));
  for (const auto& note : options_.kept_apart) {
    at(names::kept_apart, [&] {
      auto kept = ledger::read_checkpoint(note);
      if (!read || kept.checkpoint.origin != checkpoint_.checkpoint.origin) return;
      (void)check_signed(kept, known_, believed());
      meet(kept.checkpoint, names::kept_apart);
      kept_apart_.push_back(std::move(kept));
    });
  }
  return read;
}

void Judging::meet(const Checkpoint& checkpoint, std::string_view path) {
  const auto [met, first] = trees_.try_emplace({checkpoint.origin, checkpoint.size}, checkpoint.root, path);
  const auto& [root, where] = met->second;
  if (root != checkpoint.root)
    throw Wrong(fmt::format("The ledger was forked: of {} leaves, {} has another root", checkpoint.size, where),
                base64(root), base64(checkpoint.root));
}

void Judging::belongs(const LeafText& leaf) {
  if (authority_.empty()) authority_ = leaf.authority;
  if (leaf.authority != authority_)
    throw Wrong("It is a leaf of another council", authority_, std::string(leaf.authority));
}

}  // namespace answerable::ledger
