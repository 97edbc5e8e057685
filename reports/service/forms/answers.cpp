#include "reports/service/forms/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "reports/service/numbers.hpp"

namespace answerable::service::forms {
namespace {

std::string trimmed(std::string_view text) {
  const auto space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::string two_digits(const std::string& typed) {
  return typed.size() == 1 ? "0" + typed : typed;
}

std::string date_of(const std::string& day, const std::string& month, const std::string& year) {
  if (day.empty() && month.empty()) return year;
  if (day.empty()) return fmt::format("{}-{}", year, two_digits(month));
  return fmt::format("{}-{}-{}", year, two_digits(month), two_digits(day));
}

/// The numbers of a date however it was written, the year first.
std::vector<std::string> date_parts(std::string_view value) {
  std::vector<std::string> parts(1);
  for (const char c : value) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0)
      parts.back() += c;
    else if (!parts.back().empty())
      parts.emplace_back();
  }
  if (parts.back().empty()) parts.pop_back();
  if (parts.size() == 3 && parts.front().size() < 4) std::ranges::reverse(parts);
  if (parts.size() > 3) return {};
  return parts;
}

}  // namespace

Answers::Answers(const http::Form& form) {
  for (const auto& [name, value] : form.fields) {
    const auto said = trimmed(value);
    if (said.empty()) continue;
    auto& held = values_[name];
    held += (held.empty() ? "" : " ") + said;
  }
}

void Answers::set(std::string name, std::string value) {
  if (!value.empty()) values_[std::move(name)] = std::move(value);
}

const std::string& Answers::typed(std::string_view name) const {
  static const std::string nothing;
  const auto found = values_.find(name);
  return found == values_.end() ? nothing : found->second;
}

std::string Answers::value(std::string_view name, Ask ask) const {
  if (ask != Ask::happened) return typed(name);
  return date_of(typed(fmt::format("{}-day", name)), typed(fmt::format("{}-month", name)),
                 typed(fmt::format("{}-year", name)));
}

bool Answers::any(std::string_view field) const {
  for (auto at = values_.lower_bound(field); at != values_.end() && at->first.starts_with(field); ++at) {
    const std::string_view rest = std::string_view(at->first).substr(field.size());
    // Whose number it is, chosen beforehand, says nothing while there is no number.
    if (rest.ends_with("@scheme")) continue;
    if (rest.empty() || rest.front() == '/' || rest == "-day" || rest == "-month" || rest == "-year") return true;
  }
  return false;
}

int Answers::last_of(std::string_view field) const {
  const std::string numbered = fmt::format("{}.", field);
  int last = 0;
  for (auto at = values_.lower_bound(numbered); at != values_.end() && at->first.starts_with(numbered); ++at) {
    std::string_view rest = std::string_view(at->first).substr(numbered.size());
    rest = rest.substr(0, rest.find_first_not_of("0123456789"));
    if (const auto number = number_in<int>(rest); number && any(fmt::format("{}{}", numbered, *number)))
      last = std::max(last, *number);
  }
  return last;
}

Answers Answers::of(const xml::ElementRule& rule, const xml::Element& record, std::vector<std::string>& unknown) {
  Answers answers;
  answers.read(rule, record, "", unknown);
  return answers;
}

void Answers::put(const std::string& field, Ask ask, const std::string& value) {
  if (ask != Ask::happened) {
    set(field, trimmed(value));
    return;
  }
  constexpr std::array names{"-year", "-month", "-day"};
  const auto parts = date_parts(value);
  for (std::size_t i = 0; i < parts.size(); ++i) set(field + names[i], parts[i]);
}

void Answers::read(const xml::ElementRule& rule, const xml::Element& element, const std::string& field,
                   std::vector<std::string>& unknown) {
  if (rule.complex == nullptr) {
    put(field, ask_of(rule), element.text);
    return;
  }
  for (const auto& [name, value] : element.attributes) {
    const auto known = std::ranges::find(rule.complex->attributes, name, &xml::AttributeUse::name);
    const auto at = attribute_field(field, name);
    if (known == rule.complex->attributes.end())
      unknown.push_back(at);
    else
      put(at, known->type != nullptr ? ask_of(*known->type) : Ask::line, value);
  }
  if (rule.complex->simple != nullptr) put(field, ask_of(*rule.complex->simple), element.text);
  const auto parts = parts_of(*rule.complex);
  std::map<std::string, int> met;
  for (const auto& child : element.children) {
    const auto part = std::ranges::find(parts, child.name, [](const Part& one) { return one.element->name; });
    const int instance = ++met[child.name];
    if (part == parts.end() || (instance > 1 && !part->repeats)) {
      unknown.push_back(field_of(field, child.name, instance, instance > 1));
      continue;
    }
    read(*part->element, child, field_of(field, child.name, instance, part->repeats), unknown);
  }
}

}  // namespace answerable::service::forms
