#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/http/connection.hpp"
#include "ingest/http/server.hpp"

struct ssl_ctx_st;

namespace answerable::http {

/// Everything that one server listens at.
class Listeners {
 public:
  /// \throws std::runtime_error when an address is not one or is taken, or a certificate cannot be used
  explicit Listeners(const Listening& where);
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;
  ~Listeners();

  struct Accepted {
    Descriptor socket;  ///< does not block
    Peer peer;
    std::string counted_as;  ///< the address, or for IPv6 the network (/64) that one customer has; empty: not counted
  };
  /// The next connection that waits at this listener, if one does. \throws std::system_error when none can be opened
  std::optional<Accepted> accept(int listener) const;
  std::vector<int> descriptors() const;
  /// What connections of this listener need; nullptr: no TLS.
  ssl_ctx_st* tls(int listener) const;
  /// "127.0.0.1:8080": the first.
  std::string address() const;
  std::uint16_t port() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace answerable::http
