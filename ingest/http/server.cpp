#include "ingest/http/server.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace answerable::http {
namespace {

namespace net = Poco::Net;
using Clock = std::chrono::steady_clock;

Poco::Timespan timespan(std::chrono::microseconds time) {
  return Poco::Timespan(time.count());
}

/// Poco's timeouts begin again with every byte. This connection's time is over when it is over.
class BoundedSocket : public net::StreamSocketImpl {
 public:
  BoundedSocket(poco_socket_t socket, std::chrono::seconds longest)
      : StreamSocketImpl(socket), end_(Clock::now() + longest) {}

  int receiveBytes(void* buffer, int length, int flags) override {
    wait(SELECT_READ, getReceiveTimeout());
    return StreamSocketImpl::receiveBytes(buffer, length, flags);
  }
  int sendBytes(const void* buffer, int length, int flags) override {
    wait(SELECT_WRITE, getSendTimeout());
    return StreamSocketImpl::sendBytes(buffer, length, flags);
  }

 private:
  void wait(int mode, const Poco::Timespan& most) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(end_ - Clock::now());
    const Poco::Timespan longest = std::min(timespan(std::max(left, std::chrono::microseconds{0})), most);
    if (!poll(longest, mode)) throw Poco::TimeoutException("the connection's time is over");
  }
  Clock::time_point end_;
};

class BoundedListener : public net::ServerSocketImpl {
 public:
  explicit BoundedListener(std::chrono::seconds longest) : longest_(longest) {}
  net::SocketImpl* acceptConnection(net::SocketAddress& client) override {
    sockaddr_storage from{};
    socklen_t length = sizeof from;
    const int socket = ::accept4(sockfd(), reinterpret_cast<sockaddr*>(&from), &length, SOCK_CLOEXEC);
    if (socket < 0) throw net::NetException("a connection could not be accepted", errno);
    client = net::SocketAddress(reinterpret_cast<sockaddr*>(&from), length);
    return new BoundedSocket(socket, longest_);  // NOLINT(cppcoreguidelines-owning-memory): Poco counts references
  }

 private:
  std::chrono::seconds longest_;
};

class Listener : public net::ServerSocket {
 public:
  Listener(const net::SocketAddress& address, const Limits& limits)
      : ServerSocket(new BoundedListener(limits.connection), true) {  // NOLINT(cppcoreguidelines-owning-memory)
    impl()->bind(address, true, false);  // with two arguments Poco shares the port with other programs
    impl()->listen(std::max(limits.waiting, 1));
  }
};

constexpr std::streamsize most_ignored = 1 << 20;

struct Refused {
  int status;
  std::string why;
};

Request read_request(net::HTTPServerRequest& from, std::size_t most) {
  Request request{.method = from.getMethod(), .path = {}, .content_type = from.getContentType(), .body = {}};
  const std::string& target = from.getURI();
  request.path = target.substr(0, target.find_first_of("?#"));
  if (request.content_type == net::HTTPMessage::UNKNOWN_CONTENT_TYPE) request.content_type.clear();
  if (from.getChunkedTransferEncoding() || from.has("Transfer-Encoding"))
    throw Refused{411, "State the length of the body with Content-Length instead of sending it in chunks."};
  if (!from.hasContentLength()) {
    if (request.method != "GET" && request.method != "HEAD")
      throw Refused{411, "State the length of the body with Content-Length."};
    return request;
  }
  const auto length = from.getContentLength64();
  if (length < 0) throw Refused{400, "Content-Length is not a length."};
  if (static_cast<std::uint64_t>(length) > most)
    throw Refused{413, fmt::format("The body has {} bytes: at most {} are taken.", length, most)};
  request.body.resize(static_cast<std::size_t>(length));
  from.stream().read(request.body.data(), length);
  // Poco hands a body that was cut off on as if it were whole.
  if (from.stream().gcount() != length)
    throw Refused{400, fmt::format("The body was cut off: {} of {} bytes came.", from.stream().gcount(), length)};
  return request;
}

void send(const Response& response, net::HTTPServerResponse& to, bool head) {
  to.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(response.status));
  to.setContentType(response.content_type);
  to.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) to.set(name, value);
  to.setContentLength64(static_cast<Poco::Int64>(response.body.size()));
  std::ostream& out = to.send();
  if (!head) out << response.body;
  out.flush();
}

struct Door {
  Server::Handler handler;
  Server::Failed failed;
  std::size_t most;
};

class RequestHandler : public net::HTTPRequestHandler {
 public:
  explicit RequestHandler(const Door& door) : door_(door) {}
  void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
    const bool head = request.getMethod() == "HEAD";
    Response answer;
    try {
      answer = door_.handler(read_request(request, door_.most));
    } catch (const Refused& refused) {
      // What is left of the body must not be taken for the next request.
      response.setKeepAlive(false);
      send({.status = refused.status, .body = refused.why + "\n", .headers = {}}, response, head);
      // A connection closed on bytes that were not read takes the answer with it (RFC 9112 §9.6).
      static_cast<net::HTTPServerRequestImpl&>(request).socket().shutdownSend();
      request.stream().ignore(most_ignored);
      return;
    } catch (const Poco::TimeoutException&) {
      throw;
    } catch (const std::exception& error) {
      door_.failed(error);
      response.setKeepAlive(false);
      answer = {.status = 500, .body = "The server failed. Try again later.\n", .headers = {}};
    }
    send(answer, response, head);
  }

 private:
  const Door& door_;
};

class Factory : public net::HTTPRequestHandlerFactory {
 public:
  explicit Factory(Door door) : door_(std::move(door)) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return std::make_unique<RequestHandler>(door_).release();  // Poco deletes it
  }

 private:
  Door door_;
};

Listener listen(const std::string& address, const Limits& limits) {
  try {
    return {net::SocketAddress(address), limits};
  } catch (const Poco::Exception& error) {
    throw std::runtime_error(fmt::format(
        "'{}' cannot be listened at: {}. Expected an address of this machine and a free port, such as 127.0.0.1:8080",
        address, error.displayText()));
  }
}

Poco::AutoPtr<net::HTTPServerParams> parameters(const Limits& limits) {
  Poco::AutoPtr<net::HTTPServerParams> set = Poco::makeAuto<net::HTTPServerParams>();
  set->setMaxThreads(limits.threads);
  set->setMaxQueued(limits.waiting);
  set->setTimeout(timespan(limits.silence));
  set->setKeepAliveTimeout(timespan(limits.silence));
  // A thread that goes idle while the server is stopped is not woken: this is how long stopping takes then.
  set->setThreadIdleTime(timespan(std::chrono::milliseconds{200}));
  return set;
}

}  // namespace

struct Server::Parts {
  Parts(const std::string& at, Door door, const Limits& limits)
      : threads(1, std::max(limits.threads, 2)),
        socket(listen(at, limits)),
        server(Poco::SharedPtr<Factory>(std::make_unique<Factory>(std::move(door)).release()), threads, socket,
               parameters(limits)) {
    server.start();
  }
  ~Parts() {
    server.stopAll(false);
    threads.joinAll();
  }
  Poco::ThreadPool threads;
  Listener socket;
  net::HTTPServer server;
};

Server::Server(const std::string& address, Handler handler, Failed failed, Limits limits)
    : parts_(std::make_unique<Parts>(address, Door{std::move(handler), std::move(failed), limits.body}, limits)) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return parts_->server.port();
}

std::string Server::address() const {
  return parts_->socket.address().toString();
}

}  // namespace answerable::http
