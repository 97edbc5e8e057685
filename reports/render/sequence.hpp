#pragma once

#include <functional>
#include <initializer_list>
#include <utility>
#include <variant>
#include <vector>

namespace answerable::render {

/// Values one after another: some kept, others made anew each time they are wanted, so that a long document is never
/// held whole. \tparam T may be incomplete where this is a member
template <class T>
class Sequence {
 public:
  using Use = std::function<void(const T&)>;
  /// Gives its values one by one, the same each time. What it refers to has to outlive the sequence.
  using Source = std::function<void(const Use&)>;

  Sequence() = default;
  Sequence(std::vector<T> values) {
    for (auto& value : values) push_back(std::move(value));
  }
  Sequence(std::initializer_list<T> values) : Sequence(std::vector<T>(values)) {}

  void push_front(T value) { parts_.insert(parts_.begin(), std::move(value)); }
  void push_back(T value) { parts_.push_back(std::move(value)); }
  void add(Source source) { parts_.push_back(std::move(source)); }

  void each(const Use& use) const {
    for (const auto& part : parts_) {
      if (const auto* value = std::get_if<T>(&part)) {
        use(*value);
      } else {
        std::get<Source>(part)(use);
      }
    }
  }

 private:
  std::vector<std::variant<T, Source>> parts_;
};

}  // namespace answerable::render
