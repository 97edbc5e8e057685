#pragma once

#include <cstdio>
#include <exception>
#include <initializer_list>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

/// What the three services share: their log, metrics, frame and checks at start.
namespace answerable::service {

/// A service's log: one JSON object a line on standard error, for journald or whoever collects it. Holds nothing about
/// people: fields are numbers, routes' patterns, kinds of work and councils' codes, never what somebody sent.
/// Used by many threads at once.
class Log {
 public:
  using Fields = std::initializer_list<std::pair<std::string_view, nlohmann::ordered_json>>;

  explicit Log(std::string service, std::FILE* out = stderr);

  void info(std::string_view event, Fields fields = {}) { write("info", event, fields); }
  void warning(std::string_view event, Fields fields = {}) { write("warning", event, fields); }
  /// \param error its what() is written only for errors whose sentences hold no values (pg::Error); of others the type
  void error(std::string_view event, const std::exception& error, Fields fields = {});

 private:
  void write(std::string_view level, std::string_view event, Fields fields, const nlohmann::ordered_json& last = {});

  std::string service_;
  std::FILE* out_;
  std::mutex writing_;
};

/// The same of an error: what a log or a table may hold of it.
std::string without_values(const std::exception& error);

}  // namespace answerable::service
