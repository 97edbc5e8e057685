#include "reports/service/proof.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace answerable::service {

std::variant<access::SignedIn, NotLetIn> judged(const Visit& visit, const std::string& council,
                                                const access::SignInAnswer& answer) {
  if (const auto* in = std::get_if<access::SignedIn>(&answer)) {
    visit.tell("signed-in", council, in->account);
    return *in;
  }
  if (const auto* throttled = std::get_if<access::Throttled>(&answer)) {
    visit.tell("sign-in-made-to-wait", council, throttled->account);
    const auto wait =
        std::max(std::chrono::ceil<std::chrono::seconds>(throttled->until - now()), std::chrono::seconds{1});
    return NotLetIn{429, fmt::format("There were too many attempts. Wait {} seconds, and try again.", wait.count()),
                    wait};
  }
  if (const auto* wanted = std::get_if<access::SecondFactorWanted>(&answer)) {
    visit.tell("sign-in-code-wanted", council, wanted->account);
    return NotLetIn{422, "Type your password again, and the code from your app.", {}};
  }
  visit.tell("sign-in-failed", council, std::get<access::NotSignedIn>(answer).account);
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

}  // namespace answerable::service
