#include "audit/cli/rules_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/not_checked.hpp"
#include "audit/engine/rule_words.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::cli {
namespace {

using engine::RuleArea;
using nlohmann::ordered_json;

/// Wide enough for a rule's id, its force and most titles on one line.
constexpr std::size_t list_width = 120;

engine::Catalogue load_catalogue() {
  return engine::Catalogue::load(xml::Kinds::load(share_folder() / "schemas"));
}

/// "law", "guidance, UNVERIFIED"
std::string force_mark(const engine::Rule& rule) {
  static constexpr std::string_view marks[] = {"law", "guidance", "practice"};
  return fmt::format("{}{}", marks[static_cast<std::size_t>(engine::last_edition(rule).force)],
                     engine::unverified(rule) ? ", UNVERIFIED" : "");
}

std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  const auto space = text.rfind(' ', most - 2);
  return text.substr(0, space == std::string::npos ? most - 2 : space) + " …";
}

std::string listed(const std::vector<RuleArea>& areas) {
  std::size_t id = 0, force = 0;
  for (const auto& area : areas)
    for (const auto* rule : area.rules) {
      id = std::max(id, rule->id.size());
      force = std::max(force, force_mark(*rule).size());
    }
  const std::size_t title = list_width - std::min(list_width - 30, 2 + id + 2 + force + 2);
  std::string out;
  for (const auto& area : areas) {
    out += fmt::format("{}{} ({}: {} {})\n", out.empty() ? "" : "\n", area.area.title, area.area.key, area.rules.size(),
                       area.rules.size() == 1 ? "rule" : "rules");
    for (const auto* rule : area.rules)
      out +=
          fmt::format("  {:<{}}  {:<{}}  {}\n", rule->id, id, force_mark(*rule), force, shortened(rule->title, title));
  }
  return out;
}

std::string listed(const std::vector<engine::NotChecked>& all) {
  if (all.empty()) return {};
  std::string out = fmt::format("\nNot checked, and why ({})\n", all.size());
  for (const auto& one : all)
    out += engine::wrapped(one.reason, fmt::format("  {}  ", one.id), static_cast<int>(list_width));
  return out;
}

bool is_asked_for(const engine::AreaWords& area, std::string_view id, const std::string& asked) {
  return asked.empty() || area.key == asked || id.substr(0, id.find('.')) == asked;
}

int list_rules(const Common& common, const std::string& asked) {
  const auto catalogue = load_catalogue();
  auto areas = engine::by_area(catalogue);
  auto not_checked = engine::read_not_checked();
  std::string known;
  for (const auto& area : areas) known += fmt::format("{}{}", known.empty() ? "" : ", ", area.area.key);
  for (auto& area : areas)
    std::erase_if(area.rules, [&](const engine::Rule* rule) { return !is_asked_for(area.area, rule->id, asked); });
  std::erase_if(areas, [](const RuleArea& area) { return area.rules.empty(); });
  std::erase_if(not_checked,
                [&](const engine::NotChecked& one) { return !is_asked_for(engine::area_of(one.id), one.id, asked); });
  if (areas.empty() && not_checked.empty())
    throw Failure(usage, fmt::format("--area {}: there is no such area; there are {}", asked, known));
  std::size_t count = 0;
  for (const auto& area : areas) count += area.rules.size();
  if (!common.json) {
    print(printable(listed(areas) + listed(not_checked) +
                    fmt::format("\n{} rules; SHA-256 of the catalogue {}\n`answerable rules explain ID` says what a "
                                "rule asks for, and why.\n",
                                count, hex(catalogue.digest()))));
    return done;
  }
  ordered_json document{{"catalogue", hex(catalogue.digest())}, {"count", count}, {"areas", ordered_json::array()}};
  for (const auto& area : areas) {
    ordered_json one{{"key", area.area.key}, {"title", area.area.title}, {"rules", ordered_json::array()}};
    for (const auto* rule : area.rules)
      one["rules"].push_back(engine::json(engine::rule_words(*rule, catalogue.vocabulary())));
    document["areas"].push_back(std::move(one));
  }
  document["not_checked"] = ordered_json::array();
  for (const auto& one : not_checked) document["not_checked"].push_back({{"id", one.id}, {"reason", one.reason}});
  print_json(document);
  return done;
}

int explain_rule(const Common& common, const std::string& id) {
  const auto catalogue = load_catalogue();
  if (const auto* rule = catalogue.find(id)) {
    const auto words = engine::rule_words(*rule, catalogue.vocabulary());
    if (common.json) {
      print_json(engine::json(words));
    } else {
      print(printable(engine::text(words)));
    }
    return done;
  }
  const auto not_checked = engine::read_not_checked();
  const auto found =
      std::find_if(not_checked.begin(), not_checked.end(), [&](const auto& one) { return one.id == id; });
  if (found == not_checked.end())
    throw Failure(usage, fmt::format("{}: there is no such rule; `answerable rules list` lists them all", id));
  if (common.json) {
    print_json({{"id", found->id}, {"not_checked", found->reason}});
  } else {
    print(printable(fmt::format("{} is not checked: {}\n", found->id, found->reason)));
  }
  return done;
}

}  // namespace

void add_rule_words(Verbs& rules) {
  const auto area = std::make_shared<std::string>();
  rules
      .add("list", "List every rule by area, and what is not checked and why",
           [area](const Common& common) { return list_rules(common, *area); })
      .add_option("--area", *area, "Of this area only, such as review or dp")
      ->type_name("AREA");
  const auto id = std::make_shared<std::string>();
  rules
      .add("explain", "Say what a rule asks for, why, by which law and for whom, with its examples",
           [id](const Common& common) { return explain_rule(common, *id); })
      .add_option("rule", *id, "The rule's id, such as review.annual")
      ->required()
      ->type_name("ID");
}

}  // namespace answerable::cli
