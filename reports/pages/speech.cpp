#include "reports/pages/speech.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "audit/engine/timeline.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/xml/kinds.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {
namespace {

/// The values that a schema lists. Ours are written one way only, so no parser is needed to find them.
std::set<std::string, std::less<>> enumerations(const std::filesystem::path& schema) {
  std::ifstream in(schema, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::set<std::string, std::less<>> found;
  constexpr std::string_view before = "<xs:enumeration value=\"";
  for (auto at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
    const auto from = at + before.size();
    found.insert(text.substr(from, text.find('"', from) - from));
  }
  return found;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    if (end > at) parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

}  // namespace

std::set<std::string, std::less<>> listed_codes(const xml::Kinds& kinds, std::string_view kind, int version) {
  auto codes = enumerations(kinds.schemas_folder() / "common/1/common.xsd");
  if (const auto* known = kinds.find(kind, version)) codes.merge(enumerations(known->schema()));
  return codes;
}

Speech::Speech(const xml::Kinds& kinds, const engine::Organisations& organisations)
    : kinds_(&kinds), organisations_(&organisations) {
  const auto common = enumerations(kinds.schemas_folder() / "common/1/common.xsd");
  for (const auto& kind : kinds.all()) {
    auto& words = words_[{kind.name, kind.version}];
    words.codes = enumerations(kind.schema());
    words.codes.insert(common.begin(), common.end());
    std::set<std::string> references;
    for (const auto& reference : kind.references) references.insert(reference.path.text());
    for (const auto& definition : kind.definitions) references.insert(definition.path.text());
    const auto note = [&](const xml::AttributeRule& rule, const std::string& inside) {
      if (references.contains(inside + rule.path.text())) words.verbatim.insert(rule.name);
    };
    for (const auto& rule : kind.attributes) note(rule, "");
    for (const auto& entry : kind.entries) {
      const std::string inside = entry.each ? entry.each->text() + "/" : "";
      for (const auto& rule : entry.attributes) note(rule, inside);
    }
  }
}

std::string Speech::spoken(std::string_view value, const Words* words) const {
  if (const auto when = parse_happened(value)) return answerable::words(*when);
  const auto parts = split(value);
  const auto is_code = [&](const std::string& part) { return words != nullptr && words->codes.contains(part); };
  if (!parts.empty() && std::ranges::all_of(parts, is_code)) {
    std::vector<std::string> said;
    for (const auto& part : parts) said.push_back(code_words(part));
    return list_words(said);
  }
  const auto is_organisation = [&](const std::string& part) { return organisations_->name(part) != part; };
  if (!parts.empty() && std::ranges::all_of(parts, is_organisation)) {
    std::vector<std::string> said;
    for (const auto& part : parts) said.push_back(organisations_->name(part));
    return list_words(said);
  }
  const auto is_person = [](const std::string& part) {
    return part.starts_with("nhs-number:") || part.starts_with("council:") || part.starts_with("sender:");
  };
  if (!parts.empty() && std::ranges::all_of(parts, is_person)) {
    std::vector<std::string> said;
    for (const auto& part : parts)
      said.push_back(identifier_words({part.substr(0, part.find(':')), part.substr(part.find(':') + 1)}));
    return list_words(said);
  }
  std::string out(value);
  while (!out.empty() && (out.back() == '.' || out.back() == ' ' || out.back() == '\n')) out.pop_back();
  return out;
}

std::string Speech::says(std::string_view kind, int version, std::string_view act, Attributes attributes) const {
  const auto found = words_.find({std::string(kind), version});
  const Words* words = found == words_.end() ? nullptr : &found->second;
  for (auto& [name, value] : attributes) {
    if (words == nullptr || !words->verbatim.contains(name)) value = spoken(value, words);
  }
  return sentence(kinds_->says(kind, version, act, attributes));
}

std::string Speech::title(std::string_view kind, int version) const {
  const auto* found = kinds_->find(kind, version);
  return found != nullptr ? found->title : code_words(kind);
}

}  // namespace answerable::pages
