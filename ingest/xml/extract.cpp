#include "ingest/xml/extract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/base64.hpp"
#include "ingest/digest.hpp"
#include "ingest/identifiers.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::xml {
namespace {

constexpr std::size_t most_entries = 10'000;
constexpr std::size_t most_value_bytes = 16 << 20;

bool planned_step(std::string_view step) {
  static constexpr std::array<std::string_view, 7> words{"due", "from", "until", "to", "effective", "ends", "expires"};
  return std::find(words.begin(), words.end(), step) != words.end() || step.starts_with("planned") ||
         step.starts_with("next") || step.ends_with("Due") || step.ends_with("From") || step.ends_with("Until");
}

}  // namespace

std::string field_of(const Tree& tree, const Names& names, std::int32_t node, std::string_view attribute) {
  std::string field = attribute.empty() ? std::string{} : fmt::format("/@{}", attribute);
  for (auto it = node; it >= 0; it = tree[it].parent)
    field = names.text(tree[it].name) + (it == node ? "" : "/") + field;
  return field;
}

std::optional<Happened> when_of(std::string_view text) {
  if (text.size() > 10 && text[10] == 'T') {
    const auto at = parse_instant(text);
    if (!at) return std::nullopt;
    const auto day = london_day(*at);
    return Happened{day, day, Precision::day};
  }
  return parse_happened(text);
}

void check_identifiers(const Tree& tree, const Names& names, std::uint32_t scheme, std::uint32_t code, Places& places,
                       std::string_view record_id, std::vector<Fault>& faults) {
  for (std::int32_t node = 0; node < tree.size(); ++node) {
    if (tree[node].attribute_begin == tree[node].attribute_end) continue;
    const auto its_scheme = tree.attribute(node, scheme);
    if (its_scheme.empty()) continue;
    const auto organisation = tree.has_attribute(node, code);
    // An organisation whose code is missing is the schema's business; its name is no code.
    if (!organisation && its_scheme != "nhs-number") continue;
    const auto value = organisation ? tree.attribute(node, code) : tree.text(node);
    if (value.empty()) continue;  // the schema's business
    auto fault = check_identifier(its_scheme, value);
    if (!fault) continue;
    const auto place = places.of(node);
    faults.push_back({.severity = Severity::error,
                      .code = std::move(fault->code),
                      .line = place.line,
                      .column = place.column,
                      .record_id = std::string(record_id),
                      .field = field_of(tree, names, node, organisation ? "code" : ""),
                      .sent = shortened(value, 200),
                      .problem = std::move(fault->problem),
                      .expected = std::move(fault->expected),
                      .mend = std::move(fault->mend)});
  }
}

/// One record being extracted.
struct Extractor::Run {
  const Extractor& of;
  const Tree& tree;
  Places& places;
  Day today;
  ParsedRecord& record;
  std::size_t value_bytes{};
  AttributeList shared, involved;
  std::string joined{};  ///< of value(): used again

  template <class Each>
  void nodes(std::int32_t node, std::span<const std::uint32_t> steps, const Each& each) const {
    if (steps.empty()) {
      each(node);
      return;
    }
    for (auto it = tree.child(node, steps.front()); it >= 0; it = tree.again(it)) nodes(it, steps.subspan(1), each);
  }

  /// All values at the path, with spaces between: scheme:code for organisations, scheme:value for other identifiers,
  /// else the text. Lasts until the next is asked for.
  std::string_view value(std::int32_t from, const CompiledPath& path) {
    joined.clear();
    nodes(from, path.steps, [&](std::int32_t node) {
      const auto scheme = path.attribute != 0 ? std::string_view{} : tree.attribute(node, of.common_.scheme);
      auto text = tree.attribute(node, path.attribute != 0 ? path.attribute : of.common_.code);
      if (path.attribute == 0 && (scheme.empty() || text.empty())) text = tree.text(node);
      if (scheme.empty() && text.empty()) return;
      if (!joined.empty()) joined += ' ';
      if (!scheme.empty()) joined.append(scheme) += ':';
      joined += text;
    });
    return joined;
  }

  std::int32_t first(std::int32_t from, const CompiledPath& path) const {
    std::int32_t found = -1;
    nodes(from, path.steps, [&](std::int32_t node) {
      if (found < 0) found = node;
    });
    return found;
  }

