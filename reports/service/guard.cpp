#include "reports/service/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/access/reading_report.hpp"
#include "ingest/access/secret.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/base64.hpp"
#include "ingest/http/accept.hpp"
#include "ingest/http/problem.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

bool plainly_from_here(const http::Peer& peer) {
  return !peer.encrypted && peer.loopback();
}

constexpr pg::Statement look_of_council{
    "guard.council",
    "SELECT coalesce(l.name, u.name), l.colour FROM answerable.authority u LEFT JOIN answerable.council_look l"
    " USING (authority) WHERE u.authority = $1"};

std::string cookie_name(const http::Peer& peer, std::string_view name) {
  return fmt::format("{}{}", plainly_from_here(peer) ? "" : "__Host-", name);
}

std::string cookie(const http::Peer& peer, std::string_view name, std::string_view value, std::string_view more) {
  return fmt::format("{}={}; Path=/; {}HttpOnly; SameSite=Lax{}", cookie_name(peer, name), value,
                     plainly_from_here(peer) ? "" : "Secure; ", more);
}

constexpr std::string_view session_name = "answerable";
constexpr std::string_view done_name = "answerable-done";
constexpr std::string_view done_until = "; Max-Age=60";
constexpr std::string_view taken_back = "; Max-Age=0";

/// With two of one name, one was planted.
std::string_view only_cookie(const http::Request& request, std::string_view name) {
  const auto cookies = request.headers.cookies(cookie_name(request.peer, name));
  return cookies.size() == 1 ? cookies.front() : "";
}

std::string sealed_text(std::string_view says) {
  return fmt::format("answerable done {}", says);
}

/// What done_cookie() wrote: the text in base 64, a dot, its seal.
std::string said_as_done(std::string_view cookie, std::string_view token) {
  const auto dot = cookie.find('.');
  if (dot == cookie.npos) return "";
  const auto bytes = parse_base64(cookie.substr(0, dot));
  if (!bytes) return "";
  std::string says;
  for (const std::byte byte : *bytes) says += std::to_integer<char>(byte);
  return access::seal_matches(token, sealed_text(says), cookie.substr(dot + 1)) ? says : "";
}

/// What the status means, in words.
std::string problem_title(const http::Problem& problem) {
  if (!problem.title.empty()) return problem.title;
  switch (problem.status) {
    case 404:
      return "Page not found";
    case 405:
      return "This page cannot be used that way";
    case 413:
      return "What was sent is too long";
    case 429:
      return "Too many requests";
    case 500:
      return "Sorry, there is a problem with the service";
    case 503:
      return "Sorry, the service is busy";
    default:
      return std::string(http::reason(problem.status));
  }
}

/// One of a session, whatever else is set beside it.
bool sets_session(const http::Response& response) {
  const auto [begin, end] = response.headers.equal_range("Set-Cookie");
  return std::any_of(begin, end, [](const auto& field) {
    return field.second.starts_with("answerable=") || field.second.starts_with("__Host-answerable=");
  });
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
  if (!visit.member) return visit.hall.log.warning("security", {{"what", what}, {"route", door.path}});
  const auto& [authority, account] = std::tie(visit.actor().authority, visit.actor().account);
  visit.hall.log.warning("security",
                         {{"what", what}, {"route", door.path}, {"authority", authority}, {"account", account}});
  access::note_security(*visit.hall.door.lend(), {authority, what, account, door.path});
}

/// Longer bodies have files in them, and are read as they come.
constexpr std::size_t held_in_memory = 1 << 20;

http::Body body_of(const Door& door) {
  if (!posts(door)) return http::Body::none;
  return door.body_cap > held_in_memory ? http::Body::streamed : http::Body::buffered;
}

constexpr std::size_t most_fields = 2000;

http::Response not_from_here(const Visit& visit) {
  return page_of_problem(visit, 403, "This did not come from a page of this service",
                         "Nothing was done. Go back, load the page again, and send it once more.");
}

}  // namespace

void Visit::tell(std::string_view what, std::string_view authority, std::optional<std::int32_t> whose) const {
  hall.log.info("security", {{"what", what},
                             {"authority", authority},
                             {"account", whose ? nlohmann::ordered_json(*whose) : nlohmann::ordered_json(nullptr)}});
}

std::string session_cookie(const http::Peer& peer, std::string_view token) {
  return cookie(peer, session_name, token, "");
}

std::string no_session_cookie(const http::Peer& peer) {
  return cookie(peer, session_name, "", taken_back);
}

std::string done_cookie(const http::Peer& peer, std::string_view token, std::string_view says) {
  const std::string value = fmt::format("{}.{}", base64(as_bytes(says)), access::seal(token, sealed_text(says)));
  return cookie(peer, done_name, value, done_until);
}

std::string no_done_cookie(const http::Peer& peer) {
  return cookie(peer, done_name, "", taken_back);
}

