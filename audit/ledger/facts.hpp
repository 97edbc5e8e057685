#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ingest/pg/connection.hpp"

namespace answerable::xml {
class FileReader;
}

namespace answerable::ledger {

/// A row that does not say what its record's bytes say.
struct WrongFact {
  std::int64_t record{};
  std::string field;            ///< "kind", "entry 1: act", "evidence 2: state" …
  std::string found, expected;  ///< in the row; by the bytes
};

/// How much was compared.
struct FactsRead {
  std::int64_t records{}, rows{};
};

/// Parses every record's stored bytes again and compares the rows made of them when they were taken in.
/// \param bytes streams the bytes while `rows` is asked for what was made of them
FactsRead compare_facts(pg::Connection& bytes, pg::Connection& rows, xml::FileReader& reader,
                        const std::string& authority, const std::function<void(WrongFact&&)>& wrong);

}  // namespace answerable::ledger