  std::string_view raw(std::int32_t from, const CompiledPath& path) const {
    const auto node = first(from, path);
    if (node < 0) return {};
    return path.attribute != 0 ? tree.attribute(node, path.attribute) : tree.text(node);
  }

  std::string_view child_text(std::int32_t node, std::uint32_t name) const {
    const auto child = tree.child(node, name);
    return child < 0 ? std::string_view{} : tree.text(child);
  }

  std::optional<OrganisationRef> organisation(std::int32_t node) const {
    if (node < 0 || tree.attribute(node, of.common_.code).empty()) return std::nullopt;
    return OrganisationRef{std::string(tree.attribute(node, of.common_.scheme)),
                           std::string(tree.attribute(node, of.common_.code)), std::string(tree.text(node))};
  }

  static void add(AttributeList& to, std::string_view name, std::string_view text) {
    if (!text.empty()) to.set(name, text);
  }

  void add_entry(ParsedEntry&& made) {
    made.attributes.add(involved);
    value_bytes += made.attributes.packed().size();
    record.entries.push_back(std::move(made));
  }

  void fault(Severity severity, std::string code, std::int32_t node, std::string_view sent, std::string problem,
             std::string expected, std::string mend) {
    const auto place = places.of(node);
    record.faults.push_back({.severity = severity,
                             .code = std::move(code),
                             .line = place.line,
                             .column = place.column,
                             .record_id = record.id,
                             .field = field_of(tree, of.names_, node),
                             .sent = shortened(sent, 200),
                             .problem = std::move(problem),
                             .expected = std::move(expected),
                             .mend = std::move(mend)});
  }

  void header();
  void identity();
  void shared_values();
  void references();
  void reference(std::int32_t node, std::uint32_t attribute, std::vector<std::string> kinds, std::string scheme,
                 Severity severity);
  void evidence();
  void evidences();
  void entries();
  void entry(const CompiledEntry& rule, std::int32_t base);
  void copies();
  void orders();
  void content(bool wanted);
  bool full();
};

void Extractor::Run::header() {
  const auto& name = of.common_;
  record.agreement = child_text(0, name.agreement);
  if (const auto node = tree.child(0, name.performed_by); node >= 0) {
    record.performer = organisation(tree.child(node, name.organisation));
    record.worker = child_text(node, name.worker);
    record.role = child_text(node, name.role);
  }
  record.recorded = parse_happened(child_text(0, name.recorded));
  if (const auto node = tree.child(0, name.source); node >= 0) {
    record.source = child_text(node, name.system);
    if (const auto document = child_text(node, name.document); !document.empty()) {
      if (!record.source.empty()) record.source += ", ";
      record.source += document;
    }
  }
}

void Extractor::Run::identity() {
  const auto& kind = of.kind_;
  record.subject_type = kind.subject_type;
  const auto add_subject = [&](std::int32_t node, std::string_view type) {
    IdentifierRef ref;
    ref.scheme = type == "person" ? std::string(tree.attribute(node, of.common_.scheme)) : std::string(type);
    ref.value = tree.text(node);
    if (ref.scheme.empty() || ref.value.empty()) return;
    if (std::find(record.subject.begin(), record.subject.end(), ref) == record.subject.end())
      record.subject.push_back(std::move(ref));
  };
  if (of.subject_) {
    if (const auto node = first(0, *of.subject_); node >= 0) add_subject(node, kind.subject_type);
  }
  for (std::size_t i = 0; i < kind.definitions.size(); ++i) {
    const auto& scheme = kind.definitions[i].scheme;
    if (scheme != "case") record.defines_subject = true;
    nodes(0, of.definitions_[i].steps, [&](std::int32_t node) {
      if (scheme == "case") {
        if (!tree.text(node).empty()) record.cases.push_back({"case", std::string(tree.text(node))});
      } else {
        add_subject(node, scheme);
      }
    });
  }
}

