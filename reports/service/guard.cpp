#include "reports/service/guard.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/access/secret.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/http/problem.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

bool plainly_from_here(const http::Peer& peer) {
  return !peer.encrypted && peer.loopback();
}

std::string_view cookie_name(const http::Peer& peer) {
  return plainly_from_here(peer) ? "answerable" : "__Host-answerable";
}

std::string cookie(const http::Peer& peer, std::string_view value, std::string_view more) {
  return fmt::format("{}={}; Path=/; {}HttpOnly; SameSite=Lax{}", cookie_name(peer), value,
                     plainly_from_here(peer) ? "" : "Secure; ", more);
}

/// Browsers say of every request where it comes from (W3C Fetch Metadata). Of forms without a session's token nothing
/// else shows it, and one that signs somebody in as somebody else would do harm too.
bool from_another_site(const http::Request& request) {
  const auto site = request.headers.find("Sec-Fetch-Site").value_or("same-origin");
  return site != "same-origin" && site != "none";
}

bool overheard(const http::Peer& peer) {
  return !peer.encrypted && !peer.unix_socket && !plainly_from_here(peer);
}

bool posts(const Door& door) {
  return door.method == "POST";
}

bool needs_second_factor(const access::Actor& actor, const PeopleOptions& options) {
  return !actor.second_factor && actor.how != "proxy" &&
         std::ranges::any_of(options.need_second_factor, [&](access::Role role) { return actor.has(role); });
}

void tell_of(const Door& door, const Visit& visit, std::string_view what) {
  if (visit.member)
    visit.hall.log.warning("security", {{"what", what},
                                        {"route", door.path},
                                        {"authority", visit.actor().authority},
                                        {"account", visit.actor().account}});
  else
    visit.hall.log.warning("security", {{"what", what}, {"route", door.path}});
}

}  // namespace

void Visit::tell(std::string_view what, std::string_view authority, std::optional<std::int32_t> whose) const {
  hall.log.info("security", {{"what", what},
                             {"authority", authority},
                             {"account", whose ? nlohmann::ordered_json(*whose) : nlohmann::ordered_json(nullptr)}});
}

std::string session_cookie(const http::Peer& peer, std::string_view token) {
  return cookie(peer, token, "");
}

std::string no_session_cookie(const http::Peer& peer) {
  return cookie(peer, "", "; Max-Age=0");
}

http::Route PeopleGuard::route(const Door& door) {
  return {.method = std::string(door.method),
          .path = std::string(door.path),
          .body = posts(door) ? http::Body::buffered : http::Body::none,
          .body_cap = door.body_cap,
          .handle = [this, door](http::Request& request) { return answer(door, request); }};
}

http::Response PeopleGuard::answer(const Door& door, http::Request& request) {
  Visit visit{request, hall_};
  const auto shown = resume(request);
  visit.member = vouched_for(request, shown);
  const bool new_session = visit.member && (!shown || shown->token != visit.member->token);
  http::Response response;
  try {
    response = let_through(door, visit);
  } catch (const http::Problem& problem) {
    response = page_of_problem(problem.status, problem.title.empty() ? http::reason(problem.status) : problem.title,
                               problem.detail, visit.member);
    for (const auto& [name, value] : problem.headers) response.headers.emplace(name, value);
  } catch (const pg::AllInUse&) {
    response = page_of_problem(503, "Busy", "Too many people ask at once. Try again in a moment.", visit.member);
    response.headers.emplace("Retry-After", "5");
  }
  if (new_session && !response.headers.contains("Set-Cookie"))
    response.headers.emplace("Set-Cookie", session_cookie(request.peer, visit.member->token));
  return response;
}

http::Response PeopleGuard::let_through(const Door& door, Visit& visit) {
  if (door.who.signed_in && !visit.member) {
    if (!posts(door)) return see_other("/sign-in");
    return page_of_problem(401, "You are not signed in",
                           "Nothing was done. Your session may have ended: sign in, and do it again.", visit.member);
  }
  if (posts(door)) {
    if (overheard(visit.request.peer))
      return page_of_problem(403, "This way is not private",
                             "What is sent here could be overheard. Use the address that begins with https.",
                             visit.member);
    visit.form = http::read_form(visit.request);
    if (from_another_site(visit.request) ||
        (door.csrf && !access::csrf_matches(visit.member->token, visit.field("csrf")))) {
      tell_of(door, visit, "forged-form");
      return page_of_problem(403, "This did not come from a page of this service",
                             "Nothing was done. Go back, load the page again, and send it once more.", visit.member);
    }
  }
  if (door.who.signed_in && !door.who.before_second_factor && needs_second_factor(visit.actor(), hall_.options)) {
    if (!posts(door)) return see_other("/account/second-factor");
    return page_of_problem(403, "Set up a second factor first",
                           "Nothing was done. Your role needs a second factor: set it up, and do it again.",
                           visit.member);
  }
  if (door.who.signed_in && !door.who.admits(visit.actor())) {
    tell_of(door, visit, "refused");
    return page_of_problem(403, "This page is not for your role",
                           "Ask an administrator of accounts if you need it for your work.", visit.member);
  }
  return door.handle(visit);
}

std::optional<Member> PeopleGuard::resume(const http::Request& request) {
  const auto cookies = request.headers.cookies(cookie_name(request.peer));
  if (cookies.size() != 1) return std::nullopt;  // with two, one was planted
  std::string token(cookies.front());
  const auto door = hall_.door.lend();
  auto actor = access::resume(*door, token);
  // A key of a machine opens the intake's doors, not these.
  if (!actor || !actor->scopes.empty()) return std::nullopt;
  return Member{*std::move(actor), std::move(token)};
}

/// Who the trusted proxy says it is goes before what the cookie says: the proxy may have let somebody else in since.
std::optional<Member> PeopleGuard::vouched_for(const http::Request& request, const std::optional<Member>& member) {
  const auto email = request.headers.find("X-Answerable-Email");
  const auto council = request.headers.find("X-Answerable-Council");
  if (!hall_.options.single_sign_on || !request.peer.unix_socket || !email || !council) return member;
  if (member && member->actor.email == *email && member->actor.authority == *council) return member;
  const auto door = hall_.door.lend();
  const auto in = access::sign_in_by_proxy(*door, *council, *email, request.peer.unix_socket);
  if (!in) return std::nullopt;
  auto actor = access::resume(*door, in->token);
  if (!actor) return std::nullopt;
  hall_.log.info("security", {{"what", "signed-in"}, {"authority", actor->authority}, {"account", actor->account}});
  return Member{*std::move(actor), in->token};
}

}  // namespace answerable::service
