#include "audit/replay/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/explain.hpp"
#include "audit/engine/identity.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "audit/engine/store.hpp"
#include "audit/replay/kinds.hpp"
#include "audit/replay/telling.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/administration.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/throw_away.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::replay {
namespace {

/// Noon is the same day in London all year.
Instant noon(Day day) {
  return Instant{day} + std::chrono::hours{12};
}

/// Databases of one server, copies of the one that was migrated. A case needs one in which nobody sent for its council
/// before: councils do not see each other, so that cases of different councils share one.
class Databases {
 public:
  explicit Databases(std::string server) : server_(std::move(server)) {}

  std::string without(const std::string& authority) {
    std::size_t free = 0;
    while (free < used_.size() && used_[free].contains(authority)) ++free;
    if (free == used_.size()) {
      pg::Connection administrator(named("postgres"), "replay");
      pg::Administration(administrator).create_database(name(free), "answerable");
      used_.emplace_back();
    }
    used_[free].insert(authority);
    return named(name(free));
  }

 private:
  static std::string name(std::size_t number) { return fmt::format("replay_{}", number); }
  /// libpq takes the last word on a setting.
  std::string named(const std::string& database) const { return fmt::format("{} dbname='{}'", server_, database); }

  std::string server_;
  std::vector<std::set<std::string>> used_;  ///< by database: for which councils something was sent
};

}  // namespace

struct Replayer::Parts {
  pg::ThrowAwayDatabase database{"replay"};
  xml::Kinds kinds{xml::Kinds::load(share_folder() / "schemas")};
  xml::FileReader reader{kinds, limits()};
  engine::Catalogue catalogue{engine::Catalogue::load(kinds)};
  Mapping mapping{share_folder() / "replay", share_folder() / "schemas"};
  FaultKinds fault_kinds{share_folder() / "replay", share_folder() / "schemas"};
  intake::Councils known{intake::Councils::load(share_folder() / "schemas")};
  CouncilNames councils{known};
  Databases databases{database.conninfo()};

  static xml::Limits limits() {
    xml::Limits limits;
    limits.workers = 1;
    return limits;
  }
};

namespace {

/// One case in its own database.
class Run {
 public:
  Run(const Chronology& chronology, engine::Catalogue& catalogue, const FaultKinds& fault_kinds,
      const std::string& conninfo, Told told, Result& result)
      : chronology_(chronology),
        catalogue_(catalogue),
        fault_kinds_(fault_kinds),
        connection_(conninfo, "replay"),
        told_(std::move(told)),
        result_(result) {}

  void take_in(xml::FileReader& reader) {
    std::int64_t known = 0;
    for (const auto& submission : told_.submissions) {
      std::istringstream bytes(submission.xml);
      intake::Options options;
      options.received_at = noon(submission.received);
      const auto answer = intake::submit(connection_, reader, bytes, options);
      if (const auto* receipt = std::get_if<intake::Receipt>(&answer)) {
        known += receipt->stored;
        result_.held += receipt->held;
        if (receipt->held > 0) complain(submission, receipt->faults);
      } else {
        complain(submission, std::get<intake::Refusal>(answer).faults);
      }
      known_by_[submission.received] = known;
    }
    result_.records = known;
  }

  void judge() {
    name_subjects();
    std::map<engine::FindingId, std::vector<Found>> standing;
    std::set<Day> days;
    for (const auto& [day, known] : known_by_) days.insert(day);
    look(told_.as_of, [&](const engine::Context& context, const engine::SubjectTimeline& timeline,
                          const engine::Judgement& j, engine::FindingId id) {
      const auto& rule = catalogue_.rules()[j.duty.rule];
      const auto speaks = fault_kinds_.speaks(context, j, chronology_, marks_of(timeline.subject, told_.as_of));
      for (const auto& kind : speaks.silent) ++result_.silence[kind];
      if (speaks.kinds.empty()) {
        if (speaks.silent.empty() && engine::needs_attention(j.outcome)) ++result_.without_kind[rule.id];
        return;
      }
      const auto who = engine::attribution(context, timeline, j);
      Found found;
      found.rule = rule.id;
      found.duty = rule.editions[j.duty.edition].duties[j.duty.duty].id;
      found.subject = name(timeline.subject);
      const auto party = told_.parties.find(who.actor);
      found.actor = party == told_.parties.end() ? who.actor : party->second;
      found.actor_name = who.actor_name == who.actor ? told_name(found.actor) : who.actor_name;
      found.accountable = who.accountable_name;
      found.outcome = engine::word(j.outcome);
      found.explanation = engine::sentence(context, timeline, j);
      if (j.flagged_since && *j.flagged_since <= told_.as_of) days.insert(*j.flagged_since);
      for (const auto& kind : speaks.kinds) {
        found.kind = kind;
        standing[id].push_back(found);
      }
    });
    first_days(standing, days);
    for (auto& [id, all] : standing)
      for (auto& found : all) result_.findings.push_back(std::move(found));
    std::ranges::sort(result_.findings, {}, [](const Found& f) {
      return std::tuple(f.kind, f.first_flagged, f.rule, f.duty, f.subject, f.explanation);
    });
  }

