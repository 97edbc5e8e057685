#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <xercesc/framework/XMLGrammarPool.hpp>
#include <xercesc/parsers/SAX2XMLReaderImpl.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>
#include <xercesc/util/XMLEntityResolver.hpp>

/// Xerces, hardened. Private to this room: no other header of it includes Xerces.
namespace answerable::xml {

/// Starts Xerces once a process: no DTDs, no network.
void start_xerces();

/// UTF-16 as Xerces has it to UTF-8, appended.
void append_utf8(std::string& to, const XMLCh* text, std::size_t length);
std::string utf8(const XMLCh* text);
std::u16string utf16(std::string_view text);

/// Refuses every entity, but the schemas below one folder while grammars are loaded.
class Resolver : public xercesc::XMLEntityResolver {
 public:
  Resolver() = default;
  explicit Resolver(std::filesystem::path folder) : folder_(std::move(folder)) {}
  xercesc::InputSource* resolveEntity(xercesc::XMLResourceIdentifier* identifier) override;

 private:
  std::filesystem::path folder_;
};

/// Thrown through Xerces to stop a parse at once.
struct Forbidden {
  std::string why;
};

/// One message of Xerces, for us to put into our words.
struct Complaint {
  bool fatal{}, of_schema{};  ///< of_schema: it came from validation
  unsigned code{};            ///< of XMLValid::Codes when of_schema, else of XMLErrs::Codes
  std::string text;
  int line{}, column{};
};

/// A reader with every door shut: validates against the pool only, reads no DTD, no entity and no schemaLocation.
class HardenedReader : public xercesc::SAX2XMLReaderImpl {
 public:
  /// \param validate false: well-formedness only
  HardenedReader(xercesc::XMLGrammarPool* pool, bool validate);

  /// Parses bytes that stay where they are.
  void parse_bytes(std::string_view bytes);

 protected:
  virtual void complain(const Complaint& complaint) = 0;

 private:
  void error(unsigned int code, const XMLCh* domain, xercesc::XMLErrorReporter::ErrTypes type, const XMLCh* text,
             const XMLCh* system_id, const XMLCh* public_id, XMLFileLoc line, XMLFileLoc column) override;
  void doctypeDecl(const xercesc::DTDElementDecl& root, const XMLCh* public_id, const XMLCh* system_id,
                   bool has_internal, bool has_external) override;
  Resolver resolver_;
  xercesc::DefaultHandler deaf_;  ///< Xerces calls what is overridden here only when handlers are set
};

/// Loads schemas into a pool and locks it. \throws Invalid for one that cannot be used
std::unique_ptr<xercesc::XMLGrammarPool> load_grammars(std::span<const std::filesystem::path> schemas);

}  // namespace answerable::xml
