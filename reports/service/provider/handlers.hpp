#pragma once

// Private to reports/service: what is done behind the doors of providers and trusts, and behind those of the guides.

#include "reports/service/visit.hpp"

namespace answerable::service::provider_desk {

/// The first page of a provider's people: what is wanted of them and by when, what came of what they sent.
http::Response start(Visit& visit);

http::Response show_send(Visit& visit);
http::Response send_file(Visit& visit);
http::Response waiting(Visit& visit);
http::Response sent(Visit& visit);
http::Response submission(Visit& visit);
http::Response submission_faults(Visit& visit);
http::Response receipt(Visit& visit);

http::Response held_list(Visit& visit);
http::Response show_held(Visit& visit);
http::Response mend_held(Visit& visit);

http::Response form_list(Visit& visit);
http::Response show_form(Visit& visit);
http::Response fill_form(Visit& visit);
http::Response show_visits(Visit& visit);
http::Response send_visits(Visit& visit);

http::Response to_do(Visit& visit);
http::Response show_request(Visit& visit);
http::Response reply(Visit& visit);
http::Response scorecard(Visit& visit);

http::Response schema_guide(Visit& visit);
http::Response schema_kind(Visit& visit);
http::Response rule_guide(Visit& visit);

}  // namespace answerable::service::provider_desk
