#pragma once

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <netinet/in.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

/// HTTP byte by byte, for requests that no honest client sends.
namespace answerable::testing {

class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(to);
  }
  explicit RawConnection(const std::filesystem::path& unix_socket)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    unix_socket.string().copy(to.sun_path, sizeof to.sun_path - 1);
    connect(to);
  }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  /// False when the other side has closed.
  bool send(std::string_view bytes) {
    return ::send(socket_.number, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  void end() { ::shutdown(socket_.number, SHUT_WR); }
  /// Everything until the other side closes.
  std::string rest() {
    std::string text;
    std::array<char, 4096> buffer;
    for (ssize_t got; (got = ::recv(socket_.number, buffer.data(), buffer.size(), 0)) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    return text;
  }
  /// One answer whose length is stated.
  std::string answer() {
    std::string text;
    char c{};
    while (!text.ends_with("\r\n\r\n") && ::recv(socket_.number, &c, 1, 0) == 1) text += c;
    const auto at = text.find("Content-Length: ");
    const std::size_t length = at == text.npos ? 0 : std::stoul(text.substr(at + 16));
    for (std::size_t i = 0; i < length && ::recv(socket_.number, &c, 1, 0) == 1; ++i) text += c;
    return text;
  }

 private:
  template <class Address>
  void connect(const Address& to) {
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_.number, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(socket_.number, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error("nobody listens");
  }
  /// Closed even where nobody listens.
  struct Socket {
    explicit Socket(int its_number) : number(its_number) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() { ::close(number); }
    const int number;
  };
  const Socket socket_;
};

/// Sends bytes and gives everything that comes back. The request should say "Connection: close".
inline std::string raw_exchange(std::uint16_t port, std::string_view bytes) {
  RawConnection connection(port);
  connection.send(bytes);
  return connection.rest();
}

}  // namespace answerable::testing
