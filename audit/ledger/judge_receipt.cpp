#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <istream>
#include <nlohmann/json.hpp>
#include <set>

#include "audit/bag/names.hpp"
#include "audit/ledger/lines.hpp"
#include "audit/ledger/receipt_text.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/intake/leaf.hpp"

namespace answerable::ledger {
namespace {

using nlohmann::json;

/// The JSON of a submission's leaf. \throws Wrong
json read_content(std::string_view text) {
  std::set<std::string> names;
  const auto once = [&](int depth, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::key && depth == 1 && !names.insert(parsed.get<std::string>()).second)
      throw Wrong("Its content says one thing twice", {}, parsed.get<std::string>());
    return true;
  };
  auto content = json::parse(text, once, false);
  if (!content.is_object()) throw Wrong("Its content is not a JSON object", "{…}", std::string(text.substr(0, 200)));
  return content;
}

/// The value as a line of the receipt has it; "" when there is none of that kind.
std::string text_in(const json& content, const char* name) {
  const auto found = content.find(name);
  return found != content.end() && found->is_string() ? found->get<std::string>() : "";
}
std::string number_in(const json& content, const char* name) {
  const auto found = content.find(name);
  return found != content.end() && found->is_number_unsigned() ? found->dump() : "";
}

void check_content(const ReceiptText& receipt, std::string_view salt_text, std::string_view content) {
  const auto says = read_content(content);
  const auto same = [](std::string_view name, std::string_view line, const std::string& inside) {
    if (line != inside) throw Wrong(fmt::format("Its {} is not that in its content", name), inside, std::string(line));
  };
  same("receipt", receipt.receipt, text_in(says, "receipt"));
  same("sha256", receipt.sha256, text_in(says, "sha256"));
  same("bytes", receipt.bytes, number_in(says, "bytes"));
  same("received", receipt.received, text_in(says, "received_at"));
  same("sender", receipt.sender, text_in(says, "sender"));
  same("message", receipt.message, text_in(says, "message_id"));
  same("records", receipt.records,
       fmt::format("{} stored, {} held, {} held already", number_in(says, "stored"), number_in(says, "held"),
                   number_in(says, "already_held")));
  const auto salt = parse_salt(salt_text);
  if (!salt) throw Wrong("Its salt is not 32 hexadecimal digits", {}, std::string(salt_text));
  const auto commitment = intake::LeafHasher{}.commitment(*salt, content);
  if (commitment != receipt.leaf.commitment)
    throw Wrong("Its content and salt do not give the commitment in its leaf", hex(receipt.leaf.commitment),
                hex(commitment));
  const auto what = fmt::format("submission {}", receipt.receipt);
  if (receipt.leaf.what != what || receipt.leaf.at != receipt.received)
    throw Wrong("Its leaf is not that of this submission at this time", fmt::format("{} at {}", what, receipt.received),
                fmt::format("{} at {}", receipt.leaf.what, receipt.leaf.at));
}

void check_proof(const ReceiptText& receipt) {
  const auto& [proof, read] = *receipt.proven;
  if (!verify_inclusion(proof.index, read.checkpoint.size, receipt.hash, proof.path, read.checkpoint.root))
    throw Wrong(
        fmt::format("Its leaf is not number {} of the {} leaves of its checkpoint", proof.index, read.checkpoint.size));
  const bool cosigned = std::ranges::any_of(
      read.note.signatures, [&](const Signature& signature) { return signature.name != read.checkpoint.origin; });
  if (receipt.state == "published" && !cosigned)
    throw Wrong("Its state is published, but nobody outside the council has signed its checkpoint");
}

void compare_file(const ReceiptText& receipt, std::istream& file) {
  Sha256 hash;
  std::uint64_t size = 0;
  std::array<char, 1 << 16> piece{};
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
    const auto read = static_cast<std::size_t>(file.gcount());
    hash.update(std::as_bytes(std::span(piece).first(read)));
    size += read;
  }
  const auto digest = hex(hash.finish());
  if (digest != receipt.sha256 || std::to_string(size) != receipt.bytes)
    throw Wrong("It is not the file this receipt is for", fmt::format("{}, {} bytes", receipt.sha256, receipt.bytes),
                fmt::format("{}, {} bytes", digest, size));
}

