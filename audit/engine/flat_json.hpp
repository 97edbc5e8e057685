#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

// Private to the engine: attributes as they come out of the database.
namespace answerable::engine {

/// Text that stays where it is until the arena goes.
class Arena {
 public:
  /// A copy of the text.
  std::string_view keep(std::string_view text);
  /// Room to write to.
  char* room(std::size_t bytes);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_{};
  std::size_t left_{};
};

/// Reads one flat JSON object of strings, calling use(name, value) for each pair. Escapes
/// are undone; what had none is viewed in place, so `text` must outlive what is made of it. `name` lasts during the
/// call only. \throws std::runtime_error when it is anything else
template <class Use>
void read_flat_json(std::string_view text, Arena& arena, const Use& use);

namespace detail {
/// Reads a string whose opening quote has been read; `at` is left behind its closing one.
std::string_view json_string(std::string_view text, std::size_t& at, Arena& arena);
[[noreturn]] void not_flat();
}  // namespace detail

template <class Use>
void read_flat_json(std::string_view text, Arena& arena, const Use& use) {
  std::size_t at = 0;
  const auto skip = [&] {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) ++at;
  };
  const auto expect = [&](char c) {
    skip();
    if (at >= text.size() || text[at] != c) detail::not_flat();
    ++at;
  };
  expect('{');
  skip();
  if (at < text.size() && text[at] == '}') return;
  for (;;) {
    expect('"');
    const auto name = detail::json_string(text, at, arena);
    expect(':');
    expect('"');
    use(name, detail::json_string(text, at, arena));
    skip();
    if (at < text.size() && text[at] == '}') return;
    expect(',');
  }
}

}  // namespace answerable::engine
