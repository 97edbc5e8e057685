#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "audit/loss/charges.hpp"
#include "audit/loss/ends.hpp"
#include "audit/loss/services.hpp"

namespace answerable::loss {

using engine::Entry;

namespace {

enum class Fate : std::uint8_t { given, lost, open, not_lost };

/// A visit, or the hours of one period.
struct Care {
  Span days{};
  std::int64_t record{};
  Fate fate{};
  bool cut_short{}, visit{};
  bool asked{};  ///< within the days asked for; the others only show what a bill was for
  std::optional<std::int64_t> planned{}, missing{};  ///< minutes
};

Fate fate(std::string_view reason) {
  if (reason == "provider") return Fate::lost;
  return one_of(reason, {"person", "hospital", "no-access"}) ? Fate::not_lost : Fate::open;
}

class Services {
 public:
  Services(const Held& held, const Question& question) : held_(held), question_(question) {
    for (const auto* it : held_.acts("service.started")) services_.emplace(std::string(held_.record(*it).id), it);
    visits();
    periods();
  }

  std::vector<MissedCare> results(std::vector<Missing>& missing) {
    std::vector<MissedCare> out{};
    for (const auto& [service, all] : care_) {
      if (std::ranges::all_of(all,
                              [](const Care& it) { return !it.asked || (it.fate == Fate::given && !it.cut_short); }))
        continue;
      out.push_back(result(service, all, missing));
    }
    return out;
  }

 private:
  void add(const std::string& service, Care care) {
    care.asked =
        (!question_.from || care.days.first >= *question_.from) && (!question_.to || care.days.last <= *question_.to);
    care_[service].push_back(care);
  }

  /// Visits that name no service are the only service's, where one alone is held.
  std::string service_of(const Entry& visit) const {
    const auto named = held_.text(visit, "service");
    if (named.empty() && services_.size() == 1) return services_.begin()->first;
    return std::string(named);
  }

  void visits() {
    std::map<std::int64_t, std::int64_t> given;  // minutes of the visits cut short, by record
    for (const auto* it : held_.acts("visit.short"))
      given[it->number] = held_.number(*it, "actual-minutes").value_or(-1);
    for (const auto* it : held_.acts("visit.delivered")) {
      Care care{.days = readings(it->when), .record = it->number, .fate = Fate::given, .visit = true};
      if (held_.date(*it, "planned-on")) care.planned = held_.number(*it, "planned-minutes");
      if (const auto found = given.find(it->number); found != given.end()) {
        care.cut_short = true;
        if (care.planned && found->second >= 0) care.missing = std::max<std::int64_t>(0, *care.planned - found->second);
      }
      const bool planned = held_.date(*it, "planned-on").has_value();
      if (planned) add(service_of(*it), care);
    }
    for (const auto* it : held_.acts("visit.missed")) {
      Care care{.days = readings(it->when),
                .record = it->number,
                .fate = fate(held_.text(*it, "reason")),
                .visit = true,
                .planned = held_.number(*it, "planned-minutes")};
      care.missing = care.planned;
      add(service_of(*it), care);
    }
  }

  void periods() {
    for (const auto* it : held_.acts("service.delivery")) {
      const auto planned = held_.hours(*it, "planned-hours"), delivered = held_.hours(*it, "delivered-hours");
      const auto from = held_.date(*it, "period-from");
      if (!planned || !delivered || !from) continue;
      Care care{.days = {from->first, it->when.last}, .record = it->number};
      care.planned = share(*planned, 60, 100);
      care.missing = share(std::max<Hours>(0, *planned - *delivered), 60, 100);
      if (*care.missing > 0) care.fate = fate(held_.text(*it, "reason"));
      add(std::string(held_.record(*it).id), care);
    }
  }

  static void count(MissedCare::Count& to, const Care& care) {
    to.visits += care.visit;
    to.minutes += care.missing.value_or(0);
    to.without_length += !care.missing;
  }

