#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/ledger/disclose.hpp"
#include "reports/bundle/exhibits.hpp"
#include "reports/bundle/files.hpp"
#include "reports/bundle/redaction.hpp"

namespace answerable::bundle {

/// The leaves a bundle holds: of the records shown, the submissions they came with, the findings about the person and
/// the agreements with every step of their life, the audits that made them, and what happened about the person.
std::vector<ledger::LeafName> leaves_wanted(pg::Transaction& transaction, const std::string& authority,
                                            std::int32_t subject, const Exhibits& exhibits);

/// Writes the exhibits as they may be shown, and data/ledger/ with what proves them. Fills in what `exhibits` says of
/// the files. \return how many leaves there are
std::int64_t write_leaves(ledger::Disclosure& disclosure, std::vector<ledger::LeafName> wanted, Exhibits& exhibits,
                          Redaction& redaction, Files& files);

}  // namespace answerable::bundle
