#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace answerable::pages {

/// Texts said in many rows, each kept once.
class SharedWords {
 public:
  std::uint32_t place_of(const std::string& text) {
    const auto [place, is_new] = places_.try_emplace(text, static_cast<std::uint32_t>(words_.size()));
    if (is_new) words_.push_back(&place->first);
    return place->second;
  }
  const std::string& at(std::uint32_t place) const { return *words_[place]; }

 private:
  std::map<std::string, std::uint32_t> places_;
  std::vector<const std::string*> words_;
};

// A packer and an unpacker go through a row in the same way, so each kind of row is described once, by a function that
// visits all there is: what is said in many rows in the same words (shared), what is said in one (own), what is no text
// (plain), and lists (each).

/// Makes bytes of a row.
class Packer {
 public:
  Packer(SharedWords& words, std::string& out) : words_(words), out_(out) {}

  void shared(const auto&... texts) { (plain(words_.place_of(texts)), ...); }
  void own(const auto&... texts) { (put(texts), ...); }
  void plain(const auto&... values) { (put_plain(values), ...); }
  void each(const auto& values, const auto& visit) {
    plain(static_cast<std::uint32_t>(values.size()));
    for (const auto& value : values) visit(value);
  }

 private:
  void put(const std::string& text) {
    plain(static_cast<std::uint32_t>(text.size()));
    out_ += text;
  }
  template <class T>
  void put_plain(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  SharedWords& words_;
  std::string& out_;
};

/// Makes the row again.
class Unpacker {
 public:
  Unpacker(std::string_view packed, const SharedWords& words) : rest_(packed), words_(words) {}

  void shared(auto&... texts) { ((texts = words_.at(taken<std::uint32_t>())), ...); }
  void own(auto&... texts) { ((texts = take(taken<std::uint32_t>())), ...); }
  void plain(auto&... values) { ((values = taken<std::remove_reference_t<decltype(values)>>()), ...); }
  void each(auto& values, const auto& visit) {
    values.resize(taken<std::uint32_t>());
    for (auto& value : values) visit(value);
  }

 private:
  std::string_view take(std::size_t size) {
    const auto out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  template <class T>
  T taken() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::string_view rest_;
  const SharedWords& words_;
};

}  // namespace answerable::pages
