#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ingest/intake/keys.hpp"
#include "ingest/parsed.hpp"

namespace answerable::intake {

/// A record as it was parsed, with its bytes.
struct RecordWithBytes {
  ParsedRecord record;
  std::string lead, body;
};

/// Records that wait for something that may come later in their file. Their content lies in a temporary file without a
/// name; in memory stays what judging needs of each.
class Parked {
 public:
  struct Place {
    Key id;
    std::uint64_t offset{};
    std::int64_t number{-1};
    std::int32_t subject{}, line{};
    std::int16_t kind{};
    bool defines_subject{}, new_subject{}, held{}, repeated{};
    std::int32_t held_by{-1};  ///< the parked record because of which it is held
  };

  Parked() = default;
  Parked(const Parked&) = delete;
  Parked& operator=(const Parked&) = delete;

  /// \throws std::system_error when the temporary file cannot be written
  std::uint32_t add(const ParsedRecord& record, std::span<const std::byte> lead, std::span<const std::byte> body,
                    const Key& id, std::int16_t kind);
  RecordWithBytes read(std::uint32_t place);

  std::vector<Place>& places() { return places_; }
  const std::vector<Place>& places() const { return places_; }

  /// The first parked record that provides an id or identifier.
  void provides(const Key& key, std::uint32_t place) { providers_.try_emplace(key, place); }
  const std::uint32_t* provider(const Key& key) const {
    const auto at = providers_.find(key);
    return at == providers_.end() ? nullptr : &at->second;
  }

  /// `place` is held when `on` is.
  void leans(std::uint32_t place, std::uint32_t on) { leanings_.emplace_back(on, place); }
  /// Holds every record that leans on a held one, directly or through others.
  void hold_leaning();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t end_{};
  std::vector<Place> places_;
  std::unordered_map<Key, std::uint32_t, KeyHash> providers_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> leanings_;  ///< on, place
};

/// The form in which a record lies in the temporary file: private to the program that wrote it.
void encode(const ParsedRecord& record, std::string& out);
ParsedRecord decode(std::string_view encoded);

}  // namespace answerable::intake
