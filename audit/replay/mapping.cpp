#include "audit/replay/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>

namespace answerable::replay {
namespace {

constexpr std::size_t words_between = 6, words_near = 2;

bool word_matches(std::string_view pattern, std::string_view word) {
  if (!pattern.empty() && pattern.back() == '*') return word.starts_with(pattern.substr(0, pattern.size() - 1));
  return word == pattern;
}

using Text = std::span<const std::string>;
using Rest = std::function<bool(Text)>;

/// Whether the phrase stands at the beginning of the text, and the rest at what comes after it.
bool stands(Text phrase, Text text, const Lexicon& lexicon, const Rest& rest) {
  if (phrase.empty()) return rest(text);
  const auto& first = phrase.front();
  const auto others = phrase.subspan(1);
  if (first == ".." || first == ".") {
    const std::size_t most = first == ".." ? words_between : words_near;
    for (std::size_t skipped = 0; skipped <= std::min(most, text.size()); ++skipped) {
      if (stands(others, text.subspan(skipped), lexicon, rest)) return true;
      if (skipped < text.size() && text[skipped] == clause_end) return false;
    }
    return false;
  }
  if (first.front() == '@')
    return std::ranges::any_of(lexicon.at(first.substr(1)).phrases(), [&](const auto& one) {
      return stands(one, text, lexicon, [&](Text after) { return stands(others, after, lexicon, rest); });
    });
  return !text.empty() && word_matches(first, text.front()) && stands(others, text.subspan(1), lexicon, rest);
}

bool has(std::string_view list, std::string_view word) {
  const auto all = list_of(list);
  return std::ranges::find(all, word) != all.end();
}

About about_of(std::string_view text) {
  return text == "adult" ? About::adult : text == "carer" ? About::carer : About::as_told;
}

}  // namespace

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> all;
  std::string word;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      if (!word.empty()) all.push_back(std::exchange(word, {}));
    } else {
      word += c;
    }
  }
  if (!word.empty()) all.push_back(word);
  return all;
}

Words::Words(std::string_view phrases) {
  while (!phrases.empty()) {
    const auto bar = phrases.find('|');
    if (auto phrase = list_of(phrases.substr(0, bar)); !phrase.empty()) phrases_.push_back(std::move(phrase));
    if (bar == std::string_view::npos) break;
    phrases.remove_prefix(bar + 1);
  }
}

bool Words::match(std::span<const std::string> text, const Lexicon& lexicon) const {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (begins(text.subspan(i), lexicon)) return true;
  return false;
}

bool Words::begins(std::span<const std::string> text, const Lexicon& lexicon) const {
  return std::ranges::any_of(
      phrases_, [&](const auto& phrase) { return stands(phrase, text, lexicon, [](Text) { return true; }); });
}

Mapping::Mapping(const std::filesystem::path& folder, const std::filesystem::path& schemas_folder) {
  const std::array schemas{schemas_folder / "replay/1/replay.xsd"};
  const xml::DocumentReader reader(schemas);
  root_ = reader.read(folder / "events.xml");
  for (const auto* e : root_.all("words")) add_words(*e);
  for (const auto* e : root_.all("capacity")) capacities_.emplace(e->value("of"), e->value("is"));
  for (const auto* e : root_.all("event")) {
    EventKind kind;
    kind.about = about_of(e->value("about"));
    kind.missing = e->value("missing");
    kind.claims = e->value("claims") == "yes";
    kind.hears = e->value("hears") == "yes";
    kind.allows = e->value("allows") == "yes";
    for (const auto* one : e->all("becomes")) kind.becomes.push_back(becomes(*one));
    kinds_.emplace(e->value("kind"), std::move(kind));
  }
  for (const auto* e : root_.all("also")) also_.emplace_back(about_of(e->value("about")), becomes(*e));
  check();
  const auto policy = reader.read(folder / "policy.xml");
  policy_note_ = fmt::format("{} ({}, {})", policy.child_text("reason"), policy.value("author"), policy.value("date"));
  for (const auto& child : policy.children)
    if (child.ns != replay_namespace) policies_.push_back(child);
}

/// A list may name those before it only, so that none ends in itself.
void Mapping::add_words(const xml::Element& element) {
  Words words(element.text);
  for (const auto& phrase : words.phrases())
    for (const auto& word : phrase)
      if (word.front() == '@' && !words_.contains(word.substr(1)))
        throw std::runtime_error(
            fmt::format("events.xml:{}: there is no word list {} before this one", element.line, word.substr(1)));
  words_.emplace(element.value("id"), std::move(words));
}

Becomes Mapping::becomes(const xml::Element& element) const {
  return {&element, std::string(element.value("as")), std::string(element.value("nothing"))};
}

