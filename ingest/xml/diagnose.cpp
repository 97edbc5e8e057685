#include "ingest/xml/diagnose.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <xercesc/framework/XMLErrorCodes.hpp>
#include <xercesc/framework/XMLValidityCodes.hpp>

#include "ingest/xml/extract.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::xml {
namespace {

using xercesc::XMLErrs;
using xercesc::XMLValid;

constexpr std::size_t most_faults = 100;  // of one record; the rest would not help anybody

void collect_names(const Particle& particle, std::vector<std::string>& names) {
  if (particle.form == Particle::Form::element) names.push_back(particle.element.name);
  for (const auto& it : particle.parts) collect_names(it, names);
}

/// What may come first in it. \returns whether it may also be empty
bool collect_first(const Particle& particle, std::vector<std::string>& names) {
  bool empty = particle.min == 0 || particle.form == Particle::Form::any;
  if (particle.form == Particle::Form::element) {
    if (std::find(names.begin(), names.end(), particle.element.name) == names.end())
      names.push_back(particle.element.name);
    return empty;
  }
  bool all_empty = true;
  for (const auto& it : particle.parts) {
    const bool this_empty = collect_first(it, names);
    if (particle.form == Particle::Form::choice) {
      empty = empty || this_empty;
    } else if (!this_empty) {
      return empty;
    }
    all_empty = all_empty && this_empty;
  }
  return empty || all_empty;
}

const ElementRule* find_rule(std::span<const Particle> content, std::string_view name) {
  for (const auto& it : content) {
    if (it.form == Particle::Form::element && it.element.name == name) return &it.element;
    if (const auto* found = find_rule(it.parts, name)) return found;
  }
  return nullptr;
}

bool accepts(const Particle& particle, std::string_view name) {
  if (particle.form == Particle::Form::element) return particle.element.name == name;
  return std::any_of(particle.parts.begin(), particle.parts.end(), [&](const auto& it) { return accepts(it, name); });
}

bool has_any(std::span<const Particle> content) {
  return std::any_of(content.begin(), content.end(),
                     [](const auto& it) { return it.form == Particle::Form::any || has_any(it.parts); });
}

/// Every way of leaving it out closed.
bool needed(const Particle& particle) {
  if (particle.min == 0) return false;
  if (particle.form == Particle::Form::element) return true;
  if (particle.form == Particle::Form::any) return false;
  if (particle.form == Particle::Form::choice) return std::all_of(particle.parts.begin(), particle.parts.end(), needed);
  return std::any_of(particle.parts.begin(), particle.parts.end(), needed);
}

std::string example_element(const ElementRule& rule) {
  const auto* type = rule.simple != nullptr ? rule.simple : rule.complex != nullptr ? rule.complex->simple : nullptr;
  std::string attributes;
  if (rule.complex != nullptr) {
    for (const auto& it : rule.complex->attributes) {
      if (it.required) attributes += fmt::format(" {}=\"{}\"", it.name, example_of(*it.type));
    }
  }
  return fmt::format("<{0}{1}>{2}</{0}>", rule.name, attributes, type == nullptr ? "…" : example_of(*type));
}

/// Walks children through a content model and remembers the farthest place at which none of what could follow was
/// there. Our schemas' models are deterministic (XSD 1.0, unique particle attribution), so that taking what comes is
/// right.
class Walk {
 public:
  explicit Walk(std::vector<std::string> children) : children_(std::move(children)) {}

  std::size_t sequence(std::span<const Particle> parts, std::size_t from, bool& fits) {
    for (const auto& part : parts) {
      from = repeated(part, from, fits);
      if (!fits) return from;
    }
    return from;
  }

  std::size_t farthest{};
  std::vector<std::string> expected;

 private:
  std::size_t repeated(const Particle& particle, std::size_t from, bool& fits) {
    for (int count = 0; particle.max < 0 || count < particle.max; ++count) {
      bool once = true;
      const auto to = single(particle, from, once);
      if (!once || to == from) {
        fits = count >= particle.min || (once && to == from);
        return from;
      }
      from = to;
    }
    fits = true;
    return from;
  }

