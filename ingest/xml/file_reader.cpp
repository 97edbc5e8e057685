#include "ingest/xml/file_reader.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <istream>
#include <system_error>
#include <thread>
#include <utility>

#include "ingest/xml/splitter.hpp"
#include "ingest/xml/wire.hpp"
#include "ingest/xml/worker_process.hpp"

namespace answerable::xml {
namespace {

using Clock = std::chrono::steady_clock;

/// A worker that has parsed this much is replaced before the next file, so that its processor time never runs out on
/// honest work.
constexpr std::uint64_t most_bytes_of_a_worker = std::uint64_t{1} << 30;
/// The largest piece takes a worker well under a second.
constexpr std::chrono::seconds most_silence{120};
constexpr std::size_t most_bytes_under_way = std::size_t{4} << 20;
constexpr std::size_t most_record_faults = 10'000;

std::filesystem::path program_of(const Limits& limits) {
  if (!limits.worker_program.empty()) return limits.worker_program;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "answerable-ingest";
}

Fault cap(std::string code, std::string problem, std::string expected, std::string mend) {
  Fault fault;
  fault.code = std::move(code);
  fault.line = fault.column = 1;
  fault.problem = std::move(problem);
  fault.expected = std::move(expected);
  fault.mend = std::move(mend);
  return fault;
}

enum class Stage { chunks, tail, done };

}  // namespace

struct FileReader::Pool {
  struct Job {
    std::uint64_t number{};
    wire::FrameKind kind{};
    Chunk chunk;  ///< of a tail or whole: its place only
    std::size_t length{};
    bool back{}, lost{};
    wire::Result result;
  };
  struct Worker {
    Worker(const std::filesystem::path& program) : process(program) {}
    WorkerProcess process;
    bool ready{}, gone{};
    Clock::time_point heard{Clock::now()};  ///< or given something to do
    std::uint64_t file{}, bytes{};
    std::deque<std::uint64_t> jobs;
    std::string why;  ///< it could not start
  };

  Pool(const Kinds& its_kinds, const Limits& its_limits)
      : kinds(its_kinds),
        limits(its_limits),
        most(its_limits.workers != 0 ? its_limits.workers
                                     : std::clamp(std::thread::hardware_concurrency(), 2U, 9U) - 1) {
    add();
  }

  Worker& add() {
    auto& worker = *workers.emplace_back(std::make_unique<Worker>(program_of(limits)));
    worker.process.send(wire::setup(kinds.schemas_folder().string(),
                                    static_cast<std::uint32_t>(std::max<std::int64_t>(1, limits.max_time.count())),
                                    limits.contents));
    return worker;
  }

  void begin(std::string_view head, std::string_view closing, Day today) {
    ++file;
    std::erase_if(workers, [](const auto& it) { return !it->process.alive() || it->bytes > most_bytes_of_a_worker; });
    head_frame = wire::head({std::string(head), std::string(closing), today});
  }

  bool has_room() const {
    std::size_t bytes = 0;
    for (const auto& job : jobs) bytes += job.length;
    return jobs.size() < std::size_t{most} * 3 && bytes < most_bytes_under_way;
  }

  /// A worker costs a fifth of a second to start: what stands behind the last record is not worth another.
  void give(Job job, std::string frame) {
    auto least = std::min_element(workers.begin(), workers.end(),
                                  [](const auto& a, const auto& b) { return a->jobs.size() < b->jobs.size(); });
    const bool worth_another = job.kind == wire::FrameKind::chunk && workers.size() < most;
    Worker* worker = least == workers.end() || (!(*least)->jobs.empty() && worth_another) ? &add() : least->get();
    if (worker->file != file) {
      worker->process.send(head_frame);
      worker->file = file;
    }
    if (worker->jobs.empty()) worker->heard = Clock::now();
    worker->bytes += frame.size();
    worker->jobs.push_back(job.number);
    worker->process.send(std::move(frame));
    jobs.push_back(std::move(job));
  }

  Job* find(std::uint64_t number) {
    const auto found = std::find_if(jobs.begin(), jobs.end(), [&](const Job& it) { return it.number == number; });
    return found == jobs.end() ? nullptr : &*found;
  }

  void listen(Worker& worker) {
    for (WorkerProcess::Frame frame; !worker.gone && worker.process.take(frame);) {
      worker.heard = Clock::now();
      if (frame.kind == wire::FrameKind::ready) {
        worker.ready = true;
        continue;
      }
      if (frame.kind == wire::FrameKind::failed) {
        try {
          worker.why = wire::Reader(frame.content).text();
        } catch (const wire::Broken&) {
          worker.why = "it says nothing about why";
        }
        continue;
      }
      if (worker.jobs.empty()) return lose(worker);
      const auto number = worker.jobs.front();
      worker.jobs.pop_front();
      auto* job = find(number);
      if (job == nullptr) continue;  // of a file given up before
      try {
        job->result = wire::read_result(frame.content);
        job->lost = frame.kind != wire::FrameKind::result || job->result.job != number ||
                    job->result.records.size() > job->chunk.records.size() ||
                    (!job->result.fatal && job->result.records.size() != job->chunk.records.size());
      } catch (const wire::Broken&) {
        job->lost = true;
      }
      job->back = true;
      if (job->lost) return lose(worker);
    }
  }

