#include "reports/service/forms/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/civil_date.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"

namespace answerable::service::forms {
namespace {

using namespace components;
using render::joined;

constexpr std::string_view chosen_prefix = "known:";  ///< "known:person", whose value is "nhs-number 9990000018"
constexpr std::string_view organisation_prefix = "known-organisation:";  ///< "ods RH5 A trust"
constexpr std::string_view record_prefix = "known-record:";              ///< "REV-1", or "REV-1 ods:RH5" of another

/// What is the same for every way of asking.
struct Asked {
  std::string name, label, hint, error;
  const Answers& answers;
};

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

Fragment line(const Asked& asked, TextInput::Width width = TextInput::Width::w20) {
  return TextInput{.name = asked.name,
                   .label = asked.label,
                   .hint = asked.hint,
                   .error = asked.error,
                   .value = asked.answers.typed(asked.name),
                   .width = width};
}

Fragment date(const Asked& asked) {
  return DateInput{.id = asked.name,
                   .legend = asked.label,
                   .hint = asked.hint,
                   .error = asked.error,
                   .day = asked.answers.typed(asked.name + "-day"),
                   .month = asked.answers.typed(asked.name + "-month"),
                   .year = asked.answers.typed(asked.name + "-year"),
                   .day_wrong = !asked.error.empty(),
                   .month_wrong = !asked.error.empty(),
                   .year_wrong = !asked.error.empty()};
}

bool among(std::string_view list, std::string_view value) {
  while (!list.empty()) {
    const auto end = list.find(' ');
    if (list.substr(0, end) == value) return true;
    list = end == list.npos ? std::string_view{} : list.substr(end + 1);
  }
  return false;
}

std::vector<Choice> items(const std::vector<std::string>& choices, std::string_view answered) {
  std::vector<Choice> items;
  for (const auto& choice : choices)
    items.push_back({.value = choice, .text = value_words(choice), .chosen = among(answered, choice)});
  return items;
}

/// \param options  without the one for none
Fragment one_of(const Asked& asked, std::vector<Select::Option> options) {
  options.insert(options.begin(), {"", ""});
  return Select{.name = asked.name,
                .label = asked.label,
                .options = std::move(options),
                .chosen = asked.answers.typed(asked.name),
                .hint = asked.hint,
                .error = asked.error};
}

Fragment select(const Asked& asked, const std::vector<std::string>& choices) {
  std::vector<Select::Option> options;
  for (const auto& choice : choices) options.push_back({choice, value_words(choice)});
  return one_of(asked, std::move(options));
}

Fragment simple(const xml::SimpleType& type, const Asked& asked) {
  switch (ask_of(type)) {
    case Ask::words:
      return Textarea{.name = asked.name,
                      .label = asked.label,
                      .hint = asked.hint,
                      .error = asked.error,
                      .value = asked.answers.typed(asked.name)};
    case Ask::happened:
      return date(asked);
    case Ask::choice:
      return Radios{.name = asked.name,
                    .legend = asked.label,
                    .items = items(choices_of(type), asked.answers.typed(asked.name)),
                    .hint = asked.hint,
                    .error = asked.error,
                    .look = Radios::Look::small};
    case Ask::choices:
      return Checkboxes{.name = asked.name,
                        .legend = asked.label,
                        .items = items(choices_of(type), asked.answers.typed(asked.name)),
                        .hint = asked.hint,
                        .error = asked.error,
                        .small = true};
    case Ask::long_choice:
      return select(asked, choices_of(type));
    case Ask::file:
      return FileUpload{.name = asked.name, .label = asked.label, .hint = asked.hint, .error = asked.error};
    case Ask::clock:
      return line(asked, TextInput::Width::w5);
    default:
      return line(asked, type.max_length.value_or(0) > 64 ? TextInput::Width::full : TextInput::Width::w20);
  }
}

/// \param wanted whose number or code it may be
Fragment scheme_of(const xml::ComplexType& type, const Asked& asked, std::string_view legend, std::string_view first) {
  const auto scheme = std::ranges::find(type.attributes, "scheme", &xml::AttributeUse::name);
  if (scheme == type.attributes.end()) return {};
  const std::string name = attribute_field(asked.name, "scheme");
  Answers with = asked.answers;
  if (with.typed(name).empty()) with.set(name, std::string(first));
  return simple(*scheme->type, {name, std::string(legend), scheme->documentation, "", with});
}

/// What can be chosen instead of being typed; nothing when there is nothing to choose.
Fragment offered(std::string_view prefix, const Asked& asked, std::string label, std::string none,
                 std::vector<Select::Option> options) {
  if (options.empty()) return {};
  const std::string name = std::string(prefix) + asked.name;
  options.insert(options.begin(), {"", std::move(none)});
  return Select{
      .name = name, .label = std::move(label), .options = std::move(options), .chosen = asked.answers.typed(name)};
}

Fragment person(const xml::ComplexType& type, const Asked& asked, const Known& known) {
  std::vector<Select::Option> options;
  for (const auto& one : known.people)
    options.push_back({fmt::format("{} {}", one.scheme, one.value),
                       one.name.empty() ? one.value : fmt::format("{}, {}", one.name, one.value)});
  Fragment content =
      offered(chosen_prefix, asked, "Somebody you have sent records about", "Somebody else", std::move(options));
  content += TextInput{.name = asked.name,
                       .label = "Their number",
                       .hint = "An NHS number has ten digits; spaces do not matter.",
                       .error = asked.error,
                       .value = asked.answers.typed(asked.name),
                       .width = TextInput::Width::w20};
  content += scheme_of(type, asked, "Whose number it is", "nhs-number");
  return Fieldset{.legend = Label(asked.label, LabelSize::m), .content = joined({Hint{asked.hint}, content})};
}

Fragment reference(const Asked& asked, const Known& known) {
  std::vector<Select::Option> options;
  for (const auto& one : known.records)
    options.push_back(one.sender.empty() ? Select::Option{one.id, fmt::format("{}, {}", one.id, value_words(one.kind))}
                                         : Select::Option{fmt::format("{} {}", one.id, one.sender),
                                                          fmt::format("{}, {} of {}", one.id, value_words(one.kind),
                                                                      one.sender_name)});
  return Fieldset{
      .legend = Label(asked.label, LabelSize::s),
      .content = joined({Hint{asked.hint},
                         offered(record_prefix, asked, "One that is known", "Another, or none", std::move(options)),
                         line({asked.name, "Its number", "", asked.error, asked.answers}),
                         line({attribute_field(asked.name, "sender"), "Whose it is, where another organisation sent it",
                               "That organisation’s scheme and code, for example ods:RH5.", "", asked.answers})})};
}

Fragment organisation(const xml::ComplexType& type, const Asked& asked, const Known& known) {
  std::vector<Select::Option> options;
  for (const auto& one : known.organisations)
    options.push_back({fmt::format("{} {} {}", one.scheme, one.code, one.name), one.name});
  Fragment content =
      joined({Hint{asked.hint},
              offered(organisation_prefix, asked, "One that is known", "Another, or none", std::move(options)),
              line({asked.name, "Its name", "", asked.error, asked.answers}, TextInput::Width::full)});
  const auto code = attribute_field(asked.name, "code");
  content += line({code, "Its code", "", "", asked.answers});
  content += scheme_of(type, asked, "Whose code it is", "");
  return Fieldset{.legend = Label(asked.label, LabelSize::s), .content = content};
}

Fragment agreement(const Asked& asked, const Known& known) {
  if (known.agreements.empty()) return line(asked);
  std::vector<Select::Option> options;
  for (const auto& one : known.agreements) options.push_back({one.reference, one.words});
  return one_of(asked, std::move(options));
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
  return simple(
      attribute.type != nullptr ? *attribute.type : words,
      {name, label(attribute.name, attribute.required), attribute.documentation, error_of(errors, name), answers});
}

Fragment field(const Part& part, const std::string& name, const Answers& answers, const Errors& errors,
               const Known& known) {
  const auto& element = *part.element;
  const Asked asked{name, label(element.name, part.required), element.documentation, error_of(errors, name), answers};
  switch (ask_of(element)) {
    case Ask::person:
      return person(*element.complex, asked, known);
    case Ask::organisation:
      return organisation(*element.complex, asked, known);
    case Ask::reference:
      return reference(asked, known);
    case Ask::group:
      break;
    default:
      if (element.name == "agreement") return agreement(asked, known);
      if (element.simple == nullptr) return line(asked);
      return simple(*element.simple, asked);
  }
  Fragment content = asked.hint;
  content = Hint{content};
  if (!asked.error.empty()) content += InsetText{.content = asked.error, .id = name};
  if (element.complex->simple != nullptr)
    content += simple(*element.complex->simple, {name, label(element.name, part.required), "", "", answers});
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

void take_chosen(Answers& answers) {
  const auto all = answers.all();
  for (const auto& [name, value] : all) {
    const auto colon = name.find(':');
    if (colon == name.npos) continue;
    const std::string prefix = name.substr(0, colon + 1), field = name.substr(colon + 1);
    if (!answers.typed(field).empty()) continue;
    const auto space = value.find(' ');
    const auto second = value.find(' ', space + 1);
    if (prefix == record_prefix) {
      answers.set(field, value.substr(0, space));
      if (space != value.npos) answers.set(attribute_field(field, "sender"), value.substr(space + 1));
    }
    if (prefix == chosen_prefix && space != value.npos) {
      answers.set(attribute_field(field, "scheme"), value.substr(0, space));
      answers.set(field, value.substr(space + 1));
    }
    if (prefix == organisation_prefix && space != value.npos && second != value.npos) {
      answers.set(attribute_field(field, "scheme"), value.substr(0, space));
      answers.set(attribute_field(field, "code"), value.substr(space + 1, second - space - 1));
      answers.set(field, value.substr(second + 1));
    }
  }
}

}  // namespace answerable::service::forms
