#pragma once

// Private to reports/service/monitoring: what its pages have in common.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/outcome.hpp"
#include "reports/render/components/content.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/outcome_tag.hpp"
#include "reports/service/page.hpp"
#include "reports/service/typed_day.hpp"

namespace answerable::service {

namespace ui = components;

/// "1 June 2024"; "" for none.
std::string day_words(const std::optional<Day>& day);
/// "12 days late", "due today", "in 3 days"
std::string lateness_words(Day due, Day today);
/// The London day of a moment, in words.
std::string day_of_words(Instant at);
ui::Tag severity_tag(std::string_view severity);
/// "A trust (ods:RH5)", or the key alone where nobody may see the name.
std::string name_of(const std::map<std::string, std::string>& names, const std::string& key);

/// A row's checkbox. What it chooses is said to a screen reader: others see it stand in its row.
render::Fragment row_checkbox(std::string_view name, std::string_view value, std::string_view chooses);
/// Answers a file of rows to keep.
http::Response csv_answer(std::string file_name, std::string body);
/// The members of a query or form with this name, in order.
std::vector<std::string> values_of(const std::vector<std::pair<std::string, std::string>>& pairs,
                                   std::string_view name);

}  // namespace answerable::service