  MissedCare result(const std::string& service, const std::vector<Care>& all, std::vector<Missing>& missing) {
    MissedCare out{.service = service};
    if (const auto found = services_.find(service); found != services_.end()) {
      out.record = found->second->number;
      out.weekly_cost = held_.money(*found->second, "weekly-cost");
      out.weekly_hours = held_.hours(*found->second, "hours-per-week");
    }
    for (const auto& it : all) {
      if (!it.asked) continue;
      out.planned_minutes += it.planned.value_or(0);
      if (it.fate == Fate::lost) count(out.lost, it);
      if (it.fate == Fate::open) count(out.open, it);
      if (it.fate == Fate::not_lost) count(out.not_lost, it);
      if (it.cut_short) count(out.cut_short, it);
      if (it.fate == Fate::lost || it.fate == Fate::open || it.cut_short) out.records.push_back(it.record);
    }
    std::ranges::sort(out.records);
    cost(out);
    charges(out, all, missing);
    say_what_is_missing(out, missing);
    return out;
  }

  /// The weekly cost over the weekly hours, for the minutes not given.
  static void cost(MissedCare& out) {
    if (!out.weekly_cost || !out.weekly_hours || *out.weekly_hours == 0) return;
    const auto price = [&](std::int64_t minutes) {
      return share(*out.weekly_cost, minutes * 100, *out.weekly_hours * 60);
    };
    const auto surely = out.lost.minutes + out.cut_short.minutes;
    out.lowest_cost = price(surely);
    if (out.lost.without_length + out.open.without_length + out.cut_short.without_length == 0)
      out.highest_cost = price(surely + out.open.minutes);
  }

  void charges(MissedCare& out, const std::vector<Care>& all, std::vector<Missing>& missing) const {
    for (const auto& charge : charges_of(held_)) {
      if (charge.service != out.service || out.service.empty() || charge.kind != Term::Kind::charged || !charge.days)
        continue;
      Term term{
          .kind = Term::Kind::charged, .days = *charge.days, .unit = Term::Unit::minutes, .record = charge.record};
      std::int64_t surely = 0, visits = 0, lost_visits = 0, surely_visits = 0;
      bool lengths = true;
      for (const auto& it : all) {
        if (it.days.first < charge.days->first || it.days.last > charge.days->last) continue;
        const bool gone = it.fate == Fate::lost || it.fate == Fate::open;
        lengths = lengths && it.planned && (!(gone || it.cut_short) || it.missing);
        term.of += it.planned.value_or(0);
        ++visits;
        if (!it.asked) continue;
        if (gone || it.cut_short) term.part += it.missing.value_or(0);
        if (it.fate == Fate::lost || it.cut_short) surely += it.missing.value_or(0);
        lost_visits += gone;
        surely_visits += it.fate == Fate::lost;
      }
      if (!lengths) {
        term.unit = Term::Unit::visits;
        term.part = lost_visits;
        surely = surely_visits;
        term.of = visits;
      }
      if (term.part == 0 || term.of == 0) continue;
      term.whole = charge.weekly ? for_days(charge.amount, charge.days->days()) : charge.amount;
      term.amount = share(*term.whole, term.part, term.of);
      out.highest_charges += term.amount;
      if (charge.full_cost) {
        out.lowest_charges += share(*term.whole, surely, term.of);
      } else {
        missing.push_back(
            {fmt::format("Whether the charge of record {} falls when care is not given.", charge.record),
             "It is a contribution, which may have been due in full while the care that was given cost as much: the "
             "lowest sum counts nothing of it. The charging policy and what the care given cost show it.",
             held_.council()});
      }
      out.charges.push_back(term);
    }
  }

  void say_what_is_missing(const MissedCare& care, std::vector<Missing>& missing) const {
    const auto* service = held_.numbered(care.record);
    const auto holder = service == nullptr ? held_.council() : held_.holder(*service);
    if (care.open.visits + care.open.minutes > 0)
      missing.push_back({"Why some visits did not take place: other, or not recorded.",
                         "They are counted apart. The provider's rota and visit log show it.", holder});
    if (care.lost.without_length + care.open.without_length + care.cut_short.without_length > 0)
      missing.push_back({"How long some of the visits not given were to last.",
                         "They are counted, and their minutes are not known. The rota or the council's order shows it.",
                         holder});
    if (!care.lowest_cost)
      missing.push_back({"What the service cost a week, or for how many hours.",
                         "Without both, hours not given have no cost. The contract or the order shows it.",
                         held_.council()});
  }

  const Held& held_;
  const Question& question_;
  std::map<std::string, const Entry*> services_;
  std::map<std::string, std::vector<Care>> care_;
};

}  // namespace

std::vector<MissedCare> missed_care(const Held& held, const Question& question, std::vector<Missing>& missing) {
  return Services(held, question).results(missing);
}

}  // namespace answerable::loss