void Extractor::Run::shared_values() {
  for (const auto& rule : of.attributes_) add(shared, rule.name, value(0, rule.path));
  const auto& name = of.common_;
  for (auto node = tree.child(0, name.involvement); node >= 0; node = tree.again(node)) {
    const auto who = child_text(node, name.who), state = child_text(node, name.state);
    if (who.empty() || state.empty()) continue;
    const auto key = fmt::format("involved.{}", who);
    const auto same = std::ranges::find(involved, key, &AttributeList::Pair::first);
    if (same == involved.end()) {
      involved.add(key, state);
    } else if (const auto told = (*same).second; told != state && told.size() < 200) {
      involved.set(key, fmt::format("{} {}", told, state));
    }
  }
}

void Extractor::Run::reference(std::int32_t node, std::uint32_t attribute, std::vector<std::string> kinds,
                               std::string scheme, Severity severity) {
  ParsedReference ref;
  ref.id = attribute != 0 ? tree.attribute(node, attribute) : tree.text(node);
  if (ref.id.empty()) return;
  ref.sender = tree.attribute(node, of.common_.sender);
  // A person is named by scheme and value, and both must be known to look it up.
  if (scheme == "person") ref.id = fmt::format("{}:{}", tree.attribute(node, of.common_.scheme), ref.id);
  ref.kinds = std::move(kinds);
  ref.scheme = std::move(scheme);
  ref.field = field_of(tree, of.names_, node);
  const auto place = places.of(node);
  ref.line = place.line;
  ref.column = place.column;
  ref.severity = severity;
  record.references.push_back(std::move(ref));
}

void Extractor::Run::references() {
  for (std::size_t i = 0; i < of.references_.size(); ++i) {
    const auto& rule = of.kind_.references[i];
    nodes(0, of.references_[i].steps, [&](std::int32_t node) {
      reference(node, of.references_[i].attribute, rule.kinds, rule.scheme, rule.severity);
    });
  }
}

void Extractor::Run::evidence() {
  const auto& name = of.common_;
  for (auto node = tree.child(0, name.evidence); node >= 0; node = tree.again(node)) {
    ParsedEvidence it;
    if (of.evidence_for_) it.target = raw(0, *of.evidence_for_);
    it.item = child_text(node, name.item);
    it.state = child_text(node, name.state);
    it.document = child_text(node, name.document);
    it.is_a = child_text(node, name.is);
    it.created = parse_happened(child_text(node, name.created));
    it.covers = child_text(node, name.covers);
    it.reason = child_text(node, name.reason);
    if (const auto search = tree.child(node, name.search); search >= 0) {
      it.searched_by = child_text(search, name.by);
      it.searched_where = child_text(search, name.where);
      it.searched_on = parse_day(child_text(search, name.on));
      it.searched_terms = child_text(search, name.terms);
    }
    if (const auto document = tree.child(node, name.document); document >= 0)
      reference(document, 0, {"document"}, {}, Severity::error);
    record.evidence.push_back(std::move(it));
  }
}

void Extractor::Run::evidences() {
  if (!of.evidences_) return;
  const auto& rule = *of.evidences_;
  nodes(0, rule.each.steps, [&](std::int32_t node) {
    ParsedEvidence it;
    it.state = "present";
    it.item = raw(node, rule.item);
    it.target = raw(node, rule.target);
    it.document = record.id;
    it.is_a = raw(0, rule.is);
    if (rule.created) it.created = parse_happened(raw(0, *rule.created));
    if (rule.covers) it.covers = raw(node, *rule.covers);
    record.evidence.push_back(std::move(it));
  });
}

bool Extractor::Run::full() {
  return record.entries.size() >= most_entries || value_bytes > most_value_bytes;
}

void Extractor::Run::entry(const CompiledEntry& rule, std::int32_t base) {
  const auto node = first(base, rule.date);
  if (node < 0 || full()) return;
  const auto text = raw(base, rule.date);
  const auto when = when_of(text);
  if (!when) return;  // the schema has complained of it
  if (rule.when) {
    const auto found = value(base, *rule.when);
    if (std::find(rule.rule->when_is.begin(), rule.rule->when_is.end(), found) == rule.rule->when_is.end()) return;
  }
  if (!rule.planned && when->first > today + std::chrono::days{1}) {
    fault(Severity::query, "date.future", node, text,
          fmt::format("The date lies in the future: {} is after today, {}.", iso(*when), iso(today)),
          "A date on which this has already happened.",
          "Check the year. Send planned dates in the field for the due or planned date.");
  }
  ParsedEntry made;
  made.act = rule.rule->act;
  made.when = *when;
  if (rule.until) made.until = when_of(raw(base, *rule.until));
  if (rule.by) made.by = organisation(first(base, *rule.by));
  made.attributes = shared;
  for (const auto& it : rule.attributes) add(made.attributes, it.name, value(base, it.path));
  add_entry(std::move(made));
}

