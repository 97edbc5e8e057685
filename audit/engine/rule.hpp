#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audit/engine/clock.hpp"
#include "audit/engine/outcome.hpp"
#include "audit/engine/timeline.hpp"

/// Rules as values: what schemas/rule/1/rule.xsd can say, and its documentation says what it means.
namespace answerable::engine {

/// A number with up to four decimals, in ten-thousandths: exact, so that money can be compared. Nothing when it is
/// none.
std::optional<std::int64_t> ten_thousandths(std::string_view text);

/// What a number is compared with.
struct Bound {
  std::int64_t number{};  ///< in ten-thousandths
  Word attribute{};       ///< of the same entry, instead of the number; 0: none
  bool operator==(const Bound&) const = default;
};

struct Where {
  Word attribute{};
  std::vector<std::string> is, is_not;
  std::optional<bool> present;
  std::optional<Bound> at_least, below;
  bool operator==(const Where&) const = default;
};

/// In what two entries are compared.
struct Likeness {
  bool record{}, sender{}, performer{};
  std::vector<Word> attributes;
};

enum class By : std::uint8_t { any, council, other };

struct ActPattern {
  std::vector<Word> acts;
  std::vector<Where> where;
  By by{By::any};
  Likeness same, differs;
  std::string state;
};
using Acts = std::vector<ActPattern>;

struct Exception {
  enum class When : std::uint8_t { by_deadline, before, earlier, any };
  Acts acts;
  std::string because;
  When when{When::by_deadline};
};

struct EvidenceNeed {
  Word item{};
  std::vector<std::string> is, covers;
};

struct Step {
  std::string called;
  Acts acts;
  std::vector<EvidenceNeed> evidence;
};

struct ValueNeed {
  Word attribute{};
  std::vector<std::string> is, has;
  std::optional<Bound> at_least, below;
  std::string called;
};

/// Written down in time.
struct RecordedNeed {
  Clock within;
  std::string called;
};

struct Pause {
  Acts from, to;
  std::string because;
};

struct Follow {
  std::vector<Step> steps;
  std::optional<Clock> within;
  Word by{};  ///< instead of within: the trigger's attribute that holds the last day; 0: none
  std::vector<Pause> pauses;
  std::optional<ActPattern> extended_by;
  Acts before, progress;
};
struct Precede {
  std::vector<Step> steps;
  std::optional<Clock> within, lead;
};
struct Accompany {
  std::vector<std::variant<EvidenceNeed, ValueNeed, RecordedNeed, Step>> needs;
};
struct Recur {
  Step step;
  std::optional<Clock> first;
  Clock within;
  Acts progress;
};
struct Absent {
  Acts then;
  std::optional<Clock> within;
  bool until_recorded{};
  Outcome as{Outcome::breached};
};
struct Cover {
  Step step;
  Acts ended_by;
  bool next_day{};
};
struct Attributed {
  std::vector<std::string> instruments;
  bool only_when_covered{};
};
struct Schedule {
  Step step;
  Clock every;
  Word due{};
};
using Pattern = std::variant<Follow, Precede, Accompany, Recur, Absent, Cover, Attributed, Schedule>;

struct Duty {
  std::string id;
  Acts when;
  std::vector<Exception> unless;
  Pattern pattern;
  std::array<std::string, outcomes> says;  ///< by outcome; "" where the rule has no words for it
};

enum class Force : std::uint8_t { statute, guidance, practice };
enum class Confidence : std::uint8_t { verified, second_hand, unverified };
std::string_view word(Force force);
std::string_view word(Confidence confidence);
/// "the law's text was seen", "second hand", "UNVERIFIED: from general knowledge; needs a qualified person's sign-off"
std::string_view sentence(Confidence confidence);

struct Edition {
  Day from{};
  std::optional<Day> to;
  Force force{};
  Confidence confidence{};
  std::uint8_t regimes{};  ///< bits of Regime; 0: any
  std::string source, caveat;
  std::vector<Duty> duties;

  bool in_force(Day day) const { return day >= from && (!to || day <= *to); }
};

/// The smallest records that keep or break a duty; entered through the real intake by the tests.
struct Example {
  struct Sent {
    std::string by;  ///< council | trust | provider
    Day on{};
    std::string agreement;
    std::vector<std::string> records;  ///< each a record as XML that stands alone
  };
  std::string name;
  Day as_of{};
  Outcome outcome{};
  std::string duty, state;  ///< "" when not said
  std::vector<Sent> sent;
};

struct Rule {
  std::string id, title, because;
  SubjectType subject{};
  Word function{};  ///< 0 when none
  std::vector<Edition> editions;
  std::vector<Example> examples;
};

}  // namespace answerable::engine
