#pragma once

// Private to reports/service: what is done behind the doors of contract monitoring.

#include "reports/service/visit.hpp"

namespace answerable::service {

http::Response overview(Visit& visit);
http::Response mark_looked(Visit& visit);
http::Response ageing_csv(Visit& visit);

http::Response findings(Visit& visit);
http::Response findings_csv(Visit& visit);
http::Response save_findings_view(Visit& visit);
http::Response forget_findings_view(Visit& visit);
http::Response finding(Visit& visit);
http::Response open_finding(Visit& visit);
http::Response show_act(Visit& visit);
http::Response act(Visit& visit);

http::Response asked(Visit& visit);
http::Response ask_provider(Visit& visit);
http::Response remind(Visit& visit);
http::Response show_reply(Visit& visit);
http::Response decide_reply(Visit& visit);

http::Response providers(Visit& visit);
http::Response providers_csv(Visit& visit);
http::Response provider(Visit& visit);
http::Response provider_csv(Visit& visit);
http::Response monitoring_report(Visit& visit);
http::Response monitoring_report_pdf(Visit& visit);
http::Response monitoring_report_ods(Visit& visit);

http::Response plans(Visit& visit);
http::Response plan(Visit& visit);
http::Response add_plan_action(Visit& visit);
http::Response remove_plan_action(Visit& visit);
http::Response send_plan(Visit& visit);

http::Response samples(Visit& visit);
http::Response draw_sample(Visit& visit);
http::Response sample(Visit& visit);
http::Response sample_csv(Visit& visit);

}  // namespace answerable::service
