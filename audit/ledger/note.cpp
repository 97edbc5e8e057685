#include "audit/ledger/note.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "ingest/base64.hpp"
#include "ingest/digest.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::ledger {
namespace {

constexpr std::string_view line_start = "\u2014 ";
constexpr std::size_t most_bytes = 1 << 20;
constexpr std::size_t most_signatures = 64;
constexpr std::size_t id_size = 4, time_size = 8, signature_size = 64;

/// Unicode's White_Space, in UTF-8.
constexpr std::array<std::string_view, 25> spaces{"\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u0085",
                                                  "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
                                                  "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A", "\u2028",
                                                  "\u2029", "\u202F", "\u205F", "\u3000"};

bool good_utf8(std::string_view text) {
  xml::Utf8Checker checker;
  return checker.check(text) == text.size();
}

/// Control characters other than a line feed.
std::size_t find_control(std::string_view text) {
  const auto found =
      std::ranges::find_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
  return found == text.end() ? text.npos : static_cast<std::size_t>(found - text.begin());
}

template <class Number>
void put_big_endian(Number number, std::size_t size, std::vector<std::byte>& out) {
  for (std::size_t i = size; i-- > 0;) out.push_back(static_cast<std::byte>(number >> (8 * i)));
}

std::uint64_t big_endian(std::span<const std::byte> bytes) {
  std::uint64_t number = 0;
  for (const std::byte byte : bytes) number = number << 8 | std::to_integer<std::uint64_t>(byte);
  return number;
}

std::string cosigned_message(std::string_view checkpoint_text, std::int64_t time) {
  return fmt::format("cosignature/v1\ntime {}\n{}", time, checkpoint_text);
}

Signature line(const Signer& signer, SignatureType type, std::span<const std::byte> bytes) {
  if (!is_key_name(signer.name))
    throw std::invalid_argument("a key cannot be named '" + signer.name +
                                "': a name is not empty and has neither spaces nor a plus");
  return {signer.name, signer.verifier(type).id(), {bytes.begin(), bytes.end()}};
}

void check_text(std::string_view text) {
  if (!text.ends_with('\n') || find_control(text) != text.npos || !good_utf8(text))
    throw std::invalid_argument(
        "only UTF-8 text that ends with a line feed and holds no other control characters can be signed");
}

/// What the signature says, if it is good. \throws NotVerified
Verified check(const Note& note, const Signature& signature, const VerifierKey& key) {
  const auto refuse = [&](std::string_view why) {
    throw NotVerified(
        fmt::format("the signature of {} is not good: {}. The text was changed after it was signed, or {} did "
                    "not sign it",
                    format_vkey(key), why, key.name));
  };
  std::span<const std::byte> bytes = signature.bytes;
  Verified verified{key, std::nullopt};
  std::string message = note.text;
  if (key.type == SignatureType::cosignature) {
    if (bytes.size() != time_size + signature_size) refuse("a cosignature has 72 bytes");
    const std::uint64_t time = big_endian(bytes.first(time_size));
    if (time > INT64_MAX) refuse("its time is out of range");
    verified.cosigned = static_cast<std::int64_t>(time);
    message = cosigned_message(note.text, *verified.cosigned);
    bytes = bytes.subspan(time_size);
  }
  if (!verify_ed25519(key.key, as_bytes(message), bytes)) refuse("it does not belong to this text and this key");
  return verified;
}

}  // namespace

bool is_key_name(std::string_view name) {
  return !name.empty() && name.find('+') == name.npos && good_utf8(name) &&
         std::ranges::none_of(spaces, [&](std::string_view space) { return name.find(space) != name.npos; });
}

std::uint32_t VerifierKey::id() const {
  Sha256 hash;
  hash.update(as_bytes(name));
  const std::array separator{std::byte{'\n'}, static_cast<std::byte>(type)};
  hash.update(separator);
  hash.update(key);
  const Digest digest = hash.finish();
  return static_cast<std::uint32_t>(big_endian(std::span{digest}.first(id_size)));
}

std::string format_vkey(const VerifierKey& key) {
  std::vector<std::byte> material{static_cast<std::byte>(key.type)};
  material.insert(material.end(), key.key.begin(), key.key.end());
  return fmt::format("{}+{:08x}+{}", key.name, key.id(), base64(material));
}

