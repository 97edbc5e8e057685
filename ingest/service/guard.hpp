#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/access/acting.hpp"
#include "ingest/digest.hpp"
#include "ingest/http/message.hpp"
#include "ingest/pg/pool.hpp"
#include "ingest/service/log.hpp"

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
  /// \param need_second_factor  whose sessions are worth nothing before they have one
  /// \param log is told who was not let in
  MachineGuard(pg::Pool& door, std::string authority, std::vector<access::Role> need_second_factor, Log& log);

  /// \param scope submit, check, receipts, wanted
  /// \throws http::Problem 401 with WWW-Authenticate, or 403 when the key is good for other things only
  Machine enter(const http::Request& request, std::string_view scope);

 private:
  Machine by_key(const http::Request& request, std::string_view header, std::string_view scope);
  Machine by_certificate(const http::Request& request, const Digest& fingerprint);
  [[noreturn]] void refuse(pg::Connection& door, const http::Request& request, const std::string& detail);

  pg::Pool& door_;
  const std::string authority_;
  const std::vector<access::Role> need_second_factor_;
  Log& log_;
  std::mutex sessions_mutex_;
  std::map<Digest, std::string> sessions_;  ///< tokens, by certificate: one session each, and not one a request
};

}  // namespace answerable::service
