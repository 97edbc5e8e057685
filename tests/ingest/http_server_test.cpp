#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>
#include <thread>

#include "ingest/http/client.hpp"
#include "tests/ingest/http_serving.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::http {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::raw_exchange;
using testing::RawConnection;
using ::testing::StartsWith;

std::string ask(const Server& server, const std::string& line, const std::string& fields = {}) {
  return raw_exchange(server.port(), line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields + "\r\n");
}

TEST(HttpServer, HandsWholeRequestsOn) {
  Echo echo;
  const Response answer = post(echo.url("/buffered?query"), "text/plain", "body");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "POST /buffered text/plain body");
  EXPECT_THAT(ask(echo.server, "GET /things/a"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), EndsWith("\r\n\r\nGET /things/a  a")));
}

TEST(HttpServer, AnswersHeadAsGetWithoutTheBody) {
  Echo echo;
  EXPECT_THAT(ask(echo.server, "HEAD /things/a"), AllOf(HasSubstr("Content-Length: 17\r\n"), EndsWith("\r\n\r\n")));
  EXPECT_THAT(echo.log(), ElementsAre("HEAD /things/{id} 200 0 0"));
}

TEST(HttpServer, SaysWhatThereIsNotAndWhatIsNotAllowed) {
  Echo echo;
  EXPECT_THAT(ask(echo.server, "GET /nothing"),
              AllOf(StartsWith("HTTP/1.1 404 Not Found"), HasSubstr("Content-Type: application/problem+json\r\n"),
                    HasSubstr(R"({"type":"about:blank","title":"Not Found","status":404,"detail":)")));
  EXPECT_THAT(ask(echo.server, "DELETE /buffered"),
              AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("\r\nAllow: POST, PUT\r\n")));
  EXPECT_THAT(ask(echo.server, "POST /things/a"),
              AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("\r\nAllow: GET, HEAD\r\n")));
  EXPECT_THAT(ask(echo.server, "OPTIONS *"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask(echo.server, "TRACE /things/a"), StartsWith("HTTP/1.1 405 "));
  for (const char* path : {"/things", "/things/", "/things/a/", "/things/a/b", "//", "/buffered/", "/Buffered"})
    EXPECT_THAT(ask(echo.server, std::string{"GET "} + path), StartsWith("HTTP/1.1 404 ")) << path;
  EXPECT_THAT(echo.log().front(), StartsWith("  404 0 ")) << "neither path nor method of what is not there is logged";
  EXPECT_EQ(echo.begun, 0);
}

TEST(HttpServer, ShowsProblemsAsTheClientCanReadThem) {
  Echo echo;
  const std::string browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";
  EXPECT_THAT(ask(echo.server, "GET /nothing", browser),
              AllOf(HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"),
                    EndsWith("Not Found\nThere is nothing at this address.\n")));
  EXPECT_THAT(ask(echo.server, "GET /nothing", "Accept: */*\r\n"), HasSubstr("application/problem+json"));
  EXPECT_THAT(ask(echo.server, "GET /nothing", "Accept: text/plain;q=0.5, application/json\r\n"),
              HasSubstr("text/plain"));
  const Server server({.addresses = {"127.0.0.1:0"}}, Router({}),
                      {.problem_page = [](const Problem& problem, const Request& request) -> Response {
                        return {.status = problem.status, .content_type = "text/html", .body = "<p>" + request.method};
                      }});
  EXPECT_THAT(ask(server, "GET /nothing"), AllOf(StartsWith("HTTP/1.1 404"), EndsWith("\r\n\r\n<p>GET")));
}

TEST(HttpServer, GuardsEveryAnswer) {
  Echo echo;
  for (const std::string& answer :
       {ask(echo.server, "GET /"), ask(echo.server, "GET /nothing"), ask(echo.server, "GET /\x01")}) {
    for (const char* field :
         {"Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action "
          "'self'; "
          "frame-ancestors 'none'; base-uri 'none'",
          "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Cross-Origin-Opener-Policy: same-origin",
          "Cross-Origin-Resource-Policy: same-origin", "Permissions-Policy: ", "Cache-Control: no-store", "Date: "})
      EXPECT_THAT(answer, HasSubstr(std::string{"\r\n"} + field));
    EXPECT_THAT(answer, Not(HasSubstr("Strict-Transport-Security"))) << "not encrypted";
    EXPECT_THAT(answer, Not(HasSubstr("\r\nServer:")));
  }
  const Server server({.addresses = {"127.0.0.1:0"}},
                      Router({{.method = "GET", .path = "/", .handle = [](Request&) -> Response {
                                 return {.headers = {{"cache-control", "max-age=60"},
                                                     {"Permissions-Policy", ""},
                                                     {"Set-Cookie", "a=1"},
                                                     {"Set-Cookie", "b=2"}}};
                               }}}));
  EXPECT_THAT(ask(server, "GET /"),
              AllOf(HasSubstr("cache-control: max-age=60\r\n"), Not(HasSubstr("no-store")),
                    Not(HasSubstr("Permissions-Policy")), HasSubstr("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n")));
}

TEST(HttpServer, NoFieldOfAnAnswerCanBreakItsHead) {
  std::atomic<int> failures{};
  const Server server({.addresses = {"127.0.0.1:0"}},
                      Router({{.method = "GET",
                               .path = "/",
                               .handle = [](Request& request) -> Response {
                                 return {.headers = {{"Location", "/" + std::string{*request.query_value("to")}}}};
                               }}}),
                      {.failed = [&](const std::exception&) { ++failures; }});
  EXPECT_THAT(ask(server, "GET /?to=a"), HasSubstr("Location: /a\r\n"));
  EXPECT_EQ(ask(server, "GET /?to=a%0d%0aX:%20y"), "");
  EXPECT_EQ(failures, 1);
}

