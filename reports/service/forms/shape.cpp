#include "reports/service/forms/shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <regex>

namespace answerable::service::forms {
namespace {

constexpr std::size_t shown_at_once = 7;
constexpr std::size_t one_line = 300;

void collect(const xml::Particle& particle, bool optional, bool repeats, std::vector<Part>& to) {
  optional = optional || particle.min == 0;
  repeats = repeats || particle.max != 1;
  if (particle.form == xml::Particle::Form::element) {
    const auto same = [&](const Part& part) { return part.element->name == particle.element.name; };
    if (std::ranges::none_of(to, same)) to.push_back({&particle.element, !optional, repeats});
    return;
  }
  const bool choice = particle.form == xml::Particle::Form::choice;
  for (const auto& part : particle.parts) collect(part, optional || choice, repeats, to);
}

bool is_clock(const xml::SimpleType& type) {
  return type.name == "clock";
}

}  // namespace

std::vector<Part> parts_of(const xml::ComplexType& type) {
  std::vector<Part> parts;
  for (const auto& particle : type.content) collect(particle, false, false, parts);
  return parts;
}

const std::vector<std::string>& choices_of(const xml::SimpleType& type) {
  const xml::SimpleType* at = type.item != nullptr ? type.item : &type;
  while (at->choices.empty() && at->base != nullptr) at = at->base;
  return at->choices;
}

Ask ask_of(const xml::SimpleType& type) {
  const auto& choices = choices_of(type);
  if (type.item != nullptr) return choices.empty() ? Ask::line : Ask::choices;
  if (!choices.empty()) return choices.size() > shown_at_once ? Ask::long_choice : Ask::choice;
  if (type.name == "happened" || type.name == "day" || type.builtin == "date") return Ask::happened;
  if (type.builtin == "base64Binary") return Ask::file;
  if (is_clock(type)) return Ask::clock;
  return type.max_length.value_or(0) > one_line ? Ask::words : Ask::line;
}

Ask ask_of(const xml::ElementRule& element) {
  if (element.complex == nullptr) return element.simple != nullptr ? ask_of(*element.simple) : Ask::line;
  if (element.complex->name == "personIdentifier") return Ask::person;
  if (element.complex->name == "organisation") return Ask::organisation;
  if (element.complex->name == "recordReference") return Ask::reference;
  return Ask::group;
}

std::string label_of(std::string_view name) {
  std::string label;
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isupper(letter) && !label.empty()) label += ' ';
    label += label.empty() ? static_cast<char>(std::toupper(letter)) : static_cast<char>(std::tolower(letter));
  }
  return label;
}

std::string value_words(std::string_view value) {
  std::string words(value);
  std::ranges::replace(words, '-', ' ');
  static const std::regex section_of_an_act("s([0-9]+)([a-z]?)");
  const auto upper = [](std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
  };
  if (std::smatch of; std::regex_match(words, of, section_of_an_act)) {
    words = "section " + of.str(1) + upper(of.str(2));
  } else if (words == "lgsco" || words == "phso" || words == "gps" || words == "nfc" || words == "qr") {
    words = upper(words);
  } else if (words.starts_with("nhs")) {
    words.replace(0, 3, "NHS");
  }
  if (!words.empty()) words.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(words.front())));
  return words;
}

std::string field_of(std::string_view parent, std::string_view element, int instance, bool repeats) {
  return fmt::format("{}{}{}{}", parent, parent.empty() ? "" : "/", element,
                     repeats ? fmt::format(".{}", instance) : "");
}

std::string attribute_field(std::string_view parent, std::string_view attribute) {
  return fmt::format("{}{}@{}", parent, parent.empty() ? "" : "/", attribute);
}

}  // namespace answerable::service::forms
