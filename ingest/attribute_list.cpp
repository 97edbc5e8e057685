#include "ingest/attribute_list.hpp"

#include <cstring>
#include <stdexcept>

namespace answerable {
namespace {

constexpr std::size_t prefix = sizeof(std::uint32_t);

std::uint32_t length_at(const char* at) {
  std::uint32_t length = 0;
  std::memcpy(&length, at, prefix);
  return length;
}

std::string_view text_at(const char* at) {
  return {at + prefix, length_at(at)};
}

void append(std::string& to, std::string_view text) {
  const auto length = static_cast<std::uint32_t>(text.size());
  char raw[prefix];
  std::memcpy(raw, &length, prefix);
  to.append(raw, prefix).append(text);
}

}  // namespace

AttributeList::Pair AttributeList::Iterator::operator*() const {
  const auto name = text_at(at_);
  return {name, text_at(name.data() + name.size())};
}

AttributeList::Iterator& AttributeList::Iterator::operator++() {
  const auto value = (**this).second;
  at_ = value.data() + value.size();
  return *this;
}

AttributeList::Iterator AttributeList::Iterator::operator++(int) {
  const Iterator before = *this;
  ++*this;
  return before;
}

AttributeList::AttributeList(std::initializer_list<Pair> pairs) {
  for (const auto& [name, value] : pairs) add(name, value);
}

AttributeList AttributeList::unpack(std::string_view packed) {
  int texts = 0;
  for (auto left = packed; !left.empty(); ++texts) {
    if (left.size() < prefix || left.size() - prefix < length_at(left.data()))
      throw std::invalid_argument("damaged attributes");
    left.remove_prefix(prefix + length_at(left.data()));
  }
  if (texts % 2 != 0) throw std::invalid_argument("damaged attributes: a name without a value");
  AttributeList list;
  list.packed_ = packed;
  return list;
}

void AttributeList::add(std::string_view name, std::string_view value) {
  append(packed_, name);
  append(packed_, value);
}

void AttributeList::set(std::string_view name, std::string_view value) {
  for (const auto& [its_name, its_value] : *this) {
    if (its_name != name) continue;
    const auto at = static_cast<std::size_t>(its_value.data() - packed_.data()) - prefix;
    std::string text;
    append(text, value);
    packed_.replace(at, prefix + its_value.size(), text);
    return;
  }
  add(name, value);
}

}  // namespace answerable
