#include "ingest/xml/schema_model.hpp"

#include <fmt/format.h>

#include <charconv>

#include "ingest/xml/document.hpp"

namespace answerable::xml {
namespace {

namespace fs = std::filesystem;

std::string words_of(const Element& element) {
  const auto* annotation = element.child("annotation");
  if (annotation == nullptr) return {};
  std::string words;
  bool gap = false;
  for (const char c : annotation->child_text("documentation")) {
    const bool white = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (white) {
      gap = !words.empty();
    } else {
      if (gap) words += ' ';
      gap = false;
      words += c;
    }
  }
  return words;
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

bool is_builtin(std::string_view name) {
  return name.starts_with("xs:") || name.starts_with("xsd:");
}
std::string local(std::string_view name) {
  const auto colon = name.find(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

}  // namespace

/// Reads one schema with what it includes; types are made when they are first named.
class SchemaModel::Loader {
 public:
  explicit Loader(SchemaModel& model) : model_(model), reader_({}) {}

  void load(const fs::path& schema) {
    simple_.clear();
    complex_.clear();
    places_.clear();
    const auto& root = collect(schema);
    auto& globals = model_.globals_[std::string(root.value("targetNamespace"))];
    for (const auto* it : root.all("element")) globals.emplace(std::string(it->value("name")), element(*it));
  }

 private:
  const Element& collect(const fs::path& schema) {
    const auto path = fs::weakly_canonical(schema);
    auto found = files_.find(path);
    if (found == files_.end()) found = files_.emplace(path, reader_.read(path)).first;
    const auto& root = found->second;
    for (const auto& it : root.children) {
      if (it.name == "include") {
        collect(path.parent_path() / it.value("schemaLocation"));
      } else {
        places_[it.name + ' ' + std::string(it.value("name"))] = &it;
      }
    }
    return root;
  }

  const Element& named(std::string_view what, std::string_view name) const {
    const auto found = places_.find(fmt::format("{} {}", what, local(name)));
    if (found == places_.end())
      throw std::runtime_error(fmt::format("the schemas name the {} {}, which is not there", what, name));
    return *found->second;
  }

  const SimpleType* builtin(std::string_view name) {
    auto& type = builtins_[local(name)];
    if (type == nullptr) {
      type = &model_.simple_.emplace_back();
      type->builtin = local(name);
    }
    return type;
  }

  const SimpleType* simple(std::string_view name) {
    if (is_builtin(name)) return builtin(name);
    const auto key = local(name);
    if (const auto found = simple_.find(key); found != simple_.end()) return found->second;
    const auto* made = simple(named("simpleType", name));
    simple_[key] = made;
    return made;
  }

  const SimpleType* simple(const Element& at) {
    auto& type = model_.simple_.emplace_back();
    type.name = at.value("name");
    type.documentation = words_of(at);
    if (const auto* restriction = at.child("restriction")) {
      const auto* inner = restriction->child("simpleType");
      type.base = inner != nullptr ? simple(*inner) : simple(restriction->value("base"));
      type.builtin = type.base->builtin;
      type.item = type.base->item;
      type.members = type.base->members;
      facets(*restriction, type);
    } else if (const auto* list = at.child("list")) {
      const auto* inner = list->child("simpleType");
      type.item = inner != nullptr ? simple(*inner) : simple(list->value("itemType"));
      type.builtin = "list";
    } else if (const auto* joined = at.child("union")) {
      type.builtin = "union";
      std::string_view names = joined->value("memberTypes");
      while (!names.empty()) {
        const auto end = names.find(' ');
        if (end != 0) type.members.push_back(simple(names.substr(0, end)));
        names = end == std::string_view::npos ? std::string_view{} : names.substr(end + 1);
      }
      for (const auto* it : joined->all("simpleType")) type.members.push_back(simple(*it));
    }
    return &type;
  }

  static void facets(const Element& restriction, SimpleType& type) {
    for (const auto& it : restriction.children) {
      const auto value = it.value("value");
      if (it.name == "enumeration") type.choices.emplace_back(value);
      if (it.name == "pattern") type.patterns.emplace_back(value);
      if (it.name == "minLength" || it.name == "length") type.min_length = number(value);
      if (it.name == "maxLength" || it.name == "length") type.max_length = number(value);
      if (it.name == "minInclusive") type.min_inclusive = value;
      if (it.name == "maxInclusive") type.max_inclusive = value;
      if (it.name == "fractionDigits") type.fraction_digits = number(value);
      if (it.name == "totalDigits") type.total_digits = number(value);
    }
  }

  const ComplexType* complex(std::string_view name) {
    const auto key = local(name);
    if (const auto found = complex_.find(key); found != complex_.end()) return found->second;
    const auto& at = named("complexType", name);
    auto* made = &model_.complex_.emplace_back();
    complex_[key] = made;
    fill(at, *made);
    return made;
  }

  void fill(const Element& at, ComplexType& type) {
    type.name = at.value("name");
    type.documentation = words_of(at);
    if (const auto* content = at.child("complexContent")) {
      const auto* extension = content->child("extension");
      if (extension == nullptr) throw std::runtime_error("complexContent without extension");
      const auto* base = complex(extension->value("base"));
      type.attributes = base->attributes;
      type.content = base->content;
      particles(*extension, type.content);
      attributes(*extension, type);
    } else if (const auto* text = at.child("simpleContent")) {
      const auto* extension = text->child("extension");
      if (extension == nullptr) throw std::runtime_error("simpleContent without extension");
      const auto base = extension->value("base");
      if (is_builtin(base) || places_.contains("simpleType " + local(base))) {
        type.simple = simple(base);
      } else {
        const auto* other = complex(base);
        type.simple = other->simple;
        type.attributes = other->attributes;
      }
      attributes(*extension, type);
    } else {
      particles(at, type.content);
      attributes(at, type);
    }
  }

  void attributes(const Element& at, ComplexType& type) {
    for (const auto& it : at.children) {
      if (it.name == "attributeGroup") attributes(named("attributeGroup", it.value("ref")), type);
      if (it.name != "attribute") continue;
      const auto* inner = it.child("simpleType");
      const auto* its_type = inner != nullptr                  ? simple(*inner)
                             : it.attribute("type") != nullptr ? simple(it.value("type"))
                                                               : builtin("xs:string");
      type.attributes.push_back({std::string(it.value("name")), words_of(it), its_type, it.value("use") == "required"});
    }
  }

  static void occurs(const Element& at, Particle& particle) {
    if (const auto* least = at.attribute("minOccurs")) particle.min = std::stoi(*least);
    if (const auto* most = at.attribute("maxOccurs")) particle.max = *most == "unbounded" ? -1 : std::stoi(*most);
  }

  /// Sequences that stand once in a sequence are the same as their parts.
  void particles(const Element& at, std::vector<Particle>& to, bool in_choice = false) {
    for (const auto& it : at.children) {
      Particle particle;
      occurs(it, particle);
      if (it.name == "element") {
        particle.element = element(it);
      } else if (it.name == "sequence" || it.name == "choice" || it.name == "all") {
        particle.form = it.name == "choice" ? Particle::Form::choice : Particle::Form::sequence;
        particles(it, particle.parts, particle.form == Particle::Form::choice);
        if (!in_choice && particle.form == Particle::Form::sequence && particle.min == 1 && particle.max == 1) {
          to.insert(to.end(), particle.parts.begin(), particle.parts.end());
          continue;
        }
      } else if (it.name == "group") {
        particle.form = Particle::Form::sequence;
        particles(named("group", it.value("ref")), particle.parts);
        if (!in_choice && particle.min == 1 && particle.max == 1) {
          to.insert(to.end(), particle.parts.begin(), particle.parts.end());
          continue;
        }
      } else if (it.name == "any") {
        particle.form = Particle::Form::any;
      } else {
        continue;
      }
      to.push_back(std::move(particle));
    }
  }

  ElementRule element(const Element& at) {
    if (at.attribute("ref") != nullptr) return element(named("element", at.value("ref")));
    ElementRule rule;
    rule.name = at.value("name");
    rule.documentation = words_of(at);
    if (const auto* inner = at.child("simpleType")) {
      rule.simple = simple(*inner);
    } else if (const auto* inner_complex = at.child("complexType")) {
      auto& made = model_.complex_.emplace_back();
      fill(*inner_complex, made);
      rule.complex = &made;
    } else if (const auto* type = at.attribute("type")) {
      if (is_builtin(*type) || places_.contains("simpleType " + local(*type))) {
        rule.simple = simple(*type);
      } else {
        rule.complex = complex(*type);
      }
    }
    return rule;
  }

  SchemaModel& model_;
  DocumentReader reader_;
  std::map<fs::path, Element> files_;
  std::map<std::string, const Element*, std::less<>> places_;
  std::map<std::string, const SimpleType*> simple_;
  std::map<std::string, SimpleType*> builtins_;
  std::map<std::string, const ComplexType*> complex_;
};

SchemaModel::SchemaModel(std::span<const fs::path> schemas) {
  Loader loader(*this);
  for (const auto& schema : schemas) {
    try {
      loader.load(schema);
    } catch (const Invalid&) {
      throw;
    } catch (const std::exception& e) {
      throw Invalid(schema, e.what());
    }
  }
}

SchemaModel::~SchemaModel() = default;

const ElementRule* SchemaModel::find(std::string_view ns, std::string_view name) const {
  const auto in = globals_.find(ns);
  if (in == globals_.end()) return nullptr;
  const auto found = in->second.find(name);
  return found == in->second.end() ? nullptr : &found->second;
}

std::vector<std::string> SchemaModel::names(std::string_view ns) const {
  std::vector<std::string> names;
  if (const auto in = globals_.find(ns); in != globals_.end()) {
    for (const auto& [name, rule] : in->second) names.push_back(name);
  }
  return names;
}

}  // namespace answerable::xml
