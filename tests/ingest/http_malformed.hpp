#pragma once

#include <string>
#include <vector>

#include "tests/ingest/http_serving.hpp"

/// Requests that no honest client sends.
namespace answerable::http::probes {

struct Malformed {
  std::string request;  ///< as far as it must be read to be refused
  int status;
};

inline const std::string host = "Host: x\r\n";

inline std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\n" + host + "\r\n";
}
inline std::string with(const std::string& fields) {
  return "GET / HTTP/1.1\r\n" + host + fields + "\r\n";
}
inline std::string post(const std::string& fields, const std::string& body = {}) {
  return "POST /buffered HTTP/1.1\r\n" + host + fields + "\r\n" + body;
}
inline std::string chunks(const std::string& framed) {
  return post("Transfer-Encoding: chunked\r\n" + content_digest("hello"), framed);
}

inline std::vector<Malformed> malformed() {
  using namespace std::string_literals;
  return {
      // Line ends and what is between lines.
      {"GET / HTTP/1.1\nHost: x\n\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\n\n", 400},
      {"GET / HTTP/1.1\r\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", 400},
      {"\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n"s, 400},
      // Request lines.
      {"GET /\r\n\r\n", 400},
      {"GET\r\nHost: x\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /  HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400},
      {" GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / x HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"G\xc3\x89T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / http/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/11\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.0\r\nHost: x\r\n\r\n", 505},
      {"GET / HTTP/1.2\r\nHost: x\r\n\r\n", 505},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
      {"GET / HTTP/0.9\r\nHost: x\r\n\r\n", 505},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      // Targets.
      {get("buffered"), 400},
      {get("x:443"), 400},
      {"CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n", 400},
      {get("*"), 400},
      {get("http://y/"), 400},
      {get("http://user@x/"), 400},
      {get("http:///"), 400},
      {get("http://x"), 400},
      {get("ftp://x/"), 400},
      {get("/#fragment"), 400},
      {get("/?a#b"), 400},
      {get("/%"), 400},
      {get("/%4"), 400},
      {get("/%zz"), 400},
      {get("/?a=%zz"), 400},
      {get("/?a=%ff"), 400},
      {get("/?a=%00"), 400},
      {get("/things/%00"), 400},
      {get("/things/%0d%0aX:"), 400},
      {get("/things/%7f"), 400},
      {get("/things/%09"), 400},
      {get("/things/%ff"), 400},
      {get("/things/%c0%ae"), 400},
      {get("/things/a%2fb"), 400},
      {get("/things/a%5Cb"), 400},
      {get("/things/a\\b"), 400},
      {get("/things/.."), 400},
      {get("/things/../"), 400},
      {get("/./"), 400},
      {get("/things/%2e%2E"), 400},
      {get("/things/%2e"), 400},
      {get("/things/\xc3\xa9"), 400},
      {get("/things/a\x01"
           "b"),
       400},
      {get("/things/a\0b"s), 400},
      {get("/things/<a>"), 400},
      {get("/?<a>"), 400},
      {get("/" + std::string(9000, 'a')), 414},
      // Field lines.
      {with("X : y\r\n"), 400},
      {with("X\t: y\r\n"), 400},
      {with(" X: y\r\n"), 400},
      {with("X: y\r\n z\r\n"), 400},
      {with("X: y\r\n\tz\r\n"), 400},
      {"GET / HTTP/1.1\r\n X: y\r\nHost: x\r\n\r\n", 400},
      {with("X\r\n"), 400},
      {with(": y\r\n"), 400},
      {with("X Y: z\r\n"), 400},
      {with("X[]: y\r\n"), 400},
      {with("X\xc3\xa9: y\r\n"), 400},
      {with("X\0: y\r\n"s), 400},
      {with("X: a\0b\r\n"s), 400},
      {with("X: a\x01z\r\n"), 400},
      {with("X: a\x7fz\r\n"), 400},
      {with("X: " + std::string(9000, 'a') + "\r\n"), 431},
      {with([] {
         std::string many;
         for (int i = 0; i < 101; ++i) many += "X: y\r\n";
         return many;
       }()),
       431},
      {with([] {
         std::string large;
         for (int i = 0; i < 9; ++i) large += "X: " + std::string(4000, 'y') + "\r\n";
         return large;
       }()),
       431},
      // Host.
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {with("Host: x\r\n"), 400},
      {with("host: y\r\n"), 400},
      {"GET / HTTP/1.1\r\nHost: x y\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x, y\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x@y\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x:\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x:99999x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
      // Lengths and codings.
      {post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
      {post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400},
      {post("Content-Length: 5, 5\r\n", "hello"), 400},
      {post("Content-Length: -5\r\n", "hello"), 400},
      {post("Content-Length: +5\r\n", "hello"), 400},
      {post("Content-Length: 0x5\r\n", "hello"), 400},
      {post("Content-Length: 5 5\r\n", "hello"), 400},
      {post("Content-Length: 5.0\r\n", "hello"), 400},
      {post("Content-Length: \"5\"\r\n", "hello"), 400},
      {post("Content-Length:\r\n", "hello"), 400},
      {post("Content-Length: 18446744073709551621\r\n", "hello"), 400},
      {post("Content-Length: 4294967301\r\n", "hello"), 413},
      {post("Content-Length: 999999999999999999\r\n", "hello"), 413},
      {post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: identity\r\n", "hello"), 501},
      {post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            "0\r\n\r\n"),
       400},
      {post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding:\r\n", "0\r\n\r\n"), 501},
      {post("", ""), 411},
      {post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), 411},
      {post("Expect: 200-ok\r\nContent-Length: 5\r\n", "hello"), 417},
      {with("Content-Length: 5\r\n") + "hello", 413},
      // Chunks.
      {chunks("5\nhello\n0\n\n"), 400},
      {chunks("5\r\nhello0\r\n\r\n"), 400},
      {chunks("4\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("6\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("-5\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("+5\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("0x5\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks(" 5\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("5 \r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("g\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks(";x\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("10000000000000005\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("fffffffffffffff\r\nhello\r\n0\r\n\r\n"), 413},
      {chunks("7fffffff\r\nhello\r\n0\r\n\r\n"), 413},
      {chunks("5;" + std::string(300, 'x') + "\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("5;x=\x01\r\nhello\r\n0\r\n\r\n"), 400},
      {chunks("5\r\nhello\r\n0\r\nX : y\r\n\r\n"), 400},
      {chunks("5\r\nhello\r\n0\r\n X: y\r\n\r\n"), 400},
      {chunks("5\r\nhello\r\n0\r\nno field\r\n\r\n"), 400},
      {chunks("5\r\nhello\r\n0\r\nX: y\n\r\n"), 400},
      {chunks("5\r\nhello\r\n0\r\n\n"), 400},
      {chunks("5\r\nhello\r\n0\r\nX: " + std::string(9000, 'y') + "\r\n\r\n"), 400},
      {chunks("5\r\nhallo\r\n0\r\n\r\n"), 400},
  };
}

/// Whatever follows a request that is refused. Nobody may ever see it.
inline const std::string smuggled = "GET /things/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace answerable::http::probes
