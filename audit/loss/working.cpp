#include <fmt/format.h>

#include <algorithm>

#include "audit/loss/charges.hpp"
#include "audit/loss/ends.hpp"
#include "audit/loss/payments.hpp"
#include "audit/loss/rates.hpp"

namespace answerable::loss {

using engine::Entry;
using std::chrono::days;

namespace {

/// Support arranged instead: a service that began, or what a decision says replaces the support.
struct Replacement {
  const Entry* entry{};
  std::optional<Pennies> weekly{};
  bool equal{};  ///< worth what was lost, so that the loss ends with it
};

class Calculation {
 public:
  Calculation(LostPayments& loss, const Working& working) : loss_(loss), working_(working), held_(working.held) {}

  void run() {
    schedules();
    replacements();
    ends();
    loss_.lowest = read({loss_.start.last, last_.first}, Extreme::lowest);
    loss_.highest = read({loss_.start.first, last_.last}, Extreme::highest);
    // A payment that only the longer reading takes in can turn the two round.
    if (loss_.lowest.sum() && loss_.highest.sum() && *loss_.lowest.sum() > *loss_.highest.sum())
      std::swap(loss_.lowest, loss_.highest);
    say_what_is_missing();
    show();
  }

 private:
  void schedules() {
    auto rates = rates_of(held_);
    const auto contributions = contributions_of(held_);
    auto due = rates;
    if (working_.cut_at) {
      const auto cut = static_cast<std::ptrdiff_t>(*working_.cut_at);
      due.assign(rates.begin(), rates.begin() + cut);
      due.back().until.reset();
      std::vector<WeeklyRate> left(rates.begin() + cut, rates.end());
      // A further cut is worked out apart.
      std::erase_if(left, [&](const WeeklyRate& it) { return it.gross < rates[*working_.cut_at].gross; });
      paid_lowest_.emplace(left, contributions, std::vector<EnteredRate>{}, Extreme::highest);
      paid_highest_.emplace(left, contributions, std::vector<EnteredRate>{}, Extreme::lowest);
      whole_ = due.back().gross;
    } else {
      // A rate that the stop itself closed is the rate then in force; a rate of nothing is the stop in other words.
      std::erase_if(due, [](const WeeklyRate& it) { return it.gross == 0; });
      for (auto& it : due) {
        if (it.until && it.until->last + days{1} >= loss_.start.first && it.until->first <= loss_.start.last)
          it.until.reset();
      }
    }
    due_lowest_.emplace(due, contributions, working_.question.rates, Extreme::lowest);
    due_highest_.emplace(due, contributions, working_.question.rates, Extreme::highest);
  }

  std::optional<Pennies> weekly_loss(Day day) const {
    const auto due = due_highest_->on(day);
    if (!due || !paid_highest_) return due;
    return *due - paid_highest_->on(day).value_or(0);
  }

  void replacements() {
    const auto add = [&](const Entry* it, std::optional<Pennies> weekly) {
      if (it->when.last < loss_.start.first) return;
      const auto lost = weekly_loss(std::max(it->when.first, loss_.start.first));
      replacements_.push_back({it, weekly, weekly && lost && *weekly >= *lost});
    };
    for (const auto* it : held_.acts("service.started")) add(it, held_.money(*it, "weekly-cost"));
    for (const auto* it : held_.acts("change.replaced")) add(it, std::nullopt);
  }

  void ends() {
    loss_.ends = decided_or_needs_ended(held_, loss_.start, working_.rested_on);
    const auto resumed = [&](std::int64_t record, const Happened& when, std::string what) {
      loss_.ends.push_back({.kind = EndKind::resumed,
                            .record = record,
                            .when = when,
                            .last_day = day_before(when),
                            .what = std::move(what)});
    };
    for (const auto* it : working_.resumed) resumed(it->number, it->when, {});
    if (working_.cut_at) {
      const auto rates = rates_of(held_);
      for (auto i = *working_.cut_at + 1; i < rates.size(); ++i) {
        if (rates[i].gross < *whole_) continue;
        resumed(rates[i].record, rates[i].from, pounds(rates[i].gross) + " a week");
        break;
      }
    }
    for (const auto* it : working_.resumed) {
      const auto from = held_.date(*it, "backdated-from");
      if (!from || held_.money(*it, "backdated-amount")) continue;
      loss_.ends.push_back({.kind = EndKind::resumed,
                            .record = it->number,
                            .when = *from,
                            .last_day = day_before(*from),
                            .lowest_only = true,
                            .why = "the record says that payments were made good from then, and not how much",
                            .what = "backdated"});
    }
    for (const auto& it : replacements_) add_replacement(it);
    sort(loss_.ends);
    const Day bound = std::min(held_.as_of(), working_.bound.value_or(held_.as_of()));
    auto [last, running] = last_day(loss_.ends, loss_.start.first, bound);
    loss_.running = running && bound == held_.as_of();
    last_ = narrowed_last(last, working_.question);
    const Span start = narrowed_start(loss_.start, working_.question);
    say_what_was_entered("first", loss_.start, start);
    say_what_was_entered("last", last, last_);
    loss_.start = start;
    say_what_came_after();
    if (working_.bound && running)
      loss_.notes.push_back(
          "Payments stopped after this, or stopped again; what was lost from then on is worked out apart.");
  }

