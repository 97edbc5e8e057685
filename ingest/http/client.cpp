#include "ingest/http/client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <istream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "ingest/this_machine.hpp"

namespace answerable::http {
namespace {

namespace net = Poco::Net;

constexpr std::string_view unix_socket = "unix:";

std::unique_ptr<net::HTTPClientSession> session_to(const std::string& server) {
  if (server.starts_with(unix_socket)) {
    const net::SocketAddress file(net::SocketAddress::UNIX_LOCAL, server.substr(unix_socket.size()));
    return std::make_unique<net::HTTPClientSession>(net::StreamSocket(file));
  }
  const Poco::URI address(server);
  if (address.getScheme() == "http" && !is_this_machine(address.getHost()))
    throw std::runtime_error("plain http stays on this machine: use an address that begins with https://");
  if (address.getScheme() == "http")
    return std::make_unique<net::HTTPClientSession>(address.getHost(), address.getPort());
  if (address.getScheme() != "https")
    throw std::runtime_error("expected an address that begins with https:// or http://");
  auto trusting = Poco::makeAuto<net::Context>(net::Context::TLS_CLIENT_USE, "", net::Context::VERIFY_STRICT, 9, true);
  trusting->requireMinimumProtocol(net::Context::PROTO_TLSV1_2);
  return std::make_unique<net::HTTPSClientSession>(address.getHost(), address.getPort(), trusting);
}

net::HTTPRequest request_of(const Question& question) {
  net::HTTPRequest request(question.method, question.path, net::HTTPMessage::HTTP_1_1);
  for (const auto& [name, value] : question.headers) request.set(name, value);
  if (question.server.starts_with(unix_socket)) request.setHost("localhost");
  if (question.method == "POST") request.setContentLength64(static_cast<Poco::Int64>(question.bytes));
  return request;
}

void send_body(const Question& question, std::ostream& to) {
  if (question.body == nullptr || question.bytes == 0) return;
  std::array<char, 64 << 10> piece;
  for (std::uint64_t left = question.bytes; left > 0;) {
    question.body->read(piece.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(left, piece.size())));
    const auto got = question.body->gcount();
    if (got == 0) throw std::runtime_error("what is to be sent is shorter than was said");
    to.write(piece.data(), got);
    left -= static_cast<std::uint64_t>(got);
  }
}

std::string read_body(std::istream& from, const net::HTTPResponse& response, std::size_t most) {
  std::string body(most + 1, '\0');
  from.read(body.data(), static_cast<std::streamsize>(body.size()));
  const auto got = from.gcount();
  if (static_cast<std::size_t>(got) > most)
    throw std::runtime_error(fmt::format("the answer has more than {} bytes", most));
  if (response.hasContentLength() && response.getContentLength64() != got)
    throw std::runtime_error(
        fmt::format("the answer was cut off: {} of {} bytes came", got, response.getContentLength64()));
  body.resize(static_cast<std::size_t>(got));
  return body;
}

}  // namespace

Response ask(const Question& question, std::chrono::seconds silence, std::size_t most) {
  const auto fail = [&](const std::string& why) {
    throw std::runtime_error(fmt::format("{}{}: {}", question.server, question.path, why));
  };
  Response answer;
  try {
    const auto session = session_to(question.server);
    session->setTimeout(Poco::Timespan(silence.count(), 0));
    net::HTTPRequest request = request_of(question);
    send_body(question, session->sendRequest(request));
    net::HTTPResponse response;
    std::istream& from = session->receiveResponse(response);
    answer.status = static_cast<int>(response.getStatus());
    answer.content_type = response.getContentType();
    for (const auto& [name, value] : response) answer.headers.emplace(name, value);
    answer.body = read_body(from, response, most);
  } catch (const Poco::Exception& error) {
    fail(error.displayText());
  } catch (const std::runtime_error& error) {
    fail(error.what());
  }
  return answer;
}

Response post(const std::string& url, const std::string& content_type, const std::string& body,
              std::chrono::seconds silence, std::size_t most) {
  const auto scheme = url.find("://");
  const auto path = scheme == url.npos ? url.npos : url.find('/', scheme + 3);
  std::istringstream bytes(body);
  return ask({.server = url.substr(0, path),
              .method = "POST",
              .path = path == url.npos ? "/" : url.substr(path),
              .headers = {{"Content-Type", content_type}},
              .body = &bytes,
              .bytes = body.size()},
             silence, most);
}

}  // namespace answerable::http
