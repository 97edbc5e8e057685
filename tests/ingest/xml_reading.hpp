#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/xml/file_reader.hpp"

/// What the tests of reading files share.
namespace answerable::xml::testing {

inline const Kinds& kinds() {
  static const Kinds all = Kinds::load(std::filesystem::path(ANSWERABLE_SOURCE) / "schemas");
  return all;
}

inline Limits limits() {
  Limits it;
  it.worker_program = std::filesystem::path(ANSWERABLE_BIN) / "answerable-ingest";
  it.workers = 2;
  return it;
}

inline constexpr std::string_view header =
    "<header><messageId>M-1</messageId><sender scheme=\"ods\" code=\"RH5\">Somerset Partnership</sender>"
    "<authority scheme=\"cassr\" code=\"905\">Somerset</authority><createdAt>2024-06-01T09:30:00+01:00</createdAt>"
    "<sourceSystem>RiO 7</sourceSystem></header>";

inline std::string submission(std::string_view records) {
  return fmt::format("<submission xmlns=\"urn:answerable:submission:1\">\n{}\n<records>\n{}</records>\n</submission>\n",
                     header, records);
}

/// A review whose children follow the person; its first line is the start tag's.
inline std::string review(std::string_view id, std::string_view rest) {
  return fmt::format(
      "<review xmlns=\"urn:answerable:review:1\" id=\"{}\">\n<person "
      "scheme=\"nhs-number\">9990000018</person>\n{}\n</review>\n",
      id, rest);
}

/// Keeps everything it is told, and the bytes in the order told.
struct Heard : Handler {
  std::vector<Envelope> envelopes;
  std::vector<ParsedRecord> records;
  std::vector<std::string> bodies;
  std::string bytes;
  bool keep = true;

  void envelope(const Envelope& it) override { envelopes.push_back(it); }
  void part(std::uint64_t position, std::span<const std::byte> it) override {
    if (position != bytes.size()) misplaced = true;
    append(it);
  }
  void record(ParsedRecord&& it, std::span<const std::byte> lead, std::span<const std::byte> body) override {
    append(lead);
    if (keep && it.position != bytes.size()) misplaced = true;
    append(body);
    bodies.emplace_back(reinterpret_cast<const char*>(body.data()), keep ? body.size() : 0);
    if (keep) records.push_back(std::move(it));
  }
  bool misplaced{};

 private:
  void append(std::span<const std::byte> it) {
    if (keep) bytes.append(reinterpret_cast<const char*>(it.data()), it.size());
  }
};

struct Read {
  FileOutcome outcome;
  Heard heard;
  /// Of the file and its records together, as code@line:column.
  std::vector<std::string> codes() const {
    std::vector<std::string> all;
    const auto add = [&](const std::vector<Fault>& faults) {
      for (const auto& it : faults) all.push_back(fmt::format("{}@{}:{}", it.code, it.line, it.column));
    };
    for (const auto& it : heard.records) add(it.faults);
    add(outcome.faults);
    add(outcome.record_faults);
    return all;
  }
  bool has(std::string_view code) const {
    for (const auto& it : codes()) {
      if (it.starts_with(fmt::format("{}@", code))) return true;
    }
    return false;
  }
};

inline FileReader& reader() {
  static FileReader it(kinds(), limits());
  return it;
}

inline Read read(const std::string& file, FileReader& with = reader()) {
  Read made;
  std::istringstream in(file);
  made.outcome = with.read(in, Day{std::chrono::year{2026} / 11 / 21}, made.heard);
  return made;
}

}  // namespace answerable::xml::testing
