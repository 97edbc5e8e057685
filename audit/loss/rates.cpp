#include "audit/loss/rates.hpp"

#include <algorithm>
#include <set>

namespace answerable::loss {
namespace {

using std::chrono::days;

/// The value that holds on a day: set on it or last before it. Null when none was.
template <class Value>
const Value* holding(const std::map<Day, Value>& from, Day day) {
  const auto after = from.upper_bound(day);
  return after == from.begin() ? nullptr : &std::prev(after)->second;
}

bool same(const Term& a, const Term& b) {
  return a.kind == b.kind && a.weekly == b.weekly && a.gross == b.gross && a.contribution == b.contribution &&
         a.record == b.record && a.contribution_record == b.contribution_record;
}

}  // namespace

std::vector<WeeklyRate> rates_of(const Held& held) {
  std::vector<WeeklyRate> out;
  for (const auto* entry : held.acts("dp.rate")) {
    const auto weekly = held.money(*entry, "weekly");
    if (!weekly) continue;
    out.push_back({entry->when, entry->until, *weekly, held.money(*entry, "contribution"), entry->number});
  }
  return out;
}

std::vector<Contribution> contributions_of(const Held& held) {
  std::vector<Contribution> out;
  for (const auto* entry : held.acts("finance.due-from")) {
    if (const auto weekly = held.money(*entry, "weekly-contribution"))
      out.push_back({entry->when, *weekly, entry->number});
  }
  for (const auto* entry : held.acts("finance.completed")) {
    const auto weekly = held.money(*entry, "weekly-contribution");
    if (weekly && held.text(*entry, "from").empty()) out.push_back({entry->when, *weekly, entry->number});
  }
  std::ranges::stable_sort(out, {}, [](const Contribution& it) { return it.from.first; });
  return out;
}

Schedule::Schedule(const std::vector<WeeklyRate>& rates, const std::vector<Contribution>& contributions,
                   const std::vector<EnteredRate>& entered_rates, Extreme extreme) {
  const bool most = extreme == Extreme::highest;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const auto& rate = rates[i];
    // A first rate was there from the first day it can have been; a rise comes early for the most, and a fall late.
    const bool early = i == 0 || (rate.gross >= rates[i - 1].gross) == most;
    rates_[early ? rate.from.first : rate.from.last] = rate;
    if (rate.until) {
      const Day after = rate.until->last + days{1};
      const bool followed = i + 1 < rates.size() && rates[i + 1].from.last <= after;
      if (!followed) rates_.try_emplace(after, std::nullopt);
    }
  }
  Pennies before = 0;
  for (const auto& it : contributions) {
    contributions_[(it.weekly >= before) == most ? it.from.last : it.from.first] = it;
    before = it.weekly;
  }
  for (const auto& it : entered_rates) entered_[it.from.value_or(Day::min())] = it.weekly;
}

Term Schedule::at(Day day) const {
  Term term{.kind = Term::Kind::due};
  if (const auto* sum = holding(entered_, day)) {
    term.weekly = *sum;
    return term;
  }
  const auto* rate = holding(rates_, day);
  if (rate == nullptr || !*rate) {
    term.kind = Term::Kind::not_known;
    return term;
  }
  term.record = (*rate)->record;
  term.gross = (*rate)->gross;
  term.contribution = (*rate)->contribution;
  term.contribution_record = term.record;
  if (const auto* assessed = holding(contributions_, day); !term.contribution && assessed != nullptr) {
    term.contribution = assessed->weekly;
    term.contribution_record = assessed->record;
  }
  term.weekly = std::max<Pennies>(0, *term.gross - term.contribution.value_or(0));
  return term;
}

std::optional<Pennies> Schedule::on(Day day) const {
  return at(day).weekly;
}

std::vector<Term> Schedule::terms(const Span& span) const {
  std::vector<Term> out;
  if (span.days() == 0) return out;
  std::set<Day> begins{span.first};
  const auto add = [&](const auto& from) {
    for (const auto& [day, value] : from)
      if (day > span.first && day <= span.last) begins.insert(day);
  };
  add(rates_);
  add(contributions_);
  add(entered_);
  for (auto it = begins.begin(); it != begins.end(); ++it) {
    const Day last = std::next(it) == begins.end() ? span.last : *std::next(it) - days{1};
    Term term = at(*it);
    term.days = {*it, last};
    if (!out.empty() && same(out.back(), term)) {
      out.back().days.last = last;
    } else {
      out.push_back(std::move(term));
    }
  }
  for (auto& term : out)
    if (term.weekly) term.amount = for_days(*term.weekly, term.days.days());
  return out;
}

}  // namespace answerable::loss
