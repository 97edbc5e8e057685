// Bodies: whole or not at all, in flat memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "ingest/http/client.hpp"
#include "tests/ingest/http_serving.hpp"

namespace answerable::http {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::raw_exchange;
using testing::RawConnection;
using ::testing::StartsWith;

const std::string close = "Connection: close\r\n";

std::string send(const Echo& echo, const std::string& path, const std::string& fields, const std::string& body) {
  return raw_exchange(echo.server.port(), "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + close + fields + "\r\n" + body);
}

/// Both ways in which a route can take a body.
class HttpBody : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Ways, HttpBody, ::testing::Values("/buffered", "/streamed"),
                         [](const auto& way) { return way.param.substr(1); });

TEST_P(HttpBody, IsTakenUpToTheCap) {
  const Echo echo;
  const std::string most(Echo::cap, 'x');
  const auto length = [](std::size_t bytes) { return "Content-Length: " + std::to_string(bytes) + "\r\n"; };
  EXPECT_THAT(send(echo, GetParam(), length(most.size()), most), AllOf(StartsWith("HTTP/1.1 200"), EndsWith(most)));
  EXPECT_THAT(send(echo, GetParam(), length(0), ""), StartsWith("HTTP/1.1 200"));
  const int before = echo.begun;
  EXPECT_THAT(send(echo, GetParam(), length(most.size() + 1), most + 'x'),
              AllOf(StartsWith("HTTP/1.1 413"), HasSubstr("1048577 bytes: at most 1048576")));
  EXPECT_EQ(echo.begun, before) << "refused by its head";
}

TEST_P(HttpBody, InChunksIsTakenUpToTheCap) {
  const Echo echo;
  std::string body, framed;
  for (int i = 0; body.size() < Echo::cap; ++i) {
    const std::string chunk(std::min<std::size_t>(1 + static_cast<std::size_t>(i) * 977, Echo::cap - body.size()),
                            static_cast<char>('a' + i % 26));
    body += chunk;
    std::array<char, 20> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", chunk.size());
    framed += size.data() + chunk + "\r\n";
  }
  const std::string fields = "Transfer-Encoding: chunked\r\n" + content_digest(body);
  EXPECT_THAT(send(echo, GetParam(), fields, framed + "0\r\n\r\n"), AllOf(StartsWith("HTTP/1.1 200"), EndsWith(body)));
  EXPECT_THAT(send(echo, GetParam(), fields, framed + "1\r\nx\r\n0\r\n\r\n"), StartsWith("HTTP/1.1 413"));
}

TEST_P(HttpBody, ThatWasCutOffIsNeverTaken) {
  const Echo echo;
  const std::string whole = "5\r\nhello\r\n0\r\n\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n" + content_digest("hello");
  const auto cut = [&](const std::string& fields, const std::string& body) {
    RawConnection connection(echo.server.port());
    connection.send("POST " + GetParam() + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body);
    connection.end();
    EXPECT_THAT(connection.rest(), AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("cut off"))) << body;
  };
  for (std::size_t length = 0; length < whole.size(); ++length) cut(chunked, whole.substr(0, length));
  for (const char* body : {"", "h", "hell"}) cut("Content-Length: 5\r\n", body);
  cut("Content-Length: 5\r\n" + content_digest("hell"), "hell");
  EXPECT_THAT(echo.asked(), IsEmpty());
}

TEST_P(HttpBody, ThatIsNotWhatItsDigestSaysIsNeverTaken) {
  const Echo echo;
  const std::string good = "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:";  // of "hello"
  const std::string sha512 =
      "sha-512=:m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN7AQw==:";
  const std::string other = "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCU=:";
  const auto status = [&](const std::string& digest, const std::string& body = "hello") {
    return send(echo, GetParam(), "Content-Length: 5\r\nContent-Digest: " + digest + "\r\n", body).substr(0, 12);
  };
  for (const std::string& taken : {good, sha512, good + ", " + sha512, good + " ,\t" + sha512, "md5=:AAAA:, " + good,
                                   std::string{"unixsum=:AAAA:"}, good + "\r\nContent-Digest: " + sha512})
    EXPECT_EQ(status(taken), "HTTP/1.1 200") << taken;
  const auto before = echo.asked().size();
  EXPECT_EQ(status(good, "hallo"), "HTTP/1.1 400");
  for (const std::string& refused :
       {other, good + ", " + other, other + ", " + good, sha512 + ", " + other, std::string{"sha-256=hello"},
        std::string{"sha-256"}, std::string{"sha-256=::"}, std::string{"sha-256=:AAAA:"}, good + ",", "," + good,
        good + ";a", "SHA-256" + good.substr(7),
        std::string{"sha-256=\"LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=\""}, good.substr(0, good.size() - 1),
        "sha-512" + good.substr(7), good + "\r\nContent-Digest: " + other})
    EXPECT_EQ(status(refused), "HTTP/1.1 400") << refused;
  EXPECT_EQ(echo.asked().size(), before);
  EXPECT_THAT(send(echo, GetParam(), "Content-Length: 5\r\nContent-Digest: " + other + "\r\n", "hello"),
              HasSubstr(":LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:, not :LPJNul"));
}

