#include "reports/service/forms/question.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/pages/wording.hpp"

namespace answerable::service::forms {
namespace {

constexpr std::string_view chosen_prefix = "known:";  ///< "known:person", whose value is "nhs-number 9990000018"
constexpr std::string_view organisation_prefix = "known-organisation:";  ///< "ods RH5 A trust"
constexpr std::string_view record_prefix = "known-record:";              ///< "REV-1", or "REV-1 ods:RH5" of another

}  // namespace

namespace question {

using namespace components;
using render::joined;

namespace {

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

std::vector<Choice> items(const std::vector<std::string>& choices, const Explained& said, std::string_view answered) {
  std::vector<Choice> items;
  for (std::size_t i = 0; i < choices.size(); ++i)
    items.push_back({.value = choices[i],
                     .text = value_words(choices[i]),
                     .hint = said.each[i],
                     .chosen = among(answered, choices[i])});
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

}  // namespace

Fragment line(const Asked& asked, TextInput::Width width) {
  return TextInput{.name = asked.name,
                   .label = asked.label,
                   .hint = asked.hint,
                   .error = asked.error,
                   .value = asked.answers.typed(asked.name),
                   .width = width};
}

Fragment simple(const xml::SimpleType& type, const Asked& asked) {
  const auto ask = ask_of(type);
  auto said = ask == Ask::choice || ask == Ask::choices ? explained(asked.hint, choices_of(type)) : Explained{};
  if (said.hint == asked.label + ".") said.hint.clear();
  switch (ask) {
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
                    .items = items(choices_of(type), said, asked.answers.typed(asked.name)),
                    .hint = said.hint,
                    .error = asked.error,
                    .look = Radios::Look::small};
    case Ask::choices:
      return Checkboxes{.name = asked.name,
                        .legend = asked.label,
                        .items = items(choices_of(type), said, asked.answers.typed(asked.name)),
                        .hint = said.hint,
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

Fragment person(const xml::ComplexType& type, const Asked& asked, const Known& known) {
  std::vector<Select::Option> options;
  for (const auto& one : known.people) {
    const auto number = pages::identifier_words({one.scheme, one.value});
    options.push_back({fmt::format("{} {}", one.scheme, one.value),
                       one.name.empty() ? pages::capital(number) : fmt::format("{}, {}", one.name, number)});
  }
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

}  // namespace question

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
