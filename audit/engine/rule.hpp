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

struct Where {
  Word attribute{};
  std::vector<std::string> is, is_not;
  std::optional<bool> present;
};

enum class By : std::uint8_t { any, council, other };

struct ActPattern {
  std::vector<Word> acts;
  std::vector<Where> where;
  By by{By::any};
  bool same_record{};
  std::vector<Word> same;
  std::string state;
};
using Acts = std::vector<ActPattern>;

struct Exception {
  enum class When : std::uint8_t { by_deadline, before, any };
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
  std::string called;
};

struct Follow {
  std::vector<Step> steps;
  std::optional<Clock> within;
  std::optional<ActPattern> extended_by;
  Acts before, progress;
};
struct Precede {
  std::vector<Step> steps;
  std::optional<Clock> within;
};
struct Accompany {
  std::vector<std::variant<EvidenceNeed, ValueNeed, Step>> needs;
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