  /// Its jobs are not given to another worker: whatever killed this one is in the first of them, and refuses the file.
  void lose(Worker& worker) {
    for (const auto number : worker.jobs) {
      if (auto* job = find(number)) job->back = job->lost = true;
    }
    worker.jobs.clear();
    if (!worker.ready) {
      throw std::runtime_error(fmt::format("the parse worker {} cannot be started: {}", program_of(limits).string(),
                                           worker.why.empty() ? "it ended at once" : worker.why));
    }
    worker.gone = true;
  }

  /// Until something happened, or for a tenth of a second.
  void wait() {
    std::vector<pollfd> sockets;
    for (const auto& it : workers) {
      sockets.push_back(
          {it->process.socket(), static_cast<short>(POLLIN | (it->process.has_to_write() ? POLLOUT : 0)), 0});
    }
    if (::poll(sockets.data(), sockets.size(), 100) < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "poll");
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      auto& worker = *workers[i];
      if ((sockets[i].revents & POLLOUT) != 0) worker.process.write_some();
      if ((sockets[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0) worker.process.read_some();
      listen(worker);
      const bool silent = !worker.jobs.empty() && Clock::now() - worker.heard > most_silence;
      if (!worker.gone && (!worker.process.alive() || silent)) lose(worker);
    }
    std::erase_if(workers, [](const auto& it) { return it->gone; });
  }

  const Kinds& kinds;
  const Limits& limits;
  unsigned most;
  std::uint64_t file{}, next_job{1};
  std::string head_frame;
  std::vector<std::unique_ptr<Worker>> workers;
  std::deque<Job> jobs;
};

namespace {

/// Counts, hashes and caps what is read.
class Source {
 public:
  Source(std::istream& file, const Limits& limits, const Progress& progress)
      : file_(file), limits_(limits), progress_(progress) {}

  std::size_t read(char* to, std::size_t size) {
    file_.read(to, static_cast<std::streamsize>(size));
    const auto got = static_cast<std::size_t>(file_.gcount());
    if (file_.bad()) throw std::runtime_error("the file cannot be read on from byte " + std::to_string(bytes));
    bytes += got;
    hash_.update(std::as_bytes(std::span(to, got)));
    if (bytes > limits_.max_bytes) {
      throw Refusal{
          cap("cap.bytes",
              fmt::format("The file is larger than {} bytes, the most that is taken in one file.", limits_.max_bytes),
              fmt::format("At most {} bytes.", limits_.max_bytes),
              "Split it into several files with a message id each, or have the limit raised (--max-bytes).")};
    }
    if (progress_ && got > 0) progress_(bytes);
    return got;
  }
  Digest digest() { return hash_.finish(); }

  std::uint64_t bytes{};

