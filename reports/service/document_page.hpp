#pragma once

#include "ingest/http/message.hpp"
#include "reports/render/html.hpp"

namespace answerable::service {

/// A document as a page of its own. It carries its own style, so that it can be kept and handed on: nothing but exactly
/// that style may apply.
/// \param above stands above its title; only with it may the page have forms
http::Response document_page(const render::Document& document, const render::Fragment& above = {});

}  // namespace answerable::service
