// Sign-off by a second person, and the guardian's report of who read what.
#include <fmt/format.h>

#include <array>

#include "audit/engine/identity.hpp"
#include "ingest/access/approvals.hpp"
#include "ingest/access/reading_report.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

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

void add_decision(Page& page, const access::Approval& approval) {
  page.begin_cell();
  if (approval.decision) {
    page.paragraph(fmt::format("{} by {}, {}", pages::capital(*approval.decision), approval.decided_by.value_or(""),
                               approval.decided_at ? pages::moment_words(*approval.decided_at) : ""));
  } else {
    const std::string to = fmt::format("/approvals/{}", approval.number);
    page.form(to).button(fmt::format("Approve {}", approval.number), "decision", "approved");
    page.form(to).button(fmt::format("Refuse {}", approval.number), "decision", "refused");
  }
  page.end_cell();
}

http::Response approvals_page(Visit& visit, std::string_view fault, int status) {
  const auto all = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    return access::approvals(transaction);
  }();
  Page page("Approvals", visit.member);
  if (!fault.empty()) page.fault(fault);
  page.paragraph("What one person asks for, another decides.");
  page.table("Asked for", {"Number", "What", "About", "Why", "Asked by", "Decision"});
  for (const auto& approval : all) {
    page.row().cell(std::to_string(approval.number)).cell(about_words(approval.what)).cell(approval.about);
    page.cell(approval.reason).cell(fmt::format("{}, {}", approval.asked_by, pages::moment_words(approval.asked_at)));
    add_decision(page, approval);
    page.end_row();
  }
  page.end_table().heading("Ask");
  Page::Choices choices;
  for (const auto what : all_approvals) choices.emplace_back(access::word(what), about_words(access::word(what)));
  page.form("/approvals").select("What", "what", choices, visit.field("what"));
  page.field({.label = "About",
              .name = "about",
              .value = visit.field("about"),
              .hint = "The finding’s number, the case, or the person’s number here."});
  page.field({.label = "Why", .name = "reason", .value = visit.field("reason")});
  page.button("Ask");
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

Day day_in(const Visit& visit, std::string_view name, Day otherwise) {
  const auto text = visit.query(name);
  if (text.empty()) return otherwise;
  const auto day = parse_day(text);
  if (!day) throw http::Problem{.status = 400, .detail = "That is no day. Write it as 2027-03-31."};
  return *day;
}

std::string purposes_words(const access::Reading& reading) {
  std::vector<std::string> items;
  for (const auto& [purpose, reads] : reading.purposes)
    items.push_back(fmt::format("{} {}", pages::code_words(purpose), reads));
  return pages::list_words(items);
}

std::string stands_out_words(const access::Reading& reading) {
  std::vector<std::string> items;
  const auto add = [&](std::int64_t count, std::string_view what) {
    if (count > 0) items.push_back(fmt::format("{} {}", count, what));
  };
  add(reading.days_beyond_usual, "days far beyond their usual");
  add(reading.outside_office_hours, "outside office hours");
  add(reading.unassigned, "not assigned to them");
  add(reading.own_surname, "people of their own surname");
  return pages::list_words(items);
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
  return fault.empty() ? see_other("/approvals") : approvals_page(visit, fault, 422);
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
  return see_other("/approvals");
}

http::Response reading(Visit& visit) {
  const Day today = london_day(now());
  const Day to = day_in(visit, "to", today);
  const Day from = day_in(visit, "from", to - std::chrono::days{30});
  const auto all = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    return access::reading_report(transaction, from, to);
  }();
  Page page("Who read what", visit.member);
  page.paragraph(fmt::format("From {} to {}. What stands out is where to ask; it does not say that anybody did wrong.",
                             words(from), words(to)));
  page.filters("/reading").field({.label = "From", .name = "from", .type = "date", .value = iso(from)});
  page.field({.label = "To", .name = "to", .type = "date", .value = iso(to)}).button("Show");
  page.table("Readers", {"Who", "People", "What for", "Busiest day", "Usual day", "What stands out"});
  for (const auto& reading : all) {
    page.row().cell(reading.reader).cell(std::to_string(reading.people)).cell(purposes_words(reading));
    page.cell(std::to_string(reading.busiest_day)).cell(fmt::format("{:g}", reading.usual_day));
    page.cell(reading.stands_out() ? stands_out_words(reading) : "nothing").end_row();
  }
  page.end_table();
  return std::move(page).answer();
}

}  // namespace answerable::service
