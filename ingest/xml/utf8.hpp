#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace answerable::xml {

/// Strict UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) of XML 1.0 characters (§2.2: no
/// control characters but tab, line feed and carriage return, no U+FFFE, no U+FFFF).
class Utf8Checker {
 public:
  enum class Found { good, not_utf8, not_xml };

  /// How many bytes from the start of `bytes` are whole good characters. Less than all of them means either a bad
  /// character there, or one that is cut off by the end of `bytes`: found() tells, cut off counts as good.
  std::size_t check(std::string_view bytes);
  Found found() const { return found_; }

 private:
  Found found_{Found::good};
};

/// The first `most` bytes of good UTF-8, less what would be half a character, and … when something was left out.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace answerable::xml
