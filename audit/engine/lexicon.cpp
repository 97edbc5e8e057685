#include "audit/engine/lexicon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "audit/engine/lexicon_acts.hpp"
#include "audit/engine/lexicon_tables.hpp"
#include "audit/engine/lexicon_values.hpp"

namespace answerable::engine::lexicon {
namespace {

using tables::Pair;

template <std::size_t n>
std::string_view find(const Pair (&table)[n], std::string_view key) {
  const auto* const found =
      std::find_if(std::begin(table), std::end(table), [&](const Pair& p) { return p.key == key; });
  return found == std::end(table) ? std::string_view{} : found->words;
}

/// "review", from review.completed. Acts of other names that one and the same kind of record gives are one family.
std::string_view family(std::string_view act) {
  const auto name = act.substr(0, act.find('.'));
  const auto kin = find(tables::families, name);
  return kin.empty() ? name : kin;
}

/// What is said of the attribute for this very act, for acts of its family, or for all.
template <std::size_t n>
std::string_view find_for(const Pair (&table)[n], std::string_view act, std::string_view rest) {
  if (const auto own = find(table, fmt::format("{}:{}", act, rest)); !own.empty()) return own;
  if (const auto near = find(table, fmt::format("{}:{}", family(act), rest)); !near.empty()) return near;
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
  return std::string(find(tables::acts, act));
}

std::string attribute(std::string_view act, std::string_view name) {
  const auto known = find_for(tables::attributes, act, name);
  return known.empty() ? "the " + spaced(name) : std::string(known);
}

std::string value(std::string_view act, std::string_view attribute, std::string_view value) {
  if (const auto known = find_for(tables::values, act, fmt::format("{}={}", attribute, value)); !known.empty())
    return std::string(known);
  if (attribute == "evidence-items" || attribute == "offered-as") return evidence(value);
  if (attribute == "is") return document(value);
  const auto general = find(tables::general_values, value);
  return general.empty() ? spaced(value) : std::string(general);
}

bool is_plural(std::string_view noun) {
  return std::any_of(std::begin(tables::plurals), std::end(tables::plurals),
                     [&](std::string_view start) { return noun.starts_with(start); });
}

Stem stem(std::string_view act, std::string_view name) {
  for (const auto& key : {fmt::format("{}:{}", act, name), fmt::format("{}:{}", family(act), name), std::string(name)})
    for (const auto& known : tables::stems)
      if (known.key == key) return {std::string(known.said), std::string(known.denied)};
  const auto noun = attribute(act, name);
  if (is_plural(noun)) return {noun + " include ", noun + " do not include "};
  return {noun + " is ", noun + " is not "};
}

YesNo yes_no(std::string_view act, std::string_view attribute) {
  for (const auto& key :
       {fmt::format("{}:{}", act, attribute), fmt::format("{}:{}", family(act), attribute), std::string(attribute)})
    for (const auto& clause : tables::clauses)
      if (clause.key == key) return {clause.yes, clause.no};
  return {};
}

std::string evidence(std::string_view item) {
  const auto known = find(tables::evidence, item);
  return known.empty() ? "the " + spaced(item) : std::string(known);
}

std::string document(std::string_view type) {
  const auto known = find(tables::documents, type);
  return known.empty() ? indefinite(spaced(type)) : std::string(known);
}

std::string coverage(std::string_view word) {
  const auto known = find(tables::coverage, word);
  return known.empty() ? "the " + spaced(word) : std::string(known);
}

std::string function(std::string_view function) {
  const auto known = find(tables::functions, function);
  return known.empty() ? spaced(function) : std::string(known);
}

std::string instrument(std::string_view type) {
  const auto known = find(tables::instruments, type);
  return known.empty() ? indefinite(spaced(type)) : std::string(known);
}

std::span<const Area> areas() {
  return tables::areas;
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
