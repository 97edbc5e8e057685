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
std::vector<Asking> askings(std::span<const ReadRecord> requests, const Exhibits& exhibits);

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
void pack(pages::Packer& packer, const Missing& missing);
void unpack(pages::Unpacker& unpacker, Missing& missing);

using Missings = pages::Rows<Missing>;

/// Evidence not supplied, not found or contradicted; records asked for that did not come; and what the findings looked
/// for in vain, reports due under agreements among it.
Missings missing(const pages::Trail& trail, std::vector<Asking> asked);

const render::CsvTable& missing_table();
/// One row a thing missing and each time it was asked for.
void write_missing_csv(const Missings& missing, std::ostream& out);
render::Table missing_page(const Missings& missing, const Exhibits& exhibits);

}  // namespace answerable::bundle
