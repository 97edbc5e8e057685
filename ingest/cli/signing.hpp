#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/access/approvals.hpp"

namespace CLI {
class App;
}

namespace answerable::cli {

/// --approval and --approved-by: who stands behind what needs a second person.
struct Signing {
  std::optional<std::int64_t> approval;
  std::string approved_by;

  /// \param required one of the two has to be given
  void add_to(CLI::App& command, bool required);

  /// What it is about, as the approval has to say it: a finding's number, or the person and perhaps a case.
  struct About {
    std::string finding{};
    std::optional<std::int32_t> subject{};
    std::string case_reference{};
  };
  /// Uses the approval up in the transaction that does what was approved. While nobody of the council has an account
  /// that signs it off, the name that was given is taken for what it is, and nothing is signed off. \throws
  /// Failure(refused) when an approval is needed, or this is not one of it
  access::SignOff use(pg::Transaction& transaction, std::string_view authority, access::ApprovalOf what,
                      const About& about) const;
};

}  // namespace answerable::cli
