// Coming in and going out.
#include <fmt/format.h>

#include <optional>
#include <variant>

#include "ingest/access/accounts.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/http/problem.hpp"
#include "reports/service/guard.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/proof.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement councils_with_accounts{
    "sign_in.councils",
    "SELECT u.authority, u.name FROM answerable.authority u WHERE EXISTS"
    " (SELECT FROM answerable.account a WHERE a.authority = u.authority) ORDER BY u.name, u.authority"};

/// Who may sign in is asked which council they belong to only where there are several.
Page::Choices councils_to_choose(Hall& hall) {
  const auto door = hall.door.lend();
  pg::Transaction transaction(*door, pg::Access::read_only);
  const auto rows = transaction.run(councils_with_accounts);
  Page::Choices choices;
  for (int i = 0; i < rows.rows(); ++i) choices.emplace_back(rows.text(i, 0), rows.text(i, 1));
  return choices;
}

http::Response sign_in_page(Visit& visit, std::string_view fault, int status) {
  Page page("Sign in", std::nullopt);
  if (!fault.empty()) page.fault(fault);
  page.form("/sign-in");
  const auto councils = councils_to_choose(visit.hall);
  if (councils.size() > 1) page.select("Council", "council", councils, visit.field("council"));
  page.field({.label = "E-mail address",
              .name = "email",
              .type = "text",
              .value = visit.field("email"),
              .autocomplete = "username"});
  page.field({.label = "Password", .name = "password", .type = "password", .autocomplete = "current-password"});
  page.field({.label = "Code",
              .name = "code",
              .hint = "Six digits from your app, or a recovery code. Leave it empty if you have set up neither.",
              .autocomplete = "one-time-code"});
  page.button("Sign in");
  return std::move(page).answer(status);
}

http::Response let_in(const Visit& visit, const access::SignedIn& in, std::string path) {
  auto response = see_other(std::move(path));
  begin_session(visit, in, response);
  return response;
}

http::Response link_page(const Visit& visit, const access::Account& whose, std::string_view fault, int status) {
  Page page("Choose a password", std::nullopt);
  if (!fault.empty()) page.fault(fault);
  page.paragraph(fmt::format("For {}, who signs in as {}.", whose.name, whose.email));
  page.form(visit.request.path);
  page.field({.label = "New password",
              .name = "password",
              .type = "password",
              .hint = "At least twelve characters. Three words that have nothing to do with each other do well.",
              .autocomplete = "new-password"});
  page.field({.label = "The same again", .name = "again", .type = "password", .autocomplete = "new-password"});
  page.button("Keep this password");
  return std::move(page).answer(status);
}

access::Account whose_link(Visit& visit, const std::string& token) {
  const auto door = visit.hall.door.lend();
  if (auto whose = access::link_account(*door, token)) return *std::move(whose);
  throw http::Problem{.status = 404,
                      .title = "This link no longer holds",
                      .detail =
                          "It was used, is over, or another one was made since. Ask an administrator of accounts "
                          "for a new one."};
}

}  // namespace

http::Response show_sign_in(Visit& visit) {
  return sign_in_page(visit, "", 200);
}

http::Response sign_in(Visit& visit) {
  std::string council = visit.field("council");
  if (council.empty()) {
    const auto councils = councils_to_choose(visit.hall);
    if (councils.size() == 1) council = councils.front().first;
  }
  const auto answer = [&] {
    const auto door = visit.hall.door.lend();
    return access::sign_in(*door, {.authority = council,
                                   .email = visit.field("email"),
                                   .password = visit.field("password"),
                                   .second_factor = visit.field("code"),
                                   .address = http::client_address(visit.request)});
  }();
  const auto judgement = judged(visit, council, answer);
  if (const auto* in = std::get_if<access::SignedIn>(&judgement)) return let_in(visit, *in, "/");
  const auto& no = std::get<NotLetIn>(judgement);
  auto response = sign_in_page(visit, no.says, no.status);
  if (no.wait) response.headers.emplace("Retry-After", std::to_string(no.wait->count()));
  return response;
}

http::Response sign_out(Visit& visit) {
  {
    const auto door = visit.hall.door.lend();
    access::sign_out(*door, visit.member.value().token);
  }
  auto response = see_other("/sign-in");
  visit.tell("signed-out", visit.actor().authority, visit.actor().account);
  response.headers.emplace("Set-Cookie", no_session_cookie(visit.request.peer));
  // Not "cookies": that would take those of every other service under the council's name.
  response.headers.emplace("Clear-Site-Data", R"("cache", "storage")");
  return response;
}

http::Response show_link(Visit& visit) {
  return link_page(visit, whose_link(visit, visit.request.parameters.at("token")), "", 200);
}

http::Response use_link(Visit& visit) {
  const std::string token = visit.request.parameters.at("token");
  const auto whose = whose_link(visit, token);
  if (visit.field("password") != visit.field("again"))
    return link_page(visit, whose, "The two passwords are not the same. Type both again.", 422);
  try {
    const auto door = visit.hall.door.lend();
    const auto used = access::use_link(*door, token, visit.field("password"));
    if (!used) return see_other(visit.request.path);  // somebody was faster
    visit.tell("password-chosen-by-link", used->authority, used->account);
    // A link shows that somebody reads their post; it does not stand for their second factor.
    if (used->second_factor) return see_other("/sign-in");
    return let_in(visit, access::sign_in_by_link(*door, used->authority, used->account), "/account");
  } catch (const access::Refused& refused) {
    return link_page(visit, whose, refused.what(), 422);
  }
}

}  // namespace answerable::service
