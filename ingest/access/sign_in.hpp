#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/digest.hpp"
#include "ingest/pg/connection.hpp"

/// Everything here is done on a connection as answerable_door, which knows accounts and no records.
namespace answerable::access {

/// Somebody is in. The token goes into the cookie and nowhere else; a new one is made at each sign-in.
struct SignedIn {
  std::string token;
  std::int32_t account{};
};
/// E-mail address, password or code is wrong, or there is no such account, or it is disabled: which, is not said.
struct NotSignedIn {
  std::optional<std::int32_t> account{};  ///< for the log: whose, when there is one
};
/// The password was right; the six digits, or a recovery code, are wanted as well.
struct SecondFactorWanted {
  std::int32_t account{};
};
/// Too many failures: nothing was looked at.
struct Throttled {
  Instant until{};
  std::optional<std::int32_t> account{};  ///< for the log: whose, when there is one
};
using SignInAnswer = std::variant<SignedIn, NotSignedIn, SecondFactorWanted, Throttled>;

struct Credentials {
  std::string authority{}, email{}, password{};
  std::string second_factor{};  ///< "" until asked for
  std::string address{};        ///< whence: failures count for it as for the account
};

/// Failures of an account or an address beyond the third make it wait 2, 4, 8 … seconds, at most a quarter of an hour;
/// a day without any forgets them. Nobody is locked out for ever. An unknown account is answered as a known one is, in
/// the same time.
SignInAnswer sign_in(pg::Connection& door, const Credentials& credentials, Instant at = now());

/// One's own new password: proves who it is as sign_in() does, ends all sessions of the account and begins a new one.
/// \throws Refused with refuse_password()'s sentence
SignInAnswer change_password(pg::Connection& door, const Credentials& credentials, std::string_view new_password,
                             Instant at = now());

/// A client certificate that TLS has verified; the token is good for as long as a session, and no longer than the
/// certificate, so keep it: asking again makes another session.
/// \param fingerprint SHA-256 of its DER
std::optional<SignedIn> sign_in_by_certificate(pg::Connection& door, std::string_view authority,
                                               const Digest& fingerprint);
/// Whom the trusted proxy says it is, from the identity provider's word.
struct VouchedFor {
  std::string authority{};
  std::string
      subject{};  ///< what the provider calls them for ever, and nobody else: OpenID Connect's sub, with its issuer
  std::string email{};  ///< their address today
};
/// Into the account that is tied to the subject; or, the first time, the one of the address, which is tied to it then.
/// Nothing when there is no such account, it is disabled, or it is tied to somebody else. The caller has made sure that
/// the proxy alone can have said so.
std::optional<SignedIn> sign_in_by_proxy(pg::Connection& door, const VouchedFor& who);

/// After use_link(): whoever had the link is in.
SignedIn sign_in_by_link(pg::Connection& door, std::string_view authority, std::int32_t account);

/// One of an account's sessions. Each is over when nothing was asked for half an hour, and after twelve hours.
struct SessionLine {
  std::int64_t session{};
  std::string how{};  ///< password | link | certificate | proxy
  Instant began_at{}, seen_at{}, ends_at{};
  bool current{};
};
/// Those that are not over, newest first; `token` tells whose, and which is current.
std::vector<SessionLine> sessions(pg::Connection& door, std::string_view token);
/// Ends one of the token's account. False when there is none.
bool end_session(pg::Connection& door, std::string_view token, std::int64_t session);
/// Ends all but the token's own: after a change of what shows who somebody is.
void end_other_sessions(pg::Connection& door, std::string_view token);
/// Ends the token's own.
void sign_out(pg::Connection& door, std::string_view token);

}  // namespace answerable::access
