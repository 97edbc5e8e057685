// Our components against govuk-frontend's own fixtures: for the options that our values can express, the same HTML.
// What is left out is named with its reason; nothing is skipped in silence.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/render/components/navigation.hpp"
#include "tests/reports/html_tree.hpp"

namespace answerable::components {
namespace {

using json = nlohmann::json;
using answerable::testing::HtmlNode;

/// Why a fixture cannot be compared.
struct LeftOut {
  std::string reason;
};

/// How one of govuk-frontend's components is said with ours.
struct Adapter {
  std::set<std::string> known;  ///< the options that ours has: "items[].text"
  std::function<Fragment(const json&)> made;
  std::function<void(HtmlNode&)> adjusted = [](HtmlNode&) {};  ///< what of the fixture is not meant to be there
};

std::string text_in(const json& options, const std::string& name) {
  const auto found = options.find(name);
  if (found == options.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}
json part(const json& options, const std::string& name) {
  return options.contains(name) && !options[name].is_null() ? options[name] : json::object();
}
bool flag(const json& options, const std::string& name) {
  return options.contains(name) && options[name].is_boolean() && options[name].get<bool>();
}
/// What is there whatever is asked for, in ours.
std::string needed(const json& options, const std::string& name) {
  auto text = text_in(options, name);
  if (text.empty()) throw LeftOut{fmt::format("without {}, which ours always has", name)};
  return text;
}

json list_of(const json& options, const std::string& name) {
  if (!options.contains(name)) throw LeftOut{fmt::format("without {}, which ours always has", name)};
  return options[name];
}

/// Every option that is set, arrays' places as [].
void collect(const json& value, const std::string& path, std::set<std::string>& out) {
  if (value.is_object()) {
    for (const auto& [name, inner] : value.items()) collect(inner, path.empty() ? name : path + "." + name, out);
  } else if (value.is_array()) {
    for (const json& inner : value) collect(inner, path + "[]", out);
  } else {
    out.insert(path);
  }
}

template <class Kind>
Kind one_of(const std::map<std::string, Kind>& kinds, const std::string& classes) {
  const auto found = kinds.find(classes);
  if (found == kinds.end()) throw LeftOut{fmt::format("class \"{}\"", classes)};
  return found->second;
}

Label label_of(const json& options, const std::string& css) {
  static const std::map<std::string, LabelSize> sizes{{"", LabelSize::normal},
                                                      {"--s", LabelSize::s},
                                                      {"--m", LabelSize::m},
                                                      {"--l", LabelSize::l},
                                                      {"--xl", LabelSize::xl}};
  std::string classes = text_in(options, "classes");
  if (classes.starts_with(css)) classes.erase(0, css.size());
  return {needed(options, "text"), one_of(sizes, classes), flag(options, "isPageHeading")};
}

const std::set<std::string> of_fields{
    "id", "name", "label.text", "label.classes", "label.isPageHeading", "hint.text", "errorMessage.text"};
const std::set<std::string> of_groups{"name",
                                      "idPrefix",
                                      "fieldset.legend.text",
                                      "fieldset.legend.classes",
                                      "fieldset.legend.isPageHeading",
                                      "hint.text",
                                      "errorMessage.text",
                                      "classes",
                                      "value",
                                      "values[]",
                                      "items[].value",
                                      "items[].text",
                                      "items[].hint.text",
                                      "items[].checked",
                                      "items[].divider"};

std::set<std::string> and_also(std::set<std::string> one, const std::set<std::string>& more) {
  one.insert(more.begin(), more.end());
  return one;
}

std::string hint_of(const json& options) {
  return text_in(part(options, "hint"), "text");
}
std::string error_of(const json& options) {
  return text_in(part(options, "errorMessage"), "text");
}

std::vector<Choice> choices_of(const json& options) {
  std::vector<Choice> choices;
  for (const json& item : list_of(options, "items")) {
    if (!item.is_object()) throw LeftOut{"an item that is none"};
    if (item.contains("divider")) {
      choices.push_back(Choice::divider(text_in(item, "divider")));
      continue;
    }
    const std::string value = needed(item, "value");
    const bool in_values =
        options.contains("values") && std::ranges::find(options["values"], json(value)) != options["values"].end();
    const bool unasked = item.contains("checked") && !flag(item, "checked");
    choices.push_back(
        {.value = value,
         .text = text_in(item, "text"),
         .hint = hint_of(item),
         .chosen = flag(item, "checked") || (!unasked && (in_values || text_in(options, "value") == value))});
  }
  return choices;
}

std::vector<Action> actions_of(const json& options) {
  std::vector<Action> actions;
  for (const json& item : part(part(options, "actions"), "items"))
    actions.push_back({text_in(item, "text"), text_in(item, "href"), text_in(item, "visuallyHiddenText")});
  return actions;
}

Tag tag_of(const json& options) {
  static const std::map<std::string, TagColour> colours{{"", TagColour::blue},
                                                        {"govuk-tag--grey", TagColour::grey},
                                                        {"govuk-tag--green", TagColour::green},
                                                        {"govuk-tag--teal", TagColour::teal},
                                                        {"govuk-tag--purple", TagColour::purple},
                                                        {"govuk-tag--magenta", TagColour::magenta},
                                                        {"govuk-tag--red", TagColour::red},
                                                        {"govuk-tag--orange", TagColour::orange},
                                                        {"govuk-tag--yellow", TagColour::yellow}};
  return {needed(options, "text"), one_of(colours, text_in(options, "classes"))};
}

Fragment button(const json& options) {
  static const std::map<std::string, Button::Kind> kinds{{"", Button::Kind::primary},
                                                         {"govuk-button--secondary", Button::Kind::secondary},
                                                         {"govuk-button--warning", Button::Kind::warning}};
  if (!text_in(options, "type").empty() && text_in(options, "type") != "submit")
    throw LeftOut{"does nothing without a script"};
  return Button{.text = needed(options, "text"),
                .kind = one_of(kinds, text_in(options, "classes")),
                .name = text_in(options, "name"),
                .value = text_in(options, "value"),
                .href = text_in(options, "href")};
}

Fragment text_input(const json& options) {
  using Width = TextInput::Width;
  static const std::map<std::string, Width> widths{{"", Width::full},
                                                   {"govuk-input--width-2", Width::w2},
                                                   {"govuk-input--width-3", Width::w3},
                                                   {"govuk-input--width-4", Width::w4},
                                                   {"govuk-input--width-5", Width::w5},
                                                   {"govuk-input--width-10", Width::w10},
                                                   {"govuk-input--width-20", Width::w20},
                                                   {"govuk-input--width-30", Width::w30}};
  return TextInput{.name = needed(options, "name"),
                   .label = label_of(part(options, "label"), "govuk-label"),
                   .hint = hint_of(options),
                   .error = error_of(options),
                   .value = text_in(options, "value"),
                   .width = one_of(widths, text_in(options, "classes")),
                   .type = options.contains("type") ? text_in(options, "type") : "text",
                   .inputmode = text_in(options, "inputmode"),
                   .autocomplete = text_in(options, "autocomplete"),
                   .prefix = text_in(part(options, "prefix"), "text"),
                   .suffix = text_in(part(options, "suffix"), "text"),
                   .id = text_in(options, "id")};
}

Fragment table(const json& options) {
  if (!options.contains("head") || !options.contains("rows"))
    throw LeftOut{"without head or rows, which ours always has"};
  const auto classes = text_in(options, "captionClasses");
  if (!text_in(options, "caption").empty() && classes != "govuk-table__caption--m")
    throw LeftOut{"caption of another size"};
  Table made{.caption = text_in(options, "caption"),
             .columns = {},
             .rows = {},
             .first_cell_is_header = flag(options, "firstCellIsHeader")};
  for (const json& column : options["head"])
    made.columns.push_back({text_in(column, "text"), text_in(column, "format") == "numeric"});
  for (const json& row : options["rows"]) {
    if (!row.is_array() || row.size() != made.columns.size()) throw LeftOut{"rows that have not one cell a column"};
    made.rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if ((text_in(row[i], "format") == "numeric") != made.columns[i].numeric)
        throw LeftOut{"a cell aligned otherwise than its column"};
      made.rows.back().emplace_back(text_in(row[i], "text"));
    }
  }
  return made;
}

Fragment summary_list(const json& options) {
  SummaryList list{.rows = {}, .card = text_in(part(part(options, "card"), "title"), "text")};
  if (options.contains("card")) list.card_actions = actions_of(options["card"]);
  for (const json& row : list_of(options, "rows")) {
    if (!row.is_object()) throw LeftOut{"a row that is none"};
    if (row.contains("actions") && actions_of(row).empty()) throw LeftOut{"a row of actions without actions"};
    list.rows.push_back({text_in(row["key"], "text"), text_in(row["value"], "text"), actions_of(row)});
  }
  return list;
}

Fragment task_list(const json& options) {
  TaskList list{.tasks = {}};
  if (options.contains("idPrefix")) list.id_prefix = text_in(options, "idPrefix");
  for (const json& item : list_of(options, "items")) {
    if (!item.is_object()) throw LeftOut{"an item that is none"};
    const json status = part(item, "status");
    list.tasks.push_back({text_in(item["title"], "text"),
                          status.contains("tag") ? Fragment(tag_of(status["tag"])) : Fragment(text_in(status, "text")),
                          text_in(item, "href"), hint_of(item)});
  }
  return list;
}

Fragment pagination(const json& options) {
  const auto step = [&](const char* name) {
    const json given = part(options, name);
    return Pagination::Step{text_in(given, "href"), text_in(given, "labelText")};
  };
  Pagination made{.previous = step("previous"), .next = step("next")};
  if (options.contains("landmarkLabel")) made.landmark = text_in(options, "landmarkLabel");
  for (const json& item : part(options, "items")) {
    if (item.empty()) throw LeftOut{"an item that is none"};
    made.items.push_back({flag(item, "ellipsis") ? 0 : std::stoi(text_in(item, "number")), text_in(item, "href"),
                          flag(item, "current")});
  }
  return made;
}

Fragment service_navigation(const json& options) {
  ServiceNavigation made{.service = needed(options, "serviceName"), .service_href = needed(options, "serviceUrl")};
  for (const json& item : part(options, "navigation"))
    made.items.push_back({text_in(item, "text"), needed(item, "href"), flag(item, "current"), flag(item, "active")});
  if (flag(options, "collapseNavigationOnMobile")) throw LeftOut{"folds on narrow screens, by a script"};
  if (made.items.size() > 1 &&
      !(options.contains("collapseNavigationOnMobile") && !flag(options, "collapseNavigationOnMobile")))
    throw LeftOut{"folds on narrow screens, by a script"};
  return made;
}

/// Ours are named after the id; govuk-frontend's only when told to.
void name_date_parts(HtmlNode& node, const std::string& id) {
  if (node.element == "input")
    for (const char* which : {"day", "month", "year"})
      if (node.attributes["name"] == which) node.attributes["name"] = id + "-" + which;
  const std::string inner = node.has_class("govuk-date-input") ? node.attributes["id"] : id;
  for (HtmlNode& child : node.children) name_date_parts(child, inner);
}

void without(HtmlNode& node, const std::set<std::string>& classes) {
  std::erase_if(node.children, [&](const HtmlNode& child) {
    return std::ranges::any_of(classes, [&](const std::string& name) { return child.has_class(name); }) ||
           // its only content is the copyright notice
           (child.attributes == std::map<std::string, std::string>{{"class", "govuk-footer__meta-item"}});
  });
  for (HtmlNode& child : node.children) without(child, classes);
}

Fragment date_input(const json& options) {
  DateInput made{.id = needed(options, "id"),
                 .legend = label_of(part(part(options, "fieldset"), "legend"), "govuk-fieldset__legend"),
                 .hint = hint_of(options),
                 .error = error_of(options)};
  if (const auto prefix = text_in(options, "namePrefix"); !prefix.empty() && prefix != made.id)
    throw LeftOut{"names that do not begin with the id"};
  const auto left_right = [&](const char* which) {
    const json given = part(options, which);
    return given.contains("error") && !flag(given, "error");
  };
  made.day_wrong = flag(part(options, "day"), "error");
  made.month_wrong = flag(part(options, "month"), "error");
  made.year_wrong = flag(part(options, "year"), "error");
  if (left_right("day") || left_right("month") || left_right("year")) {
    made.day_wrong = !left_right("day");
    made.month_wrong = !left_right("month");
    made.year_wrong = !left_right("year");
  }
  const json values = part(options, "values");
  made.day = text_in(values, "day");
  made.month = text_in(values, "month");
  made.year = text_in(values, "year");
  return made;
}

const std::map<std::string, Adapter>& adapters() {
  const auto id_of = [](const json& options) {
    return text_in(options, options.contains("idPrefix") ? "idPrefix" : "name");
  };
  static const std::map<std::string, Adapter> all{
      {"back-link",
       {{"text", "href"},
        [](const json& o) -> Fragment {
          return BackLink{needed(o, "href"), o.contains("text") ? text_in(o, "text") : "Back"};
        }}},
      {"breadcrumbs",
       {{"items[].text", "items[].href"},
        [](const json& o) -> Fragment {
          Breadcrumbs made;
          for (const json& item : list_of(o, "items"))
            made.items.push_back({text_in(item, "text"), text_in(item, "href")});
          return made;
        }}},
      {"button", {{"text", "type", "name", "value", "href", "classes"}, button}},
      {"checkboxes",
       {of_groups,
        [=](const json& o) -> Fragment {
          static const std::map<std::string, bool> looks{{"", false}, {"govuk-checkboxes--small", true}};
          return Checkboxes{.name = needed(o, "name"),
                            .legend = label_of(part(part(o, "fieldset"), "legend"), "govuk-fieldset__legend"),
                            .items = choices_of(o),
                            .hint = hint_of(o),
                            .error = error_of(o),
                            .small = one_of(looks, text_in(o, "classes")),
                            .id = id_of(o)};
        }}},
      {"date-input",
       {{"id", "namePrefix", "fieldset.legend.text", "fieldset.legend.classes", "fieldset.legend.isPageHeading",
         "hint.text", "errorMessage.text", "values.day", "values.month", "values.year", "day.error", "month.error",
         "year.error"},
        date_input,
        [](HtmlNode& node) { name_date_parts(node, ""); }}},
      {"details",
       {{"summaryText", "text", "open"},
        [](const json& o) -> Fragment {
          return Details{text_in(o, "summaryText"), text_in(o, "text"), flag(o, "open")};
        }}},
      {"error-summary",
       {{"titleText", "errorList[].text", "errorList[].href"},
        [](const json& o) -> Fragment {
          ErrorSummary made{.errors = {}, .title = needed(o, "titleText")};
          for (const json& item : part(o, "errorList")) {
            auto href = text_in(item, "href");
            if (!href.empty() && !href.starts_with('#')) throw LeftOut{"an error that leads to another page"};
            made.errors.push_back({text_in(item, "text"), href.empty() ? "" : href.substr(1)});
          }
          return made;
        }}},
      {"fieldset",
       {{"legend.text", "legend.classes", "legend.isPageHeading"},
        [](const json& o) -> Fragment {
          return Fieldset{label_of(part(o, "legend"), "govuk-fieldset__legend"), {}};
        }}},
      {"file-upload",
       {and_also(of_fields, {"multiple"}),
        [](const json& o) -> Fragment {
          return FileUpload{.name = needed(o, "name"),
                            .label = label_of(part(o, "label"), "govuk-label"),
                            .hint = hint_of(o),
                            .error = error_of(o),
                            .multiple = flag(o, "multiple"),
                            .id = text_in(o, "id")};
        }}},
      {"footer",
       {{"meta.items[].text", "meta.items[].href", "meta.text", "contentLicence", "copyright"},
        [](const json& o) -> Fragment {
          Footer made{.links = {}, .says = text_in(part(o, "meta"), "text")};
          for (const json& item : part(part(o, "meta"), "items"))
            made.links.push_back({text_in(item, "text"), text_in(item, "href")});
          if (made.links.empty()) throw LeftOut{"without links, which ours always has"};
          return made;
        },
        [](HtmlNode& node) {
          without(node, {"govuk-footer__crown", "govuk-footer__licence-logo", "govuk-footer__licence-description"});
        }}},
      {"generic-header",
       {{"logoText", "url"},
        [](const json& o) -> Fragment {
          return Header{needed(o, "logoText"), o.contains("url") ? text_in(o, "url") : "/"};
        }}},
      {"input",
       {and_also(of_fields, {"value", "classes", "type", "inputmode", "autocomplete", "prefix.text", "suffix.text"}),
        text_input}},
      {"inset-text",
       {{"id", "text"},
        [](const json& o) -> Fragment {
          return InsetText{text_in(o, "text"), text_in(o, "id")};
        }}},
      {"notification-banner",
       {{"text", "type", "titleId"},
        [](const json& o) -> Fragment {
          NotificationBanner made{.content = needed(o, "text"), .success = text_in(o, "type") == "success"};
          if (o.contains("titleId")) made.title_id = text_in(o, "titleId");
          return made;
        }}},
      {"pagination",
       {{"items[].number", "items[].href", "items[].current", "items[].ellipsis", "previous.href", "previous.labelText",
         "next.href", "next.labelText", "landmarkLabel"},
        pagination}},
      {"password-input",
       {and_also(of_fields, {"autocomplete"}),
        [](const json& o) -> Fragment {
          return PasswordInput{
              .name = needed(o, "name"),
              .label = label_of(part(o, "label"), "govuk-label"),
              .hint = hint_of(o),
              .error = error_of(o),
              .autocomplete = o.contains("autocomplete") ? text_in(o, "autocomplete") : "current-password",
              .id = text_in(o, "id")};
        }}},
      {"radios",
       {of_groups,
        [=](const json& o) -> Fragment {
          static const std::map<std::string, Radios::Look> looks{{"", Radios::Look::normal},
                                                                 {"govuk-radios--inline", Radios::Look::in_line},
                                                                 {"govuk-radios--small", Radios::Look::small}};
          return Radios{.name = needed(o, "name"),
                        .legend = label_of(part(part(o, "fieldset"), "legend"), "govuk-fieldset__legend"),
                        .items = choices_of(o),
                        .hint = hint_of(o),
                        .error = error_of(o),
                        .look = one_of(looks, text_in(o, "classes")),
                        .id = id_of(o)};
        }}},
      {"select",
       {and_also(of_fields, {"items[].value", "items[].text", "items[].selected", "value"}),
        [](const json& o) -> Fragment {
          Select made{.name = needed(o, "name"),
                      .label = label_of(part(o, "label"), "govuk-label"),
                      .options = {},
                      .chosen = text_in(o, "value"),
                      .hint = hint_of(o),
                      .error = error_of(o),
                      .id = text_in(o, "id")};
          for (const json& item : list_of(o, "items")) {
            made.options.push_back({needed(item, "value"), text_in(item, "text")});
            if (flag(item, "selected")) made.chosen = text_in(item, "value");
            if (item.contains("selected") && !flag(item, "selected") && text_in(item, "value") == made.chosen)
              throw LeftOut{"an option that is chosen and not"};
          }
          return made;
        }}},
      {"service-navigation",
       {{"serviceName", "serviceUrl", "navigation[].text", "navigation[].href", "navigation[].current",
         "navigation[].active", "collapseNavigationOnMobile"},
        service_navigation}},
      {"skip-link",
       {{"text", "href"},
        [](const json& o) -> Fragment {
          return SkipLink{needed(o, "text"), needed(o, "href")};
        }}},
      {"summary-list",
       {{"rows[].key.text", "rows[].value.text", "rows[].actions.items[].text", "rows[].actions.items[].href",
         "rows[].actions.items[].visuallyHiddenText", "card.title.text", "card.actions.items[].text",
         "card.actions.items[].href", "card.actions.items[].visuallyHiddenText"},
        summary_list}},
      {"table",
       {{"caption", "captionClasses", "firstCellIsHeader", "head[].text", "head[].format", "rows[][].text",
         "rows[][].format"},
        table}},
      {"tag", {{"text", "classes"}, [](const json& o) -> Fragment { return tag_of(o); }}},
      {"task-list",
       {{"idPrefix", "items[].title.text", "items[].href", "items[].hint.text", "items[].status.text",
         "items[].status.tag.text", "items[].status.tag.classes"},
        task_list}},
      {"textarea",
       {and_also(of_fields, {"value", "rows"}),
        [](const json& o) -> Fragment {
          return Textarea{.name = needed(o, "name"),
                          .label = label_of(part(o, "label"), "govuk-label"),
                          .hint = hint_of(o),
                          .error = error_of(o),
                          .value = text_in(o, "value"),
                          .rows = o.contains("rows") ? std::stoi(text_in(o, "rows")) : 5,
                          .id = text_in(o, "id")};
        }}},
      {"warning-text", {{"text"}, [](const json& o) -> Fragment { return WarningText{needed(o, "text")}; }}},
  };
  return all;
}

const std::map<std::string, std::string> not_offered{
    {"accordion", "folds by a script; details does without"},
    {"character-count", "counts by a script"},
    {"cookie-banner", "nothing is stored that needs consent"},
    {"error-message", "part of every field, compared there"},
    {"exit-this-page", "hides by a script"},
    {"feedback", "no page asks for it"},
    {"header", "GOV.UK's own, with the crown; the generic header does without"},
    {"hint", "part of every field, compared there"},
    {"label", "part of every field, compared there"},
    {"language-navigation", "one language"},
    {"panel", "no page has one"},
    {"phase-banner", "no page has one"},
    {"tabs", "without a script they are a list of contents"},
};

std::filesystem::path fixtures_folder() {
  return std::filesystem::path(ANSWERABLE_SOURCE) /
         "reports/front/assets/node_modules/govuk-frontend/dist/govuk/components";
}

struct Tally {
  int compared{};
  std::vector<std::string> left_out;
};

Tally compare(const std::string& component, const Adapter& adapter) {
  std::ifstream in(fixtures_folder() / component / "fixtures.json");
  Tally tally;
  const json all = json::parse(in);
  for (const json& fixture : all.at("fixtures")) {
    const auto name = fixture.at("name").get<std::string>();
    const json& options = fixture.at("options");
    std::set<std::string> used;
    collect(options, "", used);
    const auto unknown = std::ranges::find_if(used, [&](const auto& path) { return !adapter.known.contains(path); });
    try {
      if (unknown != used.end()) throw LeftOut{fmt::format("option {}", *unknown)};
      const Fragment ours = adapter.made(options);
      auto theirs = answerable::testing::parse_html(fixture.at("html").get<std::string>());
      adapter.adjusted(theirs);
      const std::string written = std::move(Html::part().add(ours)).finish();
      EXPECT_EQ(outline_of(answerable::testing::parse_html(written)), outline_of(theirs)) << component << ": " << name;
      ++tally.compared;
    } catch (const LeftOut& left) {
      tally.left_out.push_back(fmt::format("{} ({})", name, left.reason));
    }
  }
  return tally;
}

TEST(ComponentFixtures, OursAreGovukFrontendsOwnHtml) {
  int compared = 0, left_out = 0;
  for (const auto& [component, adapter] : adapters()) {
    const Tally tally = compare(component, adapter);
    fmt::print("{}: {} compared; left out {}: {}\n", component, tally.compared, tally.left_out.size(),
               fmt::join(tally.left_out, "; "));
    EXPECT_GT(tally.compared, 0) << component;
    compared += tally.compared;
    left_out += static_cast<int>(tally.left_out.size());
  }
  fmt::print("{} fixtures compared, {} left out with a reason\n", compared, left_out);
  RecordProperty("compared", compared);
  RecordProperty("left_out", left_out);
  EXPECT_EQ(compared, 164);
  EXPECT_EQ(left_out, 389);
}

TEST(ComponentFixtures, EveryComponentIsOfferedOrHasAReasonWhyNot) {
  for (const auto& entry : std::filesystem::directory_iterator(fixtures_folder())) {
    if (!exists(entry.path() / "fixtures.json")) continue;
    const auto name = entry.path().filename().string();
    EXPECT_EQ(adapters().contains(name) + not_offered.contains(name), 1) << name;
  }
}

}  // namespace
}  // namespace answerable::components
