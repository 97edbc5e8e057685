#include "audit/replay/kinds.hpp"

#include <algorithm>
#include <array>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/outcome.hpp"
#include "audit/replay/mapping.hpp"

namespace answerable::replay {
namespace {

using engine::Piece;

bool among(const std::vector<std::string>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto end = text.find(at);
    auto part = text.substr(0, end);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) all.emplace_back(part);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return all;
}

/// Whether the chronology tells one of these kinds at all.
bool told(const Chronology& chronology, const std::vector<std::string>& kinds) {
  return std::ranges::any_of(chronology.events, [&](const CaseEvent& e) { return among(kinds, e.kind); });
}

/// Whether it tells one, neither as missing nor as contradicted, that can have happened in so many days up to that act.
/// Of "review_started+care_plan_agreed" it must tell both.
bool told_before(const Chronology& chronology, const std::vector<std::string>& kinds, const Happened& act, int days) {
  const auto told_one = [&](const std::string& kind) {
    return std::ranges::any_of(chronology.events, [&](const CaseEvent& e) {
      return e.kind == kind && !e.only_said && e.evidence != "missing" && e.evidence != "contradicted" &&
             e.when.first <= act.last && e.when.last >= act.first - std::chrono::days{days};
    });
  };
  return std::ranges::any_of(kinds, [&](const auto& both) { return std::ranges::all_of(split(both, '+'), told_one); });
}
constexpr int twelve_months = 366, ever = 100 * 366;
constexpr std::chrono::days six_weeks{42};

/// Whether it tells one, neither as missing nor as contradicted, that can have happened with that act or after it, and
/// no later than the other day.
bool told_after(const Chronology& chronology, const std::vector<std::string>& kinds, const Happened& act, Day until) {
  return std::ranges::any_of(chronology.events, [&](const CaseEvent& e) {
    return among(kinds, e.kind) && !e.only_said && e.evidence != "missing" && e.evidence != "contradicted" &&
           e.when.last >= act.first && e.when.first <= until;
  });
}

/// Whether it tells of something that went wrong in so many days up to that act.
bool marked(std::span<const Mark> marks, const Happened& act, int days) {
  return std::ranges::any_of(marks, [&](const Mark& mark) {
    return mark.said.empty() && mark.when.first <= act.last && mark.when.last >= act.first - std::chrono::days{days};
  });
}

/// Whether somebody, or a note, says of that act, on its day or later and in words of these lists, that it went wrong.
bool said(std::span<const Mark> marks, const Happened& act, const std::vector<std::string>& lists) {
  return std::ranges::any_of(marks, [&](const Mark& mark) {
    return mark.when.last >= act.first &&
           std::ranges::any_of(lists, [&](const auto& list) { return mark.said.contains(list); });
  });
}

/// Whether, after that act, it still tells of something but the complaint on that day or later. Of a line with a
/// coarse date its place says that it came after.
bool still_telling(const Chronology& chronology, const Happened& act, Day day) {
  const auto after = std::ranges::find_if(
      chronology.events, [&](const CaseEvent& e) { return e.when.first == act.first && e.when.last == act.last; });
  const std::size_t place = after == chronology.events.end() ? std::string::npos : after->index;
  return std::ranges::any_of(chronology.events, [&](const CaseEvent& e) {
    return !e.kind.starts_with("complaint_") && e.kind != "ombudsman_contacted" &&
           (e.when.first >= day || (e.index > place && e.when.first != act.first && e.when.last >= day));
  });
}

}  // namespace

