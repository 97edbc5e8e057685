#pragma once

#include <optional>
#include <string>

#include "ingest/intake/receipt.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::ledger {

/// A receipt as its sender keeps it: schemas/formats/receipt.md.
struct ReceiptFile {
  std::string state;  ///< received, sequenced, published
  std::string text;
};

/// \throws std::runtime_error when there is no such submission
ReceiptFile receipt_file(pg::Transaction& transaction, const intake::ReceiptId& id);

}  // namespace answerable::ledger
