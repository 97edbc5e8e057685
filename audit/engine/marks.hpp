#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace answerable::pg {
class Transaction;
}

namespace answerable::engine {

class Catalogue;

/// Asks the catalogue's measures about what is known, and notes what is new and what is over. A measure that was asked
/// before looks only at records that have in common what it compares with some that came since, were corrected, or
/// were disposed of.
/// \return the subjects for whom that changed anything, in order
std::vector<std::int32_t> refresh_marks(pg::Transaction& transaction, const Catalogue& catalogue,
                                        const std::string& authority, std::int64_t known_at);

}  // namespace answerable::engine
