#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "ingest/parsed.hpp"

namespace answerable::engine {
struct Organisations;
}
namespace answerable::xml {
class Kinds;
}

namespace answerable::pages {

/// Every value that a schema of the kind lists, the common ones included.
std::set<std::string, std::less<>> listed_codes(const xml::Kinds& kinds, std::string_view kind, int version);

/// Says an act as a line of a chronology, in words: names for the codes of organisations, dates written out, the
/// schemas' code words without their hyphens.
class Speech {
 public:
  /// Both must outlive this.
  Speech(const xml::Kinds& kinds, const engine::Organisations& organisations);

  /// One sentence or more, ending with a full stop.
  std::string says(std::string_view kind, int version, std::string_view act, Attributes attributes) const;
  /// "Direct payment", from direct-payment
  std::string title(std::string_view kind, int version) const;

 private:
  struct Words {
    std::set<std::string, std::less<>> codes;     ///< every value that a schema of the kind lists
    std::set<std::string, std::less<>> verbatim;  ///< attributes that hold references
  };
  std::string spoken(std::string_view value, const Words* words) const;

  const xml::Kinds* kinds_;
  const engine::Organisations* organisations_;
  std::map<std::pair<std::string, int>, Words> words_;
};

}  // namespace answerable::pages
