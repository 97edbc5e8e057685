#pragma once

// Private to reports/service: how a scorecard reads. The organisation's own pages show the same.

#include "audit/engine/catalogue.hpp"
#include "reports/render/html.hpp"
#include "reports/service/monitoring/provider.hpp"

namespace answerable::service {

/// How duties stand in all, and by rule.
render::Fragment scorecard_parts(const monitoring::Scorecard& card, const engine::Catalogue& rules);
/// Evidenced share by quarter, as a chart with its table. \param csv_href  "" for none
render::Fragment trend_chart(const std::vector<monitoring::Quarter>& quarters, const std::string& csv_href);
/// How long reviews take from the day they are due.
render::Fragment reviews_chart(const monitoring::Waiting& reviews, const std::string& csv_href);

}  // namespace answerable::service