void Mapping::check() const {
  const auto lists = [&](const xml::Element& e, const auto& self) -> void {
    for (const auto& [name, value] : e.attributes)
      if (name.ends_with("words") || name.ends_with("said"))
        for (const auto& list : list_of(value))
          if (!words_.contains(list))
            throw std::runtime_error(fmt::format("events.xml:{}: there is no word list {}", e.line, list));
    for (const auto& child : e.children) self(child, self);
  };
  lists(root_, lists);
  for (const auto& [name, kind] : kinds_)
    for (const auto& one : kind.becomes)
      if (!one.as.empty() && !kinds_.contains(one.as))
        throw std::runtime_error(fmt::format("events.xml: {} becomes {}, which is no kind of event", name, one.as));
}

const EventKind* Mapping::kind(std::string_view name) const {
  const auto found = kinds_.find(name);
  return found == kinds_.end() ? nullptr : &found->second;
}

std::vector<std::string> Mapping::kinds() const {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kinds_) names.push_back(name);
  return names;
}

bool Mapping::allows(std::string_view name) const {
  const auto* found = kind(name);
  return found && found->allows;
}

const Becomes* Mapping::choose(const EventKind& kind, const Facts& facts) const {
  for (const auto& one : kind.becomes)
    if (holds(*one.element, facts, "")) return &one;
  return nullptr;
}

std::vector<std::pair<About, const Becomes*>> Mapping::also(const Facts& line) const {
  std::vector<std::pair<About, const Becomes*>> all;
  Facts facts = line;
  facts.words = without_omissions(std::move(facts.words));
  for (const auto& [about, one] : also_)
    if (holds(*one.element, facts, "")) all.emplace_back(about, &one);
  return all;
}

std::string Mapping::evidence(std::string_view kind, const Facts& facts) const {
  if (facts.claimed) return facts.evidence;
  for (const auto* e : root_.all("reads")) {
    // Where a row does not say of which evidence it speaks, it is of a line that has none of its own.
    const bool bare = facts.evidence == "recorded" || facts.evidence == "not_stated";
    if ((bare || e->attribute("evidence")) && has(e->value("kinds"), kind) && holds(*e, facts, ""))
      return std::string(e->value("as"));
  }
  return facts.evidence;
}

bool Mapping::words_match(std::string_view lists, const Facts& facts) const {
  const auto all = list_of(lists);
  return std::ranges::any_of(all, [&](const auto& list) { return words_.at(list).match(facts.words, words_); });
}

bool Mapping::said(std::string_view lists, const Facts& facts) const {
  const auto all = list_of(lists);
  return std::ranges::any_of(facts.said, [&](const auto& line) {
    return std::ranges::any_of(all, [&](const auto& list) { return words_.at(list).match(line, words_); });
  });
}

bool Mapping::holds(const xml::Element& element, const Facts& facts, std::string_view ns) const {
  const auto given = [&](std::string_view name) {
    return element.attribute(ns.empty() ? std::string(name) : fmt::format("{{{}}}{}", ns, name));
  };
  const auto told = [&](std::string_view kinds) {
    const auto all = list_of(kinds);
    return std::ranges::any_of(all, [&](const auto& kind) { return facts.told.contains(kind); });
  };
  if (const auto* is = given("evidence"); is && !has(*is, facts.evidence)) return false;
  if (const auto* is = given("actor"); is && !has(*is, facts.actor)) return false;
  if (const auto* is = given("subject"); is && !has(*is, facts.subject)) return false;
  if (const auto* is = given("words"); is && !words_match(*is, facts)) return false;
  if (const auto* is = given("and-words"); is && !words_match(*is, facts)) return false;
  if (const auto* is = given("lasts"); is && facts.months < std::stoi(*is)) return false;
  if (const auto* is = given("not-words"); is && words_match(*is, facts)) return false;
  if (const auto* is = given("said"); is && !said(*is, facts)) return false;
  if (const auto* is = given("not-said"); is && said(*is, facts)) return false;
  if (const auto* is = given("claimed"); is && facts.claimed != (*is == "yes")) return false;
  if (const auto* is = given("falls"); is && facts.falls != (*is == "yes")) return false;
  if (const auto* is = given("told"); is && !told(*is)) return false;
  if (const auto* is = given("not-told"); is && told(*is)) return false;
  if (const auto* is = given("from"); is && facts.day < parse_day(*is).value()) return false;
  if (const auto* is = given("before"); is && facts.day >= parse_day(*is).value()) return false;
  return true;
}

std::string_view Mapping::capacity(std::string_view role_or_party) const {
  const auto found = capacities_.find(role_or_party);
  return found == capacities_.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<Arrangement> Mapping::arrangement(const CaseParty& party, Day begins) const {
  const auto words = split_words(party.acts_for);
  for (const auto* e : root_.all("arrangement")) {
    if (const auto* kinds = e->attribute("party"); kinds && !has(*kinds, party.kind)) continue;
    if (const auto* list = e->attribute("words"); list && !words_.find(*list)->second.match(words, words_)) continue;
    if (const auto* before = e->attribute("before"); before && begins >= parse_day(*before).value()) continue;
    if (e->attribute("type") == nullptr) return std::nullopt;
    return Arrangement{std::string(e->value("type")), std::string(e->value("note")), list_of(e->value("functions"))};
  }
  return std::nullopt;
}

}  // namespace answerable::replay
