#include "audit/engine/identity.hpp"

#include <fmt/format.h>

#include "audit/engine/judge.hpp"

namespace answerable::engine {
namespace {
// Crockford (2019), Base 32: no I, L, O, U.
constexpr std::string_view symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int length = 12;
}  // namespace

FindingId finding_id(Sha256& hash, std::string_view authority, std::int32_t subject, const Catalogue& catalogue,
                     const Judgement& judgement) {
  const auto& rule = catalogue.rules()[judgement.duty.rule];
  const auto& duty = rule.editions[judgement.duty.edition].duties[judgement.duty.duty];
  fmt::memory_buffer key;
  fmt::format_to(std::back_inserter(key), "{}|{}|{}|{}|{}|{}|{}", authority, rule.id, duty.id, subject, judgement.root,
                 judgement.trigger->ordinal, judgement.occurrence);
  hash.update(as_bytes({key.data(), key.size()}));
  const Digest digest = hash.finish();
  std::uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) bits = bits << 8 | std::to_integer<std::uint64_t>(digest[static_cast<std::size_t>(i)]);
  return static_cast<FindingId>(bits >> 4);
}

std::string format_finding(FindingId id) {
  std::string out = "F";
  for (int i = 0; i < length; ++i) {
    if (i % 4 == 0) out += '-';
    out += symbols[static_cast<std::size_t>(id >> (5 * (length - 1 - i)) & 31)];
  }
  return out;
}

std::optional<FindingId> parse_finding(std::string_view text) {
  if (text.empty() || (text.front() != 'F' && text.front() != 'f')) return std::nullopt;
  FindingId id = 0;
  int count = 0;
  for (char c : text.substr(1)) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    const auto at = symbols.find(c);
    if (at == std::string_view::npos || ++count > length) return std::nullopt;
    id = id << 5 | static_cast<FindingId>(at);
  }
  return count == length ? std::optional{id} : std::nullopt;
}

}  // namespace answerable::engine
