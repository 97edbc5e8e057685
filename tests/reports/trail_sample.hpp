#pragma once

#include "reports/pages/trail.hpp"

namespace answerable::pages {

/// A trail made by hand: a review that cannot be shown, a payment stopped on it, a complaint sent away. Made-up people.
/// \param visits lines of home visits added, to make it long
Trail sample_trail(int visits = 0);

}  // namespace answerable::pages
