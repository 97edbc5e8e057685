// A sheet of visits to one person: what a small agency keeps on paper.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/delivery.hpp"
#include "reports/service/provider/fault_parts.hpp"
#include "reports/service/provider/filling.hpp"
#include "reports/service/provider/handlers.hpp"

namespace answerable::service::provider_desk {
namespace {

using namespace components;
using render::joined;

constexpr int lines_at_first = 7;  // a week
constexpr int lines_at_most = 70;

/// The columns of the sheet: where in a visit record each goes.
struct Cell {
  std::string_view field, label;
  bool day{};
};
constexpr std::array cells{Cell{"planned/@on", "Day", true},
                           Cell{"planned/@start", "Planned start"},
                           Cell{"planned/@minutes", "Planned minutes"},
                           Cell{"planned/@carers", "Planned carers"},
                           Cell{"actual/@start", "Came at"},
                           Cell{"actual/@minutes", "Stayed minutes"},
                           Cell{"actual/@carers", "Carers who came"},
                           Cell{"missed/@reason", "If nobody came: why"},
                           Cell{"note", "Note"}};

std::string line_prefix(int line) {
  return fmt::format("line-{}", line);
}
std::string cell_name(int line, std::string_view field) {
  return fmt::format("{}/{}", line_prefix(line), field);
}

bool used(const forms::Answers& answers, int line) {
  return answers.any(line_prefix(line));
}

int lines_of(const Visit& visit, const forms::Answers& answers) {
  int last = visit.field("do") == "more" ? lines_at_first : 0;
  for (int i = 1; i <= lines_at_most; ++i)
    if (used(answers, i)) last = i + (visit.field("do") == "more" ? lines_at_first : 0);
  return std::clamp(last, lines_at_first, lines_at_most);
}

/// One line of the sheet as a visit record: a day and a person given once stand in each.
forms::Answers record_of(const forms::Answers& sheet, int line) {
  const std::string prefix = line_prefix(line);
  forms::Answers record;
  for (const auto& [name, value] : sheet.all()) {
    if (name.starts_with(prefix + "/")) record.set(name, value);
    if (name == "person" || name.starts_with("person/")) record.set(fmt::format("{}/{}", prefix, name), value);
  }
  const auto at = [&](std::string_view field) { return cell_name(line, field); };
  record.set(fmt::format("{}/@id", prefix), fmt::format("{}-{}", sheet.typed("sheet"), line));
  // A visit that took place was on the day it was planned for, unless the sheet says nothing was planned.
  const bool planned = !record.typed(at("planned/@start")).empty() || !record.typed(at("planned/@minutes")).empty() ||
                       !record.typed(at("missed/@reason")).empty();
  const bool came = !record.typed(at("actual/@start")).empty() || !record.typed(at("actual/@minutes")).empty();
  for (const char* part : {"-day", "-month", "-year"}) {
    const auto typed = record.typed(at("planned/@on") + part);
    if (came) record.set(at("actual/@on") + part, typed);
    if (!planned && came) record.erase(at("planned/@on") + part);
  }
  return record;
}

/// An error of what a line says in two places stands beside the one field it has.
std::string shown_at(const std::string& field) {
  const auto slash = field.find('/');
  if (slash == field.npos) return field;
  const std::string_view rest = std::string_view(field).substr(slash + 1);
  if (rest == "actual/@on" || rest == "actual" || rest == "planned") return field.substr(0, slash) + "/planned/@on";
  if (rest.starts_with("person")) return std::string(rest);
  const bool on_sheet = std::ranges::find(cells, rest, &Cell::field) != cells.end();
  return on_sheet ? field : field.substr(0, slash) + "/planned/@on";
}

forms::Errors moved(const forms::Errors& errors) {
  forms::Errors on_sheet;
  for (const auto& [field, text] : errors) {
    const auto at = shown_at(field);
    const auto [from, to] = on_sheet.equal_range(at);
    if (std::none_of(from, to, [&](const auto& one) { return one.second == text; })) on_sheet.emplace(at, text);
  }
  return on_sheet;
}

const xml::SimpleType* reason_type(const FormOf& form) {
  for (const auto& part : forms::parts_of(*form.record.complex))
    if (part.element->name == "missed") return part.element->complex->attributes.front().type;
  return nullptr;
}

Fragment cell_field(const Cell& cell, int line, const FormOf& form, const forms::Answers& answers,
                    const forms::Errors& errors) {
  const std::string name = cell_name(line, cell.field);
  std::string error;
  for (auto [at, end] = errors.equal_range(name); at != end; ++at) error += (error.empty() ? "" : " ") + at->second;
  if (cell.day)
    return DateInput{.id = name,
                     .legend = std::string(cell.label),
                     .error = error,
                     .day = answers.typed(name + "-day"),
                     .month = answers.typed(name + "-month"),
                     .year = answers.typed(name + "-year"),
                     .day_wrong = !error.empty(),
                     .month_wrong = !error.empty(),
                     .year_wrong = !error.empty()};
  if (cell.field == "missed/@reason") {
    std::vector<Select::Option> options{{"", ""}};
    if (const auto* type = reason_type(form))
      for (const auto& choice : forms::choices_of(*type)) options.push_back({choice, forms::value_words(choice)});
    return Select{.name = name,
                  .label = std::string(cell.label),
                  .options = std::move(options),
                  .chosen = answers.typed(name),
                  .error = error};
  }
  const bool note = cell.field == "note";
  return TextInput{.name = name,
                   .label = std::string(cell.label),
                   .error = error,
                   .value = answers.typed(name),
                   .width = note ? TextInput::Width::full : TextInput::Width::w5};
}

/// Fields beside each other; on narrow screens one below the other.
Fragment beside(std::initializer_list<Fragment> fields) {
  auto html = render::Html::part();
  html.open("div", {{"class", "govuk-grid-row"}});
  for (const auto& one : fields) html.open("div", {{"class", "govuk-grid-column-one-quarter"}}).add(one).close();
  return std::move(html.close()).fragment();
}

http::Response sheet_page(const Visit& visit, forms::Answers answers, const forms::Errors& errors) {
  const auto form = form_of(visit, "visit");
  const auto desk = desk_of(visit);
  if (answers.typed("sheet").empty()) answers.set("sheet", fresh_number("V"));
  Page page(visit, "Visit sheet");
  page.under({{"Forms", "/forms"}});
  if (!errors.empty()) {
    std::vector<ErrorSummary::Error> summary;
    for (const auto& [field, text] : errors)
      summary.push_back({text, field.ends_with("planned/@on") ? field + "-day" : field});
    page.errors(std::move(summary));
  }
  page.paragraph(
      "Visits to one person, a line each. Lines left empty are not sent. Times on the 24-hour clock: 08:05. "
      "Where only the rota is known leave out when somebody came, and say why if nobody did.");
  const auto parts = forms::parts_of(*form.record.complex);
  const auto person =
      std::ranges::find(parts, std::string("person"), [](const forms::Part& part) { return part.element->name; });
  Fragment content = joined({head_fields(visit, head_of(visit, desk)), hidden_field("sheet", answers.typed("sheet")),
                             name_field(visit, desk), forms::field(*person, "person", answers, errors, desk.known)});
  const int lines = lines_of(visit, answers);
  for (int line = 1; line <= lines; ++line) {
    const auto field = [&](std::size_t cell) { return cell_field(cells.at(cell), line, form, answers, errors); };
    const Fragment row = joined(
        {field(0), beside({field(1), field(2), field(3)}), beside({field(4), field(5), field(6), field(7)}), field(8)});
    content += Fieldset{.legend = Label(fmt::format("Visit {}", line), LabelSize::m), .content = row};
  }
  content +=
      ButtonGroup{{Button{.text = "Check and send", .name = "do", .value = "send"},
                   Button{.text = "More lines", .kind = Button::Kind::secondary, .name = "do", .value = "more"}}};
  page.add(post_form(visit, "/visits", content));
  return std::move(page).answer();
}

}  // namespace

http::Response show_visits(Visit& visit) {
  return sheet_page(visit, {}, {});
}

http::Response send_visits(Visit& visit) {
  const auto form = form_of(visit, "visit");
  const auto answers = answers_of(visit);
  if (visit.field("do") == "more") return sheet_page(visit, answers, {});
  forms::Writing writing(head_of(visit, desk_of(visit)));
  int written = 0;
  for (int line = 1; line <= lines_at_most; ++line) {
    if (!used(answers, line)) continue;
    writing.record(form.record, form.kind.ns, record_of(answers, line), line_prefix(line));
    ++written;
  }
  if (written == 0)
    return sheet_page(
        visit, answers,
        {{cell_name(1, "planned/@on"), "Fill in at least one visit: its day, and what was planned or done."}});
  const std::string file = writing.finish();
  const auto& token = visit.member.value().token;
  const auto checked = visit.hall.sending.check(token, file);
  const auto errors = forms::by_field(writing, checked.faults);
  if (!errors.empty() && checked.taken_in_as.empty()) return sheet_page(visit, answers, moved(errors));
  const auto sent = visit.hall.sending.submit(token, file);
  if (const auto* refused = std::get_if<Refused>(&sent))
    return sheet_page(visit, answers, moved(forms::by_field(writing, refused->faults)));
  return after_taking(visit, std::get<Taken>(sent));
}

}  // namespace answerable::service::provider_desk
