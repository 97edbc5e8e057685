#include "ingest/access/reading_report.hpp"

#include <nlohmann/json.hpp>

namespace answerable::access {
namespace {

constexpr pg::Statement report{
    "access.reading_report",
    "SELECT account, reader, people, purposes, busiest, usual::text, beyond, outside, unassigned, own_surname"
    " FROM answerable.reading_report($1, $2)"
    " ORDER BY (beyond + outside + unassigned + own_surname > 0) DESC, people DESC, reader"};

}  // namespace

std::vector<Reading> reading_report(pg::Transaction& transaction, Day from, Day to) {
  const auto rows = transaction.run(report, from, to);
  std::vector<Reading> all;
  for (int i = 0; i < rows.rows(); ++i) {
    Reading one{.reader = std::string(rows.text(i, 1)),
                .people = rows.int64(i, 2),
                .purposes = nlohmann::json::parse(rows.text(i, 3)),
                .busiest_day = rows.int64(i, 4),
                .usual_day = std::stod(std::string(rows.text(i, 5))),
                .days_beyond_usual = rows.int64(i, 6),
                .outside_office_hours = rows.int64(i, 7),
                .unassigned = rows.int64(i, 8),
                .own_surname = rows.int64(i, 9)};
    if (!rows.is_null(i, 0)) one.account = rows.int32(i, 0);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace answerable::access
