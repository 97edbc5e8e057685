#pragma once

#include <string>

#include "audit/engine/catalogue.hpp"
#include "reports/render/document.hpp"
#include "reports/service/monitoring/provider.hpp"

namespace answerable::monitoring {

/// The contract monitoring report about an organisation, to be printed and to leave the house: where fewer than five
/// stand behind a figure it is not given, and nobody is named.
render::Document report(const Provider& provider, const engine::Catalogue& rules, const std::string& council,
                        Day today);

}  // namespace answerable::monitoring
