#include "ingest/xml/document.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <xercesc/sax2/Attributes.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>
#include <xercesc/util/XMLException.hpp>

#include "ingest/xml/xerces.hpp"

namespace answerable::xml {
namespace {

namespace x = xercesc;

class TreeReader final : public HardenedReader, private x::DefaultHandler {
 public:
  TreeReader(std::filesystem::path file, x::XMLGrammarPool* pool)
      : HardenedReader(pool, pool != nullptr), file_(std::move(file)) {
    setContentHandler(this);
  }
  Element read(std::string_view bytes) {
    parse_bytes(bytes);
    if (!root_) throw Invalid(file_, "the file is empty");
    return std::move(*root_);
  }

 private:
  void complain(const Complaint& complaint) override {
    throw Invalid(file_, complaint.line, complaint.column, complaint.text);
  }

  void setDocumentLocator(const x::Locator* locator) override { locator_ = locator; }

  void startElement(const XMLCh* uri, const XMLCh* local_name, const XMLCh*, const x::Attributes& attributes) override {
    if (open_.size() >= 256) throw Invalid(file_, here().line, here().column, "elements stand more than 256 deep");
    Element element = here();
    element.ns = utf8(uri);
    element.name = utf8(local_name);
    for (XMLSize_t i = 0; i < attributes.getLength(); ++i) {
      const auto of = utf8(attributes.getURI(i));
      element.attributes.emplace_back(
          of.empty() ? utf8(attributes.getLocalName(i)) : fmt::format("{{{}}}{}", of, utf8(attributes.getLocalName(i))),
          utf8(attributes.getValue(i)));
    }
    open_.push_back(std::move(element));
  }
  void endElement(const XMLCh*, const XMLCh*, const XMLCh*) override {
    Element element = std::move(open_.back());
    open_.pop_back();
    if (open_.empty()) {
      root_ = std::move(element);
    } else {
      open_.back().children.push_back(std::move(element));
    }
  }
  void characters(const XMLCh* text, XMLSize_t length) override {
    if (!open_.empty()) append_utf8(open_.back().text, text, length);
  }

  Element here() const {
    Element element;
    if (locator_ != nullptr) {
      element.line = static_cast<int>(locator_->getLineNumber());
      element.column = static_cast<int>(locator_->getColumnNumber());
    }
    return element;
  }

  std::filesystem::path file_;
  const x::Locator* locator_{};
  std::vector<Element> open_;
  std::optional<Element> root_;
};

void escape(std::string& to, std::string_view text, bool attribute) {
  for (const char c : text) {
    switch (c) {
      case '&':
        to += "&amp;";
        break;
      case '<':
        to += "&lt;";
        break;
      case '>':
        to += "&gt;";
        break;
      case '\r':
        to += "&#13;";
        break;
      case '"':
        to += attribute ? "&quot;" : "\"";
        break;
      case '\n':
        to += attribute ? "&#10;" : "\n";
        break;
      case '\t':
        to += attribute ? "&#9;" : "\t";
        break;
      default:
        to += c;
    }
  }
}

void write(std::string& to, const Element& element, std::string_view outer_ns) {
  to += '<';
  to += element.name;
  if (element.ns != outer_ns) {
    to += " xmlns=\"";
    escape(to, element.ns, true);
    to += '"';
  }
  int prefixes = 0;
  for (const auto& [name, value] : element.attributes) {
    to += ' ';
    if (name.starts_with('{')) {
      const auto close = name.rfind('}');
      const auto ns = std::string_view(name).substr(1, close - 1);
      if (ns == "http://www.w3.org/XML/1998/namespace") {
        to += "xml:";
      } else {
        ++prefixes;
        to += fmt::format("xmlns:a{}=\"", prefixes);
        escape(to, ns, true);
        to += fmt::format("\" a{}:", prefixes);
      }
      to += std::string_view(name).substr(close + 1);
    } else {
      to += name;
    }
    to += "=\"";
    escape(to, value, true);
    to += '"';
  }
  if (element.children.empty() && element.text.empty()) {
    to += "/>";
    return;
  }
  to += '>';
  // With children, text is only the white space between them in everything we write.
  if (element.children.empty()) escape(to, element.text, false);
  for (const auto& child : element.children) write(to, child, element.ns);
  to += "</";
  to += element.name;
  to += '>';
}

}  // namespace

const std::string* Element::attribute(std::string_view attribute_name) const {
  for (const auto& [key, its_value] : attributes) {
    if (key == attribute_name) return &its_value;
  }
  return nullptr;
}

std::string_view Element::value(std::string_view attribute_name) const {
  const auto* found = attribute(attribute_name);
  return found == nullptr ? std::string_view{} : std::string_view{*found};
}

const Element* Element::child(std::string_view child_name) const {
  for (const auto& it : children) {
    if (it.name == child_name) return &it;
  }
  return nullptr;
}

std::vector<const Element*> Element::all(std::string_view child_name) const {
  std::vector<const Element*> found;
  for (const auto& it : children) {
    if (it.name == child_name) found.push_back(&it);
  }
  return found;
}

std::string_view Element::child_text(std::string_view child_name) const {
  const auto* found = child(child_name);
  return found == nullptr ? std::string_view{} : std::string_view{found->text};
}

Invalid::Invalid(const std::filesystem::path& file, int line, int column, const std::string& why)
    : std::runtime_error(fmt::format("{}:{}:{}: {}", file.string(), line, column, why)) {}

Invalid::Invalid(const std::filesystem::path& file, const std::string& why)
    : std::runtime_error(fmt::format("{}: {}", file.string(), why)) {}

struct DocumentReader::Grammars {
  std::unique_ptr<x::XMLGrammarPool> pool;
};

DocumentReader::DocumentReader(std::span<const std::filesystem::path> schemas)
    : grammars_(std::make_unique<Grammars>()) {
  start_xerces();
  if (!schemas.empty()) grammars_->pool = load_grammars(schemas);
}

DocumentReader::~DocumentReader() = default;

Element DocumentReader::read(const std::filesystem::path& file) const {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Invalid(file, "the file cannot be read");
  return parse(std::string(std::istreambuf_iterator<char>(in), {}), file);
}

Element DocumentReader::parse(std::string_view bytes, const std::filesystem::path& name) const {
  try {
    return TreeReader(name, grammars_->pool.get()).read(bytes);
  } catch (const Forbidden& forbidden) {
    throw Invalid(name, forbidden.why);
  } catch (const x::XMLException& e) {
    throw Invalid(name, static_cast<int>(e.getSrcLine()), 1, utf8(e.getMessage()));
  }
}

Element load_document(const std::filesystem::path& file, std::span<const std::filesystem::path> schemas) {
  return DocumentReader(schemas).read(file);
}

std::string serialise(const Element& element) {
  std::string to;
  write(to, element, {});
  to += '\n';
  return to;
}

}  // namespace answerable::xml
