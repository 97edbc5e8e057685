#include "ingest/intake/relay.hpp"

#include <utility>

#include "ingest/digest.hpp"

namespace answerable::intake {
namespace {

// Two batches of Taking: less keeps the parsers waiting for the server by turns with the server for them.
constexpr std::size_t most_bytes_waiting = std::size_t{8} << 20;

}  // namespace

Relay::Relay(xml::Handler& to) : to_(to), thread_([this] { run(); }) {}

Relay::~Relay() {
  {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
  }
  end();
}

void Relay::end() noexcept {
  {
    const std::lock_guard lock(mutex_);
    no_more_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Relay::envelope(const Envelope& envelope) {
  put(envelope, 0);
}

void Relay::record(ParsedRecord&& record, std::span<const std::byte> lead, std::span<const std::byte> body) {
  Records one;
  one.records.push_back(std::move(record));
  one.bytes.append(as_text(lead)).append(as_text(body));
  const std::size_t bytes = one.bytes.size();
  put(std::move(one), bytes);
}

void Relay::records(std::vector<ParsedRecord>&& records, std::string&& bytes) {
  const std::size_t size = bytes.size();
  put(Records{std::move(records), std::move(bytes)}, size);
}

void Relay::part(std::uint64_t position, std::span<const std::byte> bytes) {
  put(Part{position, std::string(as_text(bytes))}, bytes.size());
}

void Relay::put(Message&& message, std::size_t bytes) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || waiting_.empty() || bytes_waiting_ + bytes <= most_bytes_waiting; });
  if (failure_) std::rethrow_exception(failure_);
  waiting_.emplace_back(std::move(message), bytes);
  bytes_waiting_ += bytes;
  lock.unlock();
  changed_.notify_all();
}

void Relay::tell(Message& message) {
  if (const auto* envelope = std::get_if<Envelope>(&message)) {
    to_.envelope(*envelope);
  } else if (auto* records = std::get_if<Records>(&message)) {
    to_.records(std::move(records->records), std::move(records->bytes));
  } else {
    const auto& part = std::get<Part>(message);
    to_.part(part.position, as_bytes(part.bytes));
  }
}

void Relay::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return no_more_ || !waiting_.empty(); });
    if (given_up_ || failure_ || waiting_.empty()) return;
    Message message = std::move(waiting_.front().first);
    bytes_waiting_ -= waiting_.front().second;
    waiting_.pop_front();
    lock.unlock();
    changed_.notify_all();
    std::exception_ptr failure;
    try {
      tell(message);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) {
      failure_ = failure;
      changed_.notify_all();
      return;
    }
  }
}

void Relay::finish() {
  end();
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace answerable::intake
