#include "audit/ledger/witness.hpp"

#include <fmt/format.h>
#include <algorithm>

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "audit/ledger/lines.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/durable_file.hpp"

namespace answerable::ledger {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_submission = 64 << 10;  // bytes

/// What a request is answered with when it is not cosigned.
struct Refused {
  http::Response response;
};

[[noreturn]] void refuse(int status, std::string_view why) {
  throw Refused{{.status = status, .body = fmt::format("{}\n", why)}};
}

struct Submission {
  std::uint64_t old_size{};
  std::vector<Digest> proof;
  std::string_view checkpoint;
};

Submission parse_submission(std::string_view body) {
  constexpr std::string_view old_word = "old ";
  Lines lines("the request", body);
  const std::string_view first = lines.next();
  if (!first.starts_with(old_word)) lines.expected("'old' and a size");
  Submission submission;
  submission.old_size = parse_size(first.substr(old_word.size()), "the old size");
  submission.proof = read_hashes(lines);
  submission.checkpoint = lines.rest();
  return submission;
}

void check_consistency(const std::optional<Checkpoint>& latest, const Submission& given, const Checkpoint& next) {
  const std::uint64_t size = latest ? latest->size : 0;
  if (given.old_size > next.size) refuse(400, "The old size is larger than the checkpoint's.");
  if (given.old_size != size)
    throw Refused{{.status = 409, .content_type = "text/x.tlog.size", .body = fmt::format("{}\n", size)}};
  if (next.size == 0 && next.root != empty_root()) refuse(422, "The root is not that of an empty tree.");
  const bool consistent =
      size == 0 ? given.proof.empty() : verify_consistency(size, next.size, given.proof, latest->root, next.root);
  if (!consistent) refuse(422, "The proof does not show that the ledger only grew since the checkpoint cosigned last.");
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::int64_t posix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

Witness::Witness(fs::path state, std::string name, std::vector<StoredKey> keys,
                 const std::map<std::string, std::vector<VerifierKey>>& logs)
    : state_(std::move(state)), name_(std::move(name)), keys_(std::move(keys)) {
  fs::create_directories(state_);
  in_use_.emplace(state_ / "lock");
  if (!in_use_->try_exclusive())
    throw std::runtime_error(state_.string() + " is in use by another witness: each needs a folder of its own");
  for (const auto& [origin, trusted] : logs) {
    auto log = std::make_unique<Log>();
    log->file = state_ / (hex(sha256(as_bytes(origin))) + ".checkpoint");
    log->trust = {.origin = origin, .log = trusted};
    if (fs::exists(log->file)) recall(*log);
    logs_.emplace(origin, std::move(log));
  }
}

void Witness::recall(Log& log) const try {
  const auto known = verifiers();
  Note note = parse_note(read_file(log.file));
  const auto signed_by = verify_note(note, known);
  log.latest = parse_checkpoint(note.text);
  if (log.latest->origin != log.trust.origin) throw Malformed("it is of another ledger");
  // When keys are changed over, the new one vouches for what the former one saw.
  if (signed_by.front().key == known.front()) return;
  note.signatures.push_back(cosign({name_, keys_.front().key}, note.text, posix_now()));
  replace_durably(log.file, format_note(note));
} catch (const std::runtime_error& error) {
  throw std::runtime_error(
      fmt::format("{}, which says what this witness cosigned last of {}, is not as it was written, or the witness's "
                  "key is not the one "
                  "it had: {}. Bring both back from a backup that is newer than the last cosignature; without them a "
                  "ledger that was "
                  "rolled back would go unseen",
                  log.file.string(), log.trust.origin, error.what()));
}

std::vector<VerifierKey> Witness::verifiers() const {
  std::vector<VerifierKey> verifiers;
  for (const StoredKey& key : keys_) verifiers.push_back({name_, SignatureType::cosignature, key.key.public_key()});
  return verifiers;
}

std::vector<http::Route> Witness::routes() {
  const auto or_why_not = [](auto&& cosigned) {
    try {
      return cosigned();
    } catch (Refused& refused) {
      return std::move(refused.response);
    }
  };
  return {{.method = "POST",
           .path = "/add-checkpoint",
           .body = http::Body::buffered,
           .body_cap = most_submission,
           .handle =
               [=, this](http::Request& request) { return or_why_not([&] { return add_checkpoint(request.body); }); }},
          {.method = "GET", .path = "/{origin}/checkpoint", .handle = [=, this](http::Request& request) {
             return or_why_not([&] { return latest_checkpoint(request.parameters.at("origin")); });
           }}};
}

http::Response Witness::add_checkpoint(std::string_view body) {
  try {
    const Submission given = parse_submission(body);
    const Checkpoint claimed = parse_checkpoint(parse_note(given.checkpoint).text);
    const auto found = logs_.find(claimed.origin);
    if (found == logs_.end()) refuse(404, "This witness does not know the checkpoint's origin.");
    Log& log = *found->second;
    const SignedCheckpoint next = open_checkpoint(given.checkpoint, log.trust);
    const std::scoped_lock lock(log.mutex);
    check_consistency(log.latest, given, next.checkpoint);
    return {.body = cosign_and_keep(log, next)};
  } catch (const Malformed& error) {
    refuse(400, error.what());
  } catch (const NotVerified& error) {
    refuse(403, error.what());
  }
}

std::string Witness::cosign_and_keep(Log& log, const SignedCheckpoint& given) {
  Note kept{given.note.text, {}};
  for (const Signature& signature : given.note.signatures) {
    const bool trusted = std::ranges::any_of(given.log, [&](const Verified& by) {
      return by.key.name == signature.name && by.key.id() == signature.key_id;
    });
    if (trusted) kept.signatures.push_back(signature);
  }
  std::string lines;
  for (const StoredKey& key : keys_) {
    kept.signatures.push_back(cosign({name_, key.key}, given.note.text, posix_now()));
    lines += format_signature(kept.signatures.back());
  }
  // Before anybody gets the cosignature: what was said once must be known for ever. In memory first, for then a write
  // that fails half-way cannot make this witness go back either.
  log.latest = given.checkpoint;
  replace_durably(log.file, format_note(kept));
  return lines;
}

http::Response Witness::latest_checkpoint(std::string_view hashed_origin) {
  for (const auto& [origin, log] : logs_) {
    if (log->file.stem() != hashed_origin) continue;
    const std::scoped_lock lock(log->mutex);
    if (log->latest) return {.body = read_file(log->file)};
  }
  refuse(404, "This witness has cosigned no checkpoint of such an origin.");
}

}  // namespace answerable::ledger
