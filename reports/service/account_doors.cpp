// One's own account: sessions, and the second factor.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ingest/access/accounts.hpp"
#include "ingest/access/secret.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/access/totp.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/proof.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

std::string_view how_words(std::string_view how) {
  if (how == "link") return "one-time code";
  if (how == "certificate") return "client certificate";
  if (how == "proxy") return "the council’s single sign-on";
  return "password";
}

bool by_single_sign_on(const Visit& visit) {
  return visit.actor().how == "proxy";
}

/// Who changes what shows who they are shows it once more first. \param form sets apart the fields of two forms
render::Fragment shown_once_more(const Visit& visit, const std::string& form) {
  render::Fragment fields = ui::PasswordInput{.name = "password", .label = "Your password", .id = form + "-password"};
  if (visit.actor().second_factor)
    fields += ui::TextInput{.name = "code",
                            .label = "Code",
                            .hint = "Six digits from your app, or a recovery code.",
                            .width = ui::TextInput::Width::w20,
                            .autocomplete = "one-time-code",
                            .id = form + "-code"};
  return fields;
}

void add_second_factor(Page& page, const Visit& visit) {
  page.paragraph(
      "An app on your telephone shows six digits that change every half minute. With it, a stolen password "
      "opens nothing. Take one that makes codes by SHA-256, such as FreeOTP, Aegis, Google Authenticator or Apple’s "
      "Passwords: Microsoft Authenticator and Authy make other codes.");
  page.add(
      post_form(visit, "/account/second-factor",
                render::joined({shown_once_more(visit, "app"),
                                ui::Button{.text = visit.actor().second_factor ? "Set up another app" : "Set up an app",
                                           .kind = ui::Button::Kind::secondary}})));
}

void add_password(Page& page, const Visit& visit) {
  page.add(post_form(
      visit, "/account/password",
      render::joined({shown_once_more(visit, "new"),
                      ui::PasswordInput{.name = "new",
                                        .label = "New password",
                                        .hint = "At least twelve characters. Three words that have nothing to do with "
                                                "each other do well.",
                                        .autocomplete = "new-password"},
                      ui::PasswordInput{.name = "again", .label = "The new one again", .autocomplete = "new-password"},
                      ui::Button{.text = "Change the password", .kind = ui::Button::Kind::secondary}})));
}

render::Fragment code_form(const Visit& visit, std::string error) {
  return post_form(visit, "/account/second-factor/confirm",
                   render::joined({ui::TextInput{.name = "code",
                                                 .label = "Six digits from the app",
                                                 .error = std::move(error),
                                                 .width = ui::TextInput::Width::w10,
                                                 .inputmode = "numeric",
                                                 .autocomplete = "one-time-code"},
                                   ui::Button{.text = "Confirm"}}));
}

std::vector<access::SessionLine> own_sessions(const Visit& visit) {
  const auto door = visit.hall.door.lend();
  return access::sessions(*door, visit.member.value().token);
}

http::Response ending_page(const Visit& visit, const std::string& fault, int status) {
  Page page(visit, "End a session");
  page.under({{"Your account", "/account"}});
  if (!fault.empty()) page.errors({{fault}});
  page.paragraph("Show once more that it is you who ends it.");
  page.add(post_form(visit, visit.request.path,
                     render::joined({shown_once_more(visit, "end"), ui::Button{.text = "End the session"}})));
  return std::move(page).answer(status);
}

http::Response own_page(const Visit& visit, const std::string& fault, int status) {
  const auto& actor = visit.actor();
  Page page(visit, "Your account");
  if (!fault.empty()) page.errors({{fault}});
  page.add(
      ui::SummaryList{.rows = {{.key = "Name", .value = actor.name}, {.key = "E-mail address", .value = actor.email}}});
  if (!by_single_sign_on(visit)) {
    page.heading("Second factor");
    add_second_factor(page, visit);
    page.heading("Password");
    add_password(page, visit);
  }
  const auto lines = own_sessions(visit);
  ui::Table table{.caption = "Where you are signed in",
                  .columns = {{"Began (UK time)"}, {"Last used"}, {"Ends at the latest"}, {"By"}, {"End it"}},
                  .rows = {},
                  .wide = true};
  for (const auto& line : lines) {
    const ui::Button end{.text = line.current ? "End this session" : fmt::format("End session {}", line.session),
                         .kind = ui::Button::Kind::secondary};
    table.rows.push_back({pages::time_words(line.began_at), pages::time_words(line.seen_at),
                          pages::time_words(line.ends_at), how_words(line.how),
                          post_form(visit, fmt::format("/account/sessions/{}/end", line.session), end)});
  }
  page.add(table);
  return std::move(page).answer(status);
}

