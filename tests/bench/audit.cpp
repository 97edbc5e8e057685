// Judges every record of a data folder with every rule, on one core: bench-audit DATA_FOLDER AUTHORITY
// What is measured is this process's own processor time in user mode: decoding the rows, building timelines, judging,
// and the findings' sentences. The database's own scan runs in the server's processes; what the kernel spends on
// carrying its rows over is printed apart.
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

struct Cpu {
  double user{}, system{};
};

Cpu cpu() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return {seconds(used.ru_utime), seconds(used.ru_stime)};
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

  const Cpu before = cpu();
  const auto start = std::chrono::steady_clock::now();
  std::size_t sentences = 0;
  const auto report = engine::question(
      connection, catalogue, argv[2], Day{std::chrono::year{2026} / 11 / 21}, std::nullopt,
      [&](const engine::Context& context, const engine::SubjectTimeline& timeline, const engine::Judgement& judgement) {
        if (engine::needs_attention(judgement.outcome))
          sentences += engine::sentence(context, timeline, judgement).size();
      });
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const Cpu after = cpu();
  const double user = after.user - before.user, system = after.system - before.system;
  fmt::print("records {}  entries {}  rules {}  judgements {}\n", report.records, report.entries,
             catalogue.rules().size(), report.judgements);
  fmt::print(
      "decoding, judging, wording: {:.3f} s of processor time: {:.0f} records a second on one core (target: 200,000)\n",
      user, static_cast<double>(report.records) / user);
  fmt::print("the kernel, copying rows from the database's socket: {:.3f} s; with it {:.0f} records a second\n", system,
             static_cast<double>(report.records) / (user + system));
  fmt::print("wall clock {:.3f} s; sentences {} bytes\n", wall, sentences);
  return 0;
}
