// How long an honest request waits beside slow ones, against the same server with nobody else there. Exits with 1 when
// the slowest of all takes 500 ms or more.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "ingest/http/server.hpp"
#include "tests/support/slow_crowd.hpp"

namespace {

using namespace answerable;

constexpr int requests = 500;
constexpr double longest_allowed = 500;  // ms

struct Figures {
  double median, slowest;
};

Figures measure(std::uint16_t port) {
  std::vector<double> took;
  for (int i = 0; i < requests; ++i) {
    const auto one = testing::honest_request(port);
    if (!one) throw std::runtime_error("an honest request was not answered");
    took.push_back(one->count());
  }
  std::ranges::sort(took);
  return {took[took.size() / 2], took.back()};
}

}  // namespace

int main() {
  const http::Server server(
      {.addresses = {"127.0.0.1:0"}},
      http::Router({{.method = "GET", .path = "/", .handle = [](http::Request&) -> http::Response {
                       return {.body = "hello\n"};
                     }}}));
  const Figures alone = measure(server.port());
  fmt::print("{} requests one after another, each on a connection of its own: median, slowest\n", requests);
  fmt::print("alone                                     {:6.2f} ms {:7.2f} ms\n", alone.median, alone.slowest);
  const testing::SlowCrowd crowd(server.port(), 1000);
  const Figures beside = measure(server.port());
  fmt::print(
      "beside 1,000 connections with slow heads  {:6.2f} ms {:7.2f} ms  median {:.2f} times (target: under {} ms)\n",
      beside.median, beside.slowest, beside.median / alone.median, longest_allowed);
  return beside.slowest < longest_allowed ? 0 : 1;
}
