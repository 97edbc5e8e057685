#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reports/bundle/bodies.hpp"
#include "reports/pages/trail.hpp"
#include "reports/render/csv_table.hpp"
#include "reports/render/document.hpp"

namespace answerable::bundle {

/// Records were asked for: a record-request.
struct Asking {
  std::int64_t record{};
  std::string item, detail;
  pages::Party of;
  Happened on;
  std::string by;
  std::optional<Happened> due;
  std::int64_t for_record{-1};
  std::string outcome;  ///< produced, part-produced, unavailable or unanswered
  std::optional<Happened> answered;
};
std::vector<Asking> askings(std::span<const ReadRecord> requests, std::span<const Exhibit> exhibits);

/// What should be there and is not.
struct Missing {
  std::string what{};
  std::string state{};  ///< not-supplied, absent, contradicted, unanswered, unavailable, part-produced or not-received
  std::int64_t for_record{-1};
  std::string for_what{};
  std::optional<Happened> happened{};
  pages::Party holder{};  ///< who should have it: whoever acted, or was to
  std::vector<std::int64_t> said_by{};
  std::string searched{};  ///< by whom, where and when; "" when nobody says that they searched
  std::string finding{};
  std::vector<Asking> asked{};
};
/// Evidence not supplied, not found or contradicted; records asked for that did not come; and what the findings looked
/// for in vain, reports due under agreements among it.
std::vector<Missing> missing(const pages::Trail& trail, std::vector<Asking> asked);

const render::CsvTable& missing_table();
/// One row a thing missing and each time it was asked for.
void write_missing_csv(std::span<const Missing> missing, std::ostream& out);
render::Table missing_page(std::span<const Missing> missing, std::span<const Exhibit> exhibits);

}  // namespace answerable::bundle
