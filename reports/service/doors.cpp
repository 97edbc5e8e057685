#include "reports/service/doors.hpp"

#include <array>

#include "reports/service/complaints/handlers.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/provider/handlers.hpp"

namespace answerable::service {
namespace {

using access::Role;

constexpr std::array reads_findings{Role::provider_manager,   Role::contract_monitoring_officer,
                                    Role::complaints_officer, Role::auditor,
                                    Role::guardian,           Role::outside_reader};
constexpr std::array opens_people{Role::contract_monitoring_officer, Role::complaints_officer, Role::auditor,
                                  Role::guardian, Role::outside_reader};
constexpr std::array signs_off{Role::contract_monitoring_officer, Role::complaints_officer, Role::auditor,
                               Role::guardian};
constexpr std::array handles_complaints{Role::complaints_officer};
constexpr std::array reports_complaints{Role::complaints_officer, Role::auditor, Role::guardian};
constexpr std::array looks_after_accounts{Role::guardian, Role::administrator};
constexpr std::array answers_for_provider{Role::provider_manager};
constexpr std::array only_outside_reader{Role::outside_reader};
constexpr std::array only_guardian{Role::guardian};
constexpr std::array only_administrator{Role::administrator};

constexpr Who anybody{.signed_in = false};
constexpr Who member{};
constexpr Who setting_up{.before_second_factor = true};
constexpr std::size_t form = 16 << 10;
constexpr std::size_t writing = 256 << 10;  ///< what somebody writes at length

constexpr std::array of_provider{Role::provider_submitter, Role::provider_manager};
constexpr std::size_t long_form = 1 << 20;       ///< a sheet of visits, a record's XML
constexpr std::size_t document_form = 16 << 20;  ///< with a document
constexpr std::size_t file_form = 256 << 20;     ///< with a file of a system's making

constexpr std::array monitors{Role::contract_monitoring_officer, Role::auditor, Role::guardian};
constexpr std::array follows_up{Role::contract_monitoring_officer, Role::complaints_officer};
constexpr std::array sees_asking{Role::contract_monitoring_officer, Role::complaints_officer, Role::auditor,
                                 Role::guardian};
constexpr std::array only_monitoring{Role::contract_monitoring_officer};
constexpr std::array draws_samples{Role::contract_monitoring_officer, Role::auditor};

constexpr std::array table{
    Door{"GET", "/", member, false, 0, home},
    Door{"GET", "/assets/{file}", anybody, false, 0, assets},
    Door{"GET", "/assets/colour/{file}", anybody, false, 0, colour},
    Door{"GET", "/.well-known/security.txt", anybody, false, 0, security_text},
    Door{"GET", "/privacy", anybody, false, 0, privacy},
    Door{"GET", "/accessibility", anybody, false, 0, accessibility},

    Door{"GET", "/sign-in", anybody, false, 0, show_sign_in},
    Door{"POST", "/sign-in", anybody, false, form, sign_in},
    Door{"POST", "/sign-out", setting_up, true, form, sign_out},
    Door{"GET", "/link", anybody, false, 0, show_link},
    Door{"POST", "/link", anybody, false, form, use_link},

    Door{"GET", "/account", member, false, 0, account},
    Door{"POST", "/account/sessions/{session}/end", member, true, form, end_session},
    Door{"GET", "/account/second-factor", setting_up, false, 0, show_second_factor},
    Door{"POST", "/account/second-factor", setting_up, true, form, offer_second_factor},
    Door{"POST", "/account/second-factor/confirm", setting_up, true, form, confirm_second_factor},
    Door{"POST", "/account/password", member, true, form, change_password},

    Door{"GET", "/people/open", {true, opens_people}, false, 0, show_opening},
    Door{"POST", "/people/open", {true, opens_people}, true, form, open_person},
    Door{"GET", "/people/{subject}", {true, opens_people}, false, 0, person},
    Door{"GET", "/people/{subject}/trail", {true, opens_people}, false, 0, person_trail},
    Door{"GET", "/people/{subject}/reads", {true, opens_people}, false, 0, person_reads},
    Door{"GET", "/reading", {true, only_guardian}, false, 0, reading},
    Door{"GET", "/security-events", {true, looks_after_accounts}, false, 0, security_events},
    Door{"GET", "/security-events.csv", {true, looks_after_accounts}, false, 0, security_events_csv},

    Door{"GET", "/approvals", {true, signs_off}, false, 0, approvals},
    Door{"POST", "/approvals", {true, signs_off}, true, form, ask_approval},
    Door{"POST", "/approvals/{approval}", {true, signs_off}, true, form, decide_approval},

    Door{"GET", "/search", member, false, 0, show_search},
    Door{"POST", "/search", member, true, form, search},
    Door{"POST", "/search/records", {true, opens_people}, true, form, search_words},

    // Complaints (reports/service/complaints), and what others are asked or ask in them.
    Door{"GET", "/complaints", {true, handles_complaints}, false, 0, complaints_desk},
    Door{"GET", "/complaints.csv", {true, handles_complaints}, false, 0, complaints_csv},
    Door{"GET", "/complaints-report", {true, reports_complaints}, false, 0, complaints_report},
    Door{"GET", "/complaints-report.csv", {true, reports_complaints}, false, 0, complaints_report_csv},
    Door{"POST", "/complaints-report/lessons", {true, handles_complaints}, true, writing, change_lessons},
    Door{"GET", "/complaints-register", {true, handles_complaints}, false, 0, show_registering},
    Door{"POST", "/complaints-register", {true, handles_complaints}, true, writing, register_complaint},
    Door{"GET", "/complaints/{case}", {true, handles_complaints}, false, 0, show_case},
    Door{"GET", "/complaints/{case}/record", {true, handles_complaints}, false, 0, show_case_record},
    Door{"POST", "/complaints/{case}/record", {true, handles_complaints}, true, writing, add_case_record},
    Door{"GET", "/complaints/{case}/form/{form}", {true, handles_complaints}, false, 0, show_case_form},
    Door{"POST", "/complaints/{case}/form/{form}", {true, handles_complaints}, true, document_form, fill_case_form},
    Door{"POST", "/complaints/{case}/heads", {true, handles_complaints}, true, writing, add_case_head},
    Door{"POST", "/complaints/{case}/heads/{head}", {true, handles_complaints}, true, writing, change_case_head},
    Door{"POST", "/complaints/{case}/parts", {true, handles_complaints}, true, writing, ask_case_part},
    Door{"GET", "/complaints/{case}/chronology", {true, handles_complaints}, false, 0, case_chronology},
    Door{"GET", "/complaints/{case}/reply", {true, handles_complaints}, false, 0, case_reply},
    Door{"POST", "/complaints/{case}/drafts", {true, handles_complaints}, true, writing, write_case_draft},
    Door{"GET", "/complaints/{case}/loss", {true, handles_complaints}, false, 0, case_loss},
    Door{"GET", "/complaints/{case}/ombudsman", {true, handles_complaints}, false, 0, case_ombudsman},
    Door{"GET", "/complaints/{case}/bundle", {true, handles_complaints}, false, 0, case_bundle},
    Door{"POST", "/complaints/{case}/bundle", {true, handles_complaints}, true, writing, ask_case_bundle},
    Door{"POST", "/complaints/{case}/bundle/{approval}", {true, handles_complaints}, true, form, make_case_bundle},
    Door{"POST", "/complaints/{case}/keep-back", {true, handles_complaints}, true, form, change_kept_back},
    Door{"GET", "/parts", {true, answers_for_provider}, false, 0, parts_for_us},
    Door{"POST", "/parts/{part}", {true, answers_for_provider}, true, writing, answer_part},
    Door{"GET", "/evidence", {true, only_outside_reader}, false, 0, evidence},
    Door{"POST", "/evidence", {true, only_outside_reader}, true, writing, want_evidence},
    Door{"POST", "/evidence/{request}", {true, handles_complaints}, true, writing, give_evidence_answer},
    Door{"GET", "/assignments", {true, looks_after_accounts}, false, 0, assignments},
    Door{"POST", "/assignments", {true, looks_after_accounts}, true, form, change_assignment},

    Door{"GET", "/look", {true, only_administrator}, false, 0, show_look},
    Door{"POST", "/look", {true, only_administrator}, true, form, change_look},
    Door{"GET", "/accounts", {true, only_administrator}, false, 0, accounts},
    Door{"POST", "/accounts", {true, only_administrator}, true, form, add_account},
    Door{"GET", "/accounts/{account}", {true, only_administrator}, false, 0, one_account},
    Door{"POST", "/accounts/{account}/role", {true, only_administrator}, true, form, change_role},
    Door{"POST", "/accounts/{account}/disabled", {true, only_administrator}, true, form, set_disabled},
    Door{"POST", "/accounts/{account}/link", {true, only_administrator}, true, form, new_link},
    Door{"POST", "/accounts/{account}/name", {true, only_administrator}, true, form, rename_account},
    Door{"POST", "/accounts/{account}/second-factor/remove", {true, only_administrator}, true, form, remove_factor},
    Door{"POST", "/accounts/{account}/single-sign-on/untie", {true, only_administrator}, true, form, untie_sign_on},

    // Providers and trusts: what is wanted of them, sending, mending, forms; and the guides, for everybody.
    Door{"GET", "/to-do", {true, of_provider}, false, 0, provider_desk::to_do},
    Door{"GET", "/to-do/{request}", {true, of_provider}, false, 0, provider_desk::show_request},
    Door{"POST", "/to-do/{request}", {true, of_provider}, true, form, provider_desk::reply},
    Door{"GET", "/send", {true, of_provider}, false, 0, provider_desk::show_send},
    Door{"POST", "/send", {true, of_provider}, true, file_form, provider_desk::send_file},
    Door{"GET", "/send/waiting/{upload}", {true, of_provider}, false, 0, provider_desk::waiting},
    Door{"GET", "/sent", {true, of_provider}, false, 0, provider_desk::sent},
    Door{"GET", "/sent/{submission}", {true, of_provider}, false, 0, provider_desk::submission},
    Door{"GET", "/sent/{submission}/faults.csv", {true, of_provider}, false, 0, provider_desk::submission_faults},
    Door{"GET", "/sent/{submission}/receipt", {true, of_provider}, false, 0, provider_desk::receipt},
    Door{"GET", "/held", {true, of_provider}, false, 0, provider_desk::held_list},
    Door{"GET", "/held/{held}", {true, of_provider}, false, 0, provider_desk::show_held},
    Door{"POST", "/held/{held}", {true, of_provider}, true, long_form, provider_desk::mend_held},
    Door{"GET", "/forms", {true, of_provider}, false, 0, provider_desk::form_list},
    Door{"GET", "/forms/{kind}", {true, of_provider}, false, 0, provider_desk::show_form},
    Door{"POST", "/forms/{kind}", {true, of_provider}, true, document_form, provider_desk::fill_form},
    Door{"GET", "/visits", {true, of_provider}, false, 0, provider_desk::show_visits},
    Door{"POST", "/visits", {true, of_provider}, true, long_form, provider_desk::send_visits},
    Door{"GET", "/scorecard", {true, answers_for_provider}, false, 0, provider_desk::scorecard},
    Door{"GET", "/guide/rules", member, false, 0, provider_desk::rule_guide},
    Door{"GET", "/guide/schemas", member, false, 0, provider_desk::schema_guide},
    Door{"GET", "/guide/schemas/{kind}", member, false, 0, provider_desk::schema_kind},

    // Contract monitoring: findings and what is done about them, who was asked, organisations, plans, samples.
    Door{"POST", "/looked", {true, monitors}, true, form, mark_looked},
    Door{"GET", "/findings", {true, reads_findings}, false, 0, findings},
    Door{"GET", "/findings.csv", {true, reads_findings}, false, 0, findings_csv},
    Door{"GET", "/findings/ageing.csv", {true, monitors}, false, 0, ageing_csv},
    Door{"POST", "/findings/views", {true, reads_findings}, true, form, save_findings_view},
    Door{"POST", "/findings/views/forget", {true, reads_findings}, true, form, forget_findings_view},
    Door{"GET", "/findings/act", {true, follows_up}, false, 0, show_act},
    Door{"POST", "/findings/act", {true, follows_up}, true, form, act},
    Door{"GET", "/findings/{finding}", {true, reads_findings}, false, 0, finding},
    Door{"POST", "/findings/{finding}/open", {true, opens_people}, true, form, open_finding},
    Door{"GET", "/requests", {true, sees_asking}, false, 0, asked},
    Door{"POST", "/requests", {true, only_monitoring}, true, form, ask_provider},
    Door{"POST", "/requests/remind", {true, follows_up}, true, form, remind},
    Door{"GET", "/replies/{reply}", {true, follows_up}, false, 0, show_reply},
    Door{"POST", "/replies/{reply}", {true, follows_up}, true, form, decide_reply},
    Door{"GET", "/providers", {true, monitors}, false, 0, providers},
    Door{"GET", "/providers.csv", {true, monitors}, false, 0, providers_csv},
    Door{"GET", "/providers/{organisation}", {true, monitors}, false, 0, provider},
    Door{"GET", "/providers/{organisation}/figures.csv", {true, monitors}, false, 0, provider_csv},
    Door{"GET", "/providers/{organisation}/report", {true, monitors}, false, 0, monitoring_report},
    Door{"GET", "/providers/{organisation}/report.pdf", {true, monitors}, false, 0, monitoring_report_pdf},
    Door{"GET", "/providers/{organisation}/report.ods", {true, monitors}, false, 0, monitoring_report_ods},
    Door{"GET", "/plans", {true, monitors}, false, 0, plans},
    Door{"GET", "/plans/{plan}", {true, monitors}, false, 0, plan},
    Door{"POST", "/plans/{plan}/actions", {true, only_monitoring}, true, form, add_plan_action},
    Door{"POST", "/plans/{plan}/actions/{action}/remove", {true, only_monitoring}, true, form, remove_plan_action},
    Door{"POST", "/plans/{plan}/send", {true, only_monitoring}, true, form, send_plan},
    Door{"GET", "/samples", {true, draws_samples}, false, 0, samples},
    Door{"POST", "/samples", {true, draws_samples}, true, form, draw_sample},
    Door{"GET", "/samples/{sample}", {true, draws_samples}, false, 0, sample},
    Door{"GET", "/samples/{sample}/population.csv", {true, draws_samples}, false, 0, sample_csv},
};

}  // namespace

std::span<const Door> doors() {
  return table;
}

}  // namespace answerable::service
