#include "ingest/xml/xerces.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <mutex>
#include <xercesc/framework/LocalFileInputSource.hpp>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/framework/XMLGrammarPoolImpl.hpp>
#include <xercesc/util/PlatformUtils.hpp>
#include <xercesc/util/XMLNetAccessor.hpp>
#include <xercesc/util/XMLUni.hpp>
#include <xercesc/validators/common/Grammar.hpp>

#include "ingest/xml/document.hpp"

namespace answerable::xml {
namespace {

namespace x = xercesc;

/// The scanner's name comes first: set after the features, one of them is lost. There is no SecurityManager with an
/// entity limit: Xerces counts &amp; too, and without a DTD there are no other entities than those five.
void harden(x::SAX2XMLReaderImpl& reader, bool validate) {
  reader.setProperty(x::XMLUni::fgXercesScannerName, const_cast<XMLCh*>(x::XMLUni::fgSGXMLScanner));
  reader.setFeature(x::XMLUni::fgSAX2CoreNameSpaces, true);
  reader.setFeature(x::XMLUni::fgSAX2CoreNameSpacePrefixes, false);
  reader.setFeature(x::XMLUni::fgSAX2CoreValidation, validate);
  reader.setFeature(x::XMLUni::fgXercesDynamic, false);
  reader.setFeature(x::XMLUni::fgXercesSchema, validate);
  reader.setFeature(x::XMLUni::fgXercesSchemaFullChecking, false);
  reader.setFeature(x::XMLUni::fgXercesLoadExternalDTD, false);
  reader.setFeature(x::XMLUni::fgXercesUseCachedGrammarInParse, validate);
  reader.setFeature(x::XMLUni::fgXercesCacheGrammarFromParse, false);
  reader.setFeature(x::XMLUni::fgXercesCalculateSrcOfs, false);
  reader.setFeature(x::XMLUni::fgXercesContinueAfterFatalError, false);
  reader.setFeature(x::XMLUni::fgXercesValidationErrorAsFatal, false);
}

class GrammarLoader : public x::SAX2XMLReaderImpl {
 public:
  GrammarLoader(x::XMLGrammarPool* pool, Resolver& resolver)
      : SAX2XMLReaderImpl(x::XMLPlatformUtils::fgMemoryManager, pool) {
    harden(*this, true);
    setFeature(x::XMLUni::fgXercesLoadSchema, true);
    setFeature(x::XMLUni::fgXercesSchemaFullChecking, true);
    setXMLEntityResolver(&resolver);
    setErrorHandler(&deaf_);
    setLexicalHandler(&deaf_);
  }
  void load(const std::filesystem::path& schema) {
    const x::LocalFileInputSource source(utf16(std::filesystem::absolute(schema).string()).c_str());
    const auto* grammar = loadGrammar(source, x::Grammar::SchemaGrammarType, true);
    if (!first_.empty()) throw Invalid(schema, line_, column_, first_);
    if (grammar == nullptr) throw Invalid(schema, "the schema could not be loaded");
  }

