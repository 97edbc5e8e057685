#include "ingest/xml/kinds.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "ingest/xml/document.hpp"

namespace answerable::xml {
namespace {

namespace fs = std::filesystem;

Path path_of(std::string_view text) {
  Path path;
  if (text == ".") return path;
  while (!text.empty()) {
    const auto slash = text.find('/');
    const auto step = text.substr(0, slash);
    if (step.starts_with('@')) {
      path.attribute = step.substr(1);
    } else {
      path.steps.emplace_back(step);
    }
    text = slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1);
  }
  return path;
}

std::optional<Path> optional_path(const Element& element, std::string_view attribute) {
  const auto* text = element.attribute(attribute);
  return text == nullptr ? std::nullopt : std::optional(path_of(*text));
}

Path needed_path(const Element& element, std::string_view attribute) {
  return path_of(element.value(attribute));
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

Severity severity_of(const Element& element) {
  const auto text = element.value("severity");
  return text == "query" ? Severity::query : text == "note" ? Severity::note : Severity::error;
}

std::vector<AttributeRule> attributes_of(const Element& element) {
  std::vector<AttributeRule> rules;
  for (const auto* it : element.all("attribute"))
    rules.push_back({std::string(it->value("name")), needed_path(*it, "path")});
  return rules;
}

EntryRule entry_of(const Element& element) {
  EntryRule rule;
  rule.act = element.value("act");
  rule.date = needed_path(element, "date");
  rule.until = optional_path(element, "until");
  rule.each = optional_path(element, "each");
  rule.by = optional_path(element, "by");
  if (const auto* when = element.child("when")) {
    rule.when = needed_path(*when, "path");
    rule.when_is = words_of(when->value("is"));
  }
  rule.attributes = attributes_of(element);
  rule.says = element.value("says");
  return rule;
}

std::string camel_case(std::string_view kind) {
  std::string name;
  bool capital = false;
  for (const char c : kind) {
    if (c == '-') {
      capital = true;
      continue;
    }
    name += capital && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    capital = false;
  }
  return name;
}

Kind kind_of(const Element& root, const fs::path& folder) {
  Kind kind;
  kind.folder = folder;
  kind.name = root.value("kind");
  kind.version = std::stoi(std::string(root.value("version")));
  kind.ns = fmt::format("urn:answerable:{}:{}", kind.name, kind.version);
  kind.element = camel_case(kind.name);
  kind.title = root.value("title");
  kind.function = root.value("function");
  kind.copies = root.value("copies");
  kind.evidence_for = optional_path(root, "evidence-for");
  for (const auto& it : root.children) {
    if (it.name == "subject") {
      kind.subject_type = it.value("type");
      kind.subject = optional_path(it, "path");
    } else if (it.name == "defines") {
      kind.definitions.push_back({std::string(it.value("scheme")), needed_path(it, "path")});
    } else if (it.name == "reference") {
      kind.references.push_back(
          {needed_path(it, "path"), words_of(it.value("kinds")), std::string(it.value("scheme")), severity_of(it)});
    } else if (it.name == "order") {
      kind.orders.push_back(
          {needed_path(it, "earlier"), needed_path(it, "later"), std::string(it.value("because")), severity_of(it)});
    } else if (it.name == "entry") {
      kind.entries.push_back(entry_of(it));
    } else if (it.name == "evidences") {
      kind.evidences = {needed_path(it, "each"), needed_path(it, "target"),    needed_path(it, "item"),
                        needed_path(it, "is"),   optional_path(it, "created"), optional_path(it, "covers")};
    } else if (it.name == "content") {
      kind.content = {needed_path(it, "path"), needed_path(it, "sha256"), needed_path(it, "bytes")};
    }
  }
  kind.attributes = attributes_of(root);
  return kind;
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& it : fs::directory_iterator(folder)) {
    if (it.is_directory()) found.push_back(it.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

const std::string* find_value(const Attributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes) {
    if (key == name) return &value;
  }
  return nullptr;
}

struct Filled {
  std::string text;
  int there{}, missing{};
  bool left_out() const { return there == 0 && missing > 0; }
};

/// Values only; parentheses are cut out before.
Filled fill_plain(std::string_view part, const Attributes& attributes, std::string_view instead) {
  Filled filled;
  while (!part.empty()) {
    const auto open = part.find('{');
    const auto close = open == std::string_view::npos ? open : part.find('}', open);
    filled.text += part.substr(0, close == std::string_view::npos ? close : open);
    if (close == std::string_view::npos) break;
    const auto* value = find_value(attributes, part.substr(open + 1, close - open - 1));
    filled.text += value == nullptr ? instead : std::string_view(*value);
    ++(value == nullptr ? filled.missing : filled.there);
    part.remove_prefix(close + 1);
  }
  return filled;
}

/// One sentence, with its parentheses each judged alone.
Filled fill_sentence(std::string_view sentence, const Attributes& attributes, std::string_view instead) {
  Filled whole;
  while (!sentence.empty()) {
    const auto open = sentence.find(" (");
    const auto close = open == std::string_view::npos ? open : sentence.find(')', open);
    const auto before =
        fill_plain(sentence.substr(0, close == std::string_view::npos ? close : open), attributes, instead);
    whole.text += before.text;
    whole.there += before.there;
    whole.missing += before.missing;
    if (close == std::string_view::npos) break;
    if (const auto inside = fill_plain(sentence.substr(open, close + 1 - open), attributes, instead);
        !inside.left_out()) {
      whole.text += inside.text;
    }
    sentence.remove_prefix(close + 1);
  }
  return whole;
}

}  // namespace

std::string Path::text() const {
  if (steps.empty() && attribute.empty()) return ".";
  auto text = fmt::format("{}", fmt::join(steps, "/"));
  if (!attribute.empty()) text += (text.empty() ? "@" : "/@") + attribute;
  return text;
}

Kinds Kinds::load(const fs::path& schemas_folder) {
  Kinds kinds;
  kinds.folder_ = schemas_folder;
  const auto records = schemas_folder / "records";
  if (!fs::is_directory(records)) throw Invalid(records, "there is no such folder of record kinds");
  const std::array grammar{schemas_folder / "timeline" / "1" / "timeline.xsd"};
  const DocumentReader reader(grammar);
  for (const auto& by_kind : folders_in(records)) {
    for (const auto& folder : folders_in(by_kind)) {
      const auto timeline = folder / "timeline.xml";
      if (!fs::is_regular_file(timeline)) throw Invalid(timeline, "the record kind has no timeline.xml");
      auto kind = kind_of(reader.read(timeline), folder);
      if (!fs::is_regular_file(kind.schema())) throw Invalid(kind.schema(), "the record kind has no record.xsd");
      const auto called = fmt::format("{}/{}", kind.name, kind.version);
      if (kind.name != by_kind.filename().string() || std::to_string(kind.version) != folder.filename().string()) {
        throw Invalid(timeline, fmt::format("it says it is {}, which is not the folder it lies in", called));
      }
      if (kinds.find(kind.ns) != nullptr)
        throw Invalid(timeline, fmt::format("the namespace {} is there twice", kind.ns));
      kinds.kinds_.push_back(std::move(kind));
    }
  }
  return kinds;
}

const Kind* Kinds::find(std::string_view ns) const {
  const auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& it) { return it.ns == ns; });
  return found == kinds_.end() ? nullptr : &*found;
}

