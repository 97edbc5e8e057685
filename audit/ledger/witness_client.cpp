#include <fmt/format.h>
#include <algorithm>

#include <stdexcept>

#include "audit/ledger/witness.hpp"
#include "ingest/base64.hpp"
#include "ingest/http/client.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::ledger {
namespace {

std::string submission(std::uint64_t old_size, std::span<const Digest> proof, std::string_view checkpoint) {
  std::string body = fmt::format("old {}\n", old_size);
  for (const Digest& hash : proof) body += base64(hash) + "\n";
  return fmt::format("{}\n{}", body, checkpoint);
}

std::uint64_t told_size(const std::string& url, const http::Response& answer) {
  if (answer.content_type != "text/x.tlog.size" || !answer.body.ends_with('\n'))
    throw WitnessRefused(fmt::format("the witness {} answers 409 without saying which size it cosigned last", url));
  return parse_size(std::string_view{answer.body}.substr(0, answer.body.size() - 1), "the size that the witness tells");
}

}  // namespace

std::vector<Signature> submit_to_witness(const std::string& url, const std::string& signed_checkpoint,
                                         std::span<const VerifierKey> known, std::uint64_t old_size,
                                         const std::function<std::vector<Digest>(std::uint64_t size)>& proof) {
  const Note note = parse_note(signed_checkpoint);
  const std::uint64_t size = parse_checkpoint(note.text).size;
  const std::string address = url + (url.ends_with('/') ? "" : "/") + "add-checkpoint";
  const auto send = [&] {
    return http::post(address, "text/plain; charset=utf-8", submission(old_size, proof(old_size), signed_checkpoint));
  };
  http::Response answer = send();
  if (answer.status == 409) {
    old_size = told_size(url, answer);
    if (old_size > size)
      throw WitnessRefused(
          fmt::format("the witness {} has cosigned this ledger with {} leaves, and it has only {} now: it "
                      "was put back to an older state, or somebody else signs with its key",
                      url, old_size, size));
    answer = send();
  }
  if (answer.status != 200)
    throw WitnessRefused(fmt::format("the witness {} does not cosign (HTTP status {}): {}", url, answer.status,
                                     xml::shortened(answer.body, 500)));
  Note cosigned{note.text, parse_signatures(answer.body)};
  const auto verified = verify_note(cosigned, known);
  std::erase_if(cosigned.signatures, [&](const Signature& signature) {
    return std::ranges::none_of(
        verified, [&](const Verified& by) { return by.key.name == signature.name && by.key.id() == signature.key_id; });
  });
  return cosigned.signatures;
}

}  // namespace answerable::ledger