void check_signatures(const ReceiptText& receipt, std::span<const VerifierKey> keys, ReceiptJudgement& result) {
  const auto& read = receipt.proven->checkpoint;
  result.checkpoint = read.checkpoint;
  if (keys.empty())
    throw Wrong("Its signature cannot be checked without the council's key, which the council publishes");
  result.signed_by = check_signed(read, keys, keys);
  const auto is_witness = [](const VerifierKey& key) { return key.type == SignatureType::cosignature; };
  if (receipt.state == "published" && std::ranges::any_of(keys, is_witness) &&
      std::ranges::none_of(result.signed_by, is_witness))
    throw Wrong("Its state is published, but no witness whose key was given has signed its checkpoint", listed(keys),
                listed(result.signed_by));
  if (result.signed_by.size() < read.note.signatures.size())
    result.cannot_tell.emplace_back(
        "whether the other signatures of its checkpoint (a witness's?) are good: their keys were not given");
}

}  // namespace

ReceiptText read_receipt_text(std::string_view text) {
  Lines lines("the receipt", text);
  if (lines.next() != "answerable-receipt/1") lines.expected("answerable-receipt/1");
  const auto value = [&](std::string_view name) {
    const auto line = lines.next();
    if (!line.starts_with(name) || line.substr(name.size(), 1) != " ")
      lines.expected(fmt::format("'{}' and its value", name));
    return line.substr(name.size() + 1);
  };
  ReceiptText receipt;
  receipt.receipt = value("receipt");
  receipt.state = value("state");
  receipt.sha256 = value("sha256");
  receipt.bytes = value("bytes");
  receipt.received = value("received");
  receipt.sender = value("sender");
  receipt.message = value("message");
  receipt.records = value("records");
  const auto salt = value("salt");
  const auto content = value("content");
  if (!lines.next().empty()) lines.expected("an empty line");

  const auto rest = lines.rest();
  const auto gap = rest.find("\n\n");
  const auto leaf = gap == rest.npos ? rest : rest.substr(0, gap + 1);
  receipt.leaf = parse_leaf_text(leaf);
  receipt.hash = leaf_hash(as_bytes(leaf));
  check_content(receipt, salt, content);
  if (gap != rest.npos) {
    auto proof = parse_proof(rest.substr(gap + 2));
    if (!proof.extra.empty()) throw Wrong("Its proof has a line 'extra', for which nothing vouches");
    auto checkpoint = read_checkpoint(proof.checkpoint);
    receipt.proven.emplace(std::move(proof), std::move(checkpoint));
  }
  if (receipt.proven ? receipt.state != "sequenced" && receipt.state != "published" : receipt.state != "received")
    throw Wrong("Its state is not what it holds",
                receipt.proven ? "sequenced or published, for it holds a proof" : "received, for it holds no proof",
                std::string(receipt.state));
  if (receipt.proven) check_proof(receipt);
  return receipt;
}

ReceiptJudgement judge_receipt(std::string_view text, std::istream* file, std::span<const VerifierKey> keys) {
  ReceiptJudgement result;
  result.cannot_tell.emplace_back("that what was sent was true: only what was sent, and when");
  find_at(result.findings, "receipt", [&] {
    const auto receipt = read_receipt_text(text);
    result.receipt = bag::printable(receipt.receipt);
    result.state = receipt.state;
    result.sender = bag::printable(receipt.sender);
    result.message = bag::printable(receipt.message);
    result.received = receipt.received;
    result.records = receipt.records;
    if (file != nullptr)
      find_at(result.findings, "file", [&] { compare_file(receipt, *file); });
    else
      result.cannot_tell.emplace_back("which file was sent: it was not given");
    if (receipt.proven)
      check_signatures(receipt, keys, result);
    else
      result.cannot_tell.emplace_back(
          "that the council wrote this receipt: until its state is sequenced nothing in it is signed. Ask for it "
          "again");
  });
  return result;
}

}  // namespace answerable::ledger