const Kind* Kinds::find(std::string_view name, int version) const {
  const auto found = std::find_if(kinds_.begin(), kinds_.end(),
                                  [&](const Kind& it) { return it.version == version && it.name == name; });
  return found == kinds_.end() ? nullptr : &*found;
}

std::string Kinds::says(std::string_view kind_name, int version, std::string_view act,
                        const Attributes& attributes) const {
  const auto* kind = find(kind_name, version);
  if (kind == nullptr) return std::string(act);
  if (act == kind->copies) {
    return fill(fmt::format("Written copy given to {{to}}: {}. How: {{how}}. Delivery: {{delivery}}. Asked for by the "
                            "person: {{asked-for}}.",
                            kind->title),
                attributes);
  }
  for (const auto& entry : kind->entries) {
    if (entry.act != act) continue;
    return fill(entry.says, attributes);
  }
  return std::string(act);
}

std::string fill(std::string_view says, const Attributes& attributes) {
  std::string line;
  for (auto rest = says; !rest.empty();) {
    const auto end = rest.find(". ");
    const auto sentence = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 2);
    const auto filled = fill_sentence(sentence, attributes, "");
    if (filled.left_out()) continue;
    if (!line.empty()) line += ' ';
    line += filled.text;
  }
  // An entry must say something even when the values of its only sentence are all missing.
  return line.empty() ? fill_sentence(says, attributes, "(not recorded)").text : line;
}

}  // namespace answerable::xml
