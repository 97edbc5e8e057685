#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reports/pages/trail.hpp"

namespace answerable::pg {
class Connection;
}
namespace answerable::xml {
class Kinds;
}

namespace answerable::pages {

struct TrailRequest {
  std::string authority;
  std::int32_t subject{};      ///< a person
  std::string case_reference;  ///< puts this complaint first; may be ""
  Day as_of{};
  std::optional<std::int64_t> known_at;  ///< records numbered below it; nothing: all there are
};

/// Reads a trail out of the ledger and judges it as of the day asked for.
/// \param connection may read as answerable_desk
/// \throws pg::Error; std::runtime_error when nothing was known of the person at that horizon
Trail gather(pg::Connection& connection, engine::Catalogue& catalogue, const xml::Kinds& kinds,
             const TrailRequest& request);

}  // namespace answerable::pages
