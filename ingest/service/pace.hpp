#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "ingest/access/acting.hpp"

namespace answerable::service {

/// How many files each account may send: so many in a minute, whenever it begins (a bucket that fills evenly). Against
/// one key that fills the disk or keeps all others waiting. Safe to use from many threads.
class Pace {
 public:
  explicit Pace(int per_minute) : per_minute_(per_minute) {}

  /// \throws http::Problem 429 with Retry-After
  void take_one(const access::Actor& whose,
                std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now());

 private:
  struct Bucket {
    double left{};
    std::chrono::steady_clock::time_point at{};
  };

  const double per_minute_;
  std::mutex access_;
  std::map<std::pair<std::string, std::int32_t>, Bucket> buckets_;  ///< by council and account
};

}  // namespace answerable::service
