// Sign-off by a second person.
#include <fmt/format.h>

#include <array>

#include "audit/engine/identity.hpp"
#include "ingest/access/approvals.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

constexpr pg::Statement subject_of_finding{
    "approvals.subject_of_finding", "SELECT subject FROM answerable.finding WHERE authority = $1 AND finding = $2"};

constexpr std::array all_approvals{access::ApprovalOf::set_aside, access::ApprovalOf::bundle,
                                   access::ApprovalOf::disposal};

std::string about_words(std::string_view what) {
  if (what == "set-aside") return "Setting a finding aside";
  if (what == "bundle") return "Issuing a bundle";
  return "Disposing of a person’s record";
}

std::optional<access::ApprovalOf> approval_of(std::string_view text) {
  for (const auto what : all_approvals)
    if (access::word(what) == text) return what;
  return std::nullopt;
}

render::Fragment decision_of(const Visit& visit, const access::Approval& approval) {
  if (approval.decision)
    return fmt::format("{} by {}, {}", pages::capital(*approval.decision), approval.decided_by.value_or(""),
                       approval.decided_at ? pages::time_words(*approval.decided_at) : "");
  const auto number = std::to_string(approval.number);
  return post_form(
      visit, "/approvals/" + number,
      ui::ButtonGroup{{ui::Button{.text = "Approve", .name = "decision", .value = "approved", .hidden = number},
                       ui::Button{.text = "Refuse",
                                  .kind = ui::Button::Kind::secondary,
                                  .name = "decision",
                                  .value = "refused",
                                  .hidden = number}}});
}

/// A finding is a page of its own, for all who approve.
render::Fragment about(const access::Approval& approval) {
  if (engine::parse_finding(approval.about)) return ui::Link{approval.about, "/findings/" + approval.about};
  return approval.about;
}

http::Response approvals_page(const Visit& visit, const std::string& fault, int status) {
  const auto all = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    return access::approvals(transaction);
  }();
  Page page(visit, "Approvals");
  if (!fault.empty()) page.errors({{fault, "what"}});
  page.paragraph("What one person asks for, another decides.");
  ui::Table table{.caption = "Asked for",
                  .columns = {{"Number"}, {"What"}, {"About"}, {"Why"}, {"Asked by"}, {"Decision"}},
                  .rows = {},
                  .wide = true};
  for (const auto& approval : all)
    table.rows.push_back({std::to_string(approval.number), about_words(approval.what), about(approval), approval.reason,
                          fmt::format("{}, {}", approval.asked_by, pages::time_words(approval.asked_at)),
                          decision_of(visit, approval)});
  page.add(table).heading("Ask");
  ui::Select what{.name = "what", .label = "What", .options = {}, .chosen = visit.field("what"), .error = fault};
  for (const auto each : all_approvals)
    what.options.push_back({std::string(access::word(each)), about_words(access::word(each))});
  page.add(
      post_form(visit, "/approvals",
                render::joined({what,
                                ui::TextInput{.name = "about",
                                              .label = "About",
                                              .hint = "The finding’s number, the case, or the person’s number here.",
                                              .value = visit.field("about"),
                                              .width = ui::TextInput::Width::w30},
                                ui::TextInput{.name = "reason", .label = "Why", .value = visit.field("reason")},
                                ui::Button{.text = "Ask"}})));
  return std::move(page).answer(status);
}

/// Whom what is asked for concerns: when their records go, what is said of them here goes too.
std::optional<std::int32_t> concerned(pg::Transaction& transaction, std::string_view council,
                                      const access::Asked& asked) {
  switch (asked.what) {
    case access::ApprovalOf::set_aside: {
      const auto finding = engine::parse_finding(asked.about);
      if (!finding) return std::nullopt;
      const auto row = transaction.run(subject_of_finding, council, *finding);
      return row.rows() == 1 ? std::optional(row.int32(0, 0)) : std::nullopt;
    }
    case access::ApprovalOf::bundle:
      return access::find_person(transaction, "case", asked.about);
    case access::ApprovalOf::disposal:
      return number_in<std::int32_t>(asked.about);
  }
  return std::nullopt;
}

}  // namespace

http::Response approvals(Visit& visit) {
  return approvals_page(visit, "", 200);
}

http::Response ask_approval(Visit& visit) {
  access::Asked asked{.about = visit.field("about"), .reason = visit.field("reason")};
  const auto what = approval_of(visit.field("what"));
  if (!what || asked.about.empty() || asked.reason.empty())
    return approvals_page(visit, "Say what you ask for, what it is about, and why.", 422);
  asked.what = *what;
  std::string fault;
  {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    asked.subject = concerned(transaction, visit.actor().authority, asked);
    if (!asked.subject)
      fault = "There is nothing of that number that you may see. Check what it is about.";
    else if (!access::ask_approval(transaction, asked))
      throw http::Problem{.status = 403,
                          .title = "Your role may not ask for this",
                          .detail = "Nothing was asked. A colleague whose role it is can."};
    else
      transaction.commit();
  }
  return fault.empty() ? done(visit, "/approvals", "Your request was noted. Another person decides it.")
                       : approvals_page(visit, fault, 422);
}

http::Response decide_approval(Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("approval"));
  const auto decision = visit.field("decision");
  if (decision != "approved" && decision != "refused") return approvals_page(visit, "Approve it or refuse it.", 422);
  bool decided = false;
  if (number) {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    decided = access::decide(transaction, *number, decision == "approved");
    transaction.commit();
  }
  if (!decided)
    throw http::Problem{.status = 403,
                        .title = "This is not yours to decide",
                        .detail =
                            "You asked for it yourself, it was decided already, your role may not decide it, or "
                            "there is none of that number."};
  return done(visit, "/approvals", decision == "approved" ? "It was approved." : "It was refused.");
}

}  // namespace answerable::service
