// One's own account: sessions, and the second factor.
#include <fmt/format.h>

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

namespace answerable::service {
namespace {

namespace ui = components;

std::string_view how_words(std::string_view how) {
  if (how == "link") return "one-time link";
  if (how == "certificate") return "client certificate";
  if (how == "proxy") return "the council’s single sign-on";
  return "password";
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

}  // namespace

http::Response account(Visit& visit) {
  const auto& actor = visit.actor();
  Page page(visit, "Your account");
  page.add(
      ui::SummaryList{.rows = {{.key = "Name", .value = actor.name}, {.key = "E-mail address", .value = actor.email}}});
  page.heading("Second factor");
  page.paragraph(
      "An app on your telephone shows six digits that change every half minute. With it, a stolen password "
      "opens nothing.");
  page.add(post_form(visit, "/account/second-factor",
                     ui::Button{.text = "Set up an app", .kind = ui::Button::Kind::secondary}));
  const auto lines = [&] {
    const auto door = visit.hall.door.lend();
    return access::sessions(*door, visit.member.value().token);
  }();
  ui::Table table{.caption = "Where you are signed in",
                  .columns = {{"Began"}, {"Last used"}, {"Ends at the latest"}, {"By"}, {"End it"}},
                  .rows = {},
                  .wide = true};
  for (const auto& line : lines) {
    const ui::Button end{.text = line.current ? "End this session" : fmt::format("End session {}", line.session),
                         .kind = ui::Button::Kind::secondary};
    table.rows.push_back({pages::moment_words(line.began_at), pages::moment_words(line.seen_at),
                          pages::moment_words(line.ends_at), how_words(line.how),
                          post_form(visit, fmt::format("/account/sessions/{}/end", line.session), end)});
  }
  page.add(table);
  return std::move(page).answer();
}

http::Response end_session(Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("session"));
  const auto door = visit.hall.door.lend();
  if (!number || !access::end_session(*door, visit.member.value().token, *number))
    throw http::Problem{.status = 404, .title = "No such session", .detail = "It has ended, or it is not yours."};
  return done(visit, "/account", "The session was ended.");
}

http::Response offer_second_factor(Visit& visit) {
  const auto& actor = visit.actor();
  const auto secret = [&] {
    const auto door = visit.hall.door.lend();
    return access::offer_second_factor(*door, actor.authority, actor.account);
  }();
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
    const auto door = visit.hall.door.lend();
    return access::confirm_second_factor(*door, actor.authority, actor.account, visit.field("code"));
  }();
  if (codes.empty()) {
    const std::string fault = "That is not the code. Codes change every half minute: type the one shown now.";
    Page page(visit, "Set up an app");
    page.errors({{fault, "code"}}).add(code_form(visit, fault));
    return std::move(page).answer();
  }
  Page page(visit, "Your app is set up");
  page.paragraph(
      "From now on you are asked for a code when you sign in. Keep these recovery codes on paper: each "
      "signs you in once, without the app. They are never shown again.");
  page.add(ui::List{{codes.begin(), codes.end()}});
  return std::move(page).answer();
}

}  // namespace answerable::service