  void say_what_was_entered(const char* which, const Span& held, const Span& taken) {
    if (held.first == taken.first && held.last == taken.last) return;
    loss_.notes.push_back(fmt::format("The {} day is the officer's, {}. The records give {}{}.", which,
                                      words(taken.first), words(held.first),
                                      held.first == held.last ? "" : " to " + words(held.last)));
  }

  void say_what_came_after() {
    const auto ended = std::ranges::find_if(loss_.ends, [&](const End& it) {
      return it.kind == EndKind::decided && it.counts && it.last_day.last == last_.last;
    });
    if (ended == loss_.ends.end()) return;
    const auto later = std::ranges::find_if(loss_.ends, [&](const End& it) {
      return it.kind == EndKind::resumed && !it.lowest_only && it.last_day.last > last_.last;
    });
    loss_.notes.push_back(fmt::format(
        "The loss ends with the decision of {} (record {}). {}. What was not paid after that decision is not in these "
        "sums.",
        words(ended->when), ended->record,
        later == loss_.ends.end()
            ? "No record says that payments were taken up again"
            : fmt::format("Payments were taken up again in fact ({}, record {})", words(later->when), later->record)));
  }

  void add_replacement(const Replacement& it) {
    End end{.kind = EndKind::replaced,
            .record = it.entry->number,
            .when = it.entry->when,
            .last_day = day_before(it.entry->when)};
    const auto replaced_by = held_.text(*it.entry, "replaced-by");
    end.what = std::string(replaced_by.empty() ? held_.text(*it.entry, "type") : replaced_by);
    if (!it.weekly) {
      end.lowest_only = true;
      end.why = "what it cost is not recorded, so nobody can tell whether it was of equal value";
    } else if (!it.equal) {
      end.counts = false;
      end.why =
          fmt::format("it cost {} a week, less than what was lost: its cost is taken off instead", pounds(*it.weekly));
    }
    loss_.ends.push_back(std::move(end));
  }

  Reading read(const Span& lost, Extreme extreme) const {
    const bool most = extreme == Extreme::highest;
    Reading out{.lost = lost};
    if (lost.days() == 0) {
      out.payments = 0;
      return out;
    }
    out.terms = (most ? due_highest_ : due_lowest_)->terms(lost);
    for (const auto& it : out.terms)
      if (it.kind == Term::Kind::not_known) out.days_without_rate += it.days.days();
    if (paid_lowest_) {
      for (auto term : (most ? paid_highest_ : paid_lowest_)->terms(lost)) {
        if (term.kind == Term::Kind::not_known) continue;
        term.kind = Term::Kind::paid_at_rate;
        term.amount = -term.amount;
        out.terms.push_back(term);
      }
    } else {
      add_payments(out, most);
    }
    for (const auto& it : replacements_) add_cost(out, it, most);
    Pennies left = 0;
    for (const auto& it : out.terms) left += it.amount;
    if (out.days_without_rate == 0) out.payments = std::max<Pennies>(0, left);
    if (!working_.cut_at && replacements_.empty()) add_charges(out);
    return out;
  }

