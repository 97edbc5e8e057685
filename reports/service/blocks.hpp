#pragma once

#include <cstddef>
#include <string_view>

#include "reports/pages/trail.hpp"
#include "reports/render/document.hpp"
#include "reports/render/html.hpp"

namespace answerable::service {

/// Parts of a document (a trail, a loss) as they stand on a page of the service, in its components. What refers to
/// another place of the document is plain text.
render::Fragment on_page(const render::Blocks& blocks);
/// One page of a trail's chronology as the trail prints it, gaps as gaps, with the ways to the pages beside it.
/// \param number from 1 \param path where the pages are, up to their number: "/people/7?page="
render::Fragment chronology_page(pages::Trail trail, std::size_t number, std::string_view path);

}  // namespace answerable::service
