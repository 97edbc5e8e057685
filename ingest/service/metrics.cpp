#include "ingest/service/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "ingest/http/server.hpp"

namespace answerable::service {

namespace {

template <class Builder>
auto& family(prometheus::Registry& registry, Builder builder, const char* name, const char* help) {
  return builder.Name(name).Help(help).Register(registry);
}

}  // namespace

struct Metrics::Parts {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = family(
      registry, prometheus::BuildCounter(), "answerable_http_requests_total", "Requests answered, by route and status");
  prometheus::Family<prometheus::Histogram>& seconds =
      family(registry, prometheus::BuildHistogram(), "answerable_http_request_seconds",
             "From the whole head to the last byte");
  prometheus::Counter& received =
      family(registry, prometheus::BuildCounter(), "answerable_http_received_bytes_total", "Bytes of requests' bodies")
          .Add({});
  prometheus::Family<prometheus::Counter>& submissions = family(
      registry, prometheus::BuildCounter(), "answerable_submissions_total", "Files sent, by what became of them");
  prometheus::Counter& records =
      family(registry, prometheus::BuildCounter(), "answerable_records_stored_total", "Records stored").Add({});
  prometheus::Family<prometheus::Counter>& jobs = family(registry, prometheus::BuildCounter(), "answerable_jobs_total",
                                                         "Jobs of the audit's service, by kind and result");
  prometheus::Family<prometheus::Counter>& job_seconds =
      family(registry, prometheus::BuildCounter(), "answerable_job_seconds_total", "Time spent on jobs, by kind");
  prometheus::Gauge& waiting =
      family(registry, prometheus::BuildGauge(), "answerable_jobs_waiting", "Jobs that are due and nobody's").Add({});
  prometheus::Gauge& oldest = family(registry, prometheus::BuildGauge(), "answerable_jobs_waiting_seconds",
                                     "How long the oldest of them has waited")
                                  .Add({});
};

Metrics::Metrics() : parts_(std::make_unique<Parts>()) {}
Metrics::~Metrics() = default;

void Metrics::answered(const http::Answered& request) {
  const std::string route = request.route.empty() ? "none" : request.route;
  parts_->requests
      .Add({{"method", request.method.empty() ? "none" : request.method},
            {"route", route},
            {"status", std::to_string(request.status)}})
      .Increment();
  parts_->seconds.Add({{"route", route}}, prometheus::Histogram::BucketBoundaries{0.005, 0.02, 0.1, 0.3, 1, 5, 30, 300})
      .Observe(std::chrono::duration<double>(request.took).count());
  parts_->received.Increment(static_cast<double>(request.received));
}

void Metrics::submission(std::string_view result, std::int64_t records) {
  parts_->submissions.Add({{"result", std::string(result)}}).Increment();
  parts_->records.Increment(static_cast<double>(records));
}

void Metrics::job(std::string_view kind, std::string_view result, std::chrono::duration<double> took) {
  parts_->jobs.Add({{"kind", std::string(kind)}, {"result", std::string(result)}}).Increment();
  parts_->job_seconds.Add({{"kind", std::string(kind)}}).Increment(took.count());
}

void Metrics::jobs_waiting(std::int64_t jobs, std::chrono::seconds oldest) {
  parts_->waiting.Set(static_cast<double>(jobs));
  parts_->oldest.Set(static_cast<double>(oldest.count()));
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(parts_->registry.Collect());
}

}  // namespace answerable::service
