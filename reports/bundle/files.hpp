#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "audit/bag/bag_writer.hpp"
#include "reports/bundle/kept_words.hpp"

namespace answerable::bundle {

/// Puts files into a bundle, whose paths lie below data/, and sees to it that none shows words that are kept back.
class Files {
 public:
  /// Both must outlive this.
  Files(bag::BagWriter& bag, const KeptWords& kept_back) : bag_(bag), kept_back_(kept_back) {}

  /// \return the file's SHA-256 \throws std::runtime_error when kept words stand in it, or the bag cannot be written
  Digest add(const std::string& path, std::string_view bytes);
  /// The same for a file that is not held whole. \param fill writes it
  Digest write(const std::string& path, const std::function<void(std::ostream&)>& fill);

  std::int64_t count() const { return count_; }

 private:
  bag::BagWriter& bag_;
  const KeptWords& kept_back_;
  std::int64_t count_{};
};

}  // namespace answerable::bundle
