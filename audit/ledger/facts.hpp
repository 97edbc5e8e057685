#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ingest/pg/connection.hpp"

namespace answerable::xml {
class FileReader;
}

namespace answerable::ledger {

/// Connects once more to the same database: for what is read while something else streams.
using Another = std::function<pg::Connection()>;

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
/// \param bytes streams the bytes
FactsRead compare_facts(pg::Connection& bytes, const Another& another, xml::FileReader& reader,
                        const std::string& authority, const std::function<void(WrongFact&&)>& wrong);

}  // namespace answerable::ledger