 private:
  std::istream& file_;
  const Limits& limits_;
  const Progress& progress_;
  Sha256 hash_;
};

}  // namespace

void Handler::records(std::vector<ParsedRecord>&& records, std::string&& bytes) {
  auto left = std::as_bytes(std::span(bytes));
  for (auto& it : records) {
    const std::size_t lead = it.lead, length = it.length;
    record(std::move(it), left.first(lead), left.subspan(lead, length));
    left = left.subspan(lead + length);
  }
}

FileReader::FileReader(const Kinds& kinds, Limits limits)
    : kinds_(kinds), limits_(std::move(limits)), pool_(std::make_unique<Pool>(kinds_, limits_)) {}

FileReader::~FileReader() = default;

FileOutcome FileReader::read(std::istream& file, Day today, Handler& handler, const Progress& progress) {
  FileOutcome outcome;
  const auto deadline = Clock::now() + limits_.max_time;
  Source source(file, limits_, progress);
  Splitter splitter([&](char* to, std::size_t size) { return source.read(to, size); });
  std::optional<Fault> refusal;
  bool header_told = false, header_bad = false, whole_sent = false, wants_envelope = true;
  auto stage = Stage::chunks;
  auto& pool = *pool_;
  // However this is left: answers that come late are of jobs nobody knows any more.
  struct Clean {
    Pool& pool;
    ~Clean() { pool.jobs.clear(); }
  } const clean{pool};

  const auto send_next = [&] {
    Pool::Job job;
    job.number = pool.next_job++;
    const bool first = std::exchange(wants_envelope, false);
    if (auto chunk = splitter.next()) {
      if (chunk->first_record + chunk->records.size() > limits_.max_records) {
        throw Refusal{
            cap("cap.records",
                fmt::format("The file holds more than {} records, the most that are taken in one file.",
                            limits_.max_records),
                fmt::format("At most {} records.", limits_.max_records),
                "Split it into several files with a message id each, or have the limit raised (--max-records).")};
      }
      job.kind = wire::FrameKind::chunk;
      job.length = chunk->bytes.size();
      auto frame = wire::chunk(job.number, first, *chunk);
      job.chunk = std::move(*chunk);
      pool.give(std::move(job), std::move(frame));
      return;
    }
    job.kind = wire::FrameKind::tail;
    job.chunk.start = splitter.tail_start();
    job.length = splitter.tail().size();
    auto frame = wire::tail(job.number, first, splitter.tail_start(), splitter.tail());
    pool.give(std::move(job), std::move(frame));
    stage = Stage::tail;
  };

  const auto begin = [&] {
    splitter.read_head();
    pool.begin(splitter.head(), splitter.closing(), today);
    if (splitter.is_submission()) return;
    stage = Stage::done;
    refusal = cap("root.unknown", "The file is no submission: its outermost element is another.",
                  "<submission xmlns=\"urn:answerable:submission:1\"> with a header and records.",
                  "Put the records into a submission; schemas/submission/1 shows how.");
    if (const auto whole = splitter.whole()) {
      Pool::Job job;
      job.number = pool.next_job++;
      job.kind = wire::FrameKind::whole;
      job.length = whole->size();
      auto frame = wire::whole(job.number, *whole);
      pool.give(std::move(job), std::move(frame));
      whole_sent = true;
    }
  };

  const auto bytes_of = [](std::string_view text) { return std::as_bytes(std::span(text)); };

  /// False when the file is refused by it.
  const auto deliver = [&](Pool::Job& job) {
    auto& result = job.result;
    if (job.lost) {
      auto fault = cap("file.unsafe",
                       fmt::format("The file could not be read safely: bytes {} to {} brought the parser down.",
                                   job.chunk.start.byte, job.chunk.start.byte + job.length),
                       "XML as an XML library writes it.",
                       "Look at this part of the file. Send the rest without it, and tell us of it.");
      fault.line = job.chunk.start.line;
      fault.column = job.chunk.start.column;
      outcome.faults.push_back(std::move(fault));
      return false;
    }
    outcome.faults.insert(outcome.faults.end(), std::make_move_iterator(result.faults.begin()),
                          std::make_move_iterator(result.faults.end()));
    if (job.kind == wire::FrameKind::whole) return !result.fatal;
    if (!header_told && !header_bad) {
      header_told = result.envelope.has_value();
      header_bad = !header_told;
      if (header_told) {
        handler.envelope(*result.envelope);
        handler.part(0, bytes_of(splitter.head()));
      }
    }
    for (std::size_t i = 0; i < result.records.size(); ++i) {
      auto& record = result.records[i];
      const auto& cut = job.chunk.records[i];
      record.ordinal = job.chunk.first_record + i;
      record.position = cut.start.byte;
      record.length = cut.length;
      record.lead = cut.lead;
      record.line = cut.start.line;
      record.column = cut.start.column;
    }
    outcome.records += result.records.size();
    if (header_told) {
      if (!result.records.empty()) handler.records(std::move(result.records), std::move(job.chunk.bytes));
    } else {
      for (auto& record : result.records) {
        const auto room = most_record_faults - std::min(most_record_faults, outcome.record_faults.size());
        for (std::size_t f = 0; f < std::min(room, record.faults.size()); ++f)
          outcome.record_faults.push_back(std::move(record.faults[f]));
      }
    }
    if (result.fatal) return false;
    if (job.kind == wire::FrameKind::tail && header_told) handler.part(job.chunk.start.byte, bytes_of(splitter.tail()));
    return true;
  };

  bool stopped = false;
  const auto attempt = [&](const auto& what) {
    try {
      what();
    } catch (const Refusal& it) {
      refusal = it.fault;
      stage = Stage::done;
    }
  };
  attempt(begin);
  while (!stopped) {
    while (stage == Stage::chunks && pool.has_room()) attempt(send_next);
    while (!stopped && !pool.jobs.empty() && pool.jobs.front().back) {
      auto job = std::move(pool.jobs.front());
      pool.jobs.pop_front();
      stopped = !deliver(job);
    }
    if (pool.jobs.empty() && stage != Stage::chunks) break;
    if (stopped) break;
    if (Clock::now() > deadline) {
      outcome.faults.push_back(
          cap("cap.time", fmt::format("Reading the file took longer than {} seconds.", limits_.max_time.count()),
              fmt::format("A file that is read within {} seconds.", limits_.max_time.count()),
              "Split it into several files with a message id each, or have the limit raised (--max-seconds)."));
      pool.workers.clear();
      break;
    }
    pool.wait();
  }
  // A document that is ill-formed is refused for that; that its root is another matters only when it is well-formed.
  if (refusal && !(whole_sent && stopped)) outcome.faults.push_back(std::move(*refusal));
  outcome.refused = std::any_of(outcome.faults.begin(), outcome.faults.end(),
                                [](const Fault& it) { return it.severity == Severity::error; });
  outcome.bytes = source.bytes;
  const bool at_end = stage == Stage::tail && !stopped && pool.jobs.empty();
  if (at_end) outcome.sha256 = source.digest();
  return outcome;
}

}  // namespace answerable::xml
