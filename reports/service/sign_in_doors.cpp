// Coming in and going out.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <variant>

#include "ingest/access/accounts.hpp"
#include "ingest/access/reading_report.hpp"
#include "ingest/access/sign_in.hpp"
#include "reports/service/guard.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/proof.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

constexpr pg::Statement councils_with_accounts{
    "sign_in.councils",
    "SELECT u.authority, u.name FROM answerable.authority u WHERE EXISTS"
    " (SELECT FROM answerable.account a WHERE a.authority = u.authority) ORDER BY u.name, u.authority"};

/// Who may sign in is asked which council they belong to only where there are several.
std::vector<ui::Select::Option> councils_to_choose(Hall& hall) {
  const auto door = hall.door.lend();
  pg::Transaction transaction(*door, pg::Access::read_only);
  const auto rows = transaction.run(councils_with_accounts);
  std::vector<ui::Select::Option> choices;
  for (int i = 0; i < rows.rows(); ++i) choices.push_back({std::string(rows.text(i, 0)), std::string(rows.text(i, 1))});
  return choices;
}

/// As it was copied, whatever came with it.
std::string code_in(const Visit& visit) {
  std::string code = visit.field("code");
  std::erase_if(code, [](unsigned char c) { return std::isspace(c); });
  return code;
}

/// What is wrong is about no one field: which of them it is, nobody is told.
http::Response sign_in_page(const Visit& visit, std::string fault, int status) {
  Page page(visit, "Sign in");
  if (!fault.empty()) page.errors({{std::move(fault)}});
  render::Fragment fields;
  if (auto councils = councils_to_choose(visit.hall); councils.size() > 1)
    fields += ui::Select{
        .name = "council", .label = "Council", .options = std::move(councils), .chosen = visit.field("council")};
  fields += render::joined(
      {ui::TextInput{
           .name = "email", .label = "E-mail address", .value = visit.field("email"), .autocomplete = "username"},
       ui::PasswordInput{.name = "password", .label = "Password"},
       ui::TextInput{.name = "code",
                     .label = "Code",
                     .hint = "Six digits from your app, or a recovery code. Leave it empty if you have set up neither.",
                     .width = ui::TextInput::Width::w20,
                     .autocomplete = "one-time-code"},
       ui::Button{.text = "Sign in"}});
  page.add(post_form(visit, "/sign-in", fields));
  return std::move(page).answer(status);
}

/// Nobody is signed in without having asked for it: the first request behind the proxy shows this.
http::Response vouched_page(const Visit& visit, const Vouched& vouched, const std::string& fault) {
  Page page(visit, "Sign in");
  if (!fault.empty()) page.errors({{fault}});
  page.paragraph(fmt::format("The council’s single sign-on says that you are {}.", vouched.who.email));
  page.add(post_form(visit, "/sign-in", ui::Button{.text = "Sign in"}));
  return std::move(page).answer();
}

http::Response let_in(Visit& visit, const access::SignedIn& in, std::string path) {
  begin_session(visit, in);
  return see_other(std::move(path));
}

http::Response sign_in_vouched(Visit& visit, const Vouched& vouched) {
  const auto in = [&] {
    const auto door = visit.hall.door.lend();
    return access::sign_in_by_proxy(*door, vouched.who);
  }();
  if (in) {
    note(visit, "signed-in", vouched.who.authority, in->account);
    return let_in(visit, *in, "/");
  }
  note(visit, "sign-in-failed", vouched.who.authority, std::nullopt);
  return vouched_page(
      visit, vouched,
      "No account of this service is yours: there is none of your address, it is disabled, or it is tied "
      "to somebody else at the single sign-on. Ask an administrator of accounts.");
}

http::Response code_page(const Visit& visit, const std::string& fault) {
  Page page(visit, "Use a one-time code");
  if (!fault.empty()) page.errors({{fault, "code"}});
  page.paragraph("With the code that you were given you choose your password.");
  page.add(post_form(
      visit, "/link",
      render::joined(
          {ui::TextInput{.name = "code", .label = "One-time code", .error = fault, .autocomplete = "one-time-code"},
           ui::Button{.text = "Go on"}})));
  return std::move(page).answer();
}

