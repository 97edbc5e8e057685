#include "ingest/intake/keys.hpp"

#include <bit>
#include <cstring>

#include "ingest/intake/leaf.hpp"

namespace answerable::intake {
namespace {

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13);
    v1 ^= v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16);
    v3 ^= v2;
    v0 += v3;
    v3 = std::rotl(v3, 21);
    v3 ^= v0;
    v2 += v1;
    v1 = std::rotl(v1, 17);
    v1 ^= v2;
    v2 = std::rotl(v2, 32);
  }
  void take(std::uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
  std::uint64_t give() {
    for (int i = 0; i < 4; ++i) round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

}  // namespace

Key siphash128(const std::array<std::uint64_t, 2>& secret, std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  SipState state{0x736f6d6570736575 ^ secret[0], 0x646f72616e646f6d ^ secret[1] ^ 0xee, 0x6c7967656e657261 ^ secret[0],
                 0x7465646279746573 ^ secret[1]};
  const auto length = static_cast<std::uint64_t>(text.size());
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    state.take(word);
  }
  std::uint64_t last = length << 56, rest = 0;
  if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
  last |= rest;
  state.take(last);
  Key key;
  state.v2 ^= 0xee;
  key.low = state.give();
  state.v1 ^= 0xdd;
  key.high = state.give();
  return key;
}

Keyer::Keyer() {
  const Salt random = make_salt();
  std::memcpy(secret_.data(), random.data(), random.size());
}

Key Keyer::record(std::string_view sender, std::string_view id) {
  return of('R', sender, id);
}
Key Keyer::identifier(std::string_view scheme, std::string_view value) {
  return of('I', scheme, value);
}

Key Keyer::of(char what, std::string_view space, std::string_view name) {
  text_.assign(1, what);
  text_.append(space).push_back('\n');  // in neither part: the schemas refuse white space in both
  text_.append(name);
  return siphash128(secret_, text_);
}

}  // namespace answerable::intake
