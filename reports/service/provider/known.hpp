#pragma once

#include "ingest/access/acting.hpp"
#include "ingest/parsed.hpp"
#include "ingest/pg/connection.hpp"
#include "reports/service/forms/fields.hpp"

namespace answerable::service::provider_desk {

/// Whom an organisation's people send as, and to.
struct Ends {
  OrganisationRef sender, authority;
  bool named{};  ///< the sender's name is known; else its code stands for it
};
Ends ends(pg::Transaction& transaction, const access::Actor& actor);

/// What need not be asked again: the people whom the organisation's last submissions were about, by the numbers it gave
/// them itself, and the agreements to which it is a party.
forms::Known known(pg::Transaction& transaction, const access::Actor& actor);

}  // namespace answerable::service::provider_desk
