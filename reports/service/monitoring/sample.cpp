#include "reports/service/monitoring/sample.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "reports/service/numbers.hpp"

namespace answerable::monitoring {
namespace {

constexpr pg::Statement draw_cases{"samples.draw", "SELECT answerable.draw_sample($1, $2, $3)"};
constexpr pg::Statement list_samples{"samples.list",
                                     "SELECT event, agreement, seed, drawn_by, known_at, subjects::text[], drawn_at "
                                     "FROM answerable.sample WHERE authority "
                                     "= $1 AND ($2::bigint IS NULL OR event = $2) ORDER BY event DESC LIMIT 100"};
constexpr pg::Statement cases_of{"samples.cases",
                                 "SELECT subject, coalesce(identifier, '') FROM answerable.sample_cases($1, false)"};
constexpr pg::Statement population_of{"samples.population", "SELECT subject FROM answerable.sample_cases($1, true)"};

std::vector<Sample> read_samples(pg::Transaction& transaction, const std::string& authority,
                                 std::optional<std::int64_t> number) {
  const auto rows = transaction.run(list_samples, authority, number);
  std::vector<Sample> all;
  for (int i = 0; i < rows.rows(); ++i) {
    Sample one{.number = rows.int64(i, 0),
               .agreement = std::string(rows.text(i, 1)),
               .seed = std::string(rows.text(i, 2)),
               .by = std::string(rows.text(i, 3)),
               .known_at = rows.int64(i, 4),
               .cases = {},
               .at = rows.instant(i, 6)};
    for (const auto& text : rows.text_array(i, 5)) one.cases.push_back(service::number_in<std::int32_t>(text).value());
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

std::vector<Sample> samples(pg::Transaction& transaction, const std::string& authority) {
  return read_samples(transaction, authority, std::nullopt);
}

std::optional<Sample> sample(pg::Transaction& transaction, const std::string& authority, std::int64_t number) {
  auto all = read_samples(transaction, authority, number);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::optional<std::int64_t> draw(pg::Transaction& transaction, const std::string& agreement, const std::string& seed,
                                 int size) {
  const auto row = transaction.run_one(draw_cases, agreement, seed, std::int32_t{size});
  if (row.is_null(0, 0)) return std::nullopt;
  return row.int64(0, 0);
}

Digest case_hash(const std::string& seed, std::int32_t number) {
  return sha256(as_bytes(fmt::format("{}/{}", seed, number)));
}

std::vector<SampleCase> sample_cases(pg::Transaction& transaction, std::int64_t sample) {
  const auto rows = transaction.run(cases_of, sample);
  std::vector<SampleCase> all;
  for (int i = 0; i < rows.rows(); ++i) all.push_back({rows.int32(i, 0), std::string(rows.text(i, 1))});
  return all;
}

std::vector<std::int32_t> population(pg::Transaction& transaction, std::int64_t sample) {
  const auto rows = transaction.run(population_of, sample);
  std::vector<std::int32_t> all;
  for (int i = 0; i < rows.rows(); ++i) all.push_back(rows.int32(i, 0));
  return all;
}

}  // namespace answerable::monitoring