  std::size_t single(const Particle& particle, std::size_t from, bool& fits) {
    if (particle.form == Particle::Form::sequence) return sequence(particle.parts, from, fits);
    if (particle.form == Particle::Form::choice) {
      bool empty = particle.parts.empty();
      for (const auto& part : particle.parts) {
        bool this_one = true;
        const auto to = repeated(part, from, this_one);
        if (this_one && to > from) return to;
        empty = empty || this_one;
      }
      fits = empty;
      return from;
    }
    if (particle.form == Particle::Form::any || (from < children_.size() && children_[from] == particle.element.name)) {
      return std::min(from + 1, children_.size());
    }
    if (from > farthest) expected.clear();
    if (from >= farthest) {
      farthest = from;
      if (std::find(expected.begin(), expected.end(), particle.element.name) == expected.end())
        expected.push_back(particle.element.name);
    }
    fits = false;
    return from;
  }

  std::vector<std::string> children_;
};

class Diagnosis {
 public:
  Diagnosis(const Tree& tree, const Names& names, Places& places, std::string_view record_id)
      : tree_(tree), names_(names), places_(places), record_id_(record_id) {}

  void node(std::int32_t at, const ElementRule& rule) {
    if (faults.size() > most_faults) return;
    rules_[at] = &rule;
    const auto* type = rule.simple != nullptr ? rule.simple : rule.complex != nullptr ? rule.complex->simple : nullptr;
    attributes(at, rule.complex);
    if (type != nullptr) {
      value(at, rule, *type);
    } else if (rule.complex != nullptr) {
      children(at, rule);
    }
  }

  void rest(std::span<const Complained> complaints) {
    std::set<std::int32_t> with_text;
    for (const auto& it : complaints) {
      if (faults.size() > most_faults) return;
      const bool text = it.complaint.code == XMLValid::NoCharDataInCM && it.complaint.of_schema;
      if (!(text ? with_text : covered_).insert(it.node).second) continue;
      if (text) {
        add(it.node, "text.unexpected", {}, {}, "Text stands between the elements here, where only elements may stand.",
            "Elements only.", "Take the text out, or put it into the field it belongs to, for example note.");
        continue;
      }
      if (const auto rule = rules_.find(it.node); rule != rules_.end() && content(it.node, *rule->second)) continue;
      add(it.node, "schema.other", {}, places_.sent(it.node),
          "Something here does not fit the schema in a way we have no plain words for.",
          fmt::format("What the schema says of this place. The validator put it so: {}", it.complaint.text),
          "Compare this element with the schema's documentation and its good examples.");
    }
  }

  std::vector<Fault> faults;

 private:
  void add(std::int32_t at, std::string code, std::string_view attribute, std::string_view sent, std::string problem,
           std::string expected, std::string mend, const std::string& below = {}) {
    covered_.insert(at);
    const auto place = places_.of(at);
    faults.push_back({.severity = Severity::error,
                      .code = std::move(code),
                      .line = place.line,
                      .column = place.column,
                      .record_id = std::string(record_id_),
                      .field = field_of(tree_, names_, at, attribute) + (below.empty() ? "" : "/" + below),
                      .sent = shortened(sent, 200),
                      .problem = std::move(problem),
                      .expected = std::move(expected),
                      .mend = std::move(mend)});
  }

  void attributes(std::int32_t at, const ComplexType* type) {
    static const std::vector<AttributeUse> none;
    const auto& uses = type == nullptr ? none : type->attributes;
    const auto& node = tree_[at];
    std::vector<std::string> known;
    for (const auto& use : uses) known.push_back(use.name);
    for (auto i = node.attribute_begin; i < node.attribute_end; ++i) {
      const auto& it = tree_.attributes()[i];
      const auto& name = names_.text(it.name);
      const auto use = std::find_if(uses.begin(), uses.end(), [&](const auto& u) { return u.name == name; });
      if (use == uses.end()) {
        const auto near = nearest(name, known);
        add(at, "attribute.unknown", name, tree_.value(it), fmt::format("The schema has no attribute {} here.", name),
            known.empty() ? "No attributes." : fmt::format("Attributes: {}.", fmt::join(known, ", ")),
            near ? fmt::format("Write {}, if that is meant.", *near) : "Take the attribute out.");
      } else if (auto misfit = explain_value(*use->type, tree_.value(it))) {
        add(at, "attribute.value", name, tree_.value(it), std::move(misfit->problem),
            fmt::format("{} {}", misfit->expected, use->documentation), std::move(misfit->mend));
      }
    }
    for (const auto& use : uses) {
      const bool there = std::any_of(tree_.attributes().begin() + node.attribute_begin,
                                     tree_.attributes().begin() + node.attribute_end,
                                     [&](const auto& it) { return names_.text(it.name) == use.name; });
      if (!use.required || there) continue;
      add(at, "attribute.missing", use.name, {}, fmt::format("The attribute {} is missing.", use.name),
          use.documentation,
          fmt::format("Add it to the start tag: <{} {}=\"{}\">.", names_.text(node.name), use.name,
                      example_of(*use.type)));
    }
  }

