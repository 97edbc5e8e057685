#pragma once

#include <span>

#include "reports/bundle/bodies.hpp"
#include "reports/pages/trail.hpp"
#include "reports/render/document.hpp"

namespace answerable::bundle {

/// Whether there is a letter of the ombudsman's with questions.
bool has_enquiry(std::span<const ReadRecord> ombudsman);

/// Its questions, the answers, and the exhibits that show them; for each letter the one text where the questions were
/// not sent one by one.
render::Document enquiry_page(const pages::Trail& trail, std::span<const ReadRecord> ombudsman,
                              const Exhibits& exhibits);

}  // namespace answerable::bundle
