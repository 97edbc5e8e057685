// One person on one page: who they are, their years in one picture with its holes, what stands behind each, who looked.
// As of any day, as known on any day.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "audit/events/reads.hpp"
#include "reports/cli/whom.hpp"
#include "reports/pages/document_parts.hpp"
#include "reports/pages/gather.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/blocks.hpp"
#include "reports/service/complaints/pieces.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/people/opened.hpp"
#include "reports/service/people/person_picture.hpp"

namespace answerable::service {
namespace {

constexpr std::size_t findings_shown = 50;
constexpr std::size_t reads_shown = 5;

void add_values(components::SummaryList& list, std::string key, const std::vector<pages::Person::Value>& values) {
  if (values.empty()) return;
  components::List all{.items = {}, .kind = components::List::Kind::plain};
  for (const auto& value : values) all.items.emplace_back(fmt::format("{} (record {})", value.text, value.record));
  list.rows.push_back({std::move(key), all});
}

std::string relation_words(const pages::Relation& relation) {
  return fmt::format("{}{}: {}{}, from {}{} (record {})", relation.of_other ? "Is the " : "",
                     relation.of_other ? relation.role + " of" : pages::capital(relation.role), relation.name,
                     relation.scope.empty() ? "" : fmt::format(" ({})", relation.scope), words(relation.from),
                     relation.to ? fmt::format(" to {}", words(*relation.to)) : "", relation.record);
}

components::SummaryList who(const pages::Trail& trail) {
  components::SummaryList list{.rows = {}};
  components::List numbers{.items = {}, .kind = components::List::Kind::plain};
  for (const auto& identifier : trail.person.identifiers)
    numbers.items.emplace_back(pages::identifier_words(identifier));
  list.rows.push_back({"Numbers", numbers});
  if (trail.person.names.size() > 1) add_values(list, "Names on record", trail.person.names);
  add_values(list, "Born", trail.person.born);
  add_values(list, "Communication needs", trail.person.communication_needs);
  add_values(list, "Adjustments promised", trail.person.reasonable_adjustments);
  components::List relations{.items = {}, .kind = components::List::Kind::plain};
  for (const auto& relation : trail.person.relations) relations.items.emplace_back(relation_words(relation));
  list.rows.push_back(
      {"Carers and representatives", relations.items.empty() ? Fragment("None on record") : Fragment(relations)});
  if (trail.person.death) list.rows.push_back({"Died", words(trail.person.death->when)});
  return list;
}

std::string outcomes_words(const pages::Trail& trail) {
  std::vector<std::string> items;
  for (const auto& [outcome, count] : trail.outcomes()) items.push_back(pages::outcome_count(outcome, count));
  return items.empty() ? "No duty has been judged." : pages::capital(pages::list_words(items)) + ".";
}

/// \param of_person  about the person; otherwise about the agreements under which something was done for them
/// \param now  as everything stands: then each is a page of its own
components::Table findings_table(const pages::Trail& trail, bool of_person, bool now) {
  components::Table table{.caption = of_person ? "What needs attention" : "About the agreements it was done under",
                          .columns = {{"Finding"}, {"What was found"}, {"Outcome"}, {"Due"}, {"Law, and how sure"}},
                          .rows = {},
                          .wide = true,
                          .when_empty = "Nothing about this person that was judged needs attention."};
  for (const auto& finding : trail.findings) {
    const auto& why = finding.why;
    if (finding.about.empty() != of_person || !engine::needs_attention(why.outcome)) continue;
    if (table.rows.size() == findings_shown) break;
    table.rows.push_back(
        {now ? Fragment(components::Link{why.finding, "/findings/" + why.finding}) : Fragment(why.finding),
         why.sentence, outcome_tag(why.outcome), why.due ? words(*why.due) : "",
         fmt::format("{} ({})", why.source, why.confidence_words)});
  }
  return table;
}

void add_reads(Pieces& pieces, const std::vector<events::Read>& reads, std::int32_t subject) {
  components::Table table{
      .caption = "Who has read this record, and why", .columns = {{"When"}, {"Who"}, {"What for"}}, .rows = {}};
  for (const auto& read : reads)
    if (table.rows.size() < reads_shown)
      table.rows.push_back({pages::time_words(read.at), read.by, pages::capital(pages::code_words(read.purpose))});
  pieces.add(table);
  pieces.says(components::Link{fmt::format("Every reading ({}), with what was looked at", grouped(std::ssize(reads))),
                               fmt::format("/people/{}/reads", subject)});
}

http::Response nothing_then(const Visit& visit, std::int32_t subject) {
  Page page(visit, "Nothing was held about this person at that time");
  page.under({{"The person", fmt::format("/people/{}", subject)}});
  page.paragraph("Ask for a later day, or leave “as known on” empty.");
  return std::move(page).answer(404);
}

}  // namespace

http::Response person(Visit& visit) {
  const auto records = visit.records();
  const auto subject = open_subject(visit, *records);
  if (!subject) return opening_offered(visit);
  const auto as_of = typed_day(visit, "as-of", "As of"), known = typed_day(visit, "known", "As known on");
  const auto& council = visit.actor().authority;
  std::vector<events::Read> reads;
  auto rules = [&] {
    pg::Transaction transaction(*records, pg::Access::read_only);
    reads = events::reads_of(transaction, council, *subject);
    return visit.hall.rules.lend(transaction, council);
  }();
  std::optional<std::int64_t> known_at;
  if (known.value) known_at = cli::known_number(*records, council, cli::parse_known_at(iso(*known.value)));
  if (known_at == 0) return nothing_then(visit, *subject);
  const auto trail = pages::gather(*records, *rules, visit.hall.kinds,
                                   {.authority = council,
                                    .subject = *subject,
                                    .case_reference = "",
                                    .as_of = as_of.value.value_or(london_day(now())),
                                    .known_at = known_at});
  const auto path = fmt::format("/people/{}", *subject);
  Page page(visit, trail.person.name());
  page.under({{"Open a person’s record", "/people/open"}});
  const bool wrong = !as_of.error.empty() || !known.error.empty();
  std::vector<components::ErrorSummary::Error> errors;
  for (const auto& day : {as_of, known})
    if (!day.error.empty()) errors.push_back({day.error, day.id + "-day"});
  if (wrong) page.errors(std::move(errors));
  Pieces pieces;
  pieces.add(who(trail));
  Fragment fields = as_of.input("As of", "What was due and done by this day. Empty: today.");
  fields += Fragment(known.input("As known on", "From what had come in by the end of this day. Empty: everything."));
  fields += Fragment(components::Button{"Look from there", components::Button::Kind::secondary});
  pieces.add(components::Details{fmt::format("As of {}, {} known: look from another day", words(trail.horizon.as_of),
                                             pages::count_of(trail.horizon.known_at, "record", "records")),
                                 get_form(path, fields), wrong});
  pieces.heading("Their years").says(outcomes_words(trail)).add(picture_of(trail, *rules));
  const bool as_it_stands = !as_of.value && !known.value;
  pieces.add(findings_table(trail, true, as_it_stands));
  if (const auto others = findings_table(trail, false, as_it_stands); !others.rows.empty()) pieces.add(others);
  pieces.add(chronology_page(
      trail, page_number(visit.query("page")),
      fmt::format("{}?{}{}page=", path, day_query(as_of.id, as_of.value), day_query(known.id, known.value))));
  add_reads(pieces, reads, *subject);
  pieces.says(components::Link{"The whole audit trail, to print and keep", path + "/trail"});
  page.add(pieces.all());
  return std::move(page).answer();
}

}  // namespace answerable::service
