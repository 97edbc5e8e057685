#include "ingest/service/pace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/http/problem.hpp"

namespace answerable::service {

void Pace::take_one(const access::Actor& whose, std::chrono::steady_clock::time_point at) {
  using Minutes = std::chrono::duration<double, std::ratio<60>>;
  const std::scoped_lock lock(access_);
  auto& bucket = buckets_.try_emplace({whose.authority, whose.account}, Bucket{per_minute_, at}).first->second;
  bucket.left = std::min(per_minute_, bucket.left + Minutes(at - bucket.at).count() * per_minute_);
  bucket.at = at;
  if (bucket.left < 1)
    throw http::too_many_requests(
        std::chrono::ceil<std::chrono::seconds>(Minutes((1 - bucket.left) / per_minute_)),
        fmt::format("You sent {} files within a minute, and no account may send more. Put more records into a file.",
                    per_minute_));
  bucket.left -= 1;
}

}  // namespace answerable::service
