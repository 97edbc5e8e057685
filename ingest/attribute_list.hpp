#pragma once

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace answerable {

/// Names and values in one piece of memory: entries have many, and there are millions of entries.
class AttributeList {
 public:
  using Pair = std::pair<std::string_view, std::string_view>;

  class Iterator {
   public:
    using value_type = Pair;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(const char* at) : at_(at) {}
    Pair operator*() const;
    Iterator& operator++();
    Iterator operator++(int);
    bool operator==(const Iterator&) const = default;

   private:
    const char* at_{};
  };

  AttributeList() = default;
  AttributeList(std::initializer_list<Pair> pairs);
  /// Of what packed() gave, perhaps in another process. \throws std::invalid_argument when it cannot have been that
  static AttributeList unpack(std::string_view packed);

  /// Puts the value in the place of the one of that name, and at the end when there is none.
  void set(std::string_view name, std::string_view value);
  void add(std::string_view name, std::string_view value);
  void add(const AttributeList& others) { packed_ += others.packed_; }

  Iterator begin() const { return Iterator(packed_.data()); }
  Iterator end() const { return Iterator(packed_.data() + packed_.size()); }
  /// For each: length of the name (4 bytes, this machine's order), name, length of the value, value.
  std::string_view packed() const { return packed_; }
  bool operator==(const AttributeList&) const = default;

 private:
  std::string packed_;
};

}  // namespace answerable
