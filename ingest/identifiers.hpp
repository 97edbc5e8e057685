#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace answerable {

/// Why an identifier is refused, in the words of a fault.
struct IdentifierFault {
  std::string code;      ///< "nhs-number.check-digit", "ods.format" …
  std::string problem;   ///< one sentence
  std::string expected;  ///< what the scheme allows
  std::string mend;      ///< what to do, with an example
};

/// Checks a value by the rules of its scheme: nhs-number (NHS Data Dictionary: modulus 11; repeated digits refused,
/// although their check digit is right), ods, cassr, gss, cqc-provider, cqc-location, company, charity. Nothing when it
/// is right, and nothing for schemes without rules (local, council, sender, agreement, case).
std::optional<IdentifierFault> check_identifier(std::string_view scheme, std::string_view value);

}  // namespace answerable
