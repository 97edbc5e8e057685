#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/timeline.hpp"

namespace answerable::engine {

/// One version of an agreement, as its records say. A later version of the same reference ends the earlier one.
struct Agreement {
  std::string reference;
  std::string type;                  ///< s75 | s79 | contract | grant | spot | s101
  std::vector<std::string> parties;  ///< keys: "ods:RH5"
  std::string party_name;
  std::vector<Word> functions;
  std::string extent;                ///< all | group | named | ""
  std::vector<std::int32_t> people;  ///< subject numbers, sorted; when the extent is named
  Happened from;
  std::optional<Happened> until;
  bool revoked{};
  std::vector<std::string> heads;
  std::string monitoring, reports, report_due_days;
  std::int64_t number{};   ///< the record that says so
  std::int32_t subject{};  ///< the agreement's own timeline

  /// On some reading of its dates.
  bool in_force(Day day) const;
  bool covers(Word function) const;
  bool reaches(std::int32_t person) const;
  bool has_party(std::string_view key) const;
};

/// How an act of another body stands.
struct Standing {
  const Agreement* agreement{};  ///< the version named, or the one that covers it; null when there is none
  bool named{};                  ///< the record named it
  bool in_force{}, covers_function{}, is_party{}, reaches{};
  bool valid() const { return agreement && in_force && covers_function && is_party && reaches; }
};

/// Who did it or should have, and who answers for it: always the council (law.md section 3).
struct Attribution {
  std::string actor, actor_name;              ///< key and name
  std::string accountable, accountable_name;  ///< the council: derived, never typed in
  std::string agreement, instrument;          ///< reference and type; "" when there is none
  bool in_force{}, covers_function{};
  std::string law;   ///< the provision by which the act counts as the council's
  std::string note;  ///< the same in words for a reader
};

class Agreements {
 public:
  Agreements() = default;
  /// Reads agreement timelines: agreement.made, agreement.revoked.
  /// \param people the subject a listed identifier's value stands for; nothing when nobody has it
  Agreements(const Vocabulary& vocabulary, std::span<const SubjectTimeline> timelines, Horizon horizon,
             const std::function<std::optional<std::int32_t>(std::string_view)>& people);

  std::span<const Agreement> all() const { return versions_; }

  /// The version of a reference that is in force on the day and covers the function; failing that one in force; failing
  /// that the latest begun by then; failing that the first. Null for a reference nobody has told us of.
  const Agreement* find(std::string_view reference, Word function, Day day) const;

  /// How an act done by `performer` (a key), perhaps naming an agreement, stands on a day.
  Standing standing(std::string_view reference, std::string_view performer, Word function, Day day,
                    std::int32_t person) const;

  /// Under which agreement a person's obligation lay when nobody acted: one that the person's own records name for the
  /// function (`used`, best first), one that lists the person, one for everybody. Null: the council itself.
  const Agreement* responsible(std::span<const std::string_view> used, Word function, Day day,
                               std::int32_t person) const;

 private:
  std::vector<Agreement> versions_;  ///< by reference, then from
  std::map<std::string, std::pair<std::size_t, std::size_t>, std::less<>> by_reference_;
};

/// The law by which what the actor did or left undone on that day counts as the council's, in words.
/// \param acted the actor acted; otherwise it should have
Attribution attribute(const Organisations& organisations, std::string_view actor_key, const Standing& standing, Day day,
                      std::string_view function, bool acted);

}  // namespace answerable::engine
