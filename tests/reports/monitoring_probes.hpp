#pragma once

#include <optional>
#include <string>

#include "ingest/access/role.hpp"
#include "tests/reports/people_world.hpp"

namespace answerable::service::testing {

/// Whose the thing is that a door is knocked at for.
enum class Whose { own, another_persons, another_councils };

/// What an admitted role sends to a door, and what it is answered.
struct Probe {
  std::string path, form;
  int status{};
};

/// Who knocks, and whose account the target would be.
struct Knocking {
  std::int32_t own{}, target{};
};

/// The doors of contract monitoring; nothing for any other door. What a door is about is made anew in the database each
/// time: Ada's finding under S79-REVIEWS, Bea's finding that is nobody's to monitor, or one of the other council.
std::optional<Probe> monitoring_probe(PeopleWorld& world, const std::string& door, access::Role role, Whose whose,
                                      Knocking knocking);

}  // namespace answerable::service::testing
