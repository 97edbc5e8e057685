#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace answerable::http {
struct Answered;
}

namespace answerable::service {

/// What a service counts, in Prometheus' text format. Used by many threads at once.
class Metrics {
 public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  void answered(const http::Answered& request);
  /// \param result "stored", "repeated", "refused" or "failed"
  void submission(std::string_view result, std::int64_t records);
  /// \param result "done" or "failed"
  void job(std::string_view kind, std::string_view result, std::chrono::duration<double> took);
  void jobs_waiting(std::int64_t jobs, std::chrono::seconds oldest);

  /// As GET /metrics answers it.
  std::string text() const;
  static constexpr const char* content_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace answerable::service
