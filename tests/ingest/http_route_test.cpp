#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>

#include "ingest/http/accept.hpp"
#include "ingest/http/route.hpp"

namespace answerable::http {
namespace {

Route route(const std::string& method, const std::string& path) {
  return {.method = method, .path = path, .handle = [](Request&) { return Response{}; }};
}

const Router& router() {
  static const Router all({route("GET", "/{any}"), route("GET", "/fixed"), route("POST", "/{any}"),
                           route("GET", "/{a}/b/{c}"), route("GET", "/a/{b}/{c}"), route("GET", "/"),
                           route("GET", "/closed/"), route("DELETE", "/closed/")});
  return all;
}

std::string found(const std::string& method, const std::string& path) {
  const auto result = router().find(method, path);
  if (const auto* problem = std::get_if<Problem>(&result))
    return std::to_string(problem->status) + (problem->headers.empty() ? "" : ' ' + problem->headers.begin()->second);
  const auto& match = std::get<Router::Match>(result);
  std::string text = match.route->method + ' ' + match.route->path;
  for (const auto& [name, value] : match.parameters) text += ' ' + name + '=' + value;
  return text;
}

TEST(HttpRouter, FindsTheDoor) {
  EXPECT_EQ(found("GET", "/"), "GET /");
  EXPECT_EQ(found("GET", "/fixed"), "GET /fixed") << "before /{any}, though that came first";
  EXPECT_EQ(found("GET", "/fixes"), "GET /{any} any=fixes");
  EXPECT_EQ(found("HEAD", "/fixed"), "GET /fixed");
  EXPECT_EQ(found("POST", "/fixed"), "POST /{any} any=fixed");
  EXPECT_EQ(found("PUT", "/fixed"), "405 GET, HEAD, POST");
  EXPECT_EQ(found("get", "/fixed"), "405 GET, HEAD, POST") << "methods are written in capitals";
  EXPECT_EQ(found("GET", "/a/b/c"), "GET /a/{b}/{c} b=b c=c") << "fixed parts from the left";
  EXPECT_EQ(found("GET", "/x/b/c"), "GET /{a}/b/{c} a=x c=c");
  EXPECT_EQ(found("GET", "/x%20y/b/%C3%A9"), "GET /{a}/b/{c} a=x y c=\xc3\xa9");
  EXPECT_EQ(found("GET", "/x/b/"), "404") << "a parameter is never empty";
  EXPECT_EQ(found("GET", "/closed/"), "GET /closed/");
  EXPECT_EQ(found("GET", "/closed"), "GET /{any} any=closed");
  EXPECT_EQ(found("POST", "/closed/"), "405 DELETE, GET, HEAD");
  EXPECT_EQ(found("GET", "//"), "404");
  EXPECT_EQ(found("GET", "*"), "404");
  EXPECT_EQ(found("GET", "/fixed/"), "404");
}

TEST(HttpRouter, TakesOnlyRoutes) {
  EXPECT_THROW(Router({route("GET", "fixed")}), std::logic_error);
  EXPECT_THROW(Router({route("G T", "/fixed")}), std::logic_error);
  EXPECT_THROW(Router({route("GET", "/a"), route("GET", "/a")}), std::logic_error);
  EXPECT_THROW(Router({Route{.method = "GET", .path = "/a"}}), std::logic_error);
}

std::string wanted(const std::string& accept) {
  constexpr std::array<std::string_view, 3> offered{"application/problem+json", "text/html", "text/csv"};
  const auto best = preferred(accept, offered);
  return best ? std::string{offered[*best]} : "none";
}

TEST(HttpAccept, GivesWhatIsWantedMost) {
  EXPECT_EQ(wanted(""), "application/problem+json");
  EXPECT_EQ(wanted("*/*"), "application/problem+json");
  EXPECT_EQ(wanted("text/*"), "text/html");
  EXPECT_EQ(wanted("TEXT/CSV"), "text/csv");
  EXPECT_EQ(wanted("text/html;q=0.4, text/csv;q=0.5"), "text/csv");
  EXPECT_EQ(wanted("text/html;q=0.4, text/*;q=0.5"), "text/csv") << "the closest range counts, RFC 9110 12.5.1";
  EXPECT_EQ(wanted("text/html ; level=1 ; Q=0.001, */*;q=0"), "text/html");
  EXPECT_EQ(wanted("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "text/html");
  EXPECT_EQ(wanted("application/json"), "none");
  EXPECT_EQ(wanted("*/*;q=0"), "none");
  EXPECT_EQ(wanted("text/html;q=9.9, text/csv"), "text/html") << "no weight is above one";
  EXPECT_EQ(wanted("text/csv;q=rubbish"), "text/csv");
  EXPECT_EQ(wanted(",;,/,*"), "none");
}

}  // namespace
}  // namespace answerable::http