  void add_payments(Reading& out, bool most) const {
    const auto first = out.terms.size();
    for (const auto* it : held_.acts("dp.paid")) {
      const auto amount = held_.money(*it, "amount");
      if (!amount) continue;
      Term term{.kind = Term::Kind::paid, .days = readings(it->when), .whole = *amount, .record = it->number};
      const auto from = held_.date(*it, "period-from"), to = held_.date(*it, "period-to");
      if (from && to) {
        const Span whole{from->first, to->last}, part = overlap(whole, out.lost);
        if (part.days() == 0) continue;
        term.days = part;
        term.part = part.days();
        term.of = whole.days();
        term.amount = -share(*amount, term.part, term.of);
      } else {
        const bool surely = it->when.first >= out.lost.first && it->when.last <= out.lost.last;
        const bool maybe = overlap(readings(it->when), out.lost).days() > 0;
        if (most ? !surely : !maybe) continue;
        term.amount = -*amount;
      }
      out.terms.push_back(term);
    }
    const auto paid = [&](Pennies amount) {
      return std::any_of(out.terms.begin() + static_cast<std::ptrdiff_t>(first), out.terms.end(),
                         [&](const Term& it) { return it.whole == amount; });
    };
    for (const auto* it : working_.resumed) {
      const auto amount = held_.money(*it, "backdated-amount");
      if (!amount || paid(*amount)) continue;
      out.terms.push_back(
          {.kind = Term::Kind::backdated, .days = readings(it->when), .amount = -*amount, .record = it->number});
    }
  }

  /// Support worth less than what was lost: its cost for the days on which it was given.
  static void add_cost(Reading& out, const Replacement& it, bool most) {
    if (!it.weekly || it.equal) return;
    Span given{most ? it.entry->when.last : it.entry->when.first, out.lost.last};
    if (it.entry->until) given.last = most ? it.entry->until->first : it.entry->until->last;
    given = overlap(given, out.lost);
    if (given.days() == 0) return;
    out.terms.push_back({.kind = Term::Kind::replacement,
                         .days = given,
                         .weekly = *it.weekly,
                         .amount = -for_days(*it.weekly, given.days()),
                         .record = it.entry->number});
  }

  void add_charges(Reading& out) const {
    std::vector<std::int64_t> charged{};
    for (const auto& it : charges_of(held_)) {
      if (!it.service.empty()) continue;
      if (it.kind == Term::Kind::refunded) {
        const bool of_these = std::ranges::find(charged, it.record) != charged.end();
        if (of_these && it.when.last >= out.lost.first)
          out.terms.push_back({.kind = it.kind, .days = readings(it.when), .amount = -it.amount, .record = it.record});
      } else if (const auto term = for_days_lost(it, out.lost)) {
        out.terms.push_back(*term);
        charged.push_back(it.record);
      }
    }
    for (const auto& it : out.terms)
      if (it.kind == Term::Kind::charged || it.kind == Term::Kind::refunded) out.charges += it.amount;
    out.charges = std::max<Pennies>(0, out.charges);
  }

  void say_what_is_missing();
  void say_what_rates_are_missing();
  void show();
  std::string holder(std::int64_t record) const;

