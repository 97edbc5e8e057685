#include "audit/loss/charges.hpp"

#include <algorithm>
#include <set>

namespace answerable::loss {

using engine::Entry;

std::vector<Charge> charges_of(const Held& held) {
  std::vector<Charge> out;
  std::set<std::int64_t> billed;
  const auto add = [&](const Entry& entry, Term::Kind kind, std::optional<Span> days, std::string_view money,
                       bool weekly) {
    const auto amount = held.money(entry, money);
    if (!amount || !one_of(held.text(entry, "charge-type"), {"", "contribution", "full-cost"})) return;
    out.push_back({.kind = kind,
                   .record = entry.number,
                   .when = entry.when,
                   .service = held.text(entry, "service"),
                   .full_cost = held.text(entry, "charge-type") == "full-cost",
                   .days = days,
                   .amount = *amount,
                   .weekly = weekly});
  };
  for (const auto* it : held.acts("charge.levied")) {
    const auto from = held.date(*it, "from"), to = held.date(*it, "to");
    const auto days = from && to ? std::optional(Span{from->first, to->last}) : std::nullopt;
    add(*it, Term::Kind::charged, days, "amount", false);
    billed.insert(it->number);
  }
  for (const auto* it : held.acts("charge.rate")) {
    if (billed.contains(it->number)) continue;
    add(*it, Term::Kind::charged, Span{it->when.first, it->until ? it->until->last : held.as_of()}, "weekly", true);
  }
  for (const auto* it : held.acts("charge.refunded")) add(*it, Term::Kind::refunded, std::nullopt, "amount", false);
  return out;
}

std::optional<Term> for_days_lost(const Charge& charge, const Span& lost) {
  if (!charge.days) return std::nullopt;
  const Span days = overlap(*charge.days, lost);
  if (days.days() == 0) return std::nullopt;
  Term term{.kind = charge.kind, .days = days, .record = charge.record};
  if (charge.weekly) {
    term.weekly = charge.amount;
    term.amount = for_days(charge.amount, days.days());
  } else {
    term.whole = charge.amount;
    term.part = days.days();
    term.of = charge.days->days();
    term.amount = share(charge.amount, term.part, term.of);
  }
  return term;
}

}  // namespace answerable::loss