 private:
  using Seen = std::function<void(const engine::Context&, const engine::SubjectTimeline&, const engine::Judgement&,
                                  engine::FindingId)>;

  void look(Day day, const Seen& seen) {
    const auto known = known_by_.upper_bound(day);
    if (known == known_by_.begin()) return;
    engine::question(
        connection_, catalogue_, told_.authority, day, std::prev(known)->second,
        [&](const engine::Context& context, const engine::SubjectTimeline& timeline, const engine::Judgement& j) {
          if (!engine::needs_attention(j.outcome) && j.outcome != engine::Outcome::met_late) return;
          seen(context, timeline, j, engine::finding_id(hash_, told_.authority, timeline.subject, catalogue_, j));
        });
  }

  /// Goes through the days on which something became known or fell due, knowing on each only what had come by then: a
  /// finding was first flagged on the first of them on which it stood and spoke of that kind.
  void first_days(std::map<engine::FindingId, std::vector<Found>>& standing, const std::set<Day>& days) {
    std::size_t waiting = 0;
    for (const auto& [id, all] : standing) waiting += all.size();
    for (const Day day : days) {
      if (waiting == 0 || day > told_.as_of) break;
      look(day, [&](const engine::Context& context, const engine::SubjectTimeline& timeline, const engine::Judgement& j,
                    engine::FindingId id) {
        const auto found = standing.find(id);
        if (found == standing.end()) return;
        const auto speaks = fault_kinds_.speaks(context, j, chronology_, marks_of(timeline.subject, day));
        for (auto& one : found->second) {
          if (one.first_flagged || !speaks.kinds.contains(one.kind)) continue;
          one.first_flagged = day;
          --waiting;
        }
      });
    }
    for (auto& [id, all] : standing)
      for (auto& one : all)
        if (!one.first_flagged) one.first_flagged = told_.as_of;
  }

  /// What had come by that day.
  std::vector<Mark> marks_of(std::int32_t subject, Day day) const {
    std::vector<Mark> all;
    const auto id = name(subject);
    std::ranges::copy_if(told_.marks, std::back_inserter(all), [&](const Mark& mark) {
      return mark.subject == id && std::min(mark.when.last, told_.as_of) <= day;
    });
    return all;
  }

  /// A body that sent nothing has no name in the ledger.
  std::string told_name(const std::string& party) const {
    const auto found = std::ranges::find(chronology_.parties, party, &CaseParty::id);
    return found == chronology_.parties.end() || found->name.empty() ? party : found->name;
  }

  void name_subjects() {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    const engine::LedgerReader ledger(transaction, told_.authority, catalogue_.vocabulary());
    for (const auto& [nhs, id] : told_.people)
      if (const auto number = ledger.find_subject("nhs-number", nhs)) names_[*number] = id;
  }
  std::string name(std::int32_t subject) const {
    const auto found = names_.find(subject);
    return found == names_.end() ? "agreement" : found->second;
  }

  void complain(const Submission& submission, const std::vector<Fault>& faults) {
    for (const auto& fault : faults)
      if (fault.severity == Severity::error)
        result_.notes.push_back(fmt::format("a record received on {} could not be taken in: {} {}: {}",
                                            iso(submission.received), fault.record_id, fault.field, fault.problem));
  }

  const Chronology& chronology_;
  engine::Catalogue& catalogue_;
  const FaultKinds& fault_kinds_;
  pg::Connection connection_;
  Told told_;
  Result& result_;
  Sha256 hash_;
  std::map<Day, std::int64_t> known_by_;  ///< how many records were known at the end of the day
  std::map<std::int32_t, std::string> names_;
};

}  // namespace

Replayer::Replayer() : parts_(std::make_unique<Parts>()) {}
Replayer::~Replayer() = default;

const std::string& Replayer::policy_note() const {
  return parts_->mapping.policy_note();
}

Result Replayer::replay(const Chronology& chronology) {
  Result result;
  result.ref = chronology.ref;
  result.council = chronology.council;
  result.decided = chronology.decided;
  Told told = tell(chronology, parts_->mapping, parts_->councils);
  result.as_of = told.as_of;
  result.notes = told.notes;
  const auto conninfo = parts_->databases.without(told.authority);
  Chronology known = chronology;
  std::erase_if(known.events, [&](const CaseEvent& e) { return e.when.first > told.as_of; });
  for (auto& event : known.events) event.only_said = told.only_said.contains(event.index);
  Run run(known, parts_->catalogue, parts_->fault_kinds, conninfo, std::move(told), result);
  run.take_in(parts_->reader);
  run.judge();
  return result;
}

}  // namespace answerable::replay
