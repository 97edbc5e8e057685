#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

/// Legal holds: while one stands, nothing of the person is disposed of. Several can stand at once, for several reasons,
/// and each is lifted by its own number.
namespace answerable::events {

struct Hold {
  std::int64_t number{};  ///< of the event
  std::int32_t subject{};
  Instant at{};
  std::string by, reason;
};

/// Returns its number.
std::int64_t place_hold(pg::Transaction& transaction, const std::string& authority, std::int32_t subject,
                        const std::string& by, const std::string& reason);
/// \throws std::invalid_argument when no such hold stands
void lift_hold(pg::Transaction& transaction, const std::string& authority, std::int64_t number, const std::string& by,
               const std::string& reason);
/// Those that stand, oldest first. \param subject nothing: everybody's
std::vector<Hold> standing_holds(pg::Transaction& transaction, const std::string& authority,
                                 std::optional<std::int32_t> subject = {});

}  // namespace answerable::events