void Extractor::Run::entries() {
  for (const auto& rule : of.entries_) {
    if (rule.each) {
      nodes(0, rule.each->steps, [&](std::int32_t node) { entry(rule, node); });
    } else {
      entry(rule, 0);
    }
  }
  copies();
  if (full()) {
    fault(Severity::error, "cap.entries", 0, {},
          fmt::format("The record holds more than {} dated acts, or their values are too large.", most_entries),
          "One record for one act and what belongs to it.",
          "Split it into several records, each with an id of its own.");
    record.entries.clear();
  }
}

void Extractor::Run::copies() {
  if (of.kind_.copies.empty()) return;
  const auto& name = of.common_;
  for (auto node = tree.child(0, name.copy); node >= 0 && !full(); node = tree.again(node)) {
    const auto on = child_text(node, name.on);
    const auto when = when_of(on);
    if (!when) continue;
    if (when->first > today + std::chrono::days{1}) {
      fault(Severity::query, "date.future", tree.child(node, name.on), on,
            fmt::format("The date lies in the future: {} is after today, {}.", iso(*when), iso(today)),
            "A date on which this has already happened.", "Check the year.");
    }
    ParsedEntry made;
    made.act = of.kind_.copies;
    made.when = *when;
    made.attributes = shared;
    add(made.attributes, "to", child_text(node, name.to));
    add(made.attributes, "how", child_text(node, name.how));
    add(made.attributes, "delivery", child_text(node, name.delivery));
    add(made.attributes, "asked-for", child_text(node, name.asked_for));
    add_entry(std::move(made));
  }
}

void Extractor::Run::orders() {
  for (const auto& order : of.orders_) {
    nodes(0, order.common.steps, [&](std::int32_t common) {
      nodes(common, order.earlier.steps, [&](std::int32_t earlier) {
        const auto earlier_text =
            order.earlier.attribute != 0 ? tree.attribute(earlier, order.earlier.attribute) : tree.text(earlier);
        const auto before = when_of(earlier_text);
        if (!before || record.faults.size() > 100) return;
        nodes(common, order.later.steps, [&](std::int32_t later) {
          const auto later_text =
              order.later.attribute != 0 ? tree.attribute(later, order.later.attribute) : tree.text(later);
          const auto after = when_of(later_text);
          if (!after || before->first <= after->last) return;
          const auto first_name = order.rule->earlier.text(), second_name = order.rule->later.text();
          fault(order.rule->severity, "date.order", later, later_text,
                fmt::format("{} ({}) lies before {} ({}): {}.", second_name, later_text, first_name, earlier_text,
                            order.rule->because),
                fmt::format("{} on or after {}.", second_name, earlier_text),
                fmt::format("Check both dates and correct the one that is wrong, {} or {}.", first_name, second_name));
        });
      });
    });
  }
}

void Extractor::Run::content(bool wanted) {
  if (!of.content_) return;
  const auto node = first(0, of.content_->path);
  if (node < 0) return;
  if (!wanted && first(0, of.content_->sha256) < 0 && first(0, of.content_->bytes) < 0) return;
  const auto bytes = parse_xml_base64(std::string(tree.text(node)));
  if (!bytes) return;  // the schema has complained of it
  const auto compare = [&](const CompiledPath& path, const char* code, const char* what, const std::string& is) {
    const auto said = first(0, path);
    if (said < 0 || tree.text(said) == is) return;
    fault(Severity::error, code, said, tree.text(said),
          fmt::format("This is not the {} of the document that is sent with it.", what),
          fmt::format("{}, which the bytes in {} have.", is, field_of(tree, of.names_, node)),
          "Send the document that is meant. If it is this one, correct what is said of it, or leave that out.");
  };
  compare(of.content_->sha256, "content.sha256", "SHA-256", hex(sha256(*bytes)));
  compare(of.content_->bytes, "content.bytes", "number of bytes", std::to_string(bytes->size()));
  if (wanted) record.content = as_text(*bytes);
}

