#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <variant>

#include "ingest/xml/file_reader.hpp"

namespace answerable::intake {

/// Tells another handler all it is told, in the same order, in a thread of its own: so that a file is read and parsed
/// on while the records before are judged and stored. What waits in between is bounded.
///
/// What the other handler throws comes out of the next call here.
class Relay final : public xml::Handler {
 public:
  /// \param to must outlive this, and is not to be called by anybody else until finish() has returned
  explicit Relay(xml::Handler& to);
  /// Without finish(): what has not been told by now never is.
  ~Relay() override;

  void envelope(const Envelope& envelope) override;
  void record(ParsedRecord&& record, std::span<const std::byte> lead, std::span<const std::byte> body) override;
  void records(std::vector<ParsedRecord>&& records, std::string&& bytes) override;
  void part(std::uint64_t position, std::span<const std::byte> bytes) override;

  /// Waits until everything has been told.
  void finish();

 private:
  struct Records {
    std::vector<ParsedRecord> records;
    std::string bytes;
  };
  struct Part {
    std::uint64_t position{};
    std::string bytes;
  };
  using Message = std::variant<Envelope, Records, Part>;

  void put(Message&& message, std::size_t bytes);
  void tell(Message& message);
  void run();
  void end() noexcept;

  xml::Handler& to_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<Message, std::size_t>> waiting_;
  std::size_t bytes_waiting_{};
  bool no_more_{}, given_up_{};
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace answerable::intake