  void value(std::int32_t at, const ElementRule& rule, const SimpleType& type) {
    if (tree_[at].first >= 0) {
      add(at, "element.unexpected", {}, {}, fmt::format("{} holds elements, where only a value may stand.", rule.name),
          rule.documentation, fmt::format("Write it like {}.", example_element(rule)));
      return;
    }
    auto misfit = explain_value(type, tree_.text(at));
    if (!misfit) return;
    const auto expected = rule.documentation.empty() || misfit->expected == rule.documentation
                              ? misfit->expected
                              : fmt::format("{} {}", misfit->expected, rule.documentation);
    add(at, std::move(misfit->code), {}, places_.sent(at), std::move(misfit->problem), expected,
        std::move(misfit->mend));
  }

  void children(std::int32_t at, const ElementRule& rule) {
    const auto& parts = rule.complex->content;
    std::vector<std::string> known;
    for (const auto& it : parts) collect_names(it, known);
    std::vector<int> counts(parts.size());
    std::size_t slot = 0;
    std::int32_t before = -1;
    for (auto child = tree_[at].first; child >= 0; child = tree_[child].next) {
      const auto& name = names_.text(tree_[child].name);
      const auto* its_rule = tree_[child].foreign ? nullptr : find_rule(parts, name);
      if (its_rule == nullptr) {
        if (!has_any(parts)) unknown(child, rule, known);
        continue;
      }
      place(child, name, parts, counts, slot, before);
      before = child;
      node(child, *its_rule);
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (counts[i] == 0 && needed(parts[i])) missing(at, parts, i);
    }
  }

  void unknown(std::int32_t child, const ElementRule& parent, const std::vector<std::string>& known) {
    const auto& name = names_.text(tree_[child].name);
    const bool only_namespace = tree_[child].foreign && std::find(known.begin(), known.end(), name) != known.end();
    const auto near = nearest(name, known);
    covered_.insert(tree_[child].parent);
    add(child, "element.unknown", {}, fmt::format("<{}>", name),
        only_namespace ? fmt::format("{} is in another namespace than the record it stands in.", name)
                       : fmt::format("The schema has no element {} in {}.", name, parent.name),
        known.empty() ? "No elements." : fmt::format("In {}: {}.", parent.name, fmt::join(known, ", ")),
        only_namespace ? "Take its xmlns out, so that it has the record's own namespace."
        : near         ? fmt::format("Write <{}>, if that is meant.", *near)
                       : "Take it out; what has no field of its own can be said in note.");
    cover_below(child);
  }

  void cover_below(std::int32_t node) {
    for (auto it = tree_[node].first; it >= 0; it = tree_[it].next) {
      covered_.insert(it);
      cover_below(it);
    }
  }

  void place(std::int32_t child, const std::string& name, const std::vector<Particle>& parts, std::vector<int>& counts,
             std::size_t& slot, std::int32_t before) {
    auto its = slot;
    while (its < parts.size() && !accepts(parts[its], name)) ++its;
    if (its == parts.size()) {
      its = 0;
      while (its < slot && !accepts(parts[its], name)) ++its;
      ++counts[its];
      covered_.insert(tree_[child].parent);
      const auto& ahead = before < 0 ? std::string{} : names_.text(tree_[before].name);
      std::string order;
      for (const auto& it : parts) {
        if (it.form == Particle::Form::element) order += (order.empty() ? "" : ", ") + it.element.name;
      }
      add(child, "element.unexpected", {}, places_.sent(child),
          fmt::format("{} stands behind {}, and has to stand before it.", name, ahead),
          fmt::format("This order: {}.", order), fmt::format("Move <{}> to its place in the order.", name));
      return;
    }
    slot = its;
    if (++counts[its] > parts[its].max && parts[its].max >= 0 && parts[its].form == Particle::Form::element) {
      covered_.insert(tree_[child].parent);
      add(child, "element.unexpected", {}, places_.sent(child),
          fmt::format("{} is there more often than it may be.", name),
          parts[its].max == 1 ? fmt::format("At most one {}. {}", name, parts[its].element.documentation)
                              : fmt::format("At most {} of {}.", parts[its].max, name),
          fmt::format("Keep one <{}>, or send a second record.", name));
    }
  }

