#include "ingest/http/virus_scanner.hpp"

#include <Poco/ByteOrder.h>
#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "ingest/this_machine.hpp"

namespace answerable::http {
namespace {

namespace net = Poco::Net;

constexpr std::string_view scanner_socket = "unix:";
constexpr std::size_t piece = 256 << 10;

net::SocketAddress scanner_at(const std::string& address) {
  if (address.starts_with(scanner_socket))
    return {net::SocketAddress::UNIX_LOCAL, address.substr(scanner_socket.size())};
  return net::SocketAddress(address);
}

void send_whole(net::StreamSocket& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = to.sendBytes(bytes.data(), static_cast<int>(std::min(bytes.size(), piece)));
    if (sent <= 0) throw ScannerAway("it took no more");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void send_length(net::StreamSocket& to, std::size_t length) {
  const auto big_endian = Poco::ByteOrder::toNetwork(static_cast<Poco::UInt32>(length));
  send_whole(to, {reinterpret_cast<const char*>(&big_endian), sizeof big_endian});
}

/// Up to the zero byte that ends it.
std::string answer_of(net::StreamSocket& from) {
  std::string answer;
  std::array<char, 512> part;
  while (!answer.ends_with('\0') && answer.size() < 4096) {
    const auto got = from.receiveBytes(part.data(), static_cast<int>(part.size()));
    if (got <= 0) throw ScannerAway("its answer was cut off");
    answer.append(part.data(), static_cast<std::size_t>(got));
  }
  answer.pop_back();
  return answer;
}

}  // namespace

VirusScanner::VirusScanner(std::string address, std::chrono::seconds silence)
    : address_(std::move(address)), silence_(silence) {
  const auto port = address_.rfind(':');
  const bool here =
      address_.starts_with("unix:/") || (port != address_.npos && is_this_machine(address_.substr(0, port)));
  if (!here)
    throw std::runtime_error(
        fmt::format("{} is no address of a virus scanner on this machine: expected "
                    "unix:/run/clamav/clamd.ctl or 127.0.0.1:3310",
                    address_));
}

std::optional<std::string> VirusScanner::scan(std::string_view bytes) const {
  constexpr std::string_view begins = "stream: ", clean = "OK", found = " FOUND";
  try {
    net::StreamSocket scanner(scanner_at(address_));
    const Poco::Timespan patience(silence_.count(), 0);
    scanner.setReceiveTimeout(patience);
    scanner.setSendTimeout(patience);
    send_whole(scanner, std::string_view("zINSTREAM\0", 10));
    for (auto left = bytes; !left.empty(); left.remove_prefix(std::min(left.size(), piece))) {
      send_length(scanner, std::min(left.size(), piece));
      send_whole(scanner, left.substr(0, piece));
    }
    send_length(scanner, 0);
    const std::string answer = answer_of(scanner);
    const std::string_view said = std::string_view(answer).substr(answer.starts_with(begins) ? begins.size() : 0);
    if (said == clean) return std::nullopt;
    if (said.ends_with(found)) return std::string(said.substr(0, said.size() - found.size()));
    throw ScannerAway(answer);
  } catch (const Poco::Exception& error) {
    throw ScannerAway(fmt::format("the virus scanner at {}: {}", address_, error.displayText()));
  } catch (const ScannerAway& error) {
    throw ScannerAway(fmt::format("the virus scanner at {}: {}", address_, error.what()));
  }
}

std::function<std::optional<std::string>(std::string_view bytes)> scanning(const std::string& address) {
  if (address.empty()) return {};
  return [scanner = VirusScanner(address)](std::string_view bytes) { return scanner.scan(bytes); };
}

}  // namespace answerable::http
