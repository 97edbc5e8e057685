#include "reports/pages/rule_guide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ostream>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/lexicon.hpp"
#include "audit/engine/not_checked.hpp"
#include "audit/engine/rule_words.hpp"
#include "reports/pages/folder.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/document.hpp"
#include "reports/render/html.hpp"
#include "reports/render/pdf.hpp"

namespace answerable::pages {
namespace {

using namespace render;
using engine::Confidence;
using engine::Force;
using engine::Outcome;
using engine::RuleWords;

constexpr std::array every_outcome{Outcome::breached, Outcome::contradicted, Outcome::not_evidenced,
                                   Outcome::unknown,  Outcome::met_late,     Outcome::pending,
                                   Outcome::met,      Outcome::exempt,       Outcome::error};

std::string area_anchor(const engine::AreaWords& area) {
  return "area-" + anchor_of(area.key);
}

Inline tags(const RuleWords::Edition& edition) {
  Inline out{tag(capital(std::string(edition.force_words)))};
  if (edition.confidence == Confidence::unverified) {
    out.push_back(" ");
    out.push_back(tag("UNVERIFIED", TagKind::warning));
  }
  return out;
}

void add_said(render::Blocks& blocks, const RuleWords& rule, const RuleWords::Duty& duty, bool several) {
  Table table{.caption = fmt::format("What we then say ({}{})", rule.id,
                                     several ? ", " + engine::lexicon::spaced(duty.id) : ""),
              .columns = {{"It comes to", 1}, {"We say", 4.4}}};
  auto says = duty.says;
  std::ranges::stable_sort(says, {}, [](const RuleWords::Said& said) { return seriousness(said.outcomes.front()); });
  for (const auto& said : says) {
    Inline outcomes;
    for (const auto outcome : said.outcomes) {
      if (outcome == Outcome::met || outcome == Outcome::pending || outcome == Outcome::exempt) continue;
      if (!outcomes.empty()) outcomes.push_back("\n");
      outcomes.push_back(tag(std::string(outcome_words(outcome)), outcome_tag(outcome)));
    }
    if (!outcomes.empty()) table.rows.push_back({.cells = {std::move(outcomes), {capital(said.text)}}});
  }
  blocks.push_back(std::move(table));
}

void add_points(render::Blocks& blocks, const RuleWords::Duty& duty) {
  for (const auto& point : duty.points) {
    if (point.texts.size() == 1) {
      blocks.push_back(Paragraph{{strong(point.label + ":"), " " + point.texts.front()}});
      continue;
    }
    blocks.push_back(Paragraph{{strong(point.label + ":")}});
    BulletList list;
    for (const auto& text : point.texts) list.items.push_back({text});
    blocks.push_back(std::move(list));
  }
}

std::string lower(std::string text) {
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

void add_law(render::Blocks& blocks, const RuleWords& rule, const RuleWords::Edition& edition) {
  DefinitionList list;
  list.entries.push_back({"Law", {edition.source}});
  Inline sure{edition.confidence == Confidence::unverified ? strong(edition.confidence_words)
                                                           : plain(edition.confidence_words)};
  if (!edition.caveat.empty()) sure.push_back("\n" + edition.caveat);
  list.entries.push_back({"How sure the law is", std::move(sure)});
  Inline in_force{edition.in_force};
  if (!edition.people.empty()) in_force.push_back(fmt::format(" For {}.", edition.people));
  in_force.push_back(fmt::format(" Judged on {}", lower(rule.subject)));
  list.entries.push_back({"In force", std::move(in_force)});
  list.entries.push_back({"Who answers", {rule.answers}});
  blocks.push_back(std::move(list));
}

/// "From 1 April 2015 to 31 March 2016, duty 2 of 3: notes"; "" where there is nothing to tell apart.
std::string duty_heading(const RuleWords& rule, const RuleWords::Edition& edition, std::size_t duty) {
  std::string out;
  if (rule.editions.size() > 1 && duty == 0) {
    out = edition.in_force.substr(0, edition.in_force.size() - 1);
    if (!edition.people.empty()) out += ", " + edition.people;
  }
  if (edition.duties.size() > 1)
    out += fmt::format("{}uty {} of {}: {}", out.empty() ? "D" : "; d", duty + 1, edition.duties.size(),
                       engine::lexicon::spaced(edition.duties[duty].id));
  return out;
}

void add_examples(render::Blocks& blocks, const RuleWords& rule) {
  Table table{.caption = fmt::format("Examples ({})", rule.id),
              .columns = {{"When the records say", 3.4}, {"Judged on", 1.3}, {"It comes to", 2}}};
  for (const auto& example : rule.examples) {
    Inline outcome{tag(std::string(outcome_words(example.outcome)), outcome_tag(example.outcome))};
    if (!example.state.empty()) outcome.push_back(" " + example.state);
    table.rows.push_back(
        {.cells = {{sentence(capital(example.name))}, {words(example.judged_on)}, std::move(outcome)}});
  }
  blocks.push_back(std::move(table));
}

void add_rule(render::Blocks& blocks, const RuleWords& rule) {
  blocks.push_back(Heading{3, fmt::format("{}: {}", rule.id, rule.title), rule_anchor(rule.id)});
  blocks.push_back(Paragraph{{sentence(rule.because)}});
  for (const auto& edition : rule.editions) {
    for (std::size_t i = 0; i < edition.duties.size(); ++i) {
      if (i == 0 && rule.editions.size() == 1) {
        blocks.push_back(Paragraph{tags(edition)});
        add_law(blocks, rule, edition);
      }
      if (auto heading = duty_heading(rule, edition, i); !heading.empty())
        blocks.push_back(Heading{4, std::move(heading), {}});
      if (i == 0 && rule.editions.size() > 1) {
        blocks.push_back(Paragraph{tags(edition)});
        add_law(blocks, rule, edition);
      }
      add_points(blocks, edition.duties[i]);
      add_said(blocks, rule, edition.duties[i], edition.duties.size() > 1);
    }
  }
  add_examples(blocks, rule);
}

struct Counts {
  std::array<std::int64_t, 3> by_force{};
  std::int64_t rules{}, unverified{};

  void add(const engine::Rule& rule) {
    ++rules;
    ++by_force[static_cast<std::size_t>(engine::last_edition(rule).force)];
    if (engine::unverified(rule)) ++unverified;
  }
  std::vector<Inline> cells(Inline name) const {
    std::vector<Inline> out{std::move(name)};
    for (const auto count : {rules, by_force[0], by_force[1], by_force[2], unverified})
      out.push_back({std::to_string(count)});
    return out;
  }
};

void add_counts(render::Blocks& blocks, const std::vector<engine::RuleArea>& areas) {
  using enum Column::Align;
  Table table{.caption = "The rules by area and by the force of their law",
              .columns = {{"Area", 4},
                          {"Rules", 1, right},
                          {"Law", 1, right},
                          {"Guidance", 1.2, right},
                          {"Practice", 1.2, right},
                          {"UNVERIFIED law", 1.5, right}}};
  Counts all;
  for (const auto& area : areas) {
    Counts counts;
    for (const auto* rule : area.rules) {
      counts.add(*rule);
      all.add(*rule);
    }
    table.rows.push_back({.cells = counts.cells({link_to(area.area.title, "#" + area_anchor(area.area))})});
  }
  table.rows.push_back({.cells = all.cells({"All"}), .kind = Row::Kind::total});
  blocks.push_back(std::move(table));
}

void add_how_to_read(render::Blocks& blocks) {
  blocks.push_back(Heading{2, "How to read this guide", {}});
  blocks.push_back(BulletList{
      {{strong("Law: breach is unlawful"), " is an Act or regulations. ", strong("Statutory guidance"),
        " has to be followed unless there is good reason not to. ", strong("Good practice the ombudsman expects"),
        " is neither, and is what a complaint is measured by all the same."},
       {tag("UNVERIFIED", TagKind::warning),
        " marks law stated from general knowledge. It needs a qualified person's sign-off before anybody relies on "
        "it."},
       {"A duty begins when a record tells of one of the acts named under ", strong("When"), ". What stands under ",
        strong("Then"),
        " has to be found in the records too: what nobody recorded and nobody can show does not "
        "count as done."},
       {"A condition that something ", emphasis("is not"), " so also holds where the records do not speak of it."},
       {"Nothing is late on the last day itself. A date known only as a month or year is read in favour of the body "
        "that acted."},
       {strong("What we then say"),
        " leaves out the words for duties that were kept, are not due yet or do not apply; ",
        code("answerable rules explain ID"), " has them. What is filled in each time stands in square brackets."},
       {"The law that counts is the one in force on the day the duty began, for the people named beside it."},
       {"The council answers for its functions, whoever carries them out. Where another body did it or should have, "
        "under an agreement in force on that day, the finding names that body, and the council still answers."},
       {"Findings are for people to weigh; they are not verdicts."}}});
  Table table{.caption = "What a duty can come to", .columns = {{"It comes to", 1}, {"What that means", 4}}};
  for (const auto outcome : every_outcome)
    table.rows.push_back({.cells = {{tag(std::string(outcome_words(outcome)), outcome_tag(outcome))},
                                    {std::string(outcome_meaning(outcome))}}});
  blocks.push_back(std::move(table));
}

void add_not_checked(render::Blocks& blocks, std::span<const engine::NotChecked> all) {
  blocks.push_back(Heading{2, "What is not checked, and why", "not-checked"});
  blocks.push_back(Paragraph{
      {"Obligations and definitions of the same law that no rule judges. They bind all the same: that nothing is said "
       "about them is no sign that they were kept."}});
  Table table{.caption = "Not checked", .columns = {{"Part of the law", 1.2}, {"Why it is not checked", 4}}};
  table.when_empty = "Nothing: every part has its rule.";
  for (const auto& one : all) table.rows.push_back({.cells = {{one.id}, {sentence(capital(one.reason))}}});
  blocks.push_back(std::move(table));
}

}  // namespace

std::string rule_anchor(std::string_view id) {
  const bool letter = !id.empty() && id.front() >= 'a' && id.front() <= 'z';
  return letter ? std::string(id) : fmt::format("rule-{}", id);
}

Document rule_guide(const engine::Catalogue& catalogue, std::span<const engine::NotChecked> not_checked) {
  const auto areas = engine::by_area(catalogue);
  Document out;
  out.title = "The rules in plain words";
  out.subtitle =
      "What Answerable checks in the records of adult social care in England, by which law, and what it says";
  out.as_of_line =
      fmt::format("{} rules in {}; {} not checked. SHA-256 of the catalogue: {}.", catalogue.rules().size(),
                  count_of(static_cast<std::int64_t>(areas.size()), "area", "areas"),
                  count_of(static_cast<std::int64_t>(not_checked.size()), "part of the law is", "parts of the law are"),
                  hex(catalogue.digest()));
  out.footer_left = "Answerable: the rules in plain words";
  add_how_to_read(out.blocks);
  out.blocks.push_back(Heading{2, "The rules by area", {}});
  add_counts(out.blocks, areas);
  out.blocks.push_back(PageBreak{});
  out.blocks.push_back(Contents{.title = "Contents", .deepest = 3});
  for (const auto& area : areas) {
    out.blocks.push_back(PageBreak{});
    out.blocks.push_back(Heading{2, area.area.title, area_anchor(area.area)});
    for (const auto* rule : area.rules) add_rule(out.blocks, engine::rule_words(*rule, catalogue.vocabulary()));
  }
  out.blocks.push_back(PageBreak{});
  add_not_checked(out.blocks, not_checked);
  return out;
}

std::vector<std::filesystem::path> write_rule_guide(const Document& guide, const std::filesystem::path& folder_path) {
  Folder folder(folder_path);
  folder.file("rules.html", [&](std::ostream& out) { html(guide, out); });
  folder.file("rules.pdf", [&](std::ostream& out) { pdf(guide, out); });
  return folder.files();
}

}  // namespace answerable::pages
