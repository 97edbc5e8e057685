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

bool by_single_sign_on(const access::Actor& actor) {
  return actor.how == "proxy";
}

/// Of whom nobody says how they signed in, the weakest is assumed (ASVS 5.0 6.8.4).
bool lacks_second_factor(const Visit& visit) {
  const auto& asking = visit.hall.options.need_second_factor;
  if (!by_single_sign_on(visit.actor())) return access::lacks_second_factor(visit.actor(), asking);
  const auto vouched = vouched_for(visit.request, visit.hall.options);
  return !(vouched && vouched->second_factor) &&
         std::ranges::any_of(asking, [&](access::Role role) { return visit.actor().has(role); });
}

http::Response second_factor_first(const Door& door, const Visit& visit) {
  if (by_single_sign_on(visit.actor()))
    return page_of_problem(
        visit, 403, "A second factor is needed",
        "The council’s single sign-on did not say that it asked you for one, and your role needs it. "
        "Ask whoever looks after it to ask for one, or to say so.");
  if (!posts(door)) return see_other("/account/second-factor");
  return page_of_problem(visit, 403, "Set up a second factor first",
                         "Nothing was done. Your role needs a second factor: set it up, and do it again.");
}

/// The methods of RFC 8176 §2 by what they show: that somebody knows, has or is something.
constexpr std::array<std::string_view, 3> known_words{"pwd", "pin", "kba"};
constexpr std::array<std::string_view, 7> had_words{"otp", "hwk", "swk", "sms", "tel", "sc", "pop"};
constexpr std::array<std::string_view, 5> been_words{"face", "fpt", "iris", "retina", "vbm"};

/// \param methods as Apache writes the claim: separated by commas
bool shows_two_factors(std::string_view methods) {
  constexpr std::string_view between = " ,;[]\"";
  bool knows = false, has = false, is = false;
  while (!methods.empty()) {
    const auto end = std::min(methods.find_first_of(between), methods.size());
    const auto word = methods.substr(0, end);
    if (word == "mfa") return true;
    knows |= std::ranges::find(known_words, word) != known_words.end();
    has |= std::ranges::find(had_words, word) != had_words.end();
    is |= std::ranges::find(been_words, word) != been_words.end();
    methods.remove_prefix(std::min(end + 1, methods.size()));
  }
  return knows + has + is >= 2;
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
  visit.member = resume(request);
  if (visit.member) visit.done = said_as_done(only_cookie(request, done_name), visit.member->token);
  http::Response response;
  try {
    response = let_through(door, visit);
  } catch (const http::Problem& problem) {
    response = page_of_problem(visit, problem.status, problem_title(problem), problem.detail);
    for (const auto& [name, value] : problem.headers) response.headers.emplace(name, value);
  } catch (const pg::Error& error) {
    if (error.constraint != "reading_is_bounded") throw;
    tell_of(door, visit, "refused");
    response =
        page_of_problem(visit, 429, "You have opened very many people",
                        "Nobody opens more than 300 people within an hour. Go on later; what is open stays open.");
    response.headers.emplace("Retry-After", "3600");
  } catch (const pg::AllInUse&) {
    response = page_of_problem(visit, 503, "Busy", "Too many people ask at once. Try again in a moment.");
    response.headers.emplace("Retry-After", "5");
  }
  if (!visit.begun.empty()) response.headers.emplace("Set-Cookie", session_cookie(request.peer, visit.begun));
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
  if (door.who.signed_in && !door.who.before_second_factor && lacks_second_factor(visit))
    return second_factor_first(door, visit);
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

std::optional<Vouched> vouched_for(const http::Request& request, const PeopleOptions& options) {
  const auto council = request.headers.find("X-Answerable-Council"),
             subject = request.headers.find("X-Answerable-Subject"), email = request.headers.find("X-Answerable-Email");
  if (!options.single_sign_on || !request.peer.unix_socket || !council || !subject || !email) return std::nullopt;
  return Vouched{{.authority = std::string(*council), .subject = std::string(*subject), .email = std::string(*email)},
                 shows_two_factors(request.headers.find("X-Answerable-Methods").value_or(""))};
}

/// Whom the proxy vouches for goes before what the cookie says: it may have let somebody else in since.
std::optional<Member> PeopleGuard::resume(const http::Request& request) {
  std::string token(only_cookie(request, session_name));
  if (token.empty()) return std::nullopt;
  const auto door = hall_.door.lend();
  auto actor = access::resume(*door, token);
  // A key of a machine opens the intake's doors, not these.
  if (!actor || !actor->scopes.empty()) return std::nullopt;
  if (const auto vouched = vouched_for(request, hall_.options))
    if (vouched->who.authority != actor->authority || vouched->who.subject != actor->provider_subject)
      return std::nullopt;
  Council council;
  pg::Transaction transaction(*door, pg::Access::read_only);
  const auto look = transaction.run_one(look_of_council, actor->authority);
  council.name = look.text(0, 0);
  if (!look.is_null(0, 1)) council.colour = look.text(0, 1);
  return Member{*std::move(actor), std::move(token), std::move(council)};
}

}  // namespace answerable::service
