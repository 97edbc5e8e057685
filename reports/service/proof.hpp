#pragma once

// Private to reports/service: what came of somebody's showing who they are, for the log and for a page.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "ingest/access/sign_in.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service {

/// Why somebody was not let in, to be shown on the page they came from.
struct NotLetIn {
  int status{};
  std::string says{};
  std::optional<std::chrono::seconds> wait{};  ///< before the next attempt
};

/// Puts it into the log (Visit::tell), and where those who look after accounts see it: for what leaves no leaf on the
/// ledger.
void note(const Visit& visit, std::string_view what, std::string_view authority, std::optional<std::int32_t> account);

/// Puts it into the log by the account's number, and tells the page. \param council whose account it is
std::variant<access::SignedIn, NotLetIn> judged(const Visit& visit, const std::string& council,
                                                const access::SignInAnswer& answer);

/// What a member types to show once more who they are: the fields "password" and "code" of the form.
access::Credentials shown_again(const Visit& visit);

/// Goes on with a new session in place of the one that came with the request, which ends. The answer takes its cookie.
void begin_session(Visit& visit, const access::SignedIn& in);

}  // namespace answerable::service
