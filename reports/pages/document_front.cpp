#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ingest/digest.hpp"
#include "reports/pages/document_parts.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {
namespace {

using namespace render;
using engine::Outcome;

/// More than this on the first page and nobody reads any.
constexpr std::size_t shown_first = 7;

std::string known_by(const Person& person) {
  std::vector<std::string> numbers;
  for (const auto& identifier : person.identifiers) numbers.push_back(identifier_words(identifier));
  return numbers.empty() ? "no number" : list_words(numbers);
}

std::string sources(const Trail& trail) {
  std::vector<std::string> senders;
  std::int64_t records = 0;
  for (const auto& submission : trail.submissions) {
    records += submission.records;
    if (std::ranges::find(senders, submission.sender.name) == senders.end()) senders.push_back(submission.sender.name);
  }
  return fmt::format("{} in {}, from {}", count_of(records, "record", "records"),
                     count_of(static_cast<std::int64_t>(trail.submissions.size()), "file", "files"),
                     list_words(senders));
}

/// "0 to 13"
std::string known(const Trail& trail) {
  return fmt::format("0 to {}", trail.horizon.known_at - 1);
}

std::string first_happened(const Trail& trail) {
  for (const auto& row : trail.chronology) {
    if (const auto* line = std::get_if<Line>(&row)) return words(line->when);
  }
  return {};
}

/// "two breached and seven not evidenced"
std::string counted(const std::map<Outcome, std::int64_t>& counts, bool needing_attention) {
  std::vector<std::pair<Outcome, std::int64_t>> sorted(counts.begin(), counts.end());
  std::ranges::sort(sorted, {}, [](const auto& it) { return seriousness(it.first); });
  std::vector<std::string> parts;
  for (const auto& [outcome, count] : sorted) {
    if (engine::needs_attention(outcome) != needing_attention) continue;
    parts.push_back(outcome_count(outcome, count));
  }
  return list_words(parts);
}

Paragraph answer(const Trail& trail, std::int64_t wrong) {
  const auto counts = trail.outcomes();
  const auto others = counted(counts, false);
  if (wrong == 0) {
    return {{strong("Nothing needs attention"), fmt::format(" in what was held on {}.", words(trail.horizon.as_of)),
             others.empty() ? " No duty applied." : fmt::format(" Of the duties judged: {}.", others)}};
  }
  const auto sum = capital(count_of(wrong, "duty needs attention", "duties need attention"));
  return {{strong(sum), fmt::format(": {}.", counted(counts, true)),
           others.empty() ? "" : fmt::format(" Of the others: {}.", others)}};
}

/// Who acted in the things that went wrong, and who answers for all of them.
Paragraph responsibility(const Trail& trail) {
  std::map<std::string, std::int64_t> acted;
  for (const auto& finding : trail.findings) {
    if (engine::needs_attention(finding.why.outcome)) ++acted[finding.why.attribution.actor_name];
  }
  std::vector<std::pair<std::string, std::int64_t>> sorted(acted.begin(), acted.end());
  std::ranges::stable_sort(sorted, std::ranges::greater{}, &std::pair<std::string, std::int64_t>::second);
  std::vector<std::string> parts;
  for (const auto& [name, count] : sorted)
    parts.push_back(fmt::format("{} in {}", name.empty() ? "nobody known" : name, count_words(count)));
  return {{strong(trail.council + " answers for all of them."),
           fmt::format(" Who acted, or should have: {}.", list_words(parts))}};
}

/// Those that need attention under one rule, about the same.
struct Wrong {
  Finding first;
  std::int64_t count;
};

std::vector<Wrong> wrong_by_rule(const Findings& findings) {
  std::vector<Wrong> out;
  for (const auto& finding : findings) {
    if (!engine::needs_attention(finding.why.outcome)) continue;
    const auto same = std::ranges::find_if(
        out, [&](const Wrong& it) { return it.first.why.rule == finding.why.rule && it.first.about == finding.about; });
    if (same == out.end()) {
      out.push_back({finding, 1});
    } else {
      ++same->count;
    }
  }
  return out;
}

/// One line for each rule that was not kept, however often.
BulletList worst(const std::vector<Wrong>& by_rule, std::int64_t all) {
  BulletList out;
  std::int64_t said = 0;
  for (std::size_t i = 0; i < std::min(by_rule.size(), shown_first); ++i) {
    const auto& why = by_rule[i].first.why;
    Inline item{tag(std::string(outcome_words(why.outcome)), outcome_tag(why.outcome)),
                " " + sentence(why.sentence) + " (", finding_link(why.finding)};
    const auto more = by_rule[i].count - 1;
    item.push_back(more > 0 ? fmt::format(", and {} more under the same rule)", count_words(more)) : ")");
    out.items.push_back(std::move(item));
    said += by_rule[i].count;
  }
  if (all > said) {
    out.items.push_back(
        {fmt::format("And {} more under ", count_words(all - said)), link_to("Findings", "#findings"), "."});
  }
  return out;
}

}  // namespace

