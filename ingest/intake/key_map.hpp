#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "ingest/intake/keys.hpp"

namespace answerable::intake {

/// Values by key, in one flat table: a look costs one place in memory, and forgetting everything costs nothing. Keys
/// are evenly spread already (Keyer), so their own bits say where they lie. Nothing is taken out one by one.
template <class Value>
class KeyMap {
 public:
  std::size_t size() const { return size_; }
  /// Null when there is none. Valid until something is added.
  const Value* find(const Key& key) const {
    if (slots_.empty()) return nullptr;
    const Slot& slot = slots_[place_of(key)];
    return slot.key == key ? &slot.value : nullptr;
  }
  /// The value of the key, made when there is none, and whether it was made. Valid until something else is added.
  std::pair<Value*, bool> try_emplace(const Key& key) {
    if (size_ * 4 >= slots_.size() * 3) grow();
    Slot& slot = slots_[place_of(key)];
    if (slot.key == key) return {&slot.value, false};
    slot.key = key;
    ++size_;
    return {&slot.value, true};
  }
  Value& operator[](const Key& key) { return *try_emplace(key).first; }
  void clear() {
    slots_.clear();
    size_ = 0;
  }

 private:
  struct Slot {
    Key key;  ///< zero: empty. No name has this key, but for one in 2^128
    Value value;
  };
  std::size_t place_of(const Key& key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = static_cast<std::size_t>(key.low) & mask;
    while (slots_[at].key != Key{} && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? std::size_t{1} << 12 : slots_.size() * 2);
    old.swap(slots_);
    for (Slot& slot : old)
      if (slot.key != Key{}) slots_[place_of(slot.key)] = std::move(slot);
  }
  std::vector<Slot> slots_;
  std::size_t size_{};
};

}  // namespace answerable::intake
