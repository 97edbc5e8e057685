#pragma once

#include <optional>
#include <string>

#include "ingest/access/sign_in.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/http/route.hpp"
#include "reports/service/doors.hpp"

namespace answerable::service {

/// Whom the proxy on the Unix socket vouches for (apache-openidc.md).
struct Vouched {
  access::VouchedFor who;
  bool second_factor{};  ///< the provider says that they showed two (RFC 8176: mfa, or methods of two kinds)
};
/// Nothing where nobody is believed, or the proxy says nobody.
std::optional<Vouched> vouched_for(const http::Request& request, const PeopleOptions& options);

/// Keeps the doors for people: finds out who somebody is, whether the door is for them, and whether what they send came
/// from a page of ours.
class PeopleGuard {
 public:
  explicit PeopleGuard(Hall& hall) : hall_(hall) {}

  http::Route route(const Door& door);
  /// A problem that arose before any door: a page for a browser, for machines what http::to_response() says.
  http::Response problem_page(const http::Problem& problem, const http::Request& request);

 private:
  http::Response answer(const Door& door, http::Request& request);
  http::Response let_through(const Door& door, Visit& visit);
  std::optional<Member> resume(const http::Request& request);

  Hall& hall_;
};

/// The field that gives a session's token to the browser, and to nobody's script. Where the way is encrypted, or a
/// proxy's Unix socket, it is `__Host-answerable` with Secure (RFC 6265bis §4.1.3.2): no other host can plant it. Over
/// plain HTTP on this machine's own address browsers would drop that, so there it is `answerable` without Secure: what
/// stays on the loopback can be overheard by nobody else.
std::string session_cookie(const http::Peer& peer, std::string_view token);
/// The same, taking it back.
std::string no_session_cookie(const http::Peer& peer);

/// The field that carries what was done to the next page, sealed by the session.
std::string done_cookie(const http::Peer& peer, std::string_view token, std::string_view says);
/// The same, taking it back.
std::string no_done_cookie(const http::Peer& peer);

}  // namespace answerable::service
