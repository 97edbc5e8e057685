#include <algorithm>

#include "audit/engine/clock.hpp"
#include "audit/loss/ends.hpp"
#include "audit/loss/services.hpp"

namespace answerable::loss {

using engine::Entry;

namespace {

/// How far back a review may lie on which a change rests. The convention of change.no_cut_without.
constexpr int months_before = 12;

/// Whether a sound decision on eligibility was made before support changed.
bool rests_on_a_sound_decision(const Held& held, const Entry& change) {
  const Day not_before = engine::add_months(change.when.first, -months_before);
  return std::ranges::any_of(held.acts("eligibility.determined"), [&](const Entry* it) {
    return it->when.last <= change.when.last && it->when.last >= not_before && held.unsound(*it, not_before).empty();
  });
}

/// Support that began again.
void add_new_support(const Held& held, LostSupport& loss) {
  for (const auto act : {"service.started", "dp.started", "dp.restarted"}) {
    for (const auto* it : held.acts(act)) {
      if (it->when.first < loss.start.first || it->number == loss.record) continue;
      loss.ends.push_back({.kind = EndKind::replaced,
                           .record = it->number,
                           .when = it->when,
                           .last_day = day_before(it->when),
                           .what = std::string(held.text(*it, "type"))});
    }
  }
}

void add_increase(const Held& held, LostSupport& loss, std::optional<Hours> back_to) {
  for (const auto* it : held.acts("change.effective")) {
    const auto hours = held.hours(*it, "hours-after");
    if (it->when.first < loss.start.first || held.text(*it, "direction") != "increase") continue;
    if (!back_to || !hours || *hours < *back_to) continue;
    loss.ends.push_back(
        {.kind = EndKind::resumed, .record = it->number, .when = it->when, .last_day = day_before(it->when)});
  }
}

void finish(const Held& held, const Question& question, LostSupport& loss, const engine::RecordRow* rested_on) {
  std::ranges::copy(decided_or_needs_ended(held, loss.start, rested_on), std::back_inserter(loss.ends));
  std::erase_if(loss.ends, [&](const End& it) { return it.record == loss.record && it.kind != EndKind::resumed; });
  sort(loss.ends);
  const auto [last, running] = last_day(loss.ends, loss.start.first, held.as_of());
  const auto start = narrowed_start(loss.start, question), until = narrowed_last(last, question);
  loss.running = running;
  loss.shortest = {start.last, until.first};
  loss.longest = {start.first, until.last};
}

/// What a change of support cost a week before and after, which its decision says.
std::optional<Pennies> weekly_cost(const Held& held, const Entry& change, bool all) {
  for (const auto* it : held.acts("change.decided")) {
    if (it->number != change.number) continue;
    const auto before = held.money(*it, "weekly-before"), after = held.money(*it, "weekly-after");
    if (before && (all || after)) return std::max<Pennies>(0, *before - (all ? 0 : *after));
  }
  return std::nullopt;
}

}  // namespace

std::vector<LostSupport> lost_support(const Held& held, const Question& question, std::vector<Shown>& not_worked) {
  std::vector<LostSupport> out;
  for (const auto* it : held.acts("change.effective")) {
    const auto direction = held.text(*it, "direction"), reason = held.text(*it, "reason");
    if (direction != "reduction" && direction != "end") continue;
    std::string why;
    if (one_of(reason, {"person-asked", "needs-ended", "died", "moved", "declined"}))
      why = reason;
    else if (held.text(*it, "agreed") == "yes")
      why = "the person agreed";
    else if (rests_on_a_sound_decision(held, *it))
      why = "it rests on a decision on eligibility whose reasons and assessment or review are evidenced";
    if (!why.empty()) {
      not_worked.push_back({Shown::Kind::not_worked, it->number, it->when, std::nullopt, why});
      continue;
    }
    const bool all = direction == "end";
    LostSupport loss{.kind = all ? LostSupport::Kind::ended : LostSupport::Kind::reduced,
                     .record = it->number,
                     .text = std::string(reason),
                     .start = readings(it->when)};
    const auto before = held.hours(*it, "hours-before"), after = held.hours(*it, "hours-after");
    if (before && (all || after)) loss.weekly_hours = std::max<Hours>(0, *before - (all ? 0 : *after));
    loss.weekly_cost = weekly_cost(held, *it, all);
    add_increase(held, loss, before);
    if (all) add_new_support(held, loss);
    finish(held, question, loss, held.named(held.text(*it, "determination"), "eligibility-determination"));
    out.push_back(std::move(loss));
  }
  const auto of_service = [&](const Entry& it, LostSupport& loss) {
    loss.weekly_hours = held.hours(it, "hours-per-week");
    for (const auto* started : held.acts("service.started"))
      if (started->number == it.number) loss.weekly_cost = held.money(*started, "weekly-cost");
  };
  for (const auto* it : held.acts("service.ended")) {
    const auto reason = held.text(*it, "reason");
    if (!one_of(reason, {"provider-withdrew", "provider-failed", "other"})) {
      not_worked.push_back({Shown::Kind::not_worked, it->number, it->when, std::nullopt, std::string(reason)});
      continue;
    }
    constexpr std::chrono::days day{1};
    LostSupport loss{.kind = LostSupport::Kind::service_ended,
                     .record = it->number,
                     .text = std::string(reason),
                     .start = {it->when.first + day, it->when.last + day}};
    of_service(*it, loss);
    add_new_support(held, loss);
    finish(held, question, loss, nullptr);
    out.push_back(std::move(loss));
  }
  for (const auto* it : held.acts("service.suspended")) {
    if (held.text(*it, "reason") != "provider-could-not") continue;
    LostSupport loss{.kind = LostSupport::Kind::interrupted,
                     .record = it->number,
                     .text = "provider-could-not",
                     .start = readings(it->when)};
    of_service(*it, loss);
    if (it->until)
      loss.ends.push_back(
          {.kind = EndKind::resumed, .record = it->number, .when = *it->until, .last_day = readings(*it->until)});
    finish(held, question, loss, nullptr);
    out.push_back(std::move(loss));
  }
  return out;
}

}  // namespace answerable::loss
