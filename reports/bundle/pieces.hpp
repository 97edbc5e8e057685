#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/intake/leaf.hpp"
#include "reports/bundle/reason.hpp"

namespace answerable::bundle {

/// An element of a record, by where it stands in the record's bytes.
struct Field {
  std::string path;            ///< local names from below the record's own: "performedBy/worker"; "" for the record
  std::size_t begin{}, end{};  ///< of its bytes: from "<" to behind its end
  std::string text;            ///< its own character data as a reader of XML sees it, without white space around it
  std::vector<std::string> attributes;  ///< their values
  bool named_by_code{};                 ///< it has a scheme and a code: an organisation
};

/// The elements of a record that was valid when it was taken in, in the order of their start tags.
std::vector<Field> fields(std::string_view record);

/// Which pieces of a content (schemas/formats/leaf.md) are kept back, and why.
class Cover {
 public:
  explicit Cover(std::string_view content);

  std::size_t pieces() const { return ends_.size(); }
  std::string_view piece(std::size_t index) const;
  /// Every piece that has a byte of [begin, end). \return how many are hidden by this that were not before
  std::size_t hide(std::size_t begin, std::size_t end, Reason reason);
  std::size_t hide_piece(std::size_t index, Reason reason);
  bool hides_anything() const;

  /// What may be shown of the content, the hidden pieces as schemas/formats/bundle.md says.
  std::string shown() const;
  /// The lines of pieces/INDEX.
  std::string proof(const intake::Salt& salt, intake::LeafHasher& hasher) const;

 private:
  std::string_view content_;
  std::vector<std::size_t> ends_;
  std::vector<std::optional<Reason>> hidden_;
};

}  // namespace answerable::bundle
