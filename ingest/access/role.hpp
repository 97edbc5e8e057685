#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

/// Who somebody is to the services, and what they may see. What a role sees of the rows is said once, in
/// schemas/database/0007-access.sql; here are the accounts around it.
namespace answerable::access {

/// Spelled in the database, on pages and on the command line as word() says.
enum class Role {
  provider_submitter,           ///< sends records for one organisation and sees what came of them
  provider_manager,             ///< as a submitter; also the findings about what their organisation did
  contract_monitoring_officer,  ///< agreements, and the findings under those assigned to them
  complaints_officer,           ///< people whose complaint is assigned to them, others for a stated purpose
  auditor,                      ///< findings; people for the purpose of audit
  guardian,                     ///< the Caldicott guardian: who read whom; people for a stated purpose
  administrator,                ///< accounts, and no person's records
  outside_reader,               ///< an ombudsman or a court: one case, read only, until a day
};
inline constexpr std::array all_roles{
    Role::provider_submitter, Role::provider_manager, Role::contract_monitoring_officer,
    Role::complaints_officer, Role::auditor,          Role::guardian,
    Role::administrator,      Role::outside_reader};

/// "provider-submitter"
std::string_view word(Role role);
std::optional<Role> parse_role(std::string_view word);
/// "contract monitoring officer"
std::string words(Role role);

/// A provider's: bound to the organisation of the account.
bool of_provider(Role role);

}  // namespace answerable::access
