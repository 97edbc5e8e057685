#include "audit/engine/lexicon.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "audit/engine/lexicon_file.hpp"

namespace answerable::engine::lexicon {
namespace {

Words find(const WordFile::Table& table, std::string_view key) {
  const auto found = table.find(key);
  return found == table.end() ? Words{} : found->second;
}

const WordFile& english() {
  return WordFile::english();
}

/// "review", from review.completed. Acts of other names that one and the same kind of record gives are one family.
std::string_view family(std::string_view act) {
  const auto name = act.substr(0, act.find('.'));
  const auto kin = find(english().families, name).words;
  return kin.empty() ? name : kin;
}

/// What is said of the attribute for this very act, for acts of its family, or for all.
Words find_for(const WordFile::Table& table, std::string_view act, std::string_view rest) {
  if (const auto own = find(table, fmt::format("{}:{}", act, rest)); !own.words.empty()) return own;
  if (const auto near = find(table, fmt::format("{}:{}", family(act), rest)); !near.words.empty()) return near;
  return find(table, rest);
}

std::string joined(std::span<const std::string> items, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? fmt::format(" {} ", last) : ", ";
    out += items[i];
  }
  return out;
}

std::string indefinite(const std::string& noun) {
  return fmt::format("{} {}", std::string_view("aeiou").find(noun.front()) == std::string_view::npos ? "a" : "an",
                     noun);
}

}  // namespace

std::string act(std::string_view act) {
  const auto known = find(english().acts, act).words;
  return known.empty() ? fmt::format("“{}” is recorded", spaced(act)) : std::string(known);
}

std::string attribute(std::string_view act, std::string_view name) {
  const auto known = find_for(english().attributes, act, name).words;
  return known.empty() ? "the " + spaced(name) : std::string(known);
}

std::string value(std::string_view act, std::string_view attribute, std::string_view value) {
  if (const auto known = find_for(english().values, act, fmt::format("{}={}", attribute, value)).words; !known.empty())
    return std::string(known);
  if (attribute == "evidence-items" || attribute == "offered-as") return evidence(value);
  if (attribute == "is") return document(value);
  const auto general = find(english().general_values, value).words;
  return general.empty() ? spaced(value) : std::string(general);
}

bool is_plural(std::string_view noun) {
  const auto& starts = english().plurals;
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return noun.starts_with(start); });
}

Stem stem(std::string_view act, std::string_view name) {
  if (const auto [said, denied] = find_for(english().stems, act, name); !said.empty())
    return {fmt::format("{} ", said), fmt::format("{} ", denied)};
  const auto noun = attribute(act, name);
  if (is_plural(noun)) return {noun + " include ", noun + " do not include "};
  return {noun + " is ", noun + " is not "};
}

YesNo yes_no(std::string_view act, std::string_view attribute) {
  const auto [yes, no] = find_for(english().clauses, act, attribute);
  return {yes, no};
}

std::string evidence(std::string_view item) {
  const auto known = find(english().evidence, item).words;
  return known.empty() ? "the " + spaced(item) : std::string(known);
}

std::string document(std::string_view type) {
  const auto known = find(english().documents, type).words;
  return known.empty() ? indefinite(spaced(type)) : std::string(known);
}

std::string coverage(std::string_view word) {
  const auto known = find(english().coverage, word).words;
  return known.empty() ? "the " + spaced(word) : std::string(known);
}

std::string function(std::string_view function) {
  const auto known = find(english().functions, function).words;
  return known.empty() ? spaced(function) : std::string(known);
}

std::string instrument(std::string_view type) {
  const auto known = find(english().instruments, type).words;
  return known.empty() ? indefinite(spaced(type)) : std::string(known);
}

std::span<const Area> areas() {
  return english().areas;
}

std::string either(std::span<const std::string> items) {
  return joined(items, "or");
}

std::string all_of(std::span<const std::string> items) {
  return joined(items, "and");
}

std::string spaced(std::string_view code) {
  std::string out(code);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '-' || c == '.' || c == '_'; }, ' ');
  return out;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string sentence(std::string text) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  return text.empty() ? text : text + '.';
}

}  // namespace answerable::engine::lexicon
