// The head's reader by itself: properties, and another reader's opinion.
#include <Poco/Net/HTTPRequest.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "ingest/http/head.hpp"
#include "ingest/http/syntax.hpp"

namespace answerable::http {
namespace {

/// Heads that are right but for a few bytes, as somebody would try them who knows the grammar.
rc::Gen<std::string> request() {
  using namespace std::string_literals;
  const auto line = rc::gen::map(
      rc::gen::tuple(rc::gen::element("GET"s, "POST"s, "M-SEARCH"s),
                     rc::gen::element("/"s, "/a/b?c=%41+d&e"s, "/%C3%A9"s, "http://x/y"s, "/a/%2e%2e"s, "*"s)),
      [](const auto& parts) { return std::get<0>(parts) + ' ' + std::get<1>(parts) + " HTTP/1.1\r\n"; });
  const auto field = rc::gen::weightedElement<std::string>({{6, "X-Y: z"},
                                                            {6, "Accept:text/html, */*;q=0.1 \t"},
                                                            {6, "Cookie: a=b; c=d"},
                                                            {4, "Content-Type: text/PLAIN; a=b"},
                                                            {4, "Content-Length: 5"},
                                                            {4, "transfer-encoding:Chunked"},
                                                            {2, "Expect: 100-continue"},
                                                            {2, "Connection: close, x"},
                                                            {2, "X:"},
                                                            {1, "X-Y: \x80\xff"},
                                                            {1, " folded"},
                                                            {1, "Host: y"},
                                                            {1, "Content-Length: -1"},
                                                            {1, "Transfer-Encoding: identity"}});
  const auto head =
      rc::gen::map(rc::gen::tuple(line, rc::gen::container<std::vector<std::string>>(field)), [](const auto& parts) {
        std::string text = std::get<0>(parts) + "Host: x\r\n";
        for (std::size_t i = 0; i < std::min<std::size_t>(std::get<1>(parts).size(), 4); ++i)
          text += std::get<1>(parts)[i] + "\r\n";
        return text + "\r\n";
      });
  using Change = std::tuple<std::size_t, std::string, bool>;
  const auto change = rc::gen::tuple(
      rc::gen::inRange<std::size_t>(0, 200),
      rc::gen::oneOf(
          rc::gen::element("\r"s, "\n"s, "\r\n"s, " "s, "\t"s, ":"s, "\0"s, "%"s, "/"s, "?"s, ","s, "X: y\r\n"s),
          rc::gen::map(rc::gen::arbitrary<char>(), [](char c) { return std::string(1, c); })),
      rc::gen::arbitrary<bool>());
  return rc::gen::map(rc::gen::tuple(head, rc::gen::weightedElement<int>({{3, 0}, {3, 1}, {1, 2}}), change, change),
                      [](const auto& parts) {
                        std::string text = std::get<0>(parts);
                        const auto apply = [&](const Change& one) {
                          text.replace(std::get<0>(one) % text.size(), std::get<2>(one) ? 1 : 0, std::get<1>(one));
                        };
                        if (std::get<1>(parts) > 0) apply(std::get<2>(parts));
                        if (std::get<1>(parts) > 1) apply(std::get<3>(parts));
                        return text;
                      });
}

struct Read {
  std::size_t size{};
  int refused{};
  Head head;
};

/// Reads what comes in pieces of this size.
Read read(const std::string& text, std::size_t step) {
  HeadFinder finder;
  try {
    for (std::size_t came = std::min(step, text.size());; came = std::min(came + step, text.size())) {
      if (const auto size = finder.find(std::string_view{text}.substr(0, came)))
        return {*size, 0, parse_head(std::string_view{text}.substr(0, *size))};
      if (came == text.size()) return {};
    }
  } catch (const Problem& problem) {
    return {0, problem.status, {}};
  }
}

RC_GTEST_PROP(HttpHead, IsReadTheSameHoweverItComes, ()) {
  const std::string text = *request();
  const std::size_t step = *rc::gen::inRange<std::size_t>(1, 40);
  const Read whole = read(text, text.size()), pieces = read(text, step);
  RC_ASSERT(whole.size == pieces.size);
  RC_ASSERT(whole.refused == pieces.refused);
  RC_ASSERT(whole.head.path == pieces.head.path);
}

RC_GTEST_PROP(HttpHead, WhatIsTakenIsUnderstoodAsPocoUnderstandsIt, ()) {
  const std::string text = *request();
  const Read ours = read(text, text.size());
  RC_PRE(ours.size != 0U);
  std::istringstream in(text.substr(0, ours.size));
  Poco::Net::HTTPRequest theirs;
  theirs.read(in);
  RC_ASSERT(theirs.getMethod() == ours.head.method);
  RC_ASSERT(theirs.getVersion() == "HTTP/1.1");
  RC_ASSERT(theirs.getChunkedTransferEncoding() == ours.head.chunked);
  RC_ASSERT(theirs.hasContentLength() == ours.head.length.has_value());
  if (ours.head.length) RC_ASSERT(static_cast<std::uint64_t>(theirs.getContentLength64()) == *ours.head.length);
  RC_ASSERT(theirs.get("Host") == *ours.head.headers.find("host"));
  std::size_t fields = 0;
  for (const auto& [name, value] : theirs) {
    const auto found = ours.head.headers.find(name);
    RC_ASSERT(found.has_value());
    RC_ASSERT(found->find(value) != std::string_view::npos);
    ++fields;
  }
  RC_ASSERT(fields >= static_cast<std::size_t>(std::distance(ours.head.headers.begin(), ours.head.headers.end())));
}

/// What goes on to handlers and to logs holds nothing that could be taken for something else there.
RC_GTEST_PROP(HttpHead, WhatIsTakenIsClean, ()) {
  const std::string text = *request();
  const Read ours = read(text, text.size());
  RC_PRE(ours.size != 0U);
  RC_ASSERT(is_token(ours.head.method));
  RC_ASSERT(ours.head.path.starts_with('/') || ours.head.path == "*");
  RC_ASSERT(!(ours.head.chunked && ours.head.length));
  RC_ASSERT(!ours.head.headers.find("host")->empty());
  for (const auto& [name, value] : ours.head.headers) {
    RC_ASSERT(is_token(name));
    RC_ASSERT(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  }
  for (const auto& [name, value] : ours.head.query) RC_ASSERT(is_plain_text(name) && is_plain_text(value));
}

TEST(HttpHead, JoinsWhatMayBeSentTwice) {
  const Head head = parse_head(
      "GET / HTTP/1.1\r\nHost: x\r\nAccept: a\r\naccept: b\r\nCookie: one=1; two=2\r\nCOOKIE: one=3;four\r\n\r\n");
  EXPECT_EQ(head.headers.find("ACCEPT"), "a, b");
  EXPECT_THAT(head.headers.cookies("one"), ::testing::ElementsAre("1", "3"));
  EXPECT_THAT(head.headers.cookies("two"), ::testing::ElementsAre("2"));
  EXPECT_THAT(head.headers.cookies("four"), ::testing::IsEmpty());
  EXPECT_EQ(head.headers.find("none"), std::nullopt);
}

TEST(HttpHead, ReadsQueries) {
  const Head head = parse_head("GET /a?b=c%20d+e&f&=g&b=2&h=%C3%A9=i HTTP/1.1\r\nHost: x\r\n\r\n");
  using Pair = std::pair<std::string, std::string>;
  EXPECT_THAT(head.query, ::testing::ElementsAre(Pair{"b", "c d e"}, Pair{"f", ""}, Pair{"", "g"}, Pair{"b", "2"},
                                                 Pair{"h", "\xc3\xa9=i"}));
  EXPECT_EQ((Request{.query = parse_head("GET /a?b=%2541 HTTP/1.1\r\nHost: x\r\n\r\n").query}.query_value("b")), "%41")
      << "decoded once";
  EXPECT_EQ((Request{.query = head.query}.query_value("b")), "c d e");
  EXPECT_EQ((Request{.query = head.query}.query_value("z")), std::nullopt);
}

}  // namespace
}  // namespace answerable::http