http::Response link_page(const Visit& visit, const access::Account& whose, const std::string& fault, int status) {
  Page page(visit, "Choose a password");
  if (!fault.empty()) page.errors({{fault, "password"}});
  page.paragraph(fmt::format("For {}, who signs in as {}.", whose.name, whose.email));
  page.add(post_form(
      visit, "/link",
      render::joined({hidden_field("code", code_in(visit)),
                      ui::PasswordInput{.name = "password",
                                        .label = "New password",
                                        .hint = "At least twelve characters. Three words that have nothing to do with "
                                                "each other do well.",
                                        .error = fault,
                                        .autocomplete = "new-password"},
                      ui::PasswordInput{.name = "again", .label = "The same again", .autocomplete = "new-password"},
                      ui::Button{.text = "Keep this password"}})));
  return std::move(page).answer(status);
}

}  // namespace

void note(const Visit& visit, std::string_view what, std::string_view authority, std::optional<std::int32_t> account) {
  visit.tell(what, authority, account);
  access::note_security(*visit.hall.door.lend(), {authority, what, account});
}

std::variant<access::SignedIn, NotLetIn> judged(const Visit& visit, const std::string& council,
                                                const access::SignInAnswer& answer) {
  if (const auto* in = std::get_if<access::SignedIn>(&answer)) {
    note(visit, "signed-in", council, in->account);
    return *in;
  }
  if (const auto* throttled = std::get_if<access::Throttled>(&answer)) {
    note(visit, "sign-in-made-to-wait", council, throttled->account);
    const auto wait =
        std::max(std::chrono::ceil<std::chrono::seconds>(throttled->until - now()), std::chrono::seconds{1});
    return NotLetIn{429, fmt::format("There were too many attempts. Wait {} seconds, and try again.", wait.count()),
                    wait};
  }
  if (const auto* wanted = std::get_if<access::SecondFactorWanted>(&answer)) {
    note(visit, "sign-in-code-wanted", council, wanted->account);
    return NotLetIn{422, "Type your password again, and the code from your app.", {}};
  }
  note(visit, "sign-in-failed", council, std::get<access::NotSignedIn>(answer).account);
  return NotLetIn{422, "The e-mail address, the password or the code is not right.", {}};
}

access::Credentials shown_again(const Visit& visit) {
  return {.authority = visit.actor().authority,
          .email = visit.actor().email,
          .password = visit.field("password"),
          .second_factor = visit.field("code"),
          .address = http::client_address(visit.request)};
}

void begin_session(Visit& visit, const access::SignedIn& in) {
  visit.begun = in.token;
  if (!visit.member) return;
  const auto door = visit.hall.door.lend();
  access::sign_out(*door, visit.member->token);
  visit.member->token = in.token;
}

http::Response show_sign_in(Visit& visit) {
  if (const auto vouched = vouched_for(visit.request, visit.hall.options)) return vouched_page(visit, *vouched, "");
  return sign_in_page(visit, "", 200);
}

http::Response sign_in(Visit& visit) {
  if (const auto vouched = vouched_for(visit.request, visit.hall.options)) return sign_in_vouched(visit, *vouched);
  std::string council = visit.field("council");
  if (council.empty()) {
    const auto councils = councils_to_choose(visit.hall);
    if (councils.size() == 1) council = councils.front().value;
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
  note(visit, "signed-out", visit.actor().authority, visit.actor().account);
  response.headers.emplace("Set-Cookie", no_session_cookie(visit.request.peer));
  // Not "cookies": that would take those of every other service under the council's name.
  response.headers.emplace("Clear-Site-Data", R"("cache", "storage")");
  return response;
}

http::Response show_link(Visit& visit) {
  return code_page(visit, "");
}

/// The code goes in a form and never in an address, which logs and histories keep (ASVS 5.0 14.2.1).
http::Response use_link(Visit& visit) {
  const std::string code = code_in(visit);
  const auto whose = [&] {
    const auto door = visit.hall.door.lend();
    return access::link_account(*door, code);
  }();
  if (!whose)
    return code_page(
        visit,
        "This code does not hold: it was used, is over, or another one was made since. Ask an administrator "
        "of accounts for a new one.");
  if (!visit.form.value("password")) return link_page(visit, *whose, "", 200);
  if (visit.field("password") != visit.field("again"))
    return link_page(visit, *whose, "The two passwords are not the same. Type both again.", 422);
  try {
    const auto door = visit.hall.door.lend();
    const auto used = access::use_link(*door, code, visit.field("password"));
    if (!used) return see_other("/link");  // somebody was faster
    visit.tell("password-chosen-by-link", used->authority, used->account);
    // A code shows that somebody reads their post; it does not stand for their second factor.
    if (used->second_factor) return see_other("/sign-in");
    return let_in(visit, access::sign_in_by_link(*door, used->authority, used->account), "/account");
  } catch (const access::Refused& refused) {
    return link_page(visit, *whose, refused.what(), 422);
  }
}

}  // namespace answerable::service
