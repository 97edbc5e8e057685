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

namespace answerable::service {
namespace {

std::string_view how_words(std::string_view how) {
  if (how == "link") return "one-time link";
  if (how == "certificate") return "client certificate";
  if (how == "proxy") return "the council’s single sign-on";
  return "password";
}

void ask_for_code(Page& page) {
  page.form("/account/second-factor/confirm");
  page.field({.label = "Six digits from the app", .name = "code", .autocomplete = "one-time-code"});
  page.button("Confirm");
}

}  // namespace

http::Response account(Visit& visit) {
  Page page("Your account", visit.member);
  const auto& actor = visit.actor();
  page.paragraph(fmt::format("{}, {}", actor.name, actor.email));
  page.heading("Second factor");
  page.paragraph(
      "An app on your telephone shows six digits that change every half minute. With it, a stolen password "
      "opens nothing.");
  page.form("/account/second-factor").button("Set up an app");
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
  return std::move(page).answer();
}

http::Response end_session(Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("session"));
  const auto door = visit.hall.door.lend();
  if (!number || !access::end_session(*door, visit.member.value().token, *number))
    throw http::Problem{.status = 404, .title = "No such session", .detail = "It has ended, or it is not yours."};
  return see_other("/account");
}

http::Response offer_second_factor(Visit& visit) {
  const auto& actor = visit.actor();
  const auto secret = [&] {
    const auto door = visit.hall.door.lend();
    return access::offer_second_factor(*door, actor.authority, actor.account);
  }();
  Page page("Set up an app", visit.member);
  page.paragraph("Give this key to your app; it is shown this once:");
  page.paragraph(access::base32(secret));
  page.paragraph("Or, where the app takes an address:");
  page.paragraph(access::otpauth_uri(secret, "Answerable", actor.email));
  ask_for_code(page);
  return std::move(page).answer();
}

http::Response confirm_second_factor(Visit& visit) {
  const auto& actor = visit.actor();
  const auto codes = [&] {
    const auto door = visit.hall.door.lend();
    return access::confirm_second_factor(*door, actor.authority, actor.account, visit.field("code"));
  }();
  if (codes.empty()) {
    Page page("Set up an app", visit.member);
    page.fault("That is not the code. Codes change every half minute: type the one shown now.");
    ask_for_code(page);
    return std::move(page).answer(422);
  }
  Page page("Your app is set up", visit.member);
  page.paragraph(
      "From now on you are asked for a code when you sign in. Keep these recovery codes on paper: each "
      "signs you in once, without the app. They are never shown again.");
  page.list(codes);
  return std::move(page).answer();
}

}  // namespace answerable::service
