#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "reports/bundle/exhibits.hpp"
#include "reports/pages/trail.hpp"

namespace answerable::bundle {

/// Writes who did what from which as W3C PROV-XML (W3C Note, 30 April 2013):
///   entities    records, documents named, findings, the bundle
///   activities  acts that records tell of, submissions, the judging, the making of the bundle
///   agents      organisations, workers by role, this program
/// An act that is known only to the month or year has no start or end: it carries the date as it was sent.
/// \param bundle its number; made_by who asked for it, may be ""
void write_provenance(const pages::Trail& trail, const Exhibits& exhibits, const std::string& bundle,
                      const std::string& made_by, std::ostream& out);

}  // namespace answerable::bundle
