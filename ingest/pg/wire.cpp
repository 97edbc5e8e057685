#include "ingest/pg/wire.hpp"

namespace answerable::pg::wire {

std::vector<std::string> to_text_array(std::string_view raw) {
  const auto take = [&raw] {
    if (raw.size() < 4) throw std::logic_error("an array ends too early: cast it to text[] in the SQL");
    const auto value = get<std::int32_t>(raw);
    raw.remove_prefix(4);
    return value;
  };
  const auto dimensions = take();
  take();  // whether there are NULLs: told by the elements themselves
  const auto element_type = take();
  if (dimensions == 0) return {};
  if (dimensions != 1 || element_type != text_type)
    throw std::logic_error("not a text[] of one dimension: cast it in the SQL");
  const auto count = take();
  take();  // lower bound
  std::vector<std::string> values;
  values.reserve(static_cast<std::size_t>(count));
  for (std::int32_t i = 0; i < count; ++i) {
    const auto length = take();
    if (length < 0 || static_cast<std::size_t>(length) > raw.size())
      throw std::logic_error("a text[] holds NULL: remove it in the SQL");
    values.emplace_back(raw.substr(0, static_cast<std::size_t>(length)));
    raw.remove_prefix(static_cast<std::size_t>(length));
  }
  return values;
}

}  // namespace answerable::pg::wire
