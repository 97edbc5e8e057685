// What no honest client sends: refused, never misread, and nothing after it is ever taken for a request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/ingest/http_malformed.hpp"

namespace answerable::http {
namespace {

using testing::raw_exchange;

using namespace probes;

TEST(HttpMalformed, IsRefusedAndNothingAfterItIsHandled) {
  const Echo echo;
  const auto table = malformed();
  EXPECT_GE(table.size(), 80U);
  for (const Malformed& one : table) {
    SCOPED_TRACE(::testing::PrintToString(one.request.substr(0, 200)));
    const std::string answer = raw_exchange(echo.server.port(), one.request + smuggled + smuggled);
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 " + std::to_string(one.status)) << answer.substr(answer.find("\r\n\r\n"));
    EXPECT_EQ(answer.find("\nHTTP/1.1 "), answer.npos) << "two answers to one request";
    EXPECT_NE(answer.find("Connection: close\r\n"), answer.npos);
  }
  EXPECT_THAT(echo.asked(), ::testing::IsEmpty());
}

/// The same, byte by byte: a server may not read a head otherwise because of how it came.
TEST(HttpMalformed, IsRefusedAlsoWhenItComesInPieces) {
  const Echo echo;
  for (const Malformed& one : malformed()) {
    if (one.request.size() > 300) continue;
    SCOPED_TRACE(::testing::PrintToString(one.request));
    testing::RawConnection connection(echo.server.port());
    for (std::size_t i = 0; i < one.request.size(); ++i) connection.send(one.request.substr(i, 1));
    connection.send(smuggled);
    EXPECT_EQ(connection.rest().substr(0, 12), "HTTP/1.1 " + std::to_string(one.status));
  }
  EXPECT_THAT(echo.asked(), ::testing::IsEmpty());
}

TEST(HttpMalformed, WhatLooksOddAndIsWellFormedIsTaken) {
  const Echo echo;
  const std::string close = "Connection: close\r\n";
  const std::vector<std::pair<std::string, std::string>> odd{
      {"GET http://x/things/1 HTTP/1.1\r\n" + host + close + "\r\n", "GET /things/1  1"},
      {"GET HTTP://X/things/1 HTTP/1.1\r\n" + host + close + "\r\n", "GET /things/1  1"},
      {"GET /things/%41%20b HTTP/1.1\r\n" + host + close + "\r\n", "GET /things/%41%20b  A b"},
      {"GET /things/%c3%a9 HTTP/1.1\r\n" + host + close + "\r\n", "GET /things/%c3%a9  \xc3\xa9"},
      {"GET /things/..a HTTP/1.1\r\n" + host + close + "\r\n", "GET /things/..a  ..a"},
      {"GET /things/1?a=b&&c=%26+d HTTP/1.1\r\n" + host + close + "\r\n", "GET /things/1  1"},
      {"GET / HTTP/1.1\r\nhOsT:\t [::1]:80 \t\r\nx:\r\nX-Y: \xff\r\n" + close + "\r\n", "GET /  "},
      {post(close + "Content-Length: 005\r\n", "hello"), "POST /buffered  hello"},
      {post(close + "Content-Type: Text/Plain;charset=utf-8\r\nContent-Length: 0\r\n"), "POST /buffered text/plain "},
      {post(close + "transfer-encoding: Chunked\r\n" + content_digest("hello"),
            "2;name=\"value\"\r\nhe\r\n0003\r\nllo\r\n00\r\nX-Trailer: y\r\n\r\n"),
       "POST /buffered  hello"},
  };
  for (const auto& [request, said] : odd) {
    SCOPED_TRACE(::testing::PrintToString(request));
    EXPECT_THAT(raw_exchange(echo.server.port(), request),
                ::testing::AllOf(::testing::StartsWith("HTTP/1.1 200 OK\r\n"), ::testing::EndsWith("\r\n\r\n" + said)));
  }
}

}  // namespace
}  // namespace answerable::http
