#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/replay/chronology.hpp"
#include "audit/replay/quantities.hpp"
#include "ingest/xml/document.hpp"

namespace answerable::replay {

class Words;
using Lexicon = std::map<std::string, Words, std::less<>>;

/// Phrases of a word list: whole words, "x*" for a beginning, "." for up to two and ".." for up to six words of the
/// same clause between, "@x" for any phrase of the list x.
class Words {
 public:
  /// \param phrases separated by |
  explicit Words(std::string_view phrases);
  /// \param text as split_words gives it \param lexicon the lists that phrases name
  /// \throws std::out_of_range for a list that the lexicon does not hold
  bool match(std::span<const std::string> text, const Lexicon& lexicon = {}) const;
  /// Whether one of them stands at the text's beginning.
  bool begins(std::span<const std::string> text, const Lexicon& lexicon) const;
  const std::vector<std::vector<std::string>>& phrases() const { return phrases_; }

 private:
  std::vector<std::vector<std::string>> phrases_;
};

/// What conditions may ask of an event.
struct Facts {
  std::string evidence, actor, subject;
  std::vector<std::string> words;
  std::vector<std::vector<std::string>> said;  ///< what earlier lines and the people's relations say
  std::set<std::string, std::less<>> told;
  Day day{};
  bool claimed{};  ///< what somebody complains of: no fact yet
  bool falls{};    ///< it tells a number that became smaller, by itself or against what was told before
  int months{};    ///< the longest time that it tells
};

/// What an event becomes: records, another kind, or nothing and why.
struct Becomes {
  const xml::Element* element{};
  std::string as, nothing;
};

enum class About { adult, carer, as_told };

struct EventKind {
  About about{About::as_told};
  std::string missing;  ///< the shortfall that "missing" speaks of
  bool claims{};        ///< its line says what somebody complains of
  bool hears{};         ///< its line is somebody's account
  bool allows{};        ///< its line says what a person is allowed
  std::vector<Becomes> becomes;
};

struct Arrangement {
  std::string type, note;
  std::vector<std::string> functions;
};

/// events.xml and policy.xml: how a chronology becomes records.
class Mapping {
 public:
  /// \param folder with events.xml and policy.xml
  /// \throws xml::Invalid naming file and place; std::runtime_error for a word list or kind that is not there
  Mapping(const std::filesystem::path& folder, const std::filesystem::path& schemas_folder);
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  /// Null for a kind that the mapping does not know.
  const EventKind* kind(std::string_view name) const;
  std::vector<std::string> kinds() const;
  /// Whether lines of this kind tell what a person is allowed: hours, nights, a budget.
  bool allows(std::string_view kind) const;
  /// How a line's evidence is to be read: as it is given, unless the line's own words say more.
  std::string evidence(std::string_view kind, const Facts& facts) const;
  /// What an event comes to; null when nothing matches.
  const Becomes* choose(const EventKind& kind, const Facts& facts) const;
  /// What it says besides, and about whom.
  std::vector<std::pair<About, const Becomes*>> also(const Facts& facts) const;
  /// Whether a line of this kind says what somebody complains of. \param by_person a person of the case speaks
  bool claimed(const EventKind& kind, const Facts& facts, bool by_person) const;
  /// Whether it tells, anywhere, what somebody says of it or that they dispute it.
  bool accounted(std::span<const std::string> words) const;
  /// The word lists that these words speak in.
  std::set<std::string> lists(std::span<const std::string> words) const;
  /// A line's words without what only tells what somebody says: a clause after the first, or the rest of the first.
  /// \param shown the line has evidence, so that what it begins with is no account
  std::vector<std::string> told_as_fact(std::vector<std::string> words, bool shown) const;
  /// Whether the conditions on an element hold. \param ns where its conditions stand: "" or the replay namespace
  bool holds(const xml::Element& element, const Facts& facts, std::string_view ns) const;
  /// "" when no capacity is named for it.
  std::string_view capacity(std::string_view role_or_party) const;
  /// Nothing: it acts under no arrangement.
  std::optional<Arrangement> arrangement(const CaseParty& party, Day begins) const;

  std::span<const xml::Element> policies() const { return policies_; }
  const std::string& policy_note() const { return policy_note_; }

 private:
  bool words_match(std::string_view lists, const Facts& facts) const;
  /// Where somebody's account begins in these words; beyond them for none.
  std::size_t account(std::span<const std::string> words) const;
  /// Words without what the person or the family did not do, nor what that is told as the ground of.
  std::vector<std::string> without_omissions(std::vector<std::string> words) const;
  bool said(std::string_view lists, const Facts& facts) const;
  void add_words(const xml::Element& element);
  Becomes becomes(const xml::Element& element) const;
  void check() const;

  xml::Element root_;
  Lexicon words_;
  std::map<std::string, std::string, std::less<>> capacities_;
  std::map<std::string, EventKind, std::less<>> kinds_;
  std::vector<std::pair<About, Becomes>> also_;
  std::vector<xml::Element> policies_;
  std::string policy_note_;
};

inline constexpr std::string_view replay_namespace = "urn:answerable:replay:1";

/// White space separated words of an attribute.
std::vector<std::string> list_of(std::string_view text);

}  // namespace answerable::replay
