#include <fmt/format.h>

#include <algorithm>

#include "audit/loss/ends.hpp"
#include "audit/loss/payments.hpp"
#include "audit/loss/rates.hpp"

namespace answerable::loss {

using engine::Entry;

namespace {

/// Payments standing still: every stop told until payments are taken up again.
struct Stretch {
  std::vector<const Entry*> told, resumed;

  /// What all that tell of it agree on; what any says, where they do not agree.
  Span start() const {
    Span all = readings(told.front()->when), common = all;
    for (const auto* it : told) {
      all = {std::min(all.first, it->when.first), std::max(all.last, it->when.last)};
      common = overlap(common, readings(it->when));
    }
    return common.days() > 0 ? common : all;
  }
};

auto order(const Entry* it) {
  return std::tuple(it->when.first, it->number, it->ordinal);
}

/// Where their dates leave it open which came first, payments were taken up after they stopped.
bool after(const Entry& resumed, const Entry& stop) {
  return resumed.when.last >= stop.when.first &&
         (resumed.when.first < stop.when.first || order(&resumed) > order(&stop));
}

std::vector<Stretch> stretches(const Held& held, std::vector<Shown>& not_worked) {
  auto resumed = held.acts("dp.restarted");
  std::ranges::copy(held.acts("dp.started"), std::back_inserter(resumed));
  std::ranges::sort(resumed, {}, order);
  std::vector<Stretch> out;
  for (const auto* stop : held.acts("dp.stopped")) {
    const auto ground = held.text(*stop, "ground");
    if (one_of(ground, {"person-asked", "died", "moved"})) {
      not_worked.push_back({Shown::Kind::not_worked, stop->number, stop->when, std::nullopt, std::string(ground)});
      continue;
    }
    const bool same = !out.empty() && std::ranges::none_of(resumed, [&](const Entry* it) {
      return after(*it, *out.back().told.front()) && order(it) < order(stop) && it->when.first <= stop->when.first;
    });
    if (!same) out.emplace_back();
    out.back().told.push_back(stop);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::ranges::copy_if(resumed, std::back_inserter(out[i].resumed), [&](const Entry* it) {
      return after(*it, *out[i].told.front()) && (i + 1 == out.size() || order(it) < order(out[i + 1].told.front()));
    });
  }
  return out;
}

/// From which day nothing more was paid for, where a payment made before reaches past the stop.
void move_past_what_was_paid(LostPayments& loss, const Held& held) {
  for (const auto* it : held.acts("dp.paid")) {
    const auto from = held.date(*it, "period-from"), to = held.date(*it, "period-to");
    if (!from || !to || from->first >= loss.start.first || to->last < loss.start.first) continue;
    const Day next = to->last + std::chrono::days{1};
    loss.start = {next, std::max(next, loss.start.last)};
    loss.start_note = fmt::format("A payment covers the days to {} (record {}).", words(to->last), it->number);
  }
}

LostPayments stopped(const Held& held, const Question& question, const Stretch& stretch, const Stretch* next) {
  LostPayments loss{.when = stretch.told.front()->when, .start = stretch.start()};
  Working working{.held = held, .question = question, .resumed = stretch.resumed};
  for (const auto* it : stretch.told) {
    loss.records.push_back(it->number);
    for (const auto kind : {"review", "eligibility-determination"}) {
      const bool determination = kind != std::string_view("review");
      const auto* record = held.named(held.text(*it, determination ? "determination" : "review"), kind);
      if (record == nullptr) continue;
      loss.rests_on.push_back(record->number);
      if (determination) working.rested_on = record;
    }
  }
  move_past_what_was_paid(loss, held);
  if (next != nullptr) working.bound = next->start().last - std::chrono::days{1};
  work_out(loss, working);
  return loss;
}

/// Payments cut: a weekly rate lower than the one before it, while payments went on.
std::vector<LostPayments> cuts(const Held& held, const Question& question, const std::vector<Stretch>& stops) {
  std::vector<LostPayments> out;
  const auto rates = rates_of(held);
  for (std::size_t i = 1; i < rates.size(); ++i) {
    const auto& rate = rates[i];
    if (rate.gross >= rates[i - 1].gross) continue;
    const bool standing_still = std::ranges::any_of(stops, [&](const Stretch& it) {
      return it.start().first <= rate.from.last &&
             std::ranges::none_of(it.resumed, [&](const Entry* r) { return r->when.first <= rate.from.first; });
    });
    if (standing_still) continue;
    LostPayments loss{.cut = true, .records = {rate.record}, .when = rate.from, .start = readings(rate.from)};
    Working working{.held = held, .question = question, .cut_at = i};
    for (const auto& it : stops) {
      if (it.start().first <= rate.from.first) continue;
      working.bound = it.start().last - std::chrono::days{1};
      break;
    }
    work_out(loss, working);
    out.push_back(std::move(loss));
  }
  return out;
}

}  // namespace

std::vector<LostPayments> lost_payments(const Held& held, const Question& question, std::vector<Shown>& not_worked) {
  const auto stops = stretches(held, not_worked);
  auto out = cuts(held, question, stops);
  for (std::size_t i = 0; i < stops.size(); ++i)
    out.push_back(stopped(held, question, stops[i], i + 1 < stops.size() ? &stops[i + 1] : nullptr));
  std::ranges::stable_sort(out, {}, [](const LostPayments& it) { return it.when.first; });
  return out;
}

}  // namespace answerable::loss