  /// For choices and groups that the slots of children() are too coarse for. False when the children fit after all.
  bool content(std::int32_t at, const ElementRule& rule) {
    if (rule.complex == nullptr || rule.complex->simple != nullptr) return false;
    std::vector<std::int32_t> nodes;
    std::vector<std::string> names;
    for (auto it = tree_[at].first; it >= 0; it = tree_[it].next) {
      nodes.push_back(it);
      names.push_back(names_.text(tree_[it].name));
    }
    Walk walk(names);
    bool fits = true;
    const auto end = walk.sequence(rule.complex->content, 0, fits);
    if ((fits && end == names.size()) || walk.expected.empty()) return false;
    // Of all that could stand there, what lets the walk go on behind it is what was left out.
    std::vector<std::string> left_out;
    for (const auto& it : walk.expected) {
      auto mended = names;
      mended.insert(mended.begin() + static_cast<std::ptrdiff_t>(walk.farthest), it);
      Walk again(mended);
      bool all = true;
      if (again.sequence(rule.complex->content, 0, all) == mended.size() || again.farthest > walk.farthest + 1)
        left_out.push_back(it);
    }
    if (!left_out.empty()) walk.expected = std::move(left_out);
    const auto* first = find_rule(rule.complex->content, walk.expected.front());
    const auto example = first == nullptr ? std::string{} : example_element(*first);
    const auto wanted =
        fmt::format("{}{}.", walk.expected.size() == 1 ? "" : "One of: ", fmt::join(walk.expected, ", "));
    const auto documented =
        first == nullptr || walk.expected.size() > 1 ? wanted : fmt::format("{} {}", wanted, first->documentation);
    if (walk.expected.size() == 1 && walk.farthest < names.size()) {
      add(at, "element.missing", {}, {},
          fmt::format("{} is missing in {} before {}.", walk.expected.front(), rule.name, names[walk.farthest]),
          documented, fmt::format("Add before <{}>: {}.", names[walk.farthest], example), walk.expected.front());
    } else if (walk.farthest < names.size()) {
      const auto& found = names[walk.farthest];
      add(nodes[walk.farthest], "element.missing", {}, fmt::format("<{}>", found),
          fmt::format("Before {}, {} lacks another element.", found, rule.name), documented,
          fmt::format("Add before it for example {}.", example));
    } else {
      add(at, "element.missing", {}, {},
          fmt::format("{} lacks an element{}.", rule.name,
                      names.empty() ? "" : fmt::format(" behind {}", names.back())),
          documented, fmt::format("Add for example {}.", example));
    }
    return true;
  }

  void missing(std::int32_t at, const std::vector<Particle>& parts, std::size_t which) {
    const auto& part = parts[which];
    const auto& parent = names_.text(tree_[at].name);
    if (part.form == Particle::Form::element) {
      const auto& rule = part.element;
      std::string where;
      for (auto i = which; i-- > 0 && where.empty();) {
        if (parts[i].form == Particle::Form::element && tree_has(at, parts[i].element.name))
          where = fmt::format(" behind <{}>", parts[i].element.name);
      }
      add(at, "element.missing", {}, {}, fmt::format("{} is missing in {}.", rule.name, parent), rule.documentation,
          fmt::format("Add it{}: {}.", where, example_element(rule)), rule.name);
      return;
    }
    std::vector<std::string> names;
    collect_first(part, names);
    add(at, "element.missing", {}, {}, fmt::format("{} lacks one of: {}.", parent, fmt::join(names, ", ")),
        fmt::format("One of: {}.", fmt::join(names, ", ")),
        fmt::format("Add for example {}.", example_element(*find_rule(parts, names.front()))));
  }