VerifierKey parse_vkey(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    throw Malformed(
        fmt::format("'{}' is not a verifier key: {}. One looks like this: "
                    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                    xml::shortened(text, 200), why));
  };
  const std::size_t first = text.find('+');
  const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) refuse("it has not three parts with a plus between them");
  const std::string_view id = text.substr(first + 1, second - first - 1);
  VerifierKey key{.name = std::string{text.substr(0, first)}};
  if (!is_key_name(key.name)) refuse("its name is empty or has a space");
  const auto material = parse_base64(text.substr(second + 1));
  if (!material) refuse("its third part is not base64");
  if (material->size() != 1 + key.key.size()) refuse("its third part does not hold one byte and a key of 32 bytes");
  key.type = static_cast<SignatureType>(material->front());
  if (key.type != SignatureType::ed25519 && key.type != SignatureType::cosignature)
    refuse("its type is neither 1 (Ed25519) nor 4 (cosignature)");
  std::copy(material->begin() + 1, material->end(), key.key.begin());
  if (const std::string right = fmt::format("{:08x}", key.id()); id != right)
    refuse("the key id of this name and key would be " + right);
  return key;
}

std::string format_signature(const Signature& signature) {
  std::vector<std::byte> bytes;
  put_big_endian(signature.key_id, id_size, bytes);
  bytes.insert(bytes.end(), signature.bytes.begin(), signature.bytes.end());
  return fmt::format("{}{} {}\n", line_start, signature.name, base64(bytes));
}

std::vector<Signature> parse_signatures(std::string_view lines) {
  std::vector<Signature> signatures;
  while (!lines.empty()) {
    const auto refuse = [&](std::string_view why) {
      throw Malformed(
          fmt::format("signature line {} is not as it must be: {}. Expected: a dash (U+2014), a space, the "
                      "key's name, a space, base64, a line feed",
                      signatures.size() + 1, why));
    };
    const std::size_t end = lines.find('\n');
    if (end == lines.npos) refuse("it has no line feed at its end");
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 1);
    if (!line.starts_with(line_start)) refuse("it does not start with a dash and a space");
    line.remove_prefix(line_start.size());
    const std::size_t space = line.find(' ');
    if (space == line.npos) refuse("there is no space behind the name");
    const std::string_view name = line.substr(0, space);
    if (!is_key_name(name)) refuse("the name is empty, not UTF-8, or has a space or a plus");
    const auto bytes = parse_base64(line.substr(space + 1));
    if (!bytes) refuse("what follows the name is not base64 in its one right form");
    if (bytes->size() <= id_size) refuse("the signature has no more than a key id");
    if (signatures.size() == most_signatures) refuse(fmt::format("at most {} signatures are read", most_signatures));
    signatures.push_back({std::string{name},
                          static_cast<std::uint32_t>(big_endian(std::span{*bytes}.first(id_size))),
                          {bytes->begin() + id_size, bytes->end()}});
  }
  return signatures;
}

std::string format_note(const Note& note) {
  std::string text = note.text + "\n";
  for (const Signature& signature : note.signatures) text += format_signature(signature);
  return text;
}

Note parse_note(std::string_view text) {
  if (text.size() > most_bytes)
    throw Malformed(fmt::format("the signed note has {} bytes: at most {} are read", text.size(), most_bytes));
  if (const std::size_t at = find_control(text); at != text.npos)
    throw Malformed(
        fmt::format("the signed note has the control character 0x{:02x} at byte {}: only line feeds are "
                    "allowed",
                    static_cast<unsigned>(text[at]), at));
  if (!good_utf8(text)) throw Malformed("the signed note is not UTF-8");
  const std::size_t blank = text.rfind("\n\n");
  if (blank == text.npos || blank + 2 == text.size())
    throw Malformed("the signed note has no empty line with signatures behind it");
  return {std::string{text.substr(0, blank + 1)}, parse_signatures(text.substr(blank + 2))};
}

Signature sign(const Signer& signer, std::string_view text) {
  check_text(text);
  return line(signer, SignatureType::ed25519, signer.key.sign(as_bytes(text)));
}

Signature cosign(const Signer& signer, std::string_view checkpoint_text, std::int64_t time) {
  check_text(checkpoint_text);
  if (time < 0) throw std::invalid_argument("a cosignature's time cannot lie before 1970");
  std::vector<std::byte> bytes;
  put_big_endian(static_cast<std::uint64_t>(time), time_size, bytes);
  const Ed25519Signature signature = signer.key.sign(as_bytes(cosigned_message(checkpoint_text, time)));
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  return line(signer, SignatureType::cosignature, bytes);
}

std::vector<Verified> verify_note(const Note& note, std::span<const VerifierKey> known, std::size_t quorum) {
  std::vector<Verified> verified;
  for (const VerifierKey& key : known) {
    std::optional<Verified> found;
    for (const Signature& signature : note.signatures) {
      if (signature.name == key.name && signature.key_id == key.id()) found = check(note, signature, key);
    }
    if (found) verified.push_back(*std::move(found));
  }
  if (verified.size() >= quorum) return verified;
  std::string trusted;
  for (const VerifierKey& key : known) trusted += (trusted.empty() ? "" : ", ") + format_vkey(key);
  throw NotVerified(fmt::format("{} of these keys signed, and at least {} must: {}", verified.size(), quorum,
                                trusted.empty() ? "none is trusted" : trusted));
}

}  // namespace answerable::ledger
