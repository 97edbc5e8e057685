#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reports/bundle/pieces.hpp"

namespace answerable::bundle {

/// The bytes of a document that was sent within its record.
struct EmbeddedDocument {
  std::string bytes;
  std::string media_type;  ///< as declared; "" when it is not
  std::string extension;   ///< by the declared type, from a fixed list: "pdf"; "bin" for any other
  bool readable{};         ///< text in UTF-8, so that words can be looked for in it
};

/// Nothing when the record is no document, or came without its content.
std::optional<EmbeddedDocument> embedded(std::string_view kind, std::span<const Field> fields);

}  // namespace answerable::bundle
