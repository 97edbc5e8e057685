#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "audit/bag/spill.hpp"
#include "reports/pages/packing.hpp"

namespace answerable::pages {

/// Where packed rows lie.
class RowStore {
 public:
  std::uint64_t append(const std::string& packed);
  /// Valid until the next call of anything here.
  std::string_view row(std::uint64_t at);

  SharedWords words;

 private:
  bag::Spill spill_;
};

/// A list that does not grow in memory, but for eight bytes a row: the rows lie in a nameless file (bag::Spill). What
/// is read from it is a copy. Copies of the list share what lies there. Only one thread may use a list and its copies.
/// \tparam T has `pack(Packer&, const T&)` and `unpack(Unpacker&, T&)` beside it
template <class T>
class Rows {
 public:
  using value_type = T;
  class Iterator;

  Rows() = default;
  Rows(std::initializer_list<T> rows) {
    for (const auto& it : rows) push_back(it);
  }

  void push_back(const T& row) { places_.push_back(put(row)); }
  /// Puts another in place of one.
  void set(std::size_t index, const T& row) { places_[index] = put(row); }
  std::size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }

  T operator[](std::size_t index) const {
    T out;
    Unpacker unpacker(store_->row(places_[index]), store_->words);
    unpack(unpacker, out);
    return out;
  }
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

  /// Puts each in place of what `change` makes of it.
  void change(const std::function<void(T&)>& change) {
    for (std::size_t i = 0; i < size(); ++i) {
      T it = (*this)[i];
      change(it);
      set(i, it);
    }
  }
  void erase_if(const std::function<bool(const T&)>& unwanted) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      if (!unwanted((*this)[i])) places_[kept++] = places_[i];
    }
    places_.resize(kept);
  }
  /// Leaves those from `from` up to and without `to`.
  void keep(std::size_t from, std::size_t to) {
    places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(to), places_.end());
    places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(from));
  }
  /// Puts first the one that is at order[0], and so on. \pre each index is in it once
  void reorder(std::span<const std::size_t> order) {
    Rows out;  // written anew, since what lies in order is read in order
    out.places_.reserve(order.size());
    for (const auto index : order) out.push_back((*this)[index]);
    *this = std::move(out);
  }

 private:
  std::uint64_t put(const T& row) {
    if (!store_) store_ = std::make_shared<RowStore>();
    std::string packed;
    Packer packer(store_->words, packed);
    pack(packer, row);
    return store_->append(packed);
  }

  std::vector<std::uint64_t> places_;
  std::shared_ptr<RowStore> store_;
};

template <class T>
class Rows<T>::Iterator {
 public:
  using iterator_concept = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = T;

  Iterator() = default;
  Iterator(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
  T operator*() const { return (*rows_)[index_]; }
  Iterator& operator++() {
    ++index_;
    return *this;
  }
  void operator++(int) { ++index_; }
  bool operator==(const Iterator&) const = default;

 private:
  const Rows* rows_{};
  std::size_t index_{};
};

}  // namespace answerable::pages
