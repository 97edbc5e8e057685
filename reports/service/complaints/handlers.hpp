#pragma once

// Private to reports/service: behind the doors of complaints teams, and of those who are asked by them.

#include <string_view>

#include "reports/service/visit.hpp"

namespace answerable::service {

http::Response complaints_desk(Visit& visit);
http::Response complaints_csv(Visit& visit);
http::Response show_registering(Visit& visit);
http::Response register_complaint(Visit& visit);

http::Response complaints_report(Visit& visit);
http::Response complaints_report_csv(Visit& visit);
http::Response change_lessons(Visit& visit);

http::Response show_case(Visit& visit);
/// The complaint's own page, with what was wrong with what was sent.
http::Response case_overview(Visit& visit, std::string_view fault);
http::Response add_case_head(Visit& visit);
http::Response change_case_head(Visit& visit);
http::Response ask_case_part(Visit& visit);
http::Response case_chronology(Visit& visit);
http::Response case_reply(Visit& visit);
http::Response write_case_draft(Visit& visit);
http::Response case_loss(Visit& visit);
http::Response case_ombudsman(Visit& visit);
http::Response case_bundle(Visit& visit);
http::Response ask_case_bundle(Visit& visit);
http::Response make_case_bundle(Visit& visit);
http::Response change_kept_back(Visit& visit);
http::Response show_case_record(Visit& visit);
http::Response add_case_record(Visit& visit);

http::Response show_case_form(Visit& visit);
http::Response fill_case_form(Visit& visit);

http::Response parts_for_us(Visit& visit);
http::Response answer_part(Visit& visit);
http::Response evidence(Visit& visit);
http::Response want_evidence(Visit& visit);
http::Response give_evidence_answer(Visit& visit);

http::Response assignments(Visit& visit);
http::Response change_assignment(Visit& visit);

http::Response show_search(Visit& visit);
http::Response search(Visit& visit);
http::Response search_words(Visit& visit);

}  // namespace answerable::service
