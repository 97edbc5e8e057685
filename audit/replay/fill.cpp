#include "audit/replay/fill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace answerable::replay {
namespace {

using xml::Element;

/// "53,145.25" of "demand to repay 53,145.25 pounds": the first sum of money in the line.
std::string amount_in(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') continue;
    std::size_t end = i;
    std::string digits;
    for (; end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == ',' || text[end] == '.'); ++end)
      if (text[end] != ',') digits += text[end];
    while (!digits.empty() && digits.back() == '.') digits.pop_back();
    const bool pound_sign = i >= 2 && text.substr(i - 2, 2) == "\xc2\xa3";
    const bool in_words = text.substr(end, 6) == " pound" || text.substr(end, 4) == " GBP";
    if ((pound_sign || in_words) && digits.size() < 10 && std::ranges::count(digits, '.') <= 1)
      return fmt::format("{:.2f}", std::strtod(digits.c_str(), nullptr));
    i = end;
  }
  return {};
}

std::string year_on(const Happened& when) {
  auto text = iso(when);
  const int year = std::stoi(text.substr(0, 4)) + 1;
  text.replace(0, 4, fmt::format("{:04}", year));
  if (text.ends_with("-02-29")) text.replace(5, 5, "02-28");
  return text;
}

/// When the latest earlier event of the first of these kinds that is told of happened; the event's own date otherwise.
std::string since(std::string_view kinds, const Values& values) {
  for (const auto& kind : list_of(kinds)) {
    const auto& earlier = *values.earlier;
    const auto found =
        std::find_if(earlier.rbegin(), earlier.rend(), [&](const CaseEvent* e) { return e->kind == kind; });
    if (found != earlier.rend() && (*found)->when.first <= values.event->when.last) return iso((*found)->when);
  }
  return iso(values.event->when);
}

std::string value_of(std::string_view name, const Values& values) {
  if (name == "council.code") return values.council.code;
  if (name == "council.name") return values.council.name;
  if (name == "start") return iso(values.start);
  if (name == "performer.scheme") return values.performer.scheme;
  if (name == "performer.code") return values.performer.code;
  if (name == "performer.name") return values.performer.name;
  if (name == "other.scheme") return values.other.scheme;
  if (name == "other.code") return values.other.code;
  if (name == "other.name") return values.other.name;
  if (name == "capacity") return values.capacity;
  if (name == "case") return values.complaint;
  if (name == "subject") return clean(values.subject, 250);
  if (values.event == nullptr) return {};
  if (name == "date") return iso(values.event->when);
  if (name == "year-on") return year_on(values.event->when);
  if (name == "detail") return clean(values.event->detail, 240);
  if (name == "amount") return amount_in(values.event->detail);
  if (name.starts_with("since:")) return since(name.substr(6), values);
  return {};
}

/// \return whether every placeholder had a value
bool put_in(std::string& text, const Values& values) {
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open)) {
    const auto close = text.find('}', open);
    if (close == std::string::npos) return true;
    const std::string_view inside = std::string_view(text).substr(open + 1, close - open - 1);
    const auto bar = inside.find('|');
    std::string value = value_of(inside.substr(0, bar), values);
    if (value.empty() && bar != std::string_view::npos) value = inside.substr(bar + 1);
    if (value.empty()) return false;
    text.replace(open, close - open + 1, value);
    open += value.size();
  }
  return true;
}

/// The mapping's short form of an evidence element: its state follows from how the event is evidenced.
Element evidence(const Element& short_form, const std::string& ns, const Facts& facts, const Values& values) {
  Element e;
  e.ns = ns;
  e.name = "evidence";
  const auto put = [&](const char* name, std::string_view text) {
    Element child;
    child.ns = ns;
    child.name = name;
    child.text = text;
    e.children.push_back(std::move(child));
  };
  put("item", short_form.value("item"));
  if (facts.evidence == "missing") {
    put("state", "not-supplied");
  } else if (facts.evidence == "contradicted") {
    put("state", "contradicted");
  } else {
    put("state", "present");
    put("is", short_form.value("is"));
    put("created", iso(values.event->when));
    if (const auto* covers = short_form.attribute("covers")) put("covers", *covers);
  }
  return e;
}

}  // namespace

const std::string* own(const Element& element, std::string_view attribute) {
  return element.attribute(fmt::format("{{{}}}{}", replay_namespace, attribute));
}

std::string clean(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  if (out.size() > most) {
    out.resize(most);
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0U) == 0x80U) out.pop_back();
    if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xc0U) out.pop_back();
  }
  const auto first = out.find_first_not_of(' ');
  return first == std::string::npos ? std::string{} : out.substr(first, out.find_last_not_of(' ') - first + 1);
}

std::string clean_code(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 40)) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    out += plain ? c : '_';
  }
  return out;
}

std::optional<Element> fill(const Element& record_template, const Mapping& mapping, const Facts& facts,
                            const Values& values) {
  if (!mapping.holds(record_template, facts, replay_namespace)) return std::nullopt;
  if (values.continuing && own(record_template, "first")) return std::nullopt;
  Element e;
  e.ns = record_template.ns;
  e.name = record_template.name;
  for (auto [name, value] : record_template.attributes) {
    if (name.starts_with('{')) continue;
    if (put_in(value, values)) e.attributes.emplace_back(name, std::move(value));
  }
  for (const auto& child : record_template.children) {
    if (child.ns == replay_namespace) {
      if (mapping.holds(child, facts, replay_namespace)) e.children.push_back(evidence(child, e.ns, facts, values));
    } else if (auto filled = fill(child, mapping, facts, values)) {
      e.children.push_back(std::move(*filled));
    }
  }
  // What was only there to hold others goes with them.
  if (!record_template.children.empty() && e.children.empty() && e.attributes.empty()) return std::nullopt;
  e.text = record_template.children.empty() ? record_template.text : std::string{};
  if (!put_in(e.text, values)) return std::nullopt;
  return e;
}

}  // namespace answerable::replay
