#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/timeline.hpp"
#include "audit/loss/money.hpp"

namespace answerable::pg {
class Connection;
}

namespace answerable::loss {

/// From the first day to the last, both counted; none when the last lies before the first.
struct Span {
  Day first{}, last{};
  std::int64_t days() const { return last < first ? 0 : (last - first).count() + 1; }
};

/// A weekly sum that the officer says should have been paid, net of the person's contribution.
struct EnteredRate {
  Pennies weekly{};
  std::optional<Day> from{};  ///< nothing: from the first day lost
};

/// What is asked. The days narrow what the records give and settle what they leave open; they never widen it.
struct Question {
  std::optional<Day> from{}, to{};
  std::vector<EnteredRate> rates{};  ///< no two from the same day
};

inline constexpr std::int64_t entered = -1;  ///< in place of a record's number: by the officer

/// One line of a sum. Its amount has its sign.
struct Term {
  enum class Kind {
    due,           ///< what should have been paid: a weekly rate
    not_known,     ///< days for which no rate is held; no amount
    paid,          ///< a payment made for days lost
    paid_at_rate,  ///< after a cut: what went on being paid a week
    backdated,     ///< made good when payments were taken up again
    replacement,   ///< what support arranged instead cost
    charged,       ///< billed or charged for days on which there was no care
    refunded,
  };
  Kind kind{};
  Span days{};
  std::optional<Pennies> weekly{};        ///< the rate, net of the contribution
  std::optional<Pennies> gross{};         ///< the rate before it, where a record gives it
  std::optional<Pennies> contribution{};  ///< where one is held
  std::optional<Pennies> whole{};         ///< of a sum that is shared: all of it
  enum class Unit : std::uint8_t { days, minutes, visits };
  Unit unit{};
  std::int64_t part{}, of{};  ///< the share of `whole`: part of `of` units; 0 of 0 where it is not shared
  Pennies amount{};
  std::int64_t record{entered};
  std::int64_t contribution_record{entered};
};

/// The sum when every open date is read one way.
struct Reading {
  Span lost{};
  std::vector<Term> terms{};
  std::int64_t days_without_rate{};
  std::optional<Pennies> payments{};  ///< due less paid and provided, never below nothing; nothing: a rate is not known
  Pennies charges{};                  ///< charged less refunded, never below nothing
  std::optional<Pennies> sum() const { return payments ? std::optional(*payments + charges) : std::nullopt; }
};

/// The law's four ends (law.md rem.lostdp step 1).
enum class EndKind : std::uint8_t { resumed, decided, needs_ended, replaced };

struct End {
  EndKind kind{};
  std::int64_t record{};
  Happened when{};
  Span last_day{};            ///< between which days the last lost day lies by it
  bool counts{true};          ///< false: not taken for an end, and `why` says why not
  bool lowest_only{};         ///< taken for the lowest reading alone, and `why` says why
  std::string why{}, what{};  ///< what: in the record's words, or ""
};

/// Evidence that would settle an open point.
struct Missing {
  std::string what{}, matters{}, holder{};
};

/// Something held that is shown and changes no sum.
struct Shown {
  enum class Kind { surplus, recovery, remedy, receipt, charge, payment, not_worked, evidence };
  Kind kind{};
  std::int64_t record{};
  Happened when{};
  std::optional<Pennies> amount{};
  std::string text{};
};

/// One stop or cut of direct payments.
struct LostPayments {
  bool cut{};
  std::string plan{};                    ///< for which they were, where there are several direct payments; else ""
  std::vector<std::int64_t> records{};   ///< that tell of it
  std::vector<std::int64_t> rests_on{};  ///< the reviews and determinations that those name
  Happened when{};                       ///< as the first of them says
  Span start{};                          ///< between which days the first lost day lies
  std::string start_note{};
  std::vector<End> ends{};  ///< in order of date
  bool running{};           ///< none of the ends held counts: worked out to the day looked from
  Reading lowest{}, highest{};
  std::vector<Missing> missing{};
  std::vector<Shown> shown{};
  std::vector<std::string> notes{};
};

/// Hours of support in hundredths, as the schemas' `hours` type has them.
using Hours = std::int64_t;

/// Care planned and not given by one service: visits, and hours told by period.
struct MissedCare {
  std::string service{};         ///< its record's id at the sender; "" when the visits name none
  std::int64_t record{entered};  ///< of the service
  std::optional<Pennies> weekly_cost{};
  std::optional<Hours> weekly_hours{};
  std::int64_t planned_minutes{};  ///< of all visits and periods held
  struct Count {
    std::int64_t visits{}, minutes{}, without_length{};
  };
  Count lost{};       ///< missed on the provider's side
  Count open{};       ///< reason other or not recorded: lost or not, nobody can tell
  Count cut_short{};  ///< lasted less than half the time planned, as the sender says: the minutes missing
  Count not_lost{};   ///< the person cancelled, was in hospital or did not let anybody in
  std::vector<std::int64_t> records{};                   ///< of what is counted in lost, open and cut_short
  std::optional<Pennies> lowest_cost{}, highest_cost{};  ///< what the hours would have cost; nothing: not known
  std::vector<Term> charges{};                           ///< the part of each bill that is for care not given
  Pennies lowest_charges{}, highest_charges{};
};

/// Support that ended, was cut or was interrupted with no sound review held.
struct LostSupport {
  enum class Kind { ended, reduced, service_ended, interrupted };
  Kind kind{};
  std::int64_t record{};
  std::string text{};  ///< the reason as sent
  Span start{};        ///< between which days the first lost day lies
  std::vector<End> ends{};
  bool running{};
  Span shortest{}, longest{};
  std::optional<Hours> weekly_hours{};
  std::optional<Pennies> weekly_cost{};
};

struct Loss {
  std::string authority{}, council{};
  engine::Horizon horizon{};
  Question question{};
  std::vector<LostPayments> payments{};
  std::vector<MissedCare> care{};
  std::vector<LostSupport> support{};
  std::vector<Missing> missing{};  ///< about the services
  std::vector<Shown> shown{};      ///< stops and changes held and not worked out, and why

  /// Of all stops and cuts of direct payments together; nothing where one is not known.
  struct Sums {
    std::optional<Pennies> lowest{}, highest{};
  };
  Sums sums() const;
};

/// Works out what one person lost, reading the ledger. \param known_at records numbered below it; nothing: all there
/// are \throws pg::Error; std::runtime_error when nothing was known of the person at that horizon
Loss work_out(pg::Connection& connection, const std::string& authority, std::int32_t subject, Day as_of,
              std::optional<std::int64_t> known_at, const Question& question);

/// Works out what one person lost, from what is known and has happened at the horizon. Direct payments that run beside
/// each other for different plans, each with an agreement or first payment of its own, are worked out apart; any others
/// are taken as one, and all are where the officer enters a rate. Sources: law.md section 12, `rem.lostdp` (from
/// general knowledge). \throws std::overflow_error when a sum does not fit
Loss work_out(const engine::SubjectTimeline& timeline, const engine::Vocabulary& vocabulary,
              const engine::Organisations& organisations, engine::Horizon horizon, const Question& question);

}  // namespace answerable::loss
