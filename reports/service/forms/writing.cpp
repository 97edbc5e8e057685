#include "reports/service/forms/writing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace answerable::service::forms {
namespace {

bool is_missing(const Fault& fault) {
  return fault.code.ends_with(".missing");
}

/// A fault for whoever sees a form: without the XML that the intake's own sentences speak of.
std::string words_of(const Fault& fault, std::string_view field) {
  if (field.empty()) return fault.problem + " " + fault.mend;
  std::string name(field.substr(field.find_last_of("/@") == field.npos ? 0 : field.find_last_of("/@") + 1));
  name = label_of(name.substr(0, name.find('.')));
  if (is_missing(fault)) return fmt::format("{} is needed. {}", name, fault.expected);
  const bool of_xml = fault.code.starts_with("element.") || fault.code == "attribute.unknown";
  return fmt::format("{}: {} {}", name, fault.problem, of_xml ? fault.expected : fault.mend);
}

}  // namespace

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
  // The intake names attributes, and what is missing, by their paths at the line of what they stand in.
  std::string name = fault.field.substr(fault.field.rfind('/') + 1);
  if (fault.code.starts_with("attribute.")) return attribute_field(at, name.substr(name.find('@') + 1));
  if (name.empty() || !is_missing(fault) || at == name || at.ends_with("/" + name)) return at;
  return forms::field_of(at, name, 1, false);
}

Wrapped wrap(const Head& head, std::string_view record, std::string_view kind, int version) {
  std::string file = Writing(head).finish();
  constexpr std::string_view nothing = "<records/>";
  const auto at = file.rfind(nothing);
  const auto open = record.find('<');
  const auto name =
      open == record.npos ? "" : record.substr(open + 1, record.find_first_of(" \t\r\n/>", open) - open - 1);
  const auto colon = name.find(':');
  std::string around = "<records";
  if (colon != name.npos && !kind.empty())
    around += fmt::format(" xmlns:{}=\"urn:answerable:{}:{}\"", name.substr(0, colon), kind, version);
  around += ">\n";
  const auto before = std::ranges::count(std::string_view(file).substr(0, at), '\n') + 1;
  around += record;
  file.replace(at, nothing.size(), around + "\n</records>");
  return {std::move(file), static_cast<int>(before)};
}

std::multimap<std::string, std::string> by_field(const Writing& writing, std::span<const Fault> faults) {
  std::multimap<std::string, std::string> said;
  for (const Fault& fault : faults) {
    if (fault.severity != Severity::error) continue;
    auto field = writing.field_of(fault);
    auto words = words_of(fault, field);
    said.emplace(std::move(field), std::move(words));
  }
  return said;
}

}  // namespace answerable::service::forms
