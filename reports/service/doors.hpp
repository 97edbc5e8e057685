#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "ingest/access/role.hpp"
#include "ingest/http/message.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service {

/// Whom a door is for. Which rows somebody sees behind it is the database's to say (schemas/database/0007-access.sql).
struct Who {
  bool signed_in{true};
  std::span<const access::Role> roles{};  ///< one of them is needed; none named: any will do
  bool before_second_factor{};            ///< also for who must set up a second factor first

  bool admits(const access::Actor& actor) const {
    return roles.empty() || std::ranges::any_of(roles, [&](access::Role role) { return actor.has(role); });
  }
};

/// One door for people. The guard keeps it, and the tests of who may do what are made from it.
struct Door {
  std::string_view method, path;
  Who who;
  bool csrf;             ///< the form must carry the session's token (see access::csrf_token)
  std::size_t body_cap;  ///< bytes; 0: no body is taken
  http::Response (*handle)(Visit&);
};

/// Every door for people.
std::span<const Door> doors();

}  // namespace answerable::service
