#include "audit/loss/loss.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "audit/engine/ledger_reader.hpp"
#include "audit/loss/held.hpp"
#include "audit/loss/payments.hpp"
#include "audit/loss/services.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::loss {

namespace {

struct DirectPayment {
  std::string plan;
  Day from;
  std::set<std::int64_t> records;
};

/// In the order in which they began.
std::vector<DirectPayment> direct_payments(const Held& held) {
  auto begun = held.acts("dp.agreed");
  std::ranges::copy(held.acts("dp.started"), std::back_inserter(begun));
  std::ranges::stable_sort(begun, {}, [](const engine::Entry* it) { return it->when.first; });
  const auto stops = held.acts("dp.stopped");
  std::vector<DirectPayment> out;
  for (const auto* it : begun) {
    const std::string plan(held.text(*it, "plan"));
    const auto same = std::ranges::find_if(out, [&](const DirectPayment& known) {
      return known.records.contains(it->number) || known.plan == plan || known.plan.empty() || plan.empty() ||
             std::ranges::any_of(stops, [&](const engine::Entry* stop) {
               return stop->when.last >= known.from && stop->when.first <= it->when.last;
             });
    });
    auto& payment = same != out.end() ? *same : out.emplace_back(DirectPayment{plan, it->when.first, {}});
    payment.records.insert(it->number);
    if (payment.plan.empty()) payment.plan = plan;
  }
  return out;
}

/// Records that begin none are of the payment for their plan; of the one begun last before, where they name none.
void add_further_records(std::vector<DirectPayment>& payments, const Held& held) {
  for (const auto* it : held.all()) {
    if (held.record(*it).kind != "direct-payment" ||
        std::ranges::any_of(payments, [&](const auto& known) { return known.records.contains(it->number); }))
      continue;
    const auto plan = held.text(*it, "plan");
    auto of = std::ranges::find(payments, plan, &DirectPayment::plan);
    if (of == payments.end()) {
      const auto after = std::ranges::find_if(payments, [&](const auto& known) { return known.from > it->when.last; });
      of = after == payments.begin() ? after : std::prev(after);
    }
    of->records.insert(it->number);
  }
}

/// Each apart. What cannot be told apart by payment is counted once, with the first that was lost.
std::vector<LostPayments> lost_apart(std::vector<DirectPayment> payments, const Held& held, const Question& question,
                                     std::vector<Shown>& not_worked) {
  add_further_records(payments, held);
  std::vector<LostPayments> out;
  std::string with_rest;
  for (const auto& payment : payments) {
    for (auto& it : lost_payments(held.of_payment(payment.records, out.empty()), question, not_worked)) {
      it.plan = payment.plan;
      if (with_rest.empty()) with_rest = payment.plan;
      if (with_rest != payment.plan)
        it.notes.push_back(
            fmt::format("Support begun after it stopped, charges and assessed contributions are counted "
                        "once, with the direct payment for {}.",
                        with_rest));
      out.push_back(std::move(it));
    }
  }
  std::ranges::stable_sort(out, {}, [](const LostPayments& it) { return it.when.first; });
  return out;
}

/// Where there may have been several direct payments, and no plan tells them apart.
void say_what_was_taken_as_one(const std::vector<DirectPayment>& payments, const Held& held,
                               std::vector<LostPayments>& lost) {
  const auto stops = held.acts("dp.stopped");
  for (const auto& payment : payments) {
    const engine::Entry* before = nullptr;
    for (const auto* it : held.acts("dp.started")) {
      if (!payment.records.contains(it->number)) continue;
      const auto* first = std::exchange(before, it);
      if (first == nullptr || first->number == it->number || !held.text(*it, "plan").empty()) continue;
      if (std::ranges::any_of(stops, [&](const engine::Entry* stop) {
            return stop->when.last >= first->when.first && stop->when.first <= it->when.last;
          }))
        continue;
      for (auto& one : lost) {
        if (payments.size() > 1 && one.plan != payment.plan) continue;
        one.notes.push_back(fmt::format(
            "Records {} and {} each tell of a first payment, and no plan is named that would tell two direct "
            "payments apart: they are taken as one.",
            first->number, it->number));
      }
    }
  }
}

}  // namespace

Loss::Sums Loss::sums() const {
  Sums out{0, 0};
  const auto add = [](std::optional<Pennies>& to, std::optional<Pennies> more) {
    to = to && more ? std::optional(*to + *more) : std::nullopt;
  };
  for (const auto& it : payments) {
    add(out.lowest, it.lowest.sum());
    add(out.highest, it.highest.sum());
  }
  return out;
}

Loss work_out(const engine::SubjectTimeline& timeline, const engine::Vocabulary& vocabulary,
              const engine::Organisations& organisations, engine::Horizon horizon, const Question& question) {
  const Held held(timeline, vocabulary, organisations, horizon);
  Loss out{.authority = organisations.authority,
           .council = organisations.council_name,
           .horizon = horizon,
           .question = question};
  auto payments = question.rates.empty() ? direct_payments(held) : std::vector<DirectPayment>();
  out.payments =
      payments.size() > 1 ? lost_apart(payments, held, question, out.shown) : lost_payments(held, question, out.shown);
  say_what_was_taken_as_one(payments, held, out.payments);
  out.care = missed_care(held, question, out.missing);
  out.support = lost_support(held, question, out.shown);
  return out;
}

Loss work_out(pg::Connection& connection, const std::string& authority, std::int32_t subject, Day as_of,
              std::optional<std::int64_t> known_at, const Question& question) {
  pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  engine::Vocabulary vocabulary;
  const engine::LedgerReader reader(transaction, authority, vocabulary);
  const engine::Horizon horizon{as_of, std::min(known_at.value_or(reader.size()), reader.size())};
  const auto batch = reader.subject(subject, horizon.known_at);
  if (batch.timelines().empty() || batch.timelines()[0].records.empty()) {
    throw std::runtime_error(
        "Nothing was held about this person at that time. Ask for a later --known-at, or leave it out.");
  }
  return work_out(batch.timelines()[0], vocabulary, reader.organisations(), horizon, question);
}

}  // namespace answerable::loss