void add_front(render::Blocks& blocks, const Trail& trail) {
  DefinitionList about;
  about.entries.push_back({"Person", {trail.person.name() + ", " + known_by(trail.person)}});
  if (!trail.case_reference.empty()) about.entries.push_back({"Complaint", {trail.case_reference}});
  if (const auto from = first_happened(trail); !from.empty()) {
    about.entries.push_back({"Covers", {fmt::format("{} to {}", from, words(trail.horizon.as_of))}});
  }
  about.entries.push_back({"Made from", {sources(trail)}});
  about.entries.push_back({"Records known", {known(trail) + " of the council's ledger"}});
  blocks.push_back(about);

  blocks.push_back(Heading{2, "The answer in short", {}});
  const auto by_rule = wrong_by_rule(trail.findings);
  std::int64_t wrong = 0;
  for (const auto& it : by_rule) wrong += it.count;
  blocks.push_back(answer(trail, wrong));
  if (wrong > 0) {
    blocks.push_back(responsibility(trail));
    blocks.push_back(worst(by_rule, wrong));
  }

  blocks.push_back(Heading{2, "What this can and cannot show", {}});
  BulletList limitations;
  for (const auto& text : limits()) limitations.items.push_back({text});
  if (trail.left_out > 0) {
    limitations.items.push_back(
        {fmt::format("{} held {} left out, because {} after {}.", capital(count_of(trail.left_out, "line", "lines")),
                     trail.left_out == 1 ? "is" : "are", trail.left_out == 1 ? "it happened" : "they happened",
                     words(trail.horizon.as_of))});
  }
  blocks.push_back(limitations);
}

void add_person(render::Blocks& blocks, const Trail& trail) {
  const auto& person = trail.person;
  blocks.push_back(Heading{2, "Who the person is to us", {}});
  DefinitionList list;
  const auto values = [&](const std::string& term, const std::vector<Person::Value>& all) {
    if (all.empty()) return;
    Inline detail;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) detail.push_back("\n");
      detail.push_back(all[i].text + (i > 0 ? " (earlier, or from another sender; " : " ("));
      detail.push_back(record_link(all[i].record));
      detail.push_back(")");
    }
    list.entries.push_back({term, std::move(detail)});
  };
  values("Name", person.names);
  list.entries.push_back({"Known by", {known_by(person)}});
  values("Born", person.born);
  values("Needs information given so", person.communication_needs);
  values("Adjustments promised", person.reasonable_adjustments);
  if (!person.relations.empty()) {
    Inline detail;
    for (const auto& it : person.relations) {
      if (!detail.empty()) detail.push_back("\n");
      const auto time = it.to ? fmt::format("{} to {}", words(it.from), words(*it.to)) : "since " + words(it.from);
      detail.push_back(it.of_other ? fmt::format("{} of {}, {}", capital(it.role), it.name, time)
                                   : fmt::format("{}: {}, {}", capital(it.role),
                                                 it.name.empty() ? "name not given" : it.name, time));
      if (!it.scope.empty()) detail.push_back(", for " + it.scope);
      detail.push_back(" (");
      detail.push_back(record_link(it.record));
      detail.push_back(")");
    }
    list.entries.push_back({"Carers and others", std::move(detail)});
  }
  const auto line = [&](const std::string& term, const Line& it) {
    list.entries.push_back(
        {term, {fmt::format("{}: {} (", words(it.when), it.says), record_link(it.source.record), ")"}});
  };
  for (const auto& move : person.moves) line("Moved", move);
  if (person.death) line("Died", *person.death);
  blocks.push_back(list);
}

