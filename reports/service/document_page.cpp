#include "reports/service/document_page.hpp"

#include <fmt/format.h>

#include "ingest/base64.hpp"
#include "ingest/digest.hpp"
#include "reports/render/document.hpp"
#include "reports/render/html_style.hpp"

namespace answerable::service {

http::Response document_page(const render::Document& document, const render::Fragment& above) {
  const auto policy =
      fmt::format("default-src 'none'; style-src 'sha256-{}'; form-action {}; frame-ancestors 'none'; base-uri 'none'",
                  base64(sha256(as_bytes(render::page_style.view()))), above.empty() ? "'none'" : "'self'");
  return {.content_type = "text/html; charset=utf-8",
          .body = render::html(document, above),
          .headers = {{"Content-Security-Policy", policy}}};
}

}  // namespace answerable::service