FaultKinds::FaultKinds(const std::filesystem::path& folder, const std::filesystem::path& schemas_folder) {
  const std::array schemas{schemas_folder / "replay/1/replay.xsd"};
  const auto root = xml::load_document(folder / "kinds.xml", schemas);
  for (const auto* fault : root.all("fault")) {
    for (const auto* e : fault->all("finding")) {
      Row row;
      row.kind = fault->value("kind");
      row.rules = list_of(e->value("rule"));
      row.duties = list_of(e->value("duty"));
      row.outcomes = list_of(e->value("outcome"));
      row.acts = list_of(e->value("act"));
      row.lacks = split(e->value("lacks"), ';');
      row.told = list_of(e->value("told"));
      row.unless_told = list_of(e->value("unless-told"));
      row.unless_before = list_of(e->value("unless-before"));
      row.unless_after = list_of(e->value("unless-after"));
      row.unless_by = list_of(e->value("unless-by"));
      row.actor = e->value("actor");
      row.while_told = e->value("while-told") == "yes";
      row.says = list_of(e->value("says"));
      row.marked = e->value("marked") == "yes";
      row.said = e->value("marked") == "said";
      if (const auto* days = e->attribute("late-days")) row.late_days = std::stoi(*days);
      for (const auto* w : e->all("where"))
        row.where.push_back({std::string(w->value("attribute")), list_of(w->value("is")), list_of(w->value("not"))});
      rows_.push_back(std::move(row));
    }
  }
}

std::set<std::string> FaultKinds::rules() const {
  std::set<std::string> all;
  for (const auto& row : rows_) all.insert(row.rules.begin(), row.rules.end());
  return all;
}

bool FaultKinds::matches(const Row& row, const engine::Context& context, const engine::Judgement& j) {
  const auto& rule = context.catalogue->rules()[j.duty.rule];
  if (!among(row.rules, rule.id) || !among(row.outcomes, engine::word(j.outcome))) return false;
  if (!row.duties.empty() && !among(row.duties, rule.editions[j.duty.edition].duties[j.duty.duty].id)) return false;
  const auto& vocabulary = context.catalogue->vocabulary();
  if (!row.acts.empty() && !among(row.acts, vocabulary.text(j.trigger->act))) return false;
  for (const auto& where : row.where) {
    const auto value = j.trigger->value(vocabulary.find(where.attribute));
    const auto given = list_of(value);
    const auto shared = [&](const std::vector<std::string>& words) {
      return std::ranges::any_of(given, [&](const auto& word) { return among(words, word); });
    };
    if (!where.is.empty() && !shared(where.is)) return false;
    if (!where.none.empty() && shared(where.none)) return false;
  }
  for (const auto& lack : row.lacks)
    if (std::ranges::none_of(j.pieces, [&](const Piece& piece) {
          return (piece.kind == Piece::Kind::missing || piece.kind == Piece::Kind::unproved ||
                  piece.kind == Piece::Kind::claimed) &&
                 piece.text.find(lack) != std::string::npos;
        }))
      return false;
  if (row.late_days) {
    const int late = j.late_days > 0 ? j.late_days
                     : j.due && context.horizon.as_of > *j.due
                         ? static_cast<int>((context.horizon.as_of - *j.due).count())
                         : 0;
    if (late < *row.late_days) return false;
  }
  if (!row.actor.empty()) {
    const bool council = j.actor.empty() || j.actor == context.organisations->council_key();
    if (council != (row.actor == "council")) return false;
  }
  return true;
}

Speaks FaultKinds::speaks(const engine::Context& context, const engine::Judgement& judgement,
                          const Chronology& chronology, std::span<const Mark> marks) const {
  Speaks speaks;
  for (const auto& row : rows_) {
    if (!matches(row, context, judgement)) continue;
    const bool silent =
        (!row.told.empty() && !told(chronology, row.told)) ||
        told_before(chronology, row.unless_told, judgement.trigger->when, twelve_months) ||
        told_before(chronology, row.unless_before, judgement.trigger->when, ever) ||
        told_after(chronology, row.unless_after, judgement.trigger->when, Day::max()) ||
        told_after(chronology, row.unless_by, judgement.trigger->when, judgement.due.value_or(Day::max())) ||
        (row.marked && !marked(marks, judgement.trigger->when, twelve_months) &&
         !said(marks, judgement.trigger->when, row.says)) ||
        (row.said && judgement.gap_days == 0 && !said(marks, judgement.trigger->when, row.says)) ||
        (row.while_told && judgement.gap_days == 0 &&
         !still_telling(chronology, judgement.trigger->when,
                        judgement.due.value_or(judgement.trigger->when.last + six_weeks)));
    (silent ? speaks.silent : speaks.kinds).insert(row.kind);
  }
  for (const auto& kind : speaks.kinds) speaks.silent.erase(kind);
  return speaks;
}

}  // namespace answerable::replay
