#include "audit/events/event.hpp"

namespace answerable::events {
namespace {

constexpr pg::Statement add{"event.add", "SELECT answerable.append_event($1, $2, $3, $4)"};

}  // namespace

std::int64_t append(pg::Transaction& transaction, const std::string& authority, const std::string& kind,
                    std::optional<std::int32_t> about, const std::string& content) {
  return transaction.run_one(add, authority, kind, about, content).int64(0, 0);
}

}  // namespace answerable::events
