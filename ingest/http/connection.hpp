#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "ingest/http/message.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace answerable::http {

using Clock = std::chrono::steady_clock;

/// An open file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int number() const { return number_; }

 private:
  int number_;
};

/// The other side is gone, or takes too long.
struct Lost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One client's connection, with TLS or without. The socket never blocks; who wants to wait says until when.
class Connection {
 public:
  enum class Outcome { done, wants_to_read, wants_to_write, ended };
  struct Some {
    Outcome outcome;
    std::size_t bytes;
  };

  /// \param seat whatever is to be given back when the connection is closed
  /// \param tls none: without. The handshake is made by the first read_some()
  Connection(Descriptor socket, Peer peer, std::shared_ptr<const void> seat, ssl_ctx_st* tls);

  /// At most one system call, which does not wait. A fault of the connection is its end.
  Some read_some(std::span<char> to);
  Some write_some(std::string_view bytes);

  /// Waits. \return bytes read, 0 at the end \throws Lost when it is too late
  std::size_t read(std::span<char> to, Clock::time_point until);
  /// Waits until some are written. \return how many \throws Lost when it is too late, or nobody is there
  std::size_t write(std::string_view bytes, Clock::time_point until);
  /// Tells the other side that nothing more comes.
  void end_writing();
  /// Ends whatever another thread waits for here.
  void cut();

  /// With the certificate, which is known once a byte was read.
  Peer peer() const;
  int descriptor() const { return socket_.number(); }

  /// Bytes that came and were not yet used: of the next head, or body.
  std::string came;

 private:
  void wait(Outcome wanted, Clock::time_point until) const;
  Some tls_outcome(int returned) const;

  struct Free {
    void operator()(ssl_st* tls) const;
  };
  Descriptor socket_;
  Peer peer_;
  std::shared_ptr<const void> seat_;
  std::unique_ptr<ssl_st, Free> tls_;
};

}  // namespace answerable::http