  bool tree_has(std::int32_t at, std::string_view name) const {
    for (auto it = tree_[at].first; it >= 0; it = tree_[it].next) {
      if (names_.text(tree_[it].name) == name) return true;
    }
    return false;
  }

  const Tree& tree_;
  const Names& names_;
  Places& places_;
  std::string_view record_id_;
  std::set<std::int32_t> covered_;
  std::map<std::int32_t, const ElementRule*> rules_;
};

}  // namespace

std::vector<Fault> diagnose(const Tree& tree, const Names& names, const ElementRule* root,
                            std::span<const Complained> complaints, Places& places, std::string_view record_id) {
  Diagnosis diagnosis(tree, names, places, record_id);
  if (root != nullptr) diagnosis.node(0, *root);
  diagnosis.rest(complaints);
  return std::move(diagnosis.faults);
}

Fault ill_formed(const Complaint& complaint) {
  Fault fault;
  fault.code = "xml.not-well-formed";
  const auto say = [&](std::string problem, std::string expected, std::string mend) {
    fault.problem = std::move(problem);
    fault.expected = std::move(expected);
    fault.mend = std::move(mend);
  };
  switch (complaint.code) {
    case XMLErrs::ExpectedEndOfTagX:
    case XMLErrs::PartialTagMarkupError:
    case XMLErrs::MoreEndThanStartTags:
    case XMLErrs::EndedWithTagsOnStack:
    case XMLErrs::PartialMarkupInEntity:
      say("A start tag and an end tag do not match here.",
          "Each element closed by an end tag of the same name, the inner before the outer: <a><b></b></a>.",
          "Find the element that was opened last before this place and close it.");
      break;
    case XMLErrs::EntityNotFound:
    case XMLErrs::ExpectedEntityRefName:
    case XMLErrs::UnterminatedEntityRef:
    case XMLErrs::InvalidEntityRefName:
    case XMLErrs::EntityExpansionLimitExceeded:
      say("An & stands here that begins none of the five references XML has.",
          "&amp; &lt; &gt; &quot; &apos; or a character's number, for example &#163;.",
          "Write an & that is text as &amp;.");
      break;
    case XMLErrs::InvalidCharacterRef:
    case XMLErrs::UnterminatedCharRef:
    case XMLErrs::ExpectedNumericalCharRef:
    case XMLErrs::BadDigitForRadix:
    case XMLErrs::HexRadixMustBeLowerCase:
      say("A reference to a character by its number is wrong.",
          "For example &#163; or &#xA3;, and only characters that XML allows.",
          "Write the character itself, or its right number.");
      break;
    case XMLErrs::AttrAlreadyUsedInSTag:
      say("An attribute is there twice in one start tag.", "Each attribute once.", "Keep one of the two.");
      break;
    case XMLErrs::UnknownPrefix:
      say("A name has a prefix that is not declared.",
          "Prefixes declared by xmlns:prefix=\"…\" on the element or one around it.",
          "Declare the prefix, or write the name without it.");
      break;
    case XMLErrs::ExpectedEqSign:
    case XMLErrs::ExpectedAttrValue:
    case XMLErrs::ExpectedAttrName:
    case XMLErrs::InvalidAttrName:
    case XMLErrs::ExpectedWhitespace:
    case XMLErrs::UnterminatedStartTag:
      say("A start tag is not written rightly.",
          "A name, then attributes, each as name=\"value\" with a space before it, then >.",
          "Check quotes, equals signs and spaces in this tag.");
      break;
    case XMLErrs::BadSequenceInCharData:
      say("]]> stands in the text.", "]]&gt; in text.", "Write ]]&gt;.");
      break;
    case XMLErrs::IllegalSequenceInComment:
      say("Two dashes stand inside a comment.", "Comments without -- inside.", "Take one of the dashes out.");
      break;
    default:
      say("The file breaks the rules of XML here.",
          fmt::format("Well-formed XML. The parser put it so: {}", complaint.text),
          "Have the exporting system write XML with an XML library, not by joining strings.");
  }
  return fault;
}

}  // namespace answerable::xml
