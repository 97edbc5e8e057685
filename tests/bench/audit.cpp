// Judges every record of a data folder with every rule, on one core: bench-audit DATA_FOLDER AUTHORITY
// What is measured is this process's own processor time: reading the rows off the wire, building timelines, judging,
// and the findings' sentences. The database's own scan runs in the server's processes and is printed apart, as waiting.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/store.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/xml/kinds.hpp"

namespace {

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace answerable;
  if (argc != 3) {
    std::fputs("usage: bench-audit DATA_FOLDER AUTHORITY\n", stderr);
    return 2;
  }
  const auto database = pg::Database::open(std::nullopt, argv[1]);
  pg::Connection connection{database.conninfo(), "bench", "answerable_audit"};
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  auto catalogue = engine::Catalogue::load(kinds);

  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  std::size_t sentences = 0;
  const auto report = engine::question(
      connection, catalogue, argv[2], Day{std::chrono::year{2026} / 11 / 21}, std::nullopt,
      [&](const engine::Context& context, const engine::SubjectTimeline& timeline, const engine::Judgement& judgement) {
        if (engine::needs_attention(judgement.outcome))
          sentences += engine::sentence(context, timeline, judgement).size();
      });
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double used = cpu_seconds() - cpu;
  fmt::print("records {}  entries {}  rules {}  judgements {}\n", report.records, report.entries,
             catalogue.rules().size(), report.judgements);
  fmt::print("own processor time {:.3f} s: {:.0f} records a second on one core (target: 200,000)\n", used,
             static_cast<double>(report.records) / used);
  fmt::print("wall clock {:.3f} s, of which waiting for the database {:.3f} s; sentences {} bytes\n", wall, wall - used,
             sentences);
  return 0;
}
