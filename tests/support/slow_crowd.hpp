#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/raw_http.hpp"

namespace answerable::testing {

/// Connections that begin a request and never end its head: a byte each now and then, so that none is ever silent.
class SlowCrowd {
 public:
  SlowCrowd(std::uint16_t port, std::size_t many) {
    constexpr std::string_view begun = "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    for (std::size_t i = 0; i < many; ++i) {
      connections_.push_back(std::make_unique<RawConnection>(port));
      connections_.back()->send(begun);
    }
    trickle_ = std::thread([this] {
      for (std::size_t i = 0; !enough_; i = (i + 1) % connections_.size()) {
        connections_[i]->send("x");
        std::this_thread::sleep_for(std::chrono::microseconds{500});
      }
    });
  }
  SlowCrowd(const SlowCrowd&) = delete;
  SlowCrowd& operator=(const SlowCrowd&) = delete;
  ~SlowCrowd() {
    enough_ = true;
    trickle_.join();
  }

 private:
  std::vector<std::unique_ptr<RawConnection>> connections_;
  std::atomic<bool> enough_{};
  std::thread trickle_;
};

/// How long one request of somebody else takes, connecting included; nothing when it is not answered with 200.
inline std::optional<std::chrono::duration<double, std::milli>> honest_request(std::uint16_t port) {
  const auto start = std::chrono::steady_clock::now();
  const auto answer = raw_exchange(port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 200 ")) return std::nullopt;
  return std::chrono::steady_clock::now() - start;
}

}  // namespace answerable::testing
