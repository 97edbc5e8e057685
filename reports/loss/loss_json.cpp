#include <array>
#include <nlohmann/json.hpp>

#include "audit/engine/rule.hpp"
#include "reports/loss/loss_page.hpp"
#include "reports/render/xml.hpp"

namespace answerable::pages {
namespace {

using Json = nlohmann::ordered_json;
using namespace loss;

Json money(std::optional<Pennies> amount) {
  return amount ? Json(decimal(*amount)) : Json(nullptr);
}
Json number(std::int64_t record) {
  return record == entered ? Json(nullptr) : Json(record);
}
Json span(const Span& it) {
  return {{"first", iso(it.first)}, {"last", iso(it.last)}};
}

std::string_view word(EndKind kind) {
  static constexpr std::array<std::string_view, 4> words{"resumed", "decided", "needs-ended", "replaced"};
  return words[static_cast<std::size_t>(kind)];
}
std::string_view word(Term::Kind kind) {
  static constexpr std::array<std::string_view, 8> words{"due",       "not-known",   "paid",    "paid-at-rate",
                                                         "backdated", "replacement", "charged", "refunded"};
  return words[static_cast<std::size_t>(kind)];
}
std::string_view word(Term::Unit unit) {
  static constexpr std::array<std::string_view, 3> words{"days", "minutes", "visits"};
  return words[static_cast<std::size_t>(unit)];
}
std::string_view word(Shown::Kind kind) {
  static constexpr std::array<std::string_view, 8> words{"surplus", "recovery", "remedy",     "receipt",
                                                         "charge",  "payment",  "not-worked", "evidence"};
  return words[static_cast<std::size_t>(kind)];
}
std::string_view word(LostSupport::Kind kind) {
  static constexpr std::array<std::string_view, 4> words{"ended", "reduced", "service-ended", "interrupted"};
  return words[static_cast<std::size_t>(kind)];
}

template <class Items, class One>
Json list(const Items& items, const One& one) {
  auto out = Json::array();
  for (const auto& it : items) out.push_back(one(it));
  return out;
}

Json term(const Term& it) {
  Json out{
      {"kind", word(it.kind)}, {"first", iso(it.days.first)}, {"last", iso(it.days.last)}, {"days", it.days.days()}};
  if (it.weekly) out["weekly"] = money(it.weekly);
  if (it.gross) out["gross"] = money(it.gross);
  if (it.contribution) {
    out["contribution"] = money(it.contribution);
    out["contribution_record"] = number(it.contribution_record);
  }
  if (it.whole) out["whole"] = money(it.whole);
  if (it.of > 0) {
    out["part"] = it.part;
    out["of"] = it.of;
    out["unit"] = word(it.unit);
  }
  out["amount"] = it.kind == Term::Kind::not_known ? Json(nullptr) : money(it.amount);
  out["record"] = number(it.record);
  if (it.kind == Term::Kind::due) out["entered"] = it.record == entered;
  return out;
}

Json reading(const Reading& it) {
  return {{"first", iso(it.lost.first)},   {"last", iso(it.lost.last)},
          {"days", it.lost.days()},        {"days_without_rate", it.days_without_rate},
          {"terms", list(it.terms, term)}, {"payments", money(it.payments)},
          {"charges", money(it.charges)},  {"sum", money(it.sum())}};
}

Json end(const End& it) {
  return {
      {"kind", word(it.kind)}, {"record", it.record},           {"when", iso(it.when)}, {"last_day", span(it.last_day)},
      {"counts", it.counts},   {"lowest_only", it.lowest_only}, {"why", it.why},        {"what", it.what}};
}
Json missing(const Missing& it) {
  return {{"what", it.what}, {"matters", it.matters}, {"holder", it.holder}};
}
Json shown(const Shown& it) {
  return {{"kind", word(it.kind)},
          {"record", it.record},
          {"when", iso(it.when)},
          {"amount", money(it.amount)},
          {"text", it.text}};
}

Json payments(const LostPayments& it) {
  return {{"is", it.cut ? "cut" : "stop"},
          {"plan", it.plan},
          {"records", it.records},
          {"rests_on", it.rests_on},
          {"when", iso(it.when)},
          {"first_day", span(it.start)},
          {"ends", list(it.ends, end)},
          {"running", it.running},
          {"lowest", reading(it.lowest)},
          {"highest", reading(it.highest)},
          {"missing", list(it.missing, missing)},
          {"shown", list(it.shown, shown)},
          {"notes", it.notes}};
}

Json count(const MissedCare::Count& it) {
  return {{"visits", it.visits}, {"minutes", it.minutes}, {"without_length", it.without_length}};
}

Json care(const MissedCare& it) {
  return {{"service", it.service},
          {"record", number(it.record)},
          {"planned_minutes", it.planned_minutes},
          {"lost", count(it.lost)},
          {"open", count(it.open)},
          {"cut_short", count(it.cut_short)},
          {"not_lost", count(it.not_lost)},
          {"records", it.records},
          {"lowest_cost", money(it.lowest_cost)},
          {"highest_cost", money(it.highest_cost)},
          {"charges", list(it.charges, term)},
          {"lowest_charges", money(it.lowest_charges)},
          {"highest_charges", money(it.highest_charges)}};
}

Json support(const LostSupport& it) {
  const auto over = [](const std::optional<std::int64_t>& weekly, const Span& days) {
    return weekly ? money(share(*weekly, days.days(), 7)) : Json(nullptr);
  };
  return {{"kind", word(it.kind)},
          {"record", it.record},
          {"reason", it.text},
          {"first_day", span(it.start)},
          {"ends", list(it.ends, end)},
          {"running", it.running},
          {"lowest_days", it.shortest.days()},
          {"highest_days", it.longest.days()},
          {"weekly_hours", money(it.weekly_hours)},
          {"lowest_hours", over(it.weekly_hours, it.shortest)},
          {"highest_hours", over(it.weekly_hours, it.longest)},
          {"weekly_cost", money(it.weekly_cost)},
          {"lowest_cost", over(it.weekly_cost, it.shortest)},
          {"highest_cost", over(it.weekly_cost, it.longest)}};
}

/// "days_without_rate" as XML has its names: "daysWithoutRate".
std::string name_of(std::string_view key) {
  std::string out;
  bool begins_word = false;
  for (const char c : key) {
    if (c != '_') out += begins_word ? static_cast<char>(c - 'a' + 'A') : c;
    begins_word = c == '_';
  }
  return out;
}

/// Of a list: "payments" holds so many "payment".
std::string name_of_one(std::string_view key) {
  const bool has_plural = key == "payments" || key == "ends" || key == "terms" || key == "charges" || key == "notes";
  return std::string(has_plural ? key.substr(0, key.size() - 1) : key);
}

bool is_list_of_numbers(const Json& value) {
  return value.is_array() && !value.empty() && value.front().is_number();
}

/// A single value, or several numbers with spaces between them; "" where there is nothing to say.
std::string text_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string out;
  for (const auto& it : value) out += (out.empty() ? "" : " ") + it.dump();
  return out;
}

void write(render::XmlWriter& out, std::string_view name, const Json& value) {
  if (value.is_string()) {
    out.element(name, value.get<std::string>());
    return;
  }
  out.open(name);
  const auto stands_alone = [](const Json& it) { return it.is_object() || (it.is_array() && !is_list_of_numbers(it)); };
  for (const auto& [key, it] : value.items()) {
    if (stands_alone(it)) continue;
    if (const auto text = text_of(it); !text.empty()) out.attribute(name_of(key), text);
  }
  for (const auto& [key, it] : value.items()) {
    if (!stands_alone(it)) continue;
    if (it.is_object()) {
      write(out, name_of(key), it);
    } else {
      for (const auto& one : it) write(out, name_of_one(key), one);
    }
  }
  out.close();
}

}  // namespace

Json loss_json(const Loss& loss) {
  return {{"authority", loss.authority},
          {"as_of", iso(loss.horizon.as_of)},
          {"known_at", loss.horizon.known_at},
          {"law", "rem.lostdp"},
          {"confidence", engine::sentence(engine::Confidence::unverified)},
          {"determination", false},
          {"distress", nullptr},
          {"payments", list(loss.payments, payments)},
          {"sum", {{"lowest", money(loss.sums().lowest)}, {"highest", money(loss.sums().highest)}}},
          {"care", list(loss.care, care)},
          {"support", list(loss.support, support)},
          {"missing", list(loss.missing, missing)},
          {"shown", list(loss.shown, shown)}};
}

void write_loss(render::XmlWriter& out, const loss::Loss& loss) {
  auto said = loss_json(loss);
  for (const char* of_the_trail : {"authority", "as_of", "known_at"}) said.erase(of_the_trail);
  write(out, "loss", said);
}

}  // namespace answerable::pages
