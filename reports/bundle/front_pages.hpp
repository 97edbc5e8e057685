#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/bundle/exhibits.hpp"
#include "reports/bundle/missing.hpp"
#include "reports/pages/trail.hpp"
#include "reports/render/document.hpp"

/// The pages by which a reader enters a bundle.
namespace answerable::bundle {

/// What a bundle says of itself.
struct Facts {
  std::string number;   ///< "B-6F2A91C4"
  std::string made_by;  ///< who asked for it, as they named themselves; may be ""
  std::string purpose;  ///< complaint, monitoring, audit, subject-access or not-stated
  std::string origin;   ///< the ledger's
  std::int64_t size{};  ///< leaves at the checkpoint
  Instant sealed_at{};  ///< when the checkpoint was signed
  bool has_enquiry{};
  bool keeps_back{};        ///< there is a redactions.csv
  std::string redacted_by;  ///< who decided that; "" when nobody did
  std::size_t rules{};      ///< rule files
  std::size_t receipts{};
};

/// index.html: start here. Exhibits and what is missing have to outlive the page.
render::Document index_page(const pages::Trail& trail, const Exhibits& exhibits, const Missings& missing,
                            const Facts& facts);

/// certificate.html: of an officer of the council, Civil Evidence Act 1995 s.9, to be filled in and signed.
render::Document certificate_page(const pages::Trail& trail, const Exhibits& exhibits, const Facts& facts);

}  // namespace answerable::bundle
