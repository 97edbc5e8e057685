#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ingest/xml/document.hpp"
#include "reports/bundle/exhibits.hpp"
#include "reports/bundle/redaction.hpp"

namespace answerable::bundle {

/// A record read whole, with everything in it that is kept back taken out.
struct ReadRecord {
  Exhibit exhibit;
  xml::Element element;
};

/// The person's records of a kind, but for those that others among the exhibits correct and those kept back whole.
std::vector<ReadRecord> read_records(pg::Transaction& transaction, const std::string& authority, std::string_view kind,
                                     const Exhibits& exhibits, Redaction& redaction);

/// The exhibit that a recordReference of `from` names; nothing when it is none of this bundle's.
std::optional<Exhibit> referred(const Exhibits& exhibits, const Exhibit& from, const xml::Element& reference);

}  // namespace answerable::bundle