http::Route PeopleGuard::route(const Door& door) {
  return {.method = std::string(door.method),
          .path = std::string(door.path),
          .body = body_of(door),
          .body_cap = door.body_cap,
          .handle = [this, door](http::Request& request) { return answer(door, request); }};
}

http::Response PeopleGuard::answer(const Door& door, http::Request& request) {
  Visit visit{request, hall_};
  const auto shown = resume(request);
  visit.member = vouched_for(request, shown);
  if (visit.member) visit.done = said_as_done(only_cookie(request, done_name), visit.member->token);
  const bool new_session = visit.member && (!shown || shown->token != visit.member->token);
  http::Response response;
  try {
    response = let_through(door, visit);
  } catch (const http::Problem& problem) {
    response = page_of_problem(visit, problem.status, problem_title(problem), problem.detail);
    for (const auto& [name, value] : problem.headers) response.headers.emplace(name, value);
  } catch (const pg::AllInUse&) {
    response = page_of_problem(visit, 503, "Busy", "Too many people ask at once. Try again in a moment.");
    response.headers.emplace("Retry-After", "5");
  }
  if (!visit.begun.empty())
    response.headers.emplace("Set-Cookie", session_cookie(request.peer, visit.begun));
  else if (new_session && !sets_session(response))
    response.headers.emplace("Set-Cookie", session_cookie(request.peer, visit.member->token));
  return response;
}

http::Response PeopleGuard::problem_page(const http::Problem& problem, const http::Request& request) {
  constexpr std::array<std::string_view, 3> offered{"application/problem+json", "text/html", "text/plain"};
  if (http::preferred(request.headers.find("accept").value_or(""), offered) != 1U)
    return http::to_response(problem, request);
  http::Request asked = request;
  Visit visit{asked, hall_};
  // Where too much is asked at once, nobody is looked up.
  if (problem.status < 429) visit.member = resume(request);
  auto response = page_of_problem(visit, problem.status, problem_title(problem), problem.detail);
  for (const auto& [name, value] : problem.headers) response.headers.emplace(name, value);
  return response;
}

http::Response PeopleGuard::let_through(const Door& door, Visit& visit) {
  if (door.who.signed_in && !visit.member) {
    if (!posts(door)) return see_other("/sign-in");
    return page_of_problem(visit, 401, "You are not signed in",
                           "Nothing was done. Your session may have ended: sign in, and do it again.");
  }
  if (posts(door)) {
    if (overheard(visit.request.peer))
      return page_of_problem(visit, 403, "This way is not private",
                             "What is sent here could be overheard. Use the address that begins with https.");
    if (from_another_site(visit.request)) {
      tell_of(door, visit, "forged-form");
      return not_from_here(visit);
    }
  }
  if (door.who.signed_in && !door.who.before_second_factor && needs_second_factor(visit.actor(), hall_.options)) {
    if (!posts(door)) return see_other("/account/second-factor");
    return page_of_problem(visit, 403, "Set up a second factor first",
                           "Nothing was done. Your role needs a second factor: set it up, and do it again.");
  }
  if (door.who.signed_in && !door.who.admits(visit.actor())) {
    tell_of(door, visit, "refused");
    return page_of_problem(visit, 403, "This page is not for your role",
                           "Ask an administrator of accounts if you need it for your work.");
  }
  if (posts(door)) {
    visit.form = http::read_form(visit.request, {.fields = most_fields, .field_bytes = held_in_memory});
    if (door.csrf && !access::csrf_matches(visit.member->token, visit.field("csrf"))) {
      tell_of(door, visit, "forged-form");
      return not_from_here(visit);
    }
  }
  return door.handle(visit);
}

std::optional<Member> PeopleGuard::resume(const http::Request& request) {
  const std::string_view token = only_cookie(request, session_name);
  if (token.empty()) return std::nullopt;
  const auto door = hall_.door.lend();
  auto member = member_of(*door, std::string(token));
  // A key of a machine opens the intake's doors, not these.
  if (member && !member->actor.scopes.empty()) return std::nullopt;
  return member;
}

std::optional<Member> PeopleGuard::member_of(pg::Connection& door, std::string token) {
  auto actor = access::resume(door, token);
  if (!actor) return std::nullopt;
  Council council;
  pg::Transaction transaction(door, pg::Access::read_only);
  const auto look = transaction.run_one(look_of_council, actor->authority);
  council.name = look.text(0, 0);
  if (!look.is_null(0, 1)) council.colour = look.text(0, 1);
  return Member{*std::move(actor), std::move(token), std::move(council)};
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
  hall_.log.info("security", {{"what", "signed-in"}, {"authority", *council}, {"account", in->account}});
  access::note_security(*door, {*council, "signed-in", in->account});
  return member_of(*door, in->token);
}

}  // namespace answerable::service