/// Not the last byte is given out of a body that is not what it should be: not even a reader who counts can take it.
TEST(HttpBodyReading, TheLastByteComesOnlyWhenAllIsProved) {
  std::atomic<std::size_t> given{};
  const Server server({.addresses = {"127.0.0.1:0"}},
                      Router({{.method = "POST",
                               .path = "/",
                               .body = Body::streamed,
                               .body_cap = 1 << 20,
                               .handle = [&](Request& request) -> Response {
                                 std::array<char, 1000> all{};
                                 try {
                                   request.stream->read(all.data(),
                                                        all.size());  // as many as were announced, and no more
                                   given = static_cast<std::size_t>(request.stream->gcount());
                                 } catch (const WrongDigest&) {
                                 }
                                 return {.status = 201};
                               }}}));
  const auto status = [&](const std::string& digest_of) {
    return raw_exchange(server.port(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n" + close +
                                           content_digest(digest_of) + "\r\n" + std::string(1000, 'x'))
        .substr(0, 12);
  };
  EXPECT_EQ(status(std::string(1000, 'y')), "HTTP/1.1 400") << "even when the handler made light of it";
  EXPECT_EQ(given, 0U);
  EXPECT_EQ(status(std::string(1000, 'x')), "HTTP/1.1 201");
  EXPECT_EQ(given, 1000U);
}

TEST(HttpBodyReading, CompressedBodiesAreNotTaken) {
  const Echo echo;
  EXPECT_THAT(send(echo, "/streamed", "Content-Length: 5\r\nContent-Encoding: gzip\r\n", "hello"),
              AllOf(StartsWith("HTTP/1.1 415"), HasSubstr("Accept-Encoding: identity\r\n")));
  EXPECT_THAT(send(echo, "/streamed", "Content-Length: 5\r\nContent-Encoding: Identity\r\n", "hello"),
              StartsWith("HTTP/1.1 200"));
}

TEST(HttpBodyReading, OnlyABodyThatIsWantedIsInvited) {
  const Echo echo;
  const auto invited = [&](const std::string& path, const std::string& length) {
    RawConnection connection(echo.server.port());
    connection.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + close +
                    "Content-Length: " + length + "\r\n\r\n");
    const std::string first = connection.answer();
    if (first.starts_with("HTTP/1.1 100 Continue")) connection.send("hello");
    return first + connection.rest();
  };
  for (const char* path : {"/buffered", "/streamed"})
    EXPECT_THAT(invited(path, "5"),
                AllOf(StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"), EndsWith("hello")));
  EXPECT_THAT(invited("/unread", "5"), AllOf(StartsWith("HTTP/1.1 403"), Not(HasSubstr("100 Continue"))));
  EXPECT_THAT(invited("/buffered", "9999999"), AllOf(StartsWith("HTTP/1.1 413"), Not(HasSubstr("100 Continue"))));
  EXPECT_THAT(invited("/nothing", "5"), AllOf(StartsWith("HTTP/1.1 404"), Not(HasSubstr("100 Continue"))));
  EXPECT_THAT(invited("/buffered", "0"), AllOf(StartsWith("HTTP/1.1 200"), Not(HasSubstr("100 Continue"))));
}

TEST(HttpBodyReading, WhoSendsTooMuchHearsOfIt) {
  const Echo echo;
  for (int i = 0; i < 50; ++i)
    ASSERT_EQ(post(echo.url("/buffered"), "text/plain", std::string(5'000'000, 'x')).status, 413) << i;
}

TEST(HttpBodyReading, ABodyThatTricklesIsGivenUp) {
  const Echo echo({.silence = std::chrono::milliseconds{600}, .slowest = 100});
  const auto trickle = [&](std::chrono::milliseconds pause, int most) {
    RawConnection connection(echo.server.port());
    connection.send("POST /streamed HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < most; ++i) {
      connection.send("x");
      std::this_thread::sleep_for(pause);
    }
    return connection.rest();
  };
  EXPECT_THAT(trickle(std::chrono::milliseconds{50}, 30), AllOf(StartsWith("HTTP/1.1 408"), HasSubstr("too slowly")))
      << "20 bytes a second, with no pause that would be too long";
  EXPECT_THAT(trickle(std::chrono::milliseconds{0}, 5), StartsWith("HTTP/1.1 408")) << "silent after five";
  EXPECT_THAT(echo.asked(), IsEmpty());
}

std::size_t resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmRSS:") continue;
    std::size_t kilobytes{};
    status >> kilobytes;
    return kilobytes;
  }
  return 0;
}

TEST(HttpBodyReading, AGigabyteTakesNoMoreMemoryThanALine) {
  constexpr std::size_t gigabyte = 1 << 30;
  const std::string piece(1 << 20, 'x');
  Sha256 hasher;
  for (std::size_t sent = 0; sent < gigabyte; sent += piece.size()) hasher.update(as_bytes(piece));
  std::size_t most = 0, came = 0;
  const Server server({.addresses = {"127.0.0.1:0"}},
                      Router({{.method = "POST",
                               .path = "/",
                               .body = Body::streamed,
                               .body_cap = gigabyte,
                               .handle = [&](Request& request) -> Response {
                                 std::array<char, 1 << 16> some;
                                 for (std::size_t i = 0;
                                      request.stream->read(some.data(), some.size()) || request.stream->gcount() > 0;
                                      ++i) {
                                   came += static_cast<std::size_t>(request.stream->gcount());
                                   if (i % 64 == 0) most = std::max(most, resident_kilobytes());
                                 }
                                 return {.status = 201};
                               }}}));
  const std::size_t before = resident_kilobytes();
  const auto start = std::chrono::steady_clock::now();
  RawConnection connection(server.port());
  connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\nContent-Digest: sha-256=:" +
                  base64(hasher.finish()) + ":\r\n\r\n");
  for (std::size_t sent = 0; sent < gigabyte; sent += piece.size()) ASSERT_TRUE(connection.send(piece));
  EXPECT_THAT(connection.answer(), StartsWith("HTTP/1.1 201"));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(came, gigabyte);
  EXPECT_LT(most, before + 8 * 1024);
  std::printf("A gigabyte with its digest checked: %.1f s, %zu kB more memory\n", took.count(),
              most - std::min(most, before));
}

}  // namespace
}  // namespace answerable::http
