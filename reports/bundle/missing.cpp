#include "reports/bundle/missing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/pages/line_index.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::bundle {
namespace {

using engine::EvidenceState;

bool shows_nothing(EvidenceState state) {
  return state == EvidenceState::absent || state == EvidenceState::not_supplied || state == EvidenceState::contradicted;
}

std::string search_of(const pages::EvidenceItem& it) {
  if (it.searched_by.empty()) return {};
  return fmt::format("{}, in {}{}{}", it.searched_by, it.searched_where,
                     it.searched_on ? ", on " + words(*it.searched_on) : "",
                     it.searched_terms.empty() ? "" : ", for " + it.searched_terms);
}

std::string state_words(std::string_view state) {
  if (state == "absent") return "searched for and not found";
  if (state == "not-received") return "nothing received shows it";
  if (state == "part-produced") return "produced in part";
  if (state == "unavailable") return "could not be produced";
  if (state == "unanswered") return "asked for, no answer";
  return pages::code_words(state);
}

std::string answer_words(const Asking& asking) {
  return state_words(asking.outcome) + (asking.answered ? ", " + words(*asking.answered) : "");
}

render::Run named(std::int64_t record, const ExhibitIndex& exhibits) {
  const auto exhibit = exhibits.find(record);
  return exhibit ? render::link_to(exhibit->number, exhibit->path) : render::plain(fmt::format("record {}", record));
}

render::Row row_of(const Missing& it, const ExhibitIndex& exhibits) {
  using render::Inline;
  Inline what{pages::capital(it.finding.empty() ? pages::code_words(it.what) : it.what), ": ", state_words(it.state)};
  if (!it.searched.empty()) what.push_back(". Searched by " + it.searched);
  what.push_back(".");
  Inline target{it.happened && it.finding.empty() ? words(*it.happened) + ": " : "", pages::sentence(it.for_what)};
  if (it.for_record >= 0) {
    target.push_back(" (");
    target.push_back(named(it.for_record, exhibits));
    target.push_back(")");
  }
  if (!it.finding.empty()) target.push_back(" Finding " + it.finding + ".");
  Inline asked;
  for (const auto& asking : it.asked) {
    if (!asked.empty()) asked.push_back("\n");
    asked.push_back(fmt::format("{}: {} asked {}{}. {} (", words(asking.on), asking.by, asking.of.name,
                                asking.due ? ", by " + words(*asking.due) : "",
                                pages::capital(pages::sentence(answer_words(asking)))));
    asked.push_back(named(asking.record, exhibits));
    asked.push_back(").");
  }
  if (asked.empty()) asked.push_back("Nothing received shows that it was asked for.");
  return {.cells = {std::move(what),
                    std::move(target),
                    {it.holder.name.empty() ? "Not known" : it.holder.name},
                    std::move(asked)}};
}

// The bindings name every member, so that one more cannot be forgotten here.
template <class Visitor, class Any>
void visit_missing(Visitor& visit, Any& missing) {
  auto& [what, state, for_record, for_what, happened, holder, said_by, searched, finding, asked] = missing;
  visit.shared(what, state, holder.key, holder.name);
  visit.own(for_what, searched, finding);
  visit.plain(for_record, happened);
  visit.each(said_by, [&](auto& record) { visit.plain(record); });
  visit.each(asked, [&](auto& asking) {
    auto& [record, item, detail, of, on, by, due, of_record, outcome, answered] = asking;
    visit.shared(item, of.key, of.name, by, outcome);
    visit.own(detail);
    visit.plain(record, on, due, of_record, answered);
  });
}

}  // namespace

void pack(pages::Packer& packer, const Missing& missing) {
  visit_missing(packer, missing);
}

void unpack(pages::Unpacker& unpacker, Missing& missing) {
  visit_missing(unpacker, missing);
}

std::vector<Asking> askings(std::span<const ReadRecord> requests, const Exhibits& exhibits) {
  std::vector<Asking> out;
  for (const auto& [exhibit, record] : requests) {
    const auto* from = record.child("from");
    const auto* requested = record.child("requested");
    Asking it{.record = exhibit.record,
              .item = std::string(record.child_text("what")),
              .detail = std::string(record.child_text("detail")),
              .of = {fmt::format("{}:{}", from->value("scheme"), from->value("code")), from->text},
              .on = parse_happened(requested->child_text("on")).value_or(Happened{}),
              .by = std::string(requested->child_text("by")),
              .due = parse_happened(record.child_text("due")),
              .outcome = std::string(record.child_text("outcome")),
              .answered = {}};
    if (const auto* target = record.child("forRecord")) {
      if (const auto found = referred(exhibits, exhibit, *target)) it.for_record = found->record;
    }
    for (const char* answer : {"produced", "unavailable"}) {
      if (const auto* element = record.child(answer)) it.answered = parse_happened(element->child_text("on"));
    }
    out.push_back(std::move(it));
  }
  return out;
}

