#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// English for the code words of rules and records: acts, attributes and their values, functions, evidence, documents.
/// The words are data: schemas/words/1/english.csv, a CSV file (RFC 4180, UTF-8) with the columns
/// table,key,words,other, read once, at the first question. A new kind of record gets its English there, in rows and
/// not in code; what has no row is said with its hyphens and dots as spaces, so that it can always be shown. Views of
/// it are valid for the program's life. Every function here throws std::runtime_error, with file and line, when that
/// file is not as it should be.
///
/// | table | key | words | other |
/// | --- | --- | --- | --- |
/// | acts | the act: review.completed | it as a clause: a review is completed | |
/// | families | an act's name up to its dot: advocate | the family it belongs to: assessment | |
/// | attributes | attribute | it as a noun: the ground | |
/// | values | attribute=value | the value: a first review | |
/// | general_values | value, whatever the attribute | the value | |
/// | plurals | how nouns begin that stand for several things | | |
/// | stems | attribute | how a condition begins, where "the … is" would not do | how its denial begins |
/// | clauses | attribute answered by yes and no | what a yes means | what a no means |
/// | evidence, documents, coverage, functions, instruments | the code word | it as a noun | |
/// | areas | the area's key | its title | its rules' first words, with spaces between |
///
/// In attributes, values, stems and clauses a key may be preceded by "act:" or "family:" (the act up to its dot); the
/// nearest one wins. Rows are sorted by table and key, but areas: those stand in the order in which they are shown.
namespace answerable::engine::lexicon {

/// "a review is completed", from review.completed; "“review reopened” is recorded", for an act without words of its
/// own.
std::string act(std::string_view act);
/// "the ground", from ground; by the act that carries it, because `type` is many things.
std::string attribute(std::string_view act, std::string_view name);
/// "a first review", from initial as the type of a review.
std::string value(std::string_view act, std::string_view attribute, std::string_view value);
/// Whether a noun of attribute() wants "are".
bool is_plural(std::string_view noun);
/// How a condition on the attribute begins: "it was given to ", "the reason given is not ".
struct Stem {
  std::string said, denied;
};
Stem stem(std::string_view act, std::string_view attribute);

/// What a yes and a no to an attribute mean, as clauses: "the person agreed to it", "the person did not agree to it".
struct YesNo {
  std::string_view yes, no;
};
/// Empty when there are no clauses for it.
YesNo yes_no(std::string_view act, std::string_view attribute);

/// "the review record"
std::string evidence(std::string_view item);
/// "a clinic letter"
std::string document(std::string_view type);
/// "needs", "views of the person"
std::string coverage(std::string_view word);
/// "reviewing care and support"
std::string function(std::string_view function);
/// "an agreement under section 75 of the National Health Service Act 2006"
std::string instrument(std::string_view type);

/// A part of the catalogue: the rules whose ids begin with one of these words, or are one of them.
struct Area {
  std::string_view key, title;
  std::span<const std::string_view> first_words;
};
/// In the order in which a reader meets them.
std::span<const Area> areas();

/// "a, b or c"
std::string either(std::span<const std::string> items);
/// "a, b and c"
std::string all_of(std::span<const std::string> items);
/// Hyphens and dots as spaces.
std::string spaced(std::string_view code);
/// First letter in upper case.
std::string capital(std::string text);
/// Ends with exactly one full stop.
std::string sentence(std::string text);

}  // namespace answerable::engine::lexicon