http::Response not_let_in(const Visit& visit, const NotLetIn& no) {
  auto response = own_page(visit, no.says, no.status);
  if (no.wait) response.headers.emplace("Retry-After", std::to_string(no.wait->count()));
  return response;
}

}  // namespace

http::Response account(Visit& visit) {
  return own_page(visit, "", 200);
}

/// One's own is ended as by signing out; whose browser was left open somewhere shows first that it is them.
http::Response end_session(Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("session"));
  const auto lines = own_sessions(visit);
  const auto line = std::ranges::find(lines, number.value_or(0), &access::SessionLine::session);
  if (line == lines.end())
    throw http::Problem{.status = 404, .title = "No such session", .detail = "It has ended, or it is not yours."};
  if (!line->current && !by_single_sign_on(visit)) {
    if (visit.field("password").empty()) return ending_page(visit, {}, 200);
    const auto answer = [&] {
      const auto door = visit.hall.door.lend();
      return access::sign_in(*door, shown_again(visit));
    }();
    const auto judgement = judged(visit, visit.actor().authority, answer);
    if (const auto* no = std::get_if<NotLetIn>(&judgement)) return ending_page(visit, no->says, no->status);
    begin_session(visit, std::get<access::SignedIn>(judgement));
  }
  const auto door = visit.hall.door.lend();
  access::end_session(*door, visit.member.value().token, *number);
  return done(visit, "/account", "The session was ended.");
}

http::Response show_second_factor(Visit& visit) {
  Page page(visit, "Set up a second factor");
  if (!visit.actor().second_factor) page.paragraph("Your role needs one: nothing else opens before it is set up.");
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
  begin_session(visit, in);
  Page page(visit, "Set up an app");
  page.under({{"Your account", "/account"}});
  page.paragraph("Give this key to your app; it is shown this once:");
  page.add(ui::InsetText{access::base32(secret)});
  page.paragraph("Or, where the app takes an address:");
  page.add(ui::InsetText{access::otpauth_uri(secret, "Answerable", actor.email)});
  page.add(code_form(visit, ""));
  return std::move(page).answer();
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
    const std::string fault =
        "That is not the code. Codes change every half minute: type the one shown now. If that is wrong too, the app "
        "does not make codes by SHA-256: take another one.";
    Page page(visit, "Set up an app");
    page.errors({{fault, "code"}}).add(code_form(visit, fault));
    return std::move(page).answer();
  }
  visit.tell("second-factor-set", actor.authority, actor.account);
  Page page(visit, "Your app is set up");
  page.paragraph(
      "From now on you are asked for a code when you sign in. Keep these recovery codes on paper: each "
      "signs you in once, without the app. They are never shown again.");
  page.add(ui::List{{codes.begin(), codes.end()}});
  return std::move(page).answer();
}

http::Response change_password(Visit& visit) {
  if (visit.field("new") != visit.field("again"))
    return own_page(visit, "The two new passwords are not the same. Type both again.", 422);
  try {
    const auto answer = [&] {
      const auto door = visit.accounts();
      return access::change_password(*door, shown_again(visit), visit.field("new"));
    }();
    const auto judgement = judged(visit, visit.actor().authority, answer);
    if (const auto* no = std::get_if<NotLetIn>(&judgement)) return not_let_in(visit, *no);
    const auto& in = std::get<access::SignedIn>(judgement);
    visit.tell("password-changed", visit.actor().authority, visit.actor().account);
    begin_session(visit, in);
    return done(visit, "/account", "The password was changed. Everywhere else you are signed out.");
  } catch (const access::Refused& refused) {
    return own_page(visit, refused.what(), 422);
  }
}

}  // namespace answerable::service
