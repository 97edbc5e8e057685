#pragma once

#include <string>
#include <vector>

#include "reports/service/page.hpp"

namespace answerable::service {

/// The form that asks for words within people's records, for whoever may open people; nothing for anybody else. What
/// was typed is kept. \param errors  each names its field
void add_words_form(Page& page, const Visit& visit, const std::vector<components::ErrorSummary::Error>& errors);

}  // namespace answerable::service