 private:
  void error(unsigned int, const XMLCh*, x::XMLErrorReporter::ErrTypes, const XMLCh* text, const XMLCh* system_id,
             const XMLCh*, XMLFileLoc line, XMLFileLoc column) override {
    if (!first_.empty()) return;
    first_ = fmt::format("{} (in {})", utf8(text), utf8(system_id));
    line_ = static_cast<int>(line);
    column_ = static_cast<int>(column);
  }
  void doctypeDecl(const x::DTDElementDecl&, const XMLCh*, const XMLCh*, bool, bool) override {
    throw Forbidden{"a schema may not have a DOCTYPE"};
  }
  x::DefaultHandler deaf_;
  std::string first_;
  int line_{}, column_{};
};

}  // namespace

void start_xerces() {
  static std::once_flag once;
  std::call_once(once, [] {
    ::setenv("XERCES_DISABLE_DTD", "1", 1);
    x::XMLPlatformUtils::Initialize();
    delete x::XMLPlatformUtils::fgNetAccessor;  // NOLINT(cppcoreguidelines-owning-memory): Xerces owns it by hand
    x::XMLPlatformUtils::fgNetAccessor = nullptr;
  });
}

void append_utf8(std::string& to, const XMLCh* text, std::size_t length) {
  std::size_t i = 0;
  const auto start = to.size();
  to.resize(start + length);
  for (char* out = to.data() + start; i < length && text[i] < 0x80; ++i) out[i] = static_cast<char>(text[i]);
  if (i == length) return;
  to.resize(start + i);
  for (; i < length; ++i) {
    std::uint32_t c = text[i];
    if (c >= 0xD800 && c < 0xDC00 && i + 1 < length) c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00U);
    const auto tail = [&](unsigned shift) { to += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
      to += static_cast<char>(c);
    } else if (c < 0x800) {
      to += static_cast<char>(0xC0 | (c >> 6));
      tail(0);
    } else if (c < 0x10000) {
      to += static_cast<char>(0xE0 | (c >> 12));
      tail(6);
      tail(0);
    } else {
      to += static_cast<char>(0xF0 | (c >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }
}

std::string utf8(const XMLCh* text) {
  std::string to;
  if (text != nullptr) append_utf8(to, text, std::char_traits<char16_t>::length(text));
  return to;
}

std::u16string utf16(std::string_view text) {
  std::u16string to;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t c = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    if (c >= 0x10000) {
      to += static_cast<char16_t>(0xD7C0 + (c >> 10));
      c = 0xDC00 | (c & 0x3FF);
    }
    to += static_cast<char16_t>(c);
    i += length;
  }
  return to;
}

x::InputSource* Resolver::resolveEntity(x::XMLResourceIdentifier* identifier) {
  const auto named = utf8(identifier->getSystemId());
  if (!folder_.empty()) {
    // Where the including file lies is only known to Xerces; both of our folder depths lead to the same place.
    auto base = std::filesystem::path(utf8(identifier->getBaseURI())).parent_path();
    const auto path = std::filesystem::weakly_canonical(base / named);
    const auto inside = std::filesystem::weakly_canonical(folder_);
    if (path.string().starts_with(inside.string() + '/')) {
      return new x::LocalFileInputSource(
          utf16(path.string()).c_str());  // NOLINT(cppcoreguidelines-owning-memory): Xerces takes it
    }
  }
  throw Forbidden{fmt::format("it asks for another file, {}", named)};
}

HardenedReader::HardenedReader(x::XMLGrammarPool* pool, bool validate)
    : SAX2XMLReaderImpl(x::XMLPlatformUtils::fgMemoryManager, pool) {
  harden(*this, validate);
  setFeature(x::XMLUni::fgXercesLoadSchema, false);
  setFeature(x::XMLUni::fgXercesDisableDefaultEntityResolution, true);
  setXMLEntityResolver(&resolver_);
  setContentHandler(&deaf_);
  setErrorHandler(&deaf_);
  setLexicalHandler(&deaf_);
}

void HardenedReader::parse_bytes(std::string_view bytes) {
  static const std::u16string name = u"submission";
  x::MemBufInputSource source(reinterpret_cast<const XMLByte*>(bytes.data()), bytes.size(), name.c_str());
  source.setCopyBufToStream(false);
  parse(source);
}

void HardenedReader::error(unsigned int code, const XMLCh* domain, x::XMLErrorReporter::ErrTypes type,
                           const XMLCh* text, const XMLCh*, const XMLCh*, XMLFileLoc line, XMLFileLoc column) {
  const std::u16string_view of(domain);
  complain({.fatal = type == x::XMLErrorReporter::ErrType_Fatal,
            .of_schema = of == x::XMLUni::fgValidityDomain,
            .code = code,
            .text = utf8(text),
            .line = static_cast<int>(line),
            .column = static_cast<int>(column)});
}

void HardenedReader::doctypeDecl(const x::DTDElementDecl&, const XMLCh*, const XMLCh*, bool, bool) {
  throw Forbidden{"it has a DOCTYPE"};
}

std::unique_ptr<x::XMLGrammarPool> load_grammars(std::span<const std::filesystem::path> schemas) {
  start_xerces();
  auto pool = std::make_unique<x::XMLGrammarPoolImpl>(x::XMLPlatformUtils::fgMemoryManager);
  for (const auto& schema : schemas) {
    if (!std::filesystem::is_regular_file(schema)) throw Invalid(schema, "there is no such schema");
    // The folder that holds all schemas: includes may leave their own folder, but not this one.
    auto folder = std::filesystem::absolute(schema).parent_path();
    while (folder.has_relative_path() && folder.filename() != "schemas") folder = folder.parent_path();
    if (!folder.has_relative_path()) folder = std::filesystem::absolute(schema).parent_path();
    Resolver resolver(folder);
    try {
      GrammarLoader(pool.get(), resolver).load(schema);
    } catch (const Forbidden& forbidden) {
      throw Invalid(schema, forbidden.why);
    }
  }
  pool->lockPool();
  return pool;
}

}  // namespace answerable::xml
