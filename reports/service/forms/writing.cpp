#include "reports/service/forms/writing.hpp"

#include <algorithm>

namespace answerable::service::forms {

Writing::Writing(const Head& head) : xml_(out_) {
  const auto organisation = [&](std::string_view name, const OrganisationRef& who) {
    xml_.open(name).attribute("scheme", who.scheme).attribute("code", who.code).text(who.name).close();
  };
  xml_.open("submission").attribute("xmlns", "urn:answerable:submission:1");
  xml_.open("header").element("messageId", head.message_id);
  organisation("sender", head.sender);
  organisation("authority", head.authority);
  if (!head.agreement.empty()) xml_.element("agreement", head.agreement);
  xml_.element("createdAt", iso(head.created_at)).element("sourceSystem", source_system).close();
  xml_.open("records");
}

Writing& Writing::record(const xml::ElementRule& rule, std::string_view ns, const Answers& answers,
                         const std::string& prefix) {
  element(rule, answers, prefix, ns);
  return *this;
}

std::string Writing::finish() {
  xml_.close().close().finish();
  return out_.str();
}

void Writing::note(const std::string& field) {
  const std::string_view written = out_.view().substr(counted_);
  line_ += static_cast<int>(std::ranges::count(written, '\n'));
  counted_ += written.size();
  lines_[line_] = field;
}

void Writing::element(const xml::ElementRule& rule, const Answers& answers, const std::string& field,
                      std::string_view ns) {
  xml_.open(rule.name);
  note(field);
  if (!ns.empty()) xml_.attribute("xmlns", ns);
  if (rule.complex == nullptr) {
    xml_.text(answers.value(field, ask_of(rule)));
  } else {
    attributes(*rule.complex, answers, field);
    if (rule.complex->simple != nullptr) xml_.text(answers.value(field, ask_of(*rule.complex->simple)));
    children(*rule.complex, answers, field);
  }
  xml_.close();
}

void Writing::attributes(const xml::ComplexType& type, const Answers& answers, const std::string& field) {
  for (const auto& attribute : type.attributes) {
    const auto ask = attribute.type != nullptr ? ask_of(*attribute.type) : Ask::line;
    const auto value = answers.value(attribute_field(field, attribute.name), ask);
    if (!value.empty()) xml_.attribute(attribute.name, value);
  }
}

void Writing::children(const xml::ComplexType& type, const Answers& answers, const std::string& field) {
  for (const auto& part : parts_of(type)) {
    const auto& name = part.element->name;
    const int last = part.repeats ? answers.last_of(forms::field_of(field, name, 0, false)) : 1;
    for (int i = 1; i <= last; ++i) {
      const auto at = forms::field_of(field, name, i, part.repeats);
      if (answers.any(at)) element(*part.element, answers, at, "");
    }
  }
}

std::string Writing::field_of(const Fault& fault) const {
  const auto after = lines_.upper_bound(fault.line);
  if (after == lines_.begin()) return "";
  std::string at = std::prev(after)->second;
  // The intake names what is missing by its path, at the line of what it is missing from.
  const auto name = fault.field.substr(fault.field.rfind('/') + 1);
  if (name.empty() || name == at || at.ends_with("/" + name) || fault.code.find("missing") == std::string::npos)
    return at;
  return forms::field_of(at, name, 1, false);
}

std::multimap<std::string, std::string> by_field(const Writing& writing, std::span<const Fault> faults) {
  std::multimap<std::string, std::string> said;
  for (const Fault& fault : faults)
    if (fault.severity == Severity::error) said.emplace(writing.field_of(fault), fault.problem + " " + fault.mend);
  return said;
}

}  // namespace answerable::service::forms
