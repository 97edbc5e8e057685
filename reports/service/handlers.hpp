#pragma once

// Private to reports/service: what is done behind the doors, each function one row of the table in doors.cpp.

#include "reports/service/visit.hpp"

namespace answerable::service {

http::Response home(Visit& visit);
http::Response assets(Visit& visit);
http::Response colour(Visit& visit);
http::Response security_text(Visit& visit);
http::Response privacy(Visit& visit);
http::Response accessibility(Visit& visit);

http::Response show_sign_in(Visit& visit);
http::Response sign_in(Visit& visit);
http::Response sign_out(Visit& visit);
http::Response show_link(Visit& visit);
http::Response use_link(Visit& visit);

http::Response account(Visit& visit);
http::Response end_session(Visit& visit);
http::Response show_second_factor(Visit& visit);
http::Response offer_second_factor(Visit& visit);
http::Response confirm_second_factor(Visit& visit);
http::Response change_password(Visit& visit);

http::Response show_opening(Visit& visit);
http::Response open_person(Visit& visit);
http::Response person(Visit& visit);
http::Response person_trail(Visit& visit);
http::Response person_reads(Visit& visit);

http::Response reading(Visit& visit);
http::Response security_events(Visit& visit);
http::Response security_events_csv(Visit& visit);
http::Response approvals(Visit& visit);
http::Response ask_approval(Visit& visit);
http::Response decide_approval(Visit& visit);

http::Response show_look(Visit& visit);
http::Response change_look(Visit& visit);

http::Response accounts(Visit& visit);
http::Response one_account(Visit& visit);
http::Response add_account(Visit& visit);
http::Response change_role(Visit& visit);
http::Response set_disabled(Visit& visit);
http::Response new_link(Visit& visit);
http::Response rename_account(Visit& visit);
http::Response remove_factor(Visit& visit);
http::Response untie_sign_on(Visit& visit);

}  // namespace answerable::service
