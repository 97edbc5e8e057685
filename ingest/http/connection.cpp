#include "ingest/http/connection.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "ingest/digest.hpp"

namespace answerable::http {
namespace {

Connection::Some plain_outcome(ssize_t returned, Connection::Outcome wanted) {
  if (returned > 0) return {Connection::Outcome::done, static_cast<std::size_t>(returned)};
  const bool later = returned < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  return {later ? wanted : Connection::Outcome::ended, 0};
}

int tls_length(std::size_t bytes) {
  constexpr std::size_t most = 1 << 20;
  return static_cast<int>(std::min(bytes, most));
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

void Connection::Free::operator()(ssl_st* tls) const {
  SSL_free(tls);
}

Connection::Connection(Descriptor socket, Peer peer, std::shared_ptr<const void> seat, ssl_ctx_st* tls)
    : socket_(std::move(socket)), peer_(std::move(peer)), seat_(std::move(seat)) {
  if (tls == nullptr) return;
  tls_.reset(SSL_new(tls));
  if (!tls_ || SSL_set_fd(tls_.get(), socket_.number()) != 1) throw std::runtime_error("OpenSSL cannot begin with TLS");
  SSL_set_accept_state(tls_.get());
  peer_.encrypted = true;
}

Connection::Some Connection::tls_outcome(int returned) const {
  if (returned > 0) return {Outcome::done, static_cast<std::size_t>(returned)};
  switch (SSL_get_error(tls_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return {Outcome::wants_to_read, 0};
    case SSL_ERROR_WANT_WRITE:
      return {Outcome::wants_to_write, 0};
    default:
      return {Outcome::ended, 0};
  }
}

Connection::Some Connection::read_some(std::span<char> to) {
  if (!tls_) return plain_outcome(::recv(descriptor(), to.data(), to.size(), 0), Outcome::wants_to_read);
  ERR_clear_error();  // what another connection of this thread left would be taken for this one's
  return tls_outcome(SSL_read(tls_.get(), to.data(), tls_length(to.size())));
}

Connection::Some Connection::write_some(std::string_view bytes) {
  if (!tls_)
    return plain_outcome(::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL), Outcome::wants_to_write);
  ERR_clear_error();
  return tls_outcome(SSL_write(tls_.get(), bytes.data(), tls_length(bytes.size())));
}

void Connection::wait(Outcome wanted, Clock::time_point until) const {
  pollfd one{.fd = descriptor(),
             .events = static_cast<short>(wanted == Outcome::wants_to_read ? POLLIN : POLLOUT),
             .revents = 0};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  const int ready = left > 0 ? ::poll(&one, 1, static_cast<int>(left)) : 0;
  if (ready == 0) throw Lost("the time for it is over");
}

std::size_t Connection::read(std::span<char> to, Clock::time_point until) {
  for (;;) {
    const Some some = read_some(to);
    if (some.outcome == Outcome::done) return some.bytes;
    if (some.outcome == Outcome::ended) return 0;
    wait(some.outcome, until);
  }
}

std::size_t Connection::write(std::string_view bytes, Clock::time_point until) {
  for (;;) {
    const Some some = write_some(bytes);
    if (some.outcome == Outcome::done) return some.bytes;
    if (some.outcome == Outcome::ended) throw Lost("the client has gone");
    wait(some.outcome, until);
  }
}

void Connection::end_writing() {
  if (tls_) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
  }
  ::shutdown(descriptor(), SHUT_WR);
}

void Connection::cut() {
  ::shutdown(descriptor(), SHUT_RDWR);
}

Peer Connection::peer() const {
  struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  Peer peer = peer_;
  if (!tls_) return peer;
  const std::unique_ptr<X509, FreeCertificate> certificate(SSL_get1_peer_certificate(tls_.get()));
  if (!certificate) return peer;
  std::vector<std::byte> der(static_cast<std::size_t>(std::max(i2d_X509(certificate.get(), nullptr), 0)));
  auto* to = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate.get(), &to);
  peer.certificate_sha256 = hex(sha256(der));
  return peer;
}

}  // namespace answerable::http