  LostPayments& loss_;
  const Working& working_;
  const Held& held_;
  std::optional<Schedule> due_lowest_, due_highest_, paid_lowest_, paid_highest_;
  std::optional<Pennies> whole_;  ///< the rate from which payments were cut
  std::vector<Replacement> replacements_;
  Span last_;
};

std::string Calculation::holder(std::int64_t record) const {
  const auto* row = held_.numbered(record);
  return row == nullptr ? held_.council() : held_.holder(*row);
}

void Calculation::say_what_is_missing() {
  const auto open = [](const Span& span) { return span.days() > 1; };
  if (open(loss_.start)) {
    loss_.missing.push_back(
        {fmt::format("The first day not paid for: the records leave {} to {} open.", words(loss_.start.first),
                     words(loss_.start.last)),
         "The payment ledger or the person's bank statement shows the last payment. Enter the day with --from.",
         holder(loss_.records.front())});
  }
  if (open(last_)) {
    std::int64_t by = entered;
    for (const auto& it : loss_.ends)
      if (by == entered && it.counts && it.last_day.first == last_.first) by = it.record;
    loss_.missing.push_back(
        {fmt::format("The last day lost: the records leave {} to {} open.", words(last_.first), words(last_.last)),
         "The dated decision or the payment ledger shows it. Enter the day with --to.", holder(by)});
  }
  say_what_rates_are_missing();
  for (const auto& it : loss_.ends) {
    if (!it.counts && it.kind == EndKind::decided)
      loss_.missing.push_back({fmt::format("Evidence for the decision on eligibility of {} (record {}): {}.",
                                           words(it.when), it.record, it.why),
                               "If it was sound, the loss ends with it.", holder(it.record)});
    if (it.lowest_only && it.kind == EndKind::replaced)
      loss_.missing.push_back(
          {fmt::format("The weekly cost of the support that began on {} (record {}).", words(it.when), it.record),
           "The lowest sum takes it for worth as much as the payments, the highest for worth nothing.",
           holder(it.record)});
    if (it.lowest_only && it.kind == EndKind::resumed)
      loss_.missing.push_back({fmt::format("The sum made good from {} (record {}).", words(it.when), it.record),
                               "The lowest sum takes everything from then to be made good, the highest nothing.",
                               holder(it.record)});
  }
  if (working_.cut_at) return;
  for (const auto* it : held_.acts("dp.paid")) {
    const bool in = overlap(readings(it->when), loss_.highest.lost).days() > 0;
    if (!in || (held_.date(*it, "period-from") && held_.date(*it, "period-to"))) continue;
    loss_.missing.push_back({fmt::format("The days for which {} was paid on {} (record {}).",
                                         pounds(held_.money(*it, "amount").value_or(0)), words(it->when), it->number),
                             "It is taken off whole, as paid for days lost.", holder(it->number)});
  }
}

void Calculation::say_what_rates_are_missing() {
  const auto& terms = loss_.highest.terms;
  if (loss_.highest.days_without_rate > 0) {
    const auto first = std::ranges::find(terms, Term::Kind::not_known, &Term::kind);
    loss_.missing.push_back({fmt::format("The weekly rate for {} of the days lost.", loss_.highest.days_without_rate),
                             fmt::format("Without it no sum can be given. Enter it with --weekly-rate AMOUNT@{}: what "
                                         "was to be paid a week, net of the person's contribution.",
                                         iso(first->days.first)),
                             held_.council()});
  }
  const bool no_contribution = std::ranges::any_of(
      terms, [](const Term& it) { return it.kind == Term::Kind::due && it.gross && !it.contribution; });
  if (no_contribution) {
    loss_.missing.push_back(
        {"The person's contribution: no record says what it was, or that there was none.",
         "It is taken as nothing, so that no sum here is too low on its account. The financial assessment shows it.",
         held_.council()});
  }
}

void Calculation::show() {
  const auto add = [&](Shown::Kind kind, std::string_view act, std::string_view money, std::string_view text) {
    for (const auto* it : held_.acts(act))
      loss_.shown.push_back({kind, it->number, it->when, held_.money(*it, money), std::string(held_.text(*it, text))});
  };
  add(Shown::Kind::surplus, "dp.surplus", "amount", "explained");
  add(Shown::Kind::recovery, "dp.recovery-demanded", "amount", "ground");
  for (const auto* it : held_.acts("remedy.paid")) {
    if (one_of(held_.text(*it, "for"), {"lost-service", "quantifiable-loss", "reimbursement"}))
      loss_.shown.push_back(
          {Shown::Kind::remedy, it->number, it->when, held_.money(*it, "amount"), std::string(held_.text(*it, "for"))});
  }
  for (const auto* it : held_.acts("document.created")) {
    if (one_of(held_.text(*it, "is"), {"invoice", "bank-statement"}) &&
        overlap(readings(it->when), loss_.highest.lost).days() > 0)
      loss_.shown.push_back(
          {Shown::Kind::receipt, it->number, it->when, std::nullopt, std::string(held_.text(*it, "title"))});
  }
  if (working_.cut_at) {
    for (const auto* it : held_.acts("dp.paid")) {
      if (overlap(readings(it->when), loss_.highest.lost).days() > 0)
        loss_.shown.push_back({Shown::Kind::payment, it->number, it->when, held_.money(*it, "amount"), {}});
    }
  }
  if (working_.cut_at || !replacements_.empty()) {
    for (const auto& it : charges_of(held_)) {
      if (it.service.empty() && it.kind == Term::Kind::charged && for_days_lost(it, loss_.highest.lost))
        loss_.shown.push_back({Shown::Kind::charge, it.record, it.when, it.amount, it.weekly ? "a week" : ""});
    }
  }
  auto evidence = loss_.records;
  std::ranges::copy(loss_.rests_on, std::back_inserter(evidence));
  for (const auto record : evidence) {
    const auto* row = held_.numbered(record);
    if (row == nullptr) continue;
    for (auto& gap : held_.gaps(*row))
      loss_.shown.push_back({Shown::Kind::evidence, record, loss_.when, std::nullopt, std::move(gap)});
  }
}

}  // namespace

void work_out(LostPayments& loss, const Working& working) {
  Calculation(loss, working).run();
}

}  // namespace answerable::loss