void add_agreements(render::Blocks& blocks, const Trail& trail) {
  blocks.push_back(Heading{2, "Agreements", {}});
  blocks.push_back(Paragraph{
      {fmt::format("Under which something was done for {}, or should have been. Whoever acts under them, {} answers.",
                   trail.person.name(), trail.council)}});
  Table table{
      .caption = "Agreements",
      .columns = {
          {"Reference", 1.3}, {"What it is, with whom", 2.6}, {"Functions", 2}, {"In force", 1.7}, {"Record", 0.9}}};
  table.when_empty =
      "None: what was done was done by the council itself, or under no agreement that anybody has told us of.";
  for (const auto& it : trail.agreements) {
    std::vector<std::string> functions;
    for (const auto& function : it.functions) functions.push_back(code_words(function));
    auto what = fmt::format("{} with {}", capital(std::string(instrument_words(it.type))), it.party_name);
    if (!it.extent.empty()) what += fmt::format(". For: {}", it.extent);
    what += it.monitoring.empty() ? ". Monitoring: not said" : ". Monitoring: " + code_words(it.monitoring);
    what += it.reports.empty() ? ". Reports: none agreed" : ". Reports: " + it.reports;
    const auto force = fmt::format("{} to {}{}", words(it.from), it.until ? words(*it.until) : "no end given",
                                   it.revoked ? ", revoked" : "");
    Inline record{fmt::format("record {}", it.record)};
    add_exhibit(record, trail, it.record);
    table.rows.push_back(
        {.cells = {{it.reference}, {sentence(what)}, {list_words(functions)}, {force}, std::move(record)},
         .anchor = record_anchor(it.record)});
  }
  blocks.push_back(table);
}

void add_sources(render::Blocks& blocks, const Trail& trail) {
  blocks.push_back(Heading{2, "Where this comes from", {}});
  blocks.push_back(
      Paragraph{{"Each file was kept exactly as it was sent. Its SHA-256 tells whether a copy is the same: ",
                 code("answerable receipt ID --original FILE"), " gives the file back, and ", code("sha256sum FILE"),
                 " must print the same digest."}});
  Table files{.caption = "Files",
              .columns = {{"Receipt", 0.9},
                          {"Sender", 2.2},
                          {"Received", 1.6},
                          {"Records here", 0.9, Column::Align::right},
                          {"SHA-256 of the file", 3}}};
  for (const auto& it : trail.submissions) {
    files.rows.push_back(
        {.cells = {{it.id},
                   {fmt::format("{}, message {}, from its {}", it.sender.name, it.message_id, it.source_system)},
                   {moment_words(it.received_at)},
                   {std::to_string(it.records)},
                   {code(hex(it.sha256))}}});
  }
  blocks.push_back(files);
  blocks.push_back(Paragraph{{fmt::format("Made for {} (code {}) as of {}, from records {}, by rules with the SHA-256 ",
                                          trail.council, trail.authority, words(trail.horizon.as_of), known(trail)),
                              code(hex(trail.rule_set)),
                              ". The same ledger, day and rules give this document again, byte for byte."}});
}

}  // namespace answerable::pages