Extractor::CompiledPath Extractor::compile(const Path& path) const {
  CompiledPath to;
  for (const auto& step : path.steps) to.steps.push_back(names_.id(step));
  to.attribute = names_.id(path.attribute);
  return to;
}

std::optional<Extractor::CompiledPath> Extractor::compile(const std::optional<Path>& path) const {
  if (!path) return std::nullopt;
  return compile(*path);
}

std::vector<Extractor::CompiledAttribute> Extractor::compile(const std::vector<AttributeRule>& rules) const {
  std::vector<CompiledAttribute> to;
  to.reserve(rules.size());
  for (const auto& rule : rules) to.push_back({rule.name, compile(rule.path)});
  return to;
}

Extractor::Extractor(const Kind& kind, Names& names) : kind_(kind), names_(names) {
  const auto id = [&](std::string_view name) { return names_.id(name); };
  common_ = {id("id"),           id("corrects"), id("scheme"),      id("code"),      id("sender"),   id("performedBy"),
             id("organisation"), id("worker"),   id("role"),        id("agreement"), id("recorded"), id("source"),
             id("system"),       id("document"), id("involvement"), id("who"),       id("state"),    id("copy"),
             id("to"),           id("on"),       id("how"),         id("delivery"),  id("askedFor"), id("evidence"),
             id("item"),         id("is"),       id("created"),     id("covers"),    id("reason"),   id("search"),
             id("by"),           id("where"),    id("terms")};
  subject_ = compile(kind.subject);
  for (const auto& it : kind.definitions) definitions_.push_back(compile(it.path));
  for (const auto& it : kind.references) references_.push_back(compile(it.path));
  for (const auto& it : kind.orders) {
    // Dates under one repeated element are compared with each other, not with those of its siblings.
    CompiledOrder order{&it, {}, compile(it.earlier), compile(it.later)};
    auto& a = order.earlier.steps;
    auto& b = order.later.steps;
    while (a.size() > 1 && b.size() > 1 && a.front() == b.front()) {
      order.common.steps.push_back(a.front());
      a.erase(a.begin());
      b.erase(b.begin());
    }
    orders_.push_back(std::move(order));
  }
  attributes_ = compile(kind.attributes);
  evidence_for_ = compile(kind.evidence_for);
  for (const auto& it : kind.entries) {
    CompiledEntry entry;
    entry.rule = &it;
    entry.date = compile(it.date);
    entry.planned =
        it.act.ends_with(".due") || (!it.date.steps.empty() && planned_step(it.date.steps.back())) ||
        (it.date.steps.empty() && it.each && !it.each->steps.empty() && planned_step(it.each->steps.back()));
    entry.until = compile(it.until);
    entry.each = compile(it.each);
    entry.by = compile(it.by);
    entry.when = compile(it.when);
    entry.attributes = compile(it.attributes);
    entries_.push_back(std::move(entry));
  }
  if (kind.evidences) {
    const auto& it = *kind.evidences;
    evidences_ = {compile(it.each), compile(it.target),  compile(it.item),
                  compile(it.is),   compile(it.created), compile(it.covers)};
  }
  if (kind.content)
    content_ = {compile(kind.content->path), compile(kind.content->sha256), compile(kind.content->bytes)};
}

void Extractor::extract(const Tree& tree, Places& places, Day today, bool contents, ParsedRecord& record) const {
  record.kind = kind_.name;
  record.version = kind_.version;
  record.function = kind_.function;
  record.id = tree.attribute(0, common_.id);
  record.corrects = tree.attribute(0, common_.corrects);
  Run run{*this, tree, places, today, record, 0, {}, {}};
  run.header();
  run.identity();
  run.shared_values();
  run.references();
  run.evidence();
  run.evidences();
  run.entries();
  run.orders();
  run.content(contents);
  check_identifiers(tree, names_, common_.scheme, common_.code, places, record.id, record.faults);
}

}  // namespace answerable::xml
