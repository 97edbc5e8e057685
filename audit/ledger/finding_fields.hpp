#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/engine/catalogue.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::pg {
class Connection;
}

namespace answerable::ledger {

/// Tells in which fields a stored finding is not what was signed. Its leaf is one hash over all of them: so its subject
/// is judged once more, with the rules, the day and the records of its audit, and the two are compared.
class FindingFields {
 public:
  /// The connection must have no transaction open while this is asked.
  FindingFields(pg::Connection& connection, std::string authority)
      : connection_(connection), authority_(std::move(authority)) {}

  /// Of every field that differs its name, what is stored and what judging gives, each list parted by "; ".
  struct Wrong {
    std::string fields, found, expected;
  };
  /// \param content of the leaf (schemas/formats/leaf.md), as it is made of what is stored now
  /// \return nothing when it cannot be told: judged by another edition of the program, or no field differs
  std::optional<Wrong> wrong(std::string_view content);

 private:
  struct Run {
    std::int64_t number{};
    Day as_of{};
    std::int64_t known_at{};
    std::optional<engine::Catalogue> catalogue;  ///< nothing: its rules are not held, or the program was another
  };
  Run& run(std::int64_t number);

  pg::Connection& connection_;
  std::string authority_;
  std::optional<xml::Kinds> kinds_;  ///< loaded once anything is asked: hardly ever
  std::optional<Run> run_;           ///< the one asked for last
};

}  // namespace answerable::ledger
