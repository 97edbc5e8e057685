#include "ingest/service/log.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>
#include <utility>

#include "ingest/civil_date.hpp"
#include "ingest/pg/error.hpp"

namespace answerable::service {

std::string without_values(const std::exception& error) {
  if (dynamic_cast<const pg::Error*>(&error)) return error.what();
  struct Free {
    void operator()(char* text) const { std::free(text); }  // NOLINT: as the ABI asks
  };
  int status = 0;
  const std::unique_ptr<char, Free> name{abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status)};
  return status == 0 ? name.get() : typeid(error).name();
}

Log::Log(std::string service, std::FILE* out) : service_(std::move(service)), out_(out) {}

void Log::error(std::string_view event, const std::exception& error, Fields fields) {
  write("error", event, fields, without_values(error));
}

void Log::write(std::string_view level, std::string_view event, Fields fields, const nlohmann::ordered_json& last) {
  nlohmann::ordered_json line{{"time", iso(now())}, {"level", level}, {"service", service_}, {"event", event}};
  for (const auto& [name, value] : fields) line[std::string(name)] = value;
  if (!last.is_null()) line["error"] = last;
  const std::string text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
  const std::lock_guard lock(writing_);
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

}  // namespace answerable::service
