#include "reports/service/doors.hpp"

#include <array>

#include "reports/service/handlers.hpp"
#include "reports/service/monitoring/handlers.hpp"

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
constexpr std::array only_guardian{Role::guardian};
constexpr std::array only_administrator{Role::administrator};

constexpr Who anybody{.signed_in = false};
constexpr Who member{};
constexpr std::size_t form = 16 << 10;

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
    Door{"POST", "/sign-out", member, true, form, sign_out},
    Door{"GET", "/link/{token}", anybody, false, 0, show_link},
    Door{"POST", "/link/{token}", anybody, false, form, use_link},

    Door{"GET", "/account", member, false, 0, account},
    Door{"POST", "/account/sessions/{session}/end", member, true, form, end_session},
    Door{"POST", "/account/second-factor", member, true, form, offer_second_factor},
    Door{"POST", "/account/second-factor/confirm", member, true, form, confirm_second_factor},

    Door{"GET", "/people/open", {true, opens_people}, false, 0, show_opening},
    Door{"POST", "/people/open", {true, opens_people}, true, form, open_person},
    Door{"GET", "/people/{subject}", {true, opens_people}, false, 0, person},
    Door{"GET", "/people/{subject}/reads", {true, opens_people}, false, 0, person_reads},
    Door{"GET", "/reading", {true, only_guardian}, false, 0, reading},

    Door{"GET", "/approvals", {true, signs_off}, false, 0, approvals},
    Door{"POST", "/approvals", {true, signs_off}, true, form, ask_approval},
    Door{"POST", "/approvals/{approval}", {true, signs_off}, true, form, decide_approval},

    Door{"GET", "/accounts", {true, only_administrator}, false, 0, accounts},
    Door{"POST", "/accounts", {true, only_administrator}, true, form, add_account},
    Door{"GET", "/accounts/{account}", {true, only_administrator}, false, 0, one_account},
    Door{"POST", "/accounts/{account}/role", {true, only_administrator}, true, form, change_role},
    Door{"POST", "/accounts/{account}/disabled", {true, only_administrator}, true, form, set_disabled},
    Door{"POST", "/accounts/{account}/link", {true, only_administrator}, true, form, new_link},

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
