#pragma once

#include <string>
#include <string_view>

#include "ingest/access/acting.hpp"
#include "ingest/http/message.hpp"
#include "ingest/pg/pool.hpp"

namespace answerable::service {

/// A machine, or the pages for somebody who is signed in, that has shown who it is.
struct Machine {
  access::Actor actor;
  std::string token;

  /// "ods:RH5", or the council's own "cassr:905": the sender it may send as.
  std::string sender() const;
};

/// Lets a machine in by its API key (Authorization: Bearer ans_…, RFC 6750) or its client certificate; and the pages,
/// on this machine and not through a proxy, by the session of whoever sends from them.
class MachineGuard {
 public:
  /// \param door connections as answerable_door \param authority the council whose accounts certificates belong to
  MachineGuard(pg::Pool& door, std::string authority);

  /// \param scope submit, check, receipts, wanted
  /// \throws http::Problem 401 with WWW-Authenticate, or 403 when the key is good for other things only
  Machine enter(const http::Request& request, std::string_view scope) const;

 private:
  pg::Pool& door_;
  const std::string authority_;
};

}  // namespace answerable::service
