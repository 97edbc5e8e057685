#include "ingest/service/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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

MachineGuard::MachineGuard(pg::Pool& door, std::string authority) : door_(door), authority_(std::move(authority)) {}

Machine MachineGuard::enter(const http::Request& request, std::string_view scope) const {
  std::string token;
  bool by_certificate = false;
  auto door = door_.lend();
  if (const auto header = request.headers.find("Authorization")) {
    token = bearer_token(*header);
  } else if (const auto fingerprint = parse_digest(request.peer.certificate_sha256)) {
    const auto in = access::sign_in_by_certificate(*door, authority_, *fingerprint);
    if (!in)
      not_in("This certificate is not known here, or has ended: ask the council to add its SHA-256 fingerprint.");
    token = in->token;
    by_certificate = true;
  } else {
    not_in("Send an API key as \"Authorization: Bearer ans_…\", or show a client certificate. The council makes keys.");
  }
  auto actor = access::resume(*door, token);
  if (!actor) not_in("This key is not known here, has ended or was revoked: ask the council for another.");
  const bool is_key = !actor->scopes.empty();
  if (is_key && std::ranges::find(actor->scopes, scope) == actor->scopes.end())
    throw http::Problem{
        .status = 403,
        .type = "urn:answerable:problem:not-for-this",
        .title = "This key is not for this",
        .detail = fmt::format("The key's scopes do not include \"{}\": ask the council for one that does.", scope)};
  if (!is_key && !by_certificate && !from_the_pages(request))
    not_in("This is a person's session: machines send an API key, or show a client certificate.");
  if (!is_key && !by_certificate && !sends(*actor))
    throw http::Problem{.status = 403,
                        .type = "urn:answerable:problem:not-for-this",
                        .title = "Your role sends no records",
                        .detail =
                            "Records are sent by a provider's people, contract monitoring officers and complaints "
                            "officers."};
  return {*std::move(actor), std::move(token)};
}

}  // namespace answerable::service