TEST(HttpServer, WritesAnswersWhoseLengthIsNotKnownInChunks) {
  Echo echo;
  EXPECT_THAT(ask(echo.server, "GET /written"),
              AllOf(HasSubstr("Transfer-Encoding: chunked\r\n"), Not(HasSubstr("Content-Length")),
                    EndsWith("\r\n\r\n5\r\none, \r\n3\r\ntwo\r\n0\r\n\r\n")));
  EXPECT_THAT(
      ask(echo.server, "GET /written?stated=8"),
      AllOf(HasSubstr("Content-Length: 8\r\n"), Not(HasSubstr("Transfer-Encoding")), EndsWith("\r\n\r\none, two")));
  EXPECT_THAT(ask(echo.server, "HEAD /written"), EndsWith("\r\n\r\n"));
  EXPECT_THAT(echo.failures(), IsEmpty());
  EXPECT_THAT(ask(echo.server, "GET /written?break"), Not(HasSubstr("\r\n0\r\n"))) << "a reader sees that it broke off";
  ask(echo.server, "GET /written?stated=9");
  EXPECT_THAT(echo.failures(), ElementsAre("broke off", HasSubstr("wrote 8 bytes and stated 9")));
}

TEST(HttpServer, KeepsConnectionsOpen) {
  Echo echo;
  RawConnection connection(echo.server.port());
  for (const char* body : {"11", "22", "33"}) {
    connection.send(std::string{"POST /buffered HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"} + body);
    EXPECT_THAT(connection.answer(), EndsWith(std::string{"POST /buffered  "} + body));
  }
}

TEST(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  Echo echo;
  EXPECT_THAT(raw_exchange(echo.server.port(),
                           "POST /buffered HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
                           "GET /things/two HTTP/1.1\r\nHost: x\r\n\r\n"
                           "POST /streamed HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nthree"
                           "GET /things/four HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                           "GET /things/never HTTP/1.1\r\nHost: x\r\n\r\n"),
              ::testing::ContainsRegex("one.*two.*three.*four"));
  EXPECT_THAT(echo.asked(), ElementsAre("POST /buffered  one", "GET /things/two  two", "POST /streamed  three",
                                        "GET /things/four  four"));
}

TEST(HttpServer, WhatTheHandlerThrowsStaysInTheHouse) {
  Echo echo;
  const Response answer = post(echo.url("/throw"), "text/plain", "x");
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
  EXPECT_THAT(echo.failures(), ElementsAre("a secret reason"));
}

TEST(HttpServer, ABodyThatNobodyReadIsNotTheNextRequest) {
  Echo echo;
  const std::string body = "GET /things/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string answer = raw_exchange(
      echo.server.port(),
      "POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body + body);
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("Not you."), Not(HasSubstr("smuggled"))));
  EXPECT_THAT(echo.asked(), IsEmpty());
}

TEST(HttpServer, LogsNothingThatCouldTellWhoItWasAbout) {
  Echo echo;
  ask(echo.server, "GET /things/9990000018?person=9990000018");
  post(echo.url("/buffered"), "text/plain", "9990000018");
  ask(echo.server, "GET /9990000018");
  ask(echo.server, "9990000018 /");
  ask(echo.server, "GET /%");
  EXPECT_THAT(echo.log(), ElementsAre("GET /things/{id} 200 0 34", "POST /buffered 200 10 36", StartsWith("  404 0 "),
                                      StartsWith("  405 0 "), StartsWith("  400 0 ")));
}

TEST(HttpServer, SaysWhichAddressCannotBeHad) {
  Echo echo;
  const auto listen = [](const std::string& address) {
    return failure([&] { Server({.addresses = {address}}, Router({})); });
  };
  EXPECT_THAT(listen(echo.server.address()), HasSubstr(echo.server.address()));
  EXPECT_THAT(listen("nonsense"), HasSubstr("such as 127.0.0.1:8080"));
  EXPECT_THAT(listen("192.0.2.1:80"), HasSubstr("192.0.2.1:80"));
}

std::string ask_file(const std::filesystem::path& file) {
  RawConnection connection(file);
  connection.send("GET /peer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = connection.rest();
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

TEST(HttpServer, ListensOnAUnixSocketForTheProxyOnly) {
  const testing::Folder folder;
  const auto file = folder / "socket";
  {
    const Echo echo({}, {.addresses = {"127.0.0.1:0"}, .unix_socket = file});
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms{0660});
    EXPECT_EQ(ask_file(file), "|unix||");
    EXPECT_THAT(ask(echo.server, "GET /peer"), EndsWith("\r\n\r\n127.0.0.1|||"));
    EXPECT_THAT(failure([&] { Server({.unix_socket = file}, Router({})); }), HasSubstr(file.string()))
        << "a server that lives is not pushed aside";
    EXPECT_EQ(ask_file(file), "|unix||");
  }
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(HttpServer, TakesOverTheUnixSocketOfOneThatWasKilled) {
  const testing::Folder folder;
  const auto file = folder / "socket";
  testing::run("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"" + file.string() + "\")'");
  ASSERT_TRUE(std::filesystem::is_socket(file));
  const Echo echo({}, {.unix_socket = file});
  EXPECT_EQ(ask_file(file), "|unix||");
  testing::spill(folder / "file", "precious");
  EXPECT_THAT(failure([&] { Server({.unix_socket = folder / "file"}, Router({})); }), HasSubstr("Unix socket"));
  EXPECT_EQ(testing::slurp(folder / "file"), "precious");
}

}  // namespace
}  // namespace answerable::http
