#include "ingest/service/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/access/reading_report.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/digest.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/http/syntax.hpp"

namespace answerable::service {
namespace {

[[noreturn]] void not_in(const std::string& detail) {
  throw http::Problem{.status = 401,
                      .type = "urn:answerable:problem:who-are-you",
                      .title = "Who are you?",
                      .detail = detail,
                      .headers = {{"WWW-Authenticate", "Bearer realm=\"answerable\""}}};
}

/// The credentials of Authorization: Bearer. \throws Problem for another scheme
std::string bearer_token(std::string_view header) {
  const auto space = header.find(' ');
  if (!http::same_word(header.substr(0, space), "bearer") || space == std::string_view::npos)
    not_in("Send your key as \"Authorization: Bearer ans_…\".");
  header.remove_prefix(space);
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return std::string(header);
}

/// What a signed-in person sends comes by the pages, which are on this machine and show that it was them; nobody's
/// browser sends a session here, and what a proxy brings says for whom (X-Forwarded-For).
bool from_the_pages(const http::Request& request) {
  return (request.peer.unix_socket || request.peer.loopback()) && !request.headers.find("X-Forwarded-For");
}

/// Who may send records: a provider's people for their organisation, and those who write the council's own.
bool sends(const access::Actor& actor) {
  using access::Role;
  constexpr std::array senders{Role::provider_submitter, Role::provider_manager, Role::contract_monitoring_officer,
                               Role::complaints_officer};
  return std::ranges::any_of(senders, [&](Role role) { return actor.has(role); });
}

}  // namespace

std::string Machine::sender() const {
  return actor.organisation.value_or("cassr:" + actor.authority);
}

MachineGuard::MachineGuard(pg::Pool& door, std::string authority, std::vector<access::Role> need_second_factor,
                           Log& log)
    : door_(door), authority_(std::move(authority)), need_second_factor_(std::move(need_second_factor)), log_(log) {}

Machine MachineGuard::enter(const http::Request& request, std::string_view scope) {
  if (const auto header = request.headers.find("Authorization")) return by_key(request, *header, scope);
  if (const auto fingerprint = parse_digest(request.peer.certificate_sha256))
    return by_certificate(request, *fingerprint);
  not_in("Send an API key as \"Authorization: Bearer ans_…\", or show a client certificate. The council makes keys.");
}

void MachineGuard::refuse(pg::Connection& door, const http::Request& request, const std::string& detail) {
  log_.warning("security", {{"what", "machine-not-known"}, {"route", request.route}});
  access::note_security(door, {authority_, "machine-not-known", std::nullopt, request.route});
  not_in(detail);
}

Machine MachineGuard::by_key(const http::Request& request, std::string_view header, std::string_view scope) {
  std::string token = bearer_token(header);
  const auto door = door_.lend();
  auto actor = access::resume(*door, token);
  if (!actor)
    refuse(*door, request, "This key is not known here, has ended or was revoked: ask the council for another.");
  if (actor->scopes.empty() && !from_the_pages(request))
    refuse(*door, request, "This is a person's session: machines send an API key, or show a client certificate.");
  if (access::lacks_second_factor(*actor, need_second_factor_))
    refuse(*door, request, "This session is worth nothing yet: set up a second factor first, on the pages.");
  const bool may =
      actor->scopes.empty() ? sends(*actor) : std::ranges::find(actor->scopes, scope) != actor->scopes.end();
  if (!may) {
    log_.warning(
        "security",
        {{"what", "refused"}, {"route", request.route}, {"authority", actor->authority}, {"account", actor->account}});
    access::note_security(*door, {actor->authority, "refused", actor->account, request.route});
    throw http::Problem{
        .status = 403,
        .type = "urn:answerable:problem:not-for-this",
        .title = actor->scopes.empty() ? "Your role sends no records" : "This key is not for this",
        .detail =
            actor->scopes.empty()
                ? "Records are sent by a provider's people, contract monitoring officers and complaints officers."
                : fmt::format("The key's scopes do not include \"{}\": ask the council for one that does.", scope)};
  }
  return {*std::move(actor), std::move(token)};
}

Machine MachineGuard::by_certificate(const http::Request& request, const Digest& fingerprint) {
  const auto door = door_.lend();
  const std::scoped_lock lock(sessions_mutex_);
  if (const auto known = sessions_.find(fingerprint); known != sessions_.end()) {
    if (auto actor = access::resume(*door, known->second)) return {*std::move(actor), known->second};
    sessions_.erase(known);  // it has ended, or the certificate was revoked
  }
  const auto in = access::sign_in_by_certificate(*door, authority_, fingerprint);
  auto actor = in ? access::resume(*door, in->token) : std::nullopt;
  if (!actor)
    refuse(*door, request,
           "This certificate is not known here, or has ended: ask the council to add its SHA-256 fingerprint.");
  sessions_.emplace(fingerprint, in->token);
  return {*std::move(actor), in->token};
}

}  // namespace answerable::service
