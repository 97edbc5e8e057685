#include "ingest/http/listener.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace answerable::http {
namespace {

namespace net = Poco::Net;
using Poco::Net::SocketAddress;

int descriptor_of(const net::ServerSocket& listener) {
  return static_cast<int>(listener.impl()->sockfd());
}

constexpr int waiting_in_the_kernel = 1024;

net::ServerSocket listen_at(const std::string& address) {
  try {
    net::ServerSocket listener;
    listener.bind(SocketAddress(address), true, false);  // with two arguments Poco shares the port with other programs
    listener.listen(waiting_in_the_kernel);
    listener.setBlocking(false);
    return listener;
  } catch (const Poco::Exception& error) {
    throw std::runtime_error(fmt::format(
        "'{}' cannot be listened at: {}. Expected an address of this machine and a free port, such as 127.0.0.1:8080",
        address, error.displayText()));
  }
}

/// A program that was killed leaves its socket behind.
void clear_away(const std::filesystem::path& file) {
  if (!std::filesystem::is_socket(file)) return;
  try {
    net::StreamSocket probe(SocketAddress(SocketAddress::UNIX_LOCAL, file.string()));
  } catch (const Poco::Exception&) {
    std::filesystem::remove(file);
  }
}

net::ServerSocket listen_at_file(const std::filesystem::path& file) {
  try {
    clear_away(file);
    net::ServerSocket listener;
    listener.bind(SocketAddress(SocketAddress::UNIX_LOCAL, file.string()), false, false);
    // Before listen() nobody can connect, so there is no moment with other rights.
    if (::chmod(file.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0)
      throw std::system_error(errno, std::generic_category());
    listener.listen(waiting_in_the_kernel);
    listener.setBlocking(false);
    return listener;
  } catch (const Poco::Exception& error) {
    throw std::runtime_error(
        fmt::format("'{}' cannot be made as a Unix socket: {}. Expected a path of less than 108 bytes "
                    "in a folder that can be written, where no server listens yet",
                    file.string(), error.displayText()));
  }
}

Poco::AutoPtr<net::Context> context_of(const Tls& tls) {
  try {
    auto context = Poco::makeAuto<net::Context>(net::Context::TLS_SERVER_USE, tls.key.string(),
                                                tls.certificate.string(), "", net::Context::VERIFY_NONE);
    context->requireMinimumProtocol(net::Context::PROTO_TLSV1_2);
    context->preferServerCiphers();
    SSL_CTX* raw = context->sslContext();
    SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20");  // of 1.2: forward secrecy and AEAD, as 1.3 has anyway
    SSL_CTX_set_options(raw, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(raw,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_check_private_key(raw) != 1) throw net::SSLContextException("the key is not the certificate's");
    constexpr int least_bits = 128;  // of security: NIST SP 800-57 part 1, table 2
    if (EVP_PKEY_get_security_bits(SSL_CTX_get0_privatekey(raw)) < least_bits)
      throw net::SSLContextException("the key is too short: make one of P-256 or Ed25519, or RSA of 3072 bits or more");
    // Who a certificate belongs to is known by its fingerprint. That the client has the key is what TLS itself proves.
    if (tls.ask_for_certificate) SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    return context;
  } catch (const Poco::Exception& error) {
    throw std::runtime_error(
        fmt::format("TLS cannot be had with the certificate '{}' and the key '{}': {}. Expected two PEM files "
                    "that belong together, the key without a passphrase",
                    tls.certificate.string(), tls.key.string(), error.displayText()));
  }
}

constexpr std::size_t bytes_of_64 = 8;

std::string network_of(const SocketAddress& from) {
  const auto host = from.host();
  if (host.family() == net::IPAddress::IPv4) return host.toString();
  return {static_cast<const char*>(host.addr()), bytes_of_64};
}

}  // namespace

struct Listeners::Parts {
  std::vector<net::ServerSocket> sockets;
  Poco::AutoPtr<net::Context> tls;
  std::filesystem::path unix_file;  ///< the last of the sockets, when there is one
};

Listeners::Listeners(const Listening& where) : parts_(std::make_unique<Parts>()) {
  if (where.tls) parts_->tls = context_of(*where.tls);
  for (const std::string& address : where.addresses) parts_->sockets.push_back(listen_at(address));
  if (!where.unix_socket.empty()) {
    parts_->sockets.push_back(listen_at_file(where.unix_socket));
    parts_->unix_file = where.unix_socket;
  }
  if (parts_->sockets.empty()) throw std::runtime_error("a server needs an address or a Unix socket to listen at");
}

Listeners::~Listeners() {
  std::error_code ignored;
  if (!parts_->unix_file.empty()) std::filesystem::remove(parts_->unix_file, ignored);
}

std::vector<int> Listeners::descriptors() const {
  std::vector<int> all;
  for (const net::ServerSocket& socket : parts_->sockets) all.push_back(descriptor_of(socket));
  return all;
}

std::optional<Listeners::Accepted> Listeners::accept(int listener) const {
  sockaddr_storage from{};
  socklen_t length = sizeof from;
  Descriptor socket(::accept4(listener, reinterpret_cast<sockaddr*>(&from), &length, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket.number() < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
      throw std::system_error(errno, std::generic_category(), "a connection cannot be opened");
    return std::nullopt;
  }
  if (from.ss_family == AF_UNIX) return Accepted{std::move(socket), {.unix_socket = true}, {}};
  const int on = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const SocketAddress client(reinterpret_cast<sockaddr*>(&from), length);
  return Accepted{std::move(socket), {.address = client.host().toString()}, network_of(client)};
}

ssl_ctx_st* Listeners::tls(int listener) const {
  const bool is_unix = !parts_->unix_file.empty() && listener == descriptor_of(parts_->sockets.back());
  return is_unix || !parts_->tls ? nullptr : parts_->tls->sslContext();
}

std::string Listeners::address() const {
  return parts_->sockets.front().address().toString();
}

std::uint16_t Listeners::port() const {
  return parts_->sockets.front().address().port();
}

}  // namespace answerable::http
