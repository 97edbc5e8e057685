#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// PostgreSQL's text form of an array (manual §8.15.6), for parameters cast to text[] or bigint[].
namespace answerable::intake {

class ArrayText {
 public:
  void add(std::string_view element) {
    separate();
    text_.push_back('"');
    for (const char c : element) {
      if (c == '"' || c == '\\') text_.push_back('\\');
      text_.push_back(c);
    }
    text_.push_back('"');
  }
  void add(std::int64_t element) {
    separate();
    text_.append(std::to_string(element));
  }
  bool empty() const { return text_.size() == 1; }
  std::string close() && {
    text_.push_back('}');
    return std::move(text_);
  }

 private:
  void separate() {
    if (!empty()) text_.push_back(',');
  }
  std::string text_{"{"};
};

}  // namespace answerable::intake
