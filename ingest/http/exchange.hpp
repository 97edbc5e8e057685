#pragma once

#include <atomic>

#include "ingest/http/gate.hpp"
#include "ingest/http/route.hpp"
#include "ingest/http/server.hpp"

namespace answerable::http {

/// What every request is answered from.
struct Desk {
  const Router& router;
  const Hooks& hooks;
  const Limits& limits;
  const std::atomic<bool>& stopping;
};

enum class After {
  next,  ///< the connection stands at the head of a next request
  end,   ///< all was answered that will be
  lost,  ///< nobody is there, or the answer broke off
};

/// Answers one request. Throws nothing.
After answer(Connection& connection, const std::variant<Head, Problem>& asked, const Desk& desk);

}  // namespace answerable::http
