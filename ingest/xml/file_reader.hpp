#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/digest.hpp"
#include "ingest/parsed.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::xml {

/// How much of a file is taken before it is refused, and by whom it is parsed.
struct Limits {
  std::uint64_t max_bytes = std::uint64_t{2} << 30;
  std::uint64_t max_records = 2'000'000;
  std::chrono::seconds max_time{1800};
  bool contents = false;  ///< records are told with the documents they carry
  unsigned workers = 0;   ///< 0: one fewer than there are processors, which the server that stores has; 1 to 8
  std::filesystem::path
      worker_program;  ///< run with the one argument parse-worker; empty: answerable-ingest beside the running program
};

/// What a file is made of, told in file order. Parts, leads and bodies joined in that order are the file's exact bytes.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Once, before the first record, when the header is right.
  virtual void envelope(const Envelope& envelope) = 0;
  /// \param lead the bytes between the last record (or the records element's start tag) and this one
  virtual void record(ParsedRecord&& record, std::span<const std::byte> lead, std::span<const std::byte> body) = 0;
  /// The records of one piece of the file. \param bytes their leads and bodies, one after another
  virtual void records(std::vector<ParsedRecord>&& records, std::string&& bytes);
  /// What is no record: the head up to and with the records element's start tag, and the tail behind the last record.
  virtual void part(std::uint64_t position, std::span<const std::byte> bytes) = 0;
};

/// What became of a file. The handler of a file refused late has been told of the records before the place of refusal,
/// with their faults, so that a sender hears of everything at once; the caller must undo what it stored.
struct FileOutcome {
  bool refused{};
  std::vector<Fault> faults;  ///< of the file itself, outside any record; errors exactly when refused
  std::vector<Fault>
      record_faults;  ///< of records the handler was not told of because the header is wrong; the first 10,000
  std::uint64_t bytes{}, records{};
  Digest sha256{};  ///< of the whole file; all zero when it was refused before its end
};

/// Told the bytes read so far, now and then.
using Progress = std::function<void(std::uint64_t bytes)>;

/// Reads submissions: splits them here, has them parsed and validated in child processes that may neither open files
/// nor sockets, and tells what they say record by record, in flat memory whatever the file's size.
class FileReader {
 public:
  /// \param kinds must outlive this
  FileReader(const Kinds& kinds, Limits limits);
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  ~FileReader();

  /// Reads one submission to its end. The children stay for the next file.
  /// \param today dates after the day following it are asked about
  /// \throws std::runtime_error when no parser can be started, and whatever handler throws
  FileOutcome read(std::istream& file, Day today, Handler& handler, const Progress& progress = {});

 private:
  struct Pool;
  const Kinds& kinds_;
  Limits limits_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace answerable::xml
