#pragma once

#include "ingest/http/route.hpp"
#include "ingest/service/log.hpp"

namespace answerable::service {

/// The same door; but what stands in its way for a while only (the database away or in trouble, the disk full,
/// everything in use) is answered with 503 and Retry-After instead of 500: sent again, the same file gets the same
/// receipt. \param log outlives the route
http::Route unless_later(http::Route door, Log& log);

}  // namespace answerable::service
