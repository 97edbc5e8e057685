#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/explain.hpp"

namespace answerable::pages {

/// What became of one duty.
struct Finding {
  engine::Explanation why;
  std::string about;  ///< the reference of the agreement it is about; "" when it is about the person
};

/// A list of findings that takes a fraction of their size: an explanation is mostly words of its rule, which are kept
/// once. What is read from it is a copy.
class Findings {
 public:
  class Iterator;

  Findings() = default;
  Findings(std::initializer_list<Finding> findings);

  void push_back(const Finding& finding) { packed_.push_back(pack(finding)); }
  std::size_t size() const { return packed_.size(); }
  bool empty() const { return packed_.empty(); }
  Finding operator[](std::size_t index) const;
  Iterator begin() const;
  Iterator end() const;

  /// Puts each in place of what `change` makes of it.
  void change(const std::function<void(Finding&)>& change);
  /// Puts first the one that is at order[0], and so on. \pre each index is in it once
  void reorder(std::span<const std::size_t> order);

 private:
  std::string pack(const Finding& finding);

  std::vector<std::string> packed_;
  std::vector<std::string> words_;                            ///< said in many of them
  std::map<std::string, std::uint32_t, std::less<>> places_;  ///< of the words
};

class Findings::Iterator {
 public:
  using iterator_concept = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = Finding;

  Iterator() = default;
  Iterator(const Findings& findings, std::size_t index) : findings_(&findings), index_(index) {}
  Finding operator*() const { return (*findings_)[index_]; }
  Iterator& operator++() {
    ++index_;
    return *this;
  }
  void operator++(int) { ++index_; }
  bool operator==(const Iterator&) const = default;

 private:
  const Findings* findings_{};
  std::size_t index_{};
};

inline Findings::Iterator Findings::begin() const {
  return {*this, 0};
}
inline Findings::Iterator Findings::end() const {
  return {*this, size()};
}

}  // namespace answerable::pages
