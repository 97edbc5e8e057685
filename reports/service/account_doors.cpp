// One's own account: sessions, and the second factor.
#include <fmt/format.h>

#include "ingest/access/accounts.hpp"
#include "ingest/access/secret.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/access/totp.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/proof.hpp"

namespace answerable::service {
namespace {

std::string_view how_words(std::string_view how) {
  if (how == "link") return "one-time link";
  if (how == "certificate") return "client certificate";
  if (how == "proxy") return "the council’s single sign-on";
  return "password";
}

bool by_single_sign_on(const Visit& visit) {
  return visit.actor().how == "proxy";
}

/// Who changes what shows who they are shows it once more first.
void ask_to_show_again(Page& page, const Visit& visit) {
  page.field({.label = "Your password", .name = "password", .type = "password", .autocomplete = "current-password"});
  if (visit.actor().second_factor)
    page.field({.label = "Code",
                .name = "code",
                .hint = "Six digits from your app, or a recovery code.",
                .autocomplete = "one-time-code"});
}

void add_second_factor(Page& page, const Visit& visit) {
  page.heading("Second factor");
  page.paragraph(
      "An app on your telephone shows six digits that change every half minute. With it, a stolen password "
      "opens nothing.");
  page.form("/account/second-factor");
  ask_to_show_again(page, visit);
  page.button(visit.actor().second_factor ? "Set up another app" : "Set up an app");
}

void add_password(Page& page, const Visit& visit) {
  page.heading("Password").form("/account/password");
  ask_to_show_again(page, visit);
  page.field({.label = "New password",
              .name = "new",
              .type = "password",
              .hint = "At least twelve characters. Three words that have nothing to do with each other do well.",
              .autocomplete = "new-password"});
  page.field({.label = "The new one again", .name = "again", .type = "password", .autocomplete = "new-password"});
  page.button("Change the password");
}

http::Response account_page(Visit& visit, std::string_view fault, int status);

http::Response not_let_in(Visit& visit, const NotLetIn& no) {
  auto response = account_page(visit, no.says, no.status);
  if (no.wait) response.headers.emplace("Retry-After", std::to_string(no.wait->count()));
  return response;
}

void ask_for_code(Page& page) {
  page.form("/account/second-factor/confirm");
  page.field({.label = "Six digits from the app", .name = "code", .autocomplete = "one-time-code"});
  page.button("Confirm");
}

http::Response account_page(Visit& visit, std::string_view fault, int status) {
  Page page("Your account", visit.member);
  if (!fault.empty()) page.fault(fault);
  const auto& actor = visit.actor();
  page.paragraph(fmt::format("{}, {}", actor.name, actor.email));
  if (!by_single_sign_on(visit)) {
    add_second_factor(page, visit);
    add_password(page, visit);
  }
  page.heading("Where you are signed in");
  page.table("Sessions", {"Began", "Last used", "Ends at the latest", "By", "End it"});
  const auto lines = [&] {
    const auto door = visit.hall.door.lend();
    return access::sessions(*door, visit.member.value().token);
  }();
  for (const auto& line : lines) {
    page.row().cell(pages::moment_words(line.began_at)).cell(pages::moment_words(line.seen_at));
    page.cell(pages::moment_words(line.ends_at)).cell(how_words(line.how)).begin_cell();
    page.form(fmt::format("/account/sessions/{}/end", line.session));
    page.button(line.current ? "End this session" : fmt::format("End session {}", line.session));
    page.end_cell().end_row();
  }
  page.end_table();
  return std::move(page).answer(status);
}

}  // namespace

http::Response account(Visit& visit) {
  return account_page(visit, "", 200);
}

http::Response end_session(Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("session"));
  const auto door = visit.hall.door.lend();
  if (!number || !access::end_session(*door, visit.member.value().token, *number))
    throw http::Problem{.status = 404, .title = "No such session", .detail = "It has ended, or it is not yours."};
  return see_other("/account");
}

http::Response show_second_factor(Visit& visit) {
  Page page("Set up a second factor", visit.member);
  page.paragraph("Your role needs one: nothing else opens before it is set up.");
  add_second_factor(page, visit);
  return std::move(page).answer();
}

http::Response offer_second_factor(Visit& visit) {
  const auto& actor = visit.actor();
  const auto answer = [&] {
    const auto door = visit.hall.door.lend();
    return access::sign_in(*door, shown_again(visit));
  }();
  const auto judgement = judged(visit, actor.authority, answer);
  if (const auto* no = std::get_if<NotLetIn>(&judgement)) return not_let_in(visit, *no);
  const auto& in = std::get<access::SignedIn>(judgement);
  const auto secret = [&] {
    const auto door = visit.hall.door.lend();
    return access::offer_second_factor(*door, actor.authority, actor.account);
  }();
  Page page("Set up an app", Member{actor, in.token});
  page.paragraph("Give this key to your app; it is shown this once:");
  page.paragraph(access::base32(secret));
  page.paragraph("Or, where the app takes an address:");
  page.paragraph(access::otpauth_uri(secret, "Answerable", actor.email));
  ask_for_code(page);
  auto response = std::move(page).answer();
  begin_session(visit, in, response);
  return response;
}

http::Response confirm_second_factor(Visit& visit) {
  const auto& actor = visit.actor();
  const auto codes = [&] {
    const auto door = visit.accounts();
    auto shown = access::confirm_second_factor(*door, actor.authority, actor.account, visit.field("code"));
    if (!shown.empty()) access::end_other_sessions(*door, visit.member.value().token);
    return shown;
  }();
  if (codes.empty()) {
    Page page("Set up an app", visit.member);
    page.fault("That is not the code. Codes change every half minute: type the one shown now.");
    ask_for_code(page);
    return std::move(page).answer(422);
  }
  visit.tell("second-factor-set", actor.authority, actor.account);
  Page page("Your app is set up", visit.member);
  page.paragraph(
      "From now on you are asked for a code when you sign in. Keep these recovery codes on paper: each "
      "signs you in once, without the app. They are never shown again.");
  page.list(codes);
  return std::move(page).answer();
}

http::Response change_password(Visit& visit) {
  if (visit.field("new") != visit.field("again"))
    return account_page(visit, "The two new passwords are not the same. Type both again.", 422);
  try {
    const auto answer = [&] {
      const auto door = visit.accounts();
      return access::change_password(*door, shown_again(visit), visit.field("new"));
    }();
    const auto judgement = judged(visit, visit.actor().authority, answer);
    if (const auto* no = std::get_if<NotLetIn>(&judgement)) return not_let_in(visit, *no);
    const auto& in = std::get<access::SignedIn>(judgement);
    visit.tell("password-changed", visit.actor().authority, visit.actor().account);
    auto response = see_other("/account");
    begin_session(visit, in, response);
    return response;
  } catch (const access::Refused& refused) {
    return account_page(visit, refused.what(), 422);
  }
}

}  // namespace answerable::service
