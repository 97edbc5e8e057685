#include "reports/service/forms/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/civil_date.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/forms/question.hpp"

namespace answerable::service::forms {
namespace {

using namespace components;
using render::joined;

std::string error_of(const Errors& errors, const std::string& field) {
  std::string said;
  for (auto [at, end] = errors.equal_range(field); at != end; ++at) said += (said.empty() ? "" : " ") + at->second;
  return said;
}

bool any_error(const Errors& errors, const std::string& field) {
  const auto at = errors.lower_bound(field);
  return at != errors.end() && at->first.starts_with(field);
}

std::string label(std::string_view name, bool required) {
  return label_of(name) + (required ? "" : " (optional)");
}

/// One after the other: each instance of what repeats, and an empty one behind them.
Fragment instances(const Part& part, const std::string& parent, const Answers& answers, const Errors& errors,
                   const Known& known) {
  const auto& name = part.element->name;
  Fragment all;
  const int last = answers.last_of(field_of(parent, name, 0, false));
  for (int i = 1; i <= last + 1; ++i)
    all +=
        field({part.element, part.required && i == 1, false}, field_of(parent, name, i, true), answers, errors, known);
  all += Button{.text = "Add another", .kind = Button::Kind::secondary, .name = "do", .value = "more"};
  return all;
}

Fragment inside(const xml::ComplexType& type, const std::string& name, const Answers& answers, const Errors& errors,
                const Known& known) {
  Fragment all;
  for (const auto& attribute : type.attributes)
    all += field(attribute, attribute_field(name, attribute.name), answers, errors);
  for (const auto& part : parts_of(type))
    all += part.repeats ? instances(part, name, answers, errors, known)
                        : field(part, field_of(name, part.element->name, 1, false), answers, errors, known);
  return all;
}

/// What stands behind a summary, so that the page asks no more than most records need.
Fragment behind(const Part& part, const std::string& parent, const Answers& answers, const Errors& errors,
                const Known& known, bool open) {
  const auto name = field_of(parent, part.element->name, 1, false);
  Fragment content = part.repeats
                         ? joined({Hint{part.element->documentation}, instances(part, parent, answers, errors, known)})
                         : field(part, name, answers, errors, known);
  return Details{.summary = label_of(part.element->name),
                 .content = content,
                 .open = open || answers.any(name) || answers.last_of(name) > 0 || any_error(errors, name)};
}

bool is_plain(const Part& part) {
  const auto ask = ask_of(*part.element);
  return part.required || (ask != Ask::group && ask != Ask::organisation && !part.repeats);
}

/// What every record carries about itself rather than about what was done (common.xsd, group header).
bool about_itself(const Part& part) {
  constexpr std::array names{"performedBy", "agreement", "recorded", "source", "shortfall"};
  return !part.required && std::ranges::find(names, part.element->name) != names.end();
}

std::string said_of(const std::string& value, Ask ask) {
  if (ask == Ask::happened)
    if (const auto when = parse_happened(value)) return words(*when);
  if (ask == Ask::choice || ask == Ask::long_choice) return value_words(value);
  return value;
}

std::string under(std::string_view heading, std::string_view name) {
  return heading.empty() ? label_of(name) : fmt::format("{}: {}", heading, label_of(name));
}

void say(const xml::ElementRule& rule, const Answers& answers, const std::string& field, const std::string& heading,
         std::vector<SummaryRow>& rows) {
  const auto add = [&](const std::string& key, const std::string& at, Ask ask) {
    if (const auto value = answers.value(at, ask); !value.empty() && ask != Ask::file)
      rows.push_back({key, said_of(value, ask)});
  };
  if (rule.complex == nullptr) {
    add(heading, field, ask_of(rule));
    return;
  }
  if (rule.complex->simple != nullptr) add(heading, field, ask_of(*rule.complex->simple));
  for (const auto& attribute : rule.complex->attributes)
    add(under(heading, attribute.name), attribute_field(field, attribute.name),
        attribute.type != nullptr ? ask_of(*attribute.type) : Ask::line);
  for (const auto& part : parts_of(*rule.complex)) {
    const auto& name = part.element->name;
    const int last = part.repeats ? answers.last_of(field_of(field, name, 0, false)) : 1;
    for (int i = 1; i <= last; ++i) {
      const auto at = field_of(field, name, i, part.repeats);
      const auto key = under(heading, name) + (part.repeats && last > 1 ? fmt::format(" {}", i) : "");
      if (answers.any(at)) say(*part.element, answers, at, key, rows);
    }
  }
}

/// Whose field it is: "enquiry.2/due". Null when the record has no such element.
const xml::ElementRule* element_at(const xml::ElementRule& record, std::string_view field) {
  const auto* element = &record;
  while (!field.empty()) {
    const auto slash = field.find('/');
    const auto step = field.substr(0, std::min(slash, field.find('.')));
    if (element->complex == nullptr) return nullptr;
    const auto parts = parts_of(*element->complex);
    const auto part = std::ranges::find(parts, step, [](const Part& one) { return one.element->name; });
    if (part == parts.end()) return nullptr;
    element = part->element;
    field = slash == field.npos ? std::string_view{} : field.substr(slash + 1);
  }
  return element;
}

}  // namespace

Fragment field(const xml::AttributeUse& attribute, const std::string& name, const Answers& answers,
               const Errors& errors) {
  static const xml::SimpleType words{};
  return question::simple(
      attribute.type != nullptr ? *attribute.type : words,
      {name, label(attribute.name, attribute.required), attribute.documentation, error_of(errors, name), answers});
}

Fragment field(const Part& part, const std::string& name, const Answers& answers, const Errors& errors,
               const Known& known) {
  const auto& element = *part.element;
  const question::Asked asked{name, label(element.name, part.required), element.documentation, error_of(errors, name),
                              answers};
  switch (ask_of(element)) {
    case Ask::person:
      return question::person(*element.complex, asked, known);
    case Ask::organisation:
      return question::organisation(*element.complex, asked, known);
    case Ask::reference:
      return question::reference(asked, known);
    case Ask::group:
      break;
    default:
      if (element.name == "agreement") return question::agreement(asked, known);
      if (element.simple == nullptr) return question::line(asked);
      return question::simple(*element.simple, asked);
  }
  Fragment content = asked.hint;
  content = Hint{content};
  if (!asked.error.empty()) content += InsetText{.content = asked.error, .id = name};
  if (element.complex->simple != nullptr)
    content += question::simple(*element.complex->simple, {name, label(element.name, part.required), "", "", answers});
  content += inside(*element.complex, name, answers, errors, known);
  return Fieldset{.legend = Label(asked.label, LabelSize::s), .content = content};
}

Fragment fields_of_part(const xml::ElementRule& part, const std::string& field_name, const Answers& answers,
                        const Errors& errors, const Known& known, std::string_view open) {
  Fragment plain, more;
  for (const auto& one : parts_of(*part.complex)) {
    if (is_plain(one) && !one.repeats)
      plain += field(one, field_of(field_name, one.element->name, 1, false), answers, errors, known);
    else
      more += behind(one, field_name, answers, errors, known, one.element->name == open);
  }
  return joined({plain, more});
}

Fragment fields(const xml::ElementRule& record, const Answers& answers, const Errors& errors, const Known& known,
                std::string_view open_part) {
  Fragment plain, more, itself;
  bool open = false;
  for (const auto& attribute : record.complex->attributes) {
    const auto name = attribute_field("", attribute.name);
    open = open || any_error(errors, name) || (attribute.name != "id" && answers.any(name));
    itself += field(attribute, name, answers, errors);
  }
  for (const auto& part : parts_of(*record.complex)) {
    const std::string name = field_of("", part.element->name, 1, false);
    if (about_itself(part)) {
      open = open || answers.any(name) || any_error(errors, name);
      itself += field(part, name, answers, errors, known);
    } else if (is_plain(part) && !part.repeats) {
      plain += field(part, name, answers, errors, known);
    } else {
      more += behind(part, "", answers, errors, known, part.element->name == open_part);
    }
  }
  more +=
      Details{.summary = "Who did it, on whose behalf, and where you have it from", .content = itself, .open = open};
  return joined({plain, Heading{"What else can be told"}, more});
}

std::vector<ErrorSummary::Error> summary_of(const Errors& errors, const xml::ElementRule& record) {
  std::vector<ErrorSummary::Error> summary;
  for (const auto& [field, text] : errors) {
    // An error of a date leads to the first of its three fields.
    const auto* element = element_at(record, field);
    const bool date = element != nullptr && ask_of(*element) == Ask::happened;
    summary.push_back({text, date ? field + "-day" : field});
  }
  return summary;
}

std::vector<SummaryRow> said(const xml::ElementRule& record, const Answers& answers) {
  std::vector<SummaryRow> rows;
  say(record, answers, "", "", rows);
  return rows;
}

}  // namespace answerable::service::forms
