#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "ingest/access/acting.hpp"
#include "ingest/http/form.hpp"
#include "ingest/http/message.hpp"
#include "ingest/pg/pool.hpp"
#include "ingest/xml/kinds.hpp"
#include "ingest/xml/schema_model.hpp"
#include "reports/service/assets.hpp"
#include "reports/service/people_doors.hpp"
#include "reports/service/rule_shelf.hpp"
#include "reports/service/sending.hpp"

namespace answerable::service {

/// What all doors for people share.
struct Hall {
  pg::Pool reports;  ///< as answerable_reports, which sees nothing until a connection acts for somebody
  pg::Pool door;     ///< as answerable_door, which knows accounts and no records
  xml::Kinds kinds;
  xml::SchemaModel schemas;  ///< of all kinds: forms and guides are made from it
  std::filesystem::path share;
  Assets assets;
  RuleShelf rules;
  PeopleOptions options;
  Log& log;
  Sending sending;
  std::once_flag guide_made{};
  http::Response guide{};  ///< the rule guide, the same for everybody: made when it is first asked for
};

/// How a council's pages look.
struct Council {
  std::string name{"Answerable"};
  std::string colour{usual_colour};
};

/// Somebody who is signed in.
struct Member {
  access::Actor actor;
  std::string token;  ///< the session's
  Council council{};
};

/// A connection on which every transaction acts for one member: as answerable_reports it sees their rows and no others;
/// as answerable_door what it changes is on the ledger as theirs.
class Records {
 public:
  Records(pg::Pool& pool, const std::string& token) : lent_(pool.lend()), acting_(*lent_, token) {}
  pg::Connection& operator*() const { return *lent_; }

 private:
  pg::Pool::Lent lent_;
  access::Acting acting_;
};

/// One request that the guard has let through its door.
struct Visit {
  http::Request& request;
  Hall& hall;
  std::string done{};              ///< what was done just now, to be said on the next page
  std::optional<Member> member{};  ///< always there behind a door that asks for one
  std::string begun{};             ///< the token of a session that begins with the answer (see begin_session())
  http::Form form{};               ///< of a POST

  const access::Actor& actor() const { return member.value().actor; }
  Records records() const { return {hall.reports, member.value().token}; }
  Records accounts() const { return {hall.door, member.value().token}; }
  /// Puts a security event into the log: what happened, and to whom, by number, never by name or address.
  void tell(std::string_view what, std::string_view authority, std::optional<std::int32_t> account) const;
  /// "" when the form has no such field.
  std::string field(std::string_view name) const { return std::string(form.value(name).value_or("")); }
  std::string query(std::string_view name) const { return std::string(request.query_value(name).value_or("")); }
};

}  // namespace answerable::service
