#include "ingest/http/client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/URI.h>
#include <fmt/format.h>

#include <memory>
#include <stdexcept>

namespace answerable::http {
namespace {

namespace net = Poco::Net;

std::unique_ptr<net::HTTPClientSession> session_to(const Poco::URI& address) {
  if (address.getScheme() == "http")
    return std::make_unique<net::HTTPClientSession>(address.getHost(), address.getPort());
  if (address.getScheme() != "https")
    throw std::runtime_error("expected an address that begins with https:// or http://");
  auto trusting = Poco::makeAuto<net::Context>(net::Context::TLS_CLIENT_USE, "", net::Context::VERIFY_STRICT, 9, true);
  trusting->requireMinimumProtocol(net::Context::PROTO_TLSV1_2);
  return std::make_unique<net::HTTPSClientSession>(address.getHost(), address.getPort(), trusting);
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

Response post(const std::string& url, const std::string& content_type, const std::string& body,
              std::chrono::seconds silence, std::size_t most) {
  const auto fail = [&](const std::string& why) { throw std::runtime_error(fmt::format("{}: {}", url, why)); };
  Response answer;
  try {
    const Poco::URI address(url);
    const auto session = session_to(address);
    session->setTimeout(Poco::Timespan(silence.count(), 0));
    const std::string path = address.getPathAndQuery();
    net::HTTPRequest request(net::HTTPRequest::HTTP_POST, path.empty() ? "/" : path, net::HTTPMessage::HTTP_1_1);
    request.setContentType(content_type);
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    session->sendRequest(request) << body;
    net::HTTPResponse response;
    std::istream& from = session->receiveResponse(response);
    answer.status = static_cast<int>(response.getStatus());
    answer.content_type = response.getContentType();
    answer.body = read_body(from, response, most);
  } catch (const Poco::Exception& error) {
    fail(error.displayText());
  } catch (const std::runtime_error& error) {
    fail(error.what());
  }
  return answer;
}

}  // namespace answerable::http
