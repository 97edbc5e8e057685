#include "ingest/cli/signing.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "ingest/cli/program.hpp"

namespace answerable::cli {
namespace {

bool is_about(const access::UsedApproval& approval, access::ApprovalOf what, const Signing::About& about) {
  if (approval.what != access::word(what)) return false;
  if (what == access::ApprovalOf::set_aside) return approval.about == about.finding;
  if (approval.subject != about.subject) return false;
  return what == access::ApprovalOf::disposal || about.case_reference.empty() || approval.about == about.case_reference;
}

}  // namespace

void Signing::add_to(CLI::App& command, bool required) {
  auto* who = command.add_option_group("sign-off");
  who->add_option("--approval", approval, "Number of the approval that a second person gave on the page Approvals")
      ->type_name("NUMBER");
  who->add_option("--approved-by", approved_by,
                  "Who approves, another person: only while nobody has an account to approve it with")
      ->type_name("NAME");
  if (required)
    who->require_option(1);
  else
    who->require_option(0, 1);
}

access::SignOff Signing::use(pg::Transaction& transaction, std::string_view authority, access::ApprovalOf what,
                             const About& about) const {
  if (!approval) {
    if (access::must_be_signed_off(transaction, authority, what))
      throw Failure(refused,
                    "This needs the approval of a second person, and somebody of the council has an account to give it "
                    "with. Ask for it on the page Approvals, and give its number with --approval.");
    return {.approved_by = approved_by.empty() ? std::nullopt : std::optional(approved_by)};
  }
  const auto used = access::use_approval(transaction, authority, *approval);
  if (!used)
    throw Failure(refused,
                  fmt::format("--approval {}: council {} has no approval of that number that was given and not "
                              "used yet.",
                              *approval, authority));
  if (!is_about(*used, what, about))
    throw Failure(refused, fmt::format("--approval {}: it was given for something else ({}, {}).", *approval,
                                       used->what, used->about));
  return {.approval = approval, .approved_by = used->approved_by};
}

}  // namespace answerable::cli