Missings missing(const pages::Trail& trail, std::vector<Asking> asked) {
  const pages::LineIndex acts(trail.chronology);
  std::vector<Missing> out;
  std::map<std::pair<std::int64_t, std::string>, std::size_t> known;  // of what and for which record
  for (const auto& it : trail.evidence) {
    if (it.superseded || !shows_nothing(it.state)) continue;
    const auto [place, is_new] = known.try_emplace({it.target, it.item}, out.size());
    if (is_new) {
      Missing row{.what = it.item,
                  .for_record = it.target,
                  .for_what = it.target_says,
                  .happened = it.target_when,
                  .holder = it.sender};
      if (const auto act = acts.find(it.target)) row.holder = act->actor;
      out.push_back(std::move(row));
    }
    // What was said last counts; a search stays said.
    auto& row = out[place->second];
    row.state = engine::word(it.state);
    row.said_by.push_back(it.said_by);
    if (const auto search = search_of(it); !search.empty()) row.searched = search;
  }
  for (auto& it : asked) {
    const auto place = known.find({it.for_record, it.item});
    if (place != known.end()) {
      out[place->second].asked.push_back(std::move(it));
    } else if (it.outcome != "produced") {
      Missing row{.what = it.item,
                  .state = it.outcome,
                  .for_record = it.for_record,
                  .for_what = it.detail,
                  .happened = {},
                  .holder = it.of};
      row.said_by = {it.record};
      if (it.for_record >= 0) known.emplace(std::pair(it.for_record, it.item), out.size());
      row.asked.push_back(std::move(it));
      out.push_back(std::move(row));
    }
  }
  Missings all;
  for (const auto& it : out) all.push_back(it);
  // What stands and should not is no thing missing.
  std::set<std::string> of_what_stands;
  for (const auto& row : trail.chronology) {
    const auto* gap = std::get_if<pages::Gap>(&row);
    if (gap != nullptr && !gap->missing) of_what_stands.insert(gap->finding);
  }
  for (const auto& [why, about] : trail.findings) {
    if (!engine::needs_attention(why.outcome) || why.not_found.empty() || of_what_stands.contains(why.finding))
      continue;
    Missing row{.what = pages::list_words(why.not_found),
                .state = "not-received",
                .for_what = why.sentence,
                .happened = why.due ? std::optional(Happened{*why.due, *why.due, Precision::day}) : std::nullopt,
                .holder = {why.attribution.actor, why.attribution.actor_name}};
    row.finding = why.finding;
    all.push_back(row);
  }
  return all;
}

const render::CsvTable& missing_table() {
  using enum render::CsvType;
  static const render::CsvTable table{
      .file = "missing.csv",
      .title = "What is missing",
      .description = "One row a thing that should be there and is not, once for each time that it was asked for.",
      .columns = {{"what", text, "What is missing"},
                  {"state", text,
                   "not-supplied, absent (searched for and not found), contradicted, unanswered, unavailable, "
                   "part-produced, or not-received: a finding looked for it and nothing received shows it"},
                  {"for_record", number, "The record whose act it would prove"},
                  {"for", text, "That act, what exactly was asked for, or the finding in words"},
                  {"happened", happened, "When that act happened; of what a finding looked for, when it was due"},
                  {"holder", text, "Who should have it: scheme and code"},
                  {"holder_name", text, "Its name"},
                  {"said_by", numbers, "The records that say so"},
                  {"searched", text, "Who says that they searched for it, where, when and for what"},
                  {"finding", text, "The finding that looked for it"},
                  {"asked_on", happened, "When it was asked for; empty when nothing received shows that it was"},
                  {"asked_by", text, "By whom"},
                  {"asked_of", text, "Of whom: scheme and code"},
                  {"asked_of_name", text, "Its name"},
                  {"due", happened, "By when it was to come"},
                  {"answer", text, "produced, part-produced, unavailable or unanswered"},
                  {"answered", happened, "When"},
                  {"asked_record", number, "The record that tells of the request"}},
      .foreign_keys = {{"for_record", "exhibits.csv", "record"}, {"finding", "findings.csv", "finding"}}};
  return table;
}

void write_missing_csv(const Missings& missing, std::ostream& out) {
  auto csv = render::open_csv(missing_table(), out);
  const auto maybe = [](const std::optional<Happened>& when) { return when ? iso(*when) : ""; };
  for (const auto& it : missing) {
    std::vector<std::string> row{it.what,
                                 it.state,
                                 it.for_record < 0 ? "" : std::to_string(it.for_record),
                                 it.for_what,
                                 maybe(it.happened),
                                 it.holder.key,
                                 it.holder.name,
                                 fmt::format("{}", fmt::join(it.said_by, " ")),
                                 it.searched,
                                 it.finding};
    const auto fixed = row.size();
    row.resize(missing_table().columns.size());
    if (it.asked.empty()) csv.row(row);
    for (const auto& asking : it.asked) {
      const std::vector<std::string> request{
          iso(asking.on),    asking.by,      asking.of.key,          asking.of.name,
          maybe(asking.due), asking.outcome, maybe(asking.answered), std::to_string(asking.record)};
      std::ranges::copy(request, row.begin() + static_cast<std::ptrdiff_t>(fixed));
      csv.row(row);
    }
  }
}

render::Table missing_page(const Missings& missing, const Exhibits& exhibits) {
  using namespace render;
  Table table{.caption = "What is missing, and who was asked for it when",
              .columns = {{"Missing", 1.8}, {"For", 3}, {"Who should have it", 1.8}, {"Asked for", 2.6}}};
  table.when_empty = "Nothing that anybody has told us of, and nothing that a rule looked for.";
  table.rows.add([&missing, &exhibits](const auto& use) {
    const ExhibitIndex index(exhibits);
    for (const auto& it : missing) use(row_of(it, index));
  });
  return table;
}

}  // namespace answerable::bundle
