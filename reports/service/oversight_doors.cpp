// Sign-off by a second person, the guardian's report of who read what, and security events.
#include <fmt/format.h>

#include <array>
#include <sstream>
#include <utility>

#include "audit/engine/identity.hpp"
#include "ingest/access/approvals.hpp"
#include "ingest/access/reading_report.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/csv.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/monitoring/page_parts.hpp"
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
                       approval.decided_at ? pages::moment_words(*approval.decided_at) : "");
  return post_form(
      visit, fmt::format("/approvals/{}", approval.number),
      ui::ButtonGroup{
          {ui::Button{.text = fmt::format("Approve {}", approval.number), .name = "decision", .value = "approved"},
           ui::Button{.text = fmt::format("Refuse {}", approval.number),
                      .kind = ui::Button::Kind::secondary,
                      .name = "decision",
                      .value = "refused"}}});
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
    table.rows.push_back({std::to_string(approval.number), about_words(approval.what), approval.about, approval.reason,
                          fmt::format("{}, {}", approval.asked_by, pages::moment_words(approval.asked_at)),
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

Day day_in(const Visit& visit, std::string_view name, Day otherwise) {
  const auto text = visit.query(name);
  if (text.empty()) return otherwise;
  const auto day = parse_day(text);
  if (!day) throw http::Problem{.status = 400, .detail = "That is no day. Write it as 2027-03-31."};
  return *day;
}

std::pair<Day, Day> asked_days(const Visit& visit) {
  const Day to = day_in(visit, "to", london_day(now()));
  return {day_in(visit, "from", to - std::chrono::days{30}), to};
}

render::Fragment day_fields(Day from, Day to) {
  const auto day = ui::TextInput::Width::w10;
  return render::joined(
      {ui::TextInput{.name = "from", .label = "From", .hint = "Such as 2027-03-31", .value = iso(from), .width = day},
       ui::TextInput{.name = "to", .label = "To", .value = iso(to), .width = day}});
}

render::Fragment show_button() {
  return ui::Button{.text = "Show", .kind = ui::Button::Kind::secondary};
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

constexpr std::int64_t events_on_a_page = 200, events_in_a_file = 50'000;

struct EventKind {
  std::string_view what, words;
};
/// Those that are noted, then those that are leaves (0012, 0014).
constexpr std::array event_kinds{
    EventKind{"sign-in-failed", "Sign-in failed"},
    EventKind{"sign-in-made-to-wait", "Sign-in made to wait after too many attempts"},
    EventKind{"sign-in-code-wanted", "Second factor asked for"},
    EventKind{"signed-in", "Signed in"},
    EventKind{"signed-out", "Signed out"},
    EventKind{"refused", "Refused: not for their role or key"},
    EventKind{"forged-form", "Refused: a form that did not come from our pages"},
    EventKind{"machine-not-known", "A machine’s key or certificate is not known"},
    EventKind{"made", "Account made"},
    EventKind{"renamed", "Account renamed"},
    EventKind{"disabled", "Account disabled"},
    EventKind{"enabled", "Account enabled again"},
    EventKind{"role-given", "Role given"},
    EventKind{"role-taken", "Role taken away"},
    EventKind{"password-chosen", "Password chosen"},
    EventKind{"second-factor-set", "Second factor set up"},
    EventKind{"second-factor-removed", "Second factor removed"},
    EventKind{"link-made", "One-time code made"},
    EventKind{"sign-on-tied", "Tied to somebody at the single sign-on"},
    EventKind{"sign-on-untied", "Single sign-on untied"},
    EventKind{"key-made", "API key made"},
    EventKind{"key-revoked", "API key revoked"},
    EventKind{"certificate-added", "Certificate added"},
    EventKind{"certificate-revoked", "Certificate revoked"},
};

std::string kind_words(std::string_view what) {
  for (const auto& kind : event_kinds)
    if (kind.what == what) return std::string(kind.words);
  return pages::capital(pages::code_words(what));
}

/// "": all of them.
std::string_view asked_kind(const Visit& visit) {
  const auto asked = visit.query("kind");
  for (const auto& kind : event_kinds)
    if (kind.what == asked) return kind.what;
  return "";
}

std::vector<access::SecurityEvent> events_asked(const Visit& visit, Day from, Day to, std::int64_t most) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  return access::security_events(transaction, visit.actor().authority, from, to, asked_kind(visit), most);
}

ui::Table events_table(const std::vector<access::SecurityEvent>& events) {
  ui::Table table{.caption = "Newest first",
                  .columns = {{"When"}, {"What"}, {"Times", true}, {"Account"}, {"By"}, {"About"}},
                  .rows = {},
                  .wide = true,
                  .when_empty = "Nothing of that kind happened on those days."};
  for (const auto& event : events)
    table.rows.push_back({pages::moment_words(event.at), kind_words(event.what), std::to_string(event.times),
                          event.account.empty() ? "not known" : event.account, event.by, event.about});
  return table;
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

http::Response reading(Visit& visit) {
  const auto [from, to] = asked_days(visit);
  const auto all = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    return access::reading_report(transaction, from, to);
  }();
  Page page(visit, "Who read what");
  page.paragraph(fmt::format("From {} to {}. What stands out is where to ask; it does not say that anybody did wrong.",
                             words(from), words(to)));
  page.add(get_form("/reading", render::joined({day_fields(from, to), show_button()})));
  ui::Table table{
      .caption = "Readers",
      .columns =
          {{"Who"}, {"People", true}, {"What for"}, {"Busiest day", true}, {"Usual day", true}, {"What stands out"}},
      .rows = {},
      .wide = true,
      .when_empty = "Nobody read anything in that time."};
  for (const auto& reading : all)
    table.rows.push_back({reading.reader, std::to_string(reading.people), purposes_words(reading),
                          std::to_string(reading.busiest_day), fmt::format("{:g}", reading.usual_day),
                          reading.stands_out() ? stands_out_words(reading) : "nothing"});
  page.add(table);
  return std::move(page).answer();
}

http::Response security_events(Visit& visit) {
  const auto [from, to] = asked_days(visit);
  const std::string kind(asked_kind(visit));
  auto events = events_asked(visit, from, to, events_on_a_page + 1);
  const bool more = static_cast<std::int64_t>(events.size()) > events_on_a_page;
  if (more) events.pop_back();

  Page page(visit, "Security events");
  page.paragraph(fmt::format(
      "From {} to {}. What is alike within an hour stands on one line, at the time of its last. What "
      "strangers typed is not kept. These lines are kept for a year; changes to accounts are on the ledger.",
      words(from), words(to)));
  ui::Select kinds{.name = "kind", .label = "What", .options = {{"", "Everything"}}, .chosen = kind};
  for (const auto& each : event_kinds) kinds.options.push_back({std::string(each.what), std::string(each.words)});
  page.add(get_form("/security-events", render::joined({day_fields(from, to), kinds, show_button()})));
  if (more)
    page.paragraph(fmt::format("The newest {} are shown. Ask for fewer days, or for one kind.", events_on_a_page));
  page.add(events_table(events));
  page.paragraph(ui::Link{fmt::format("These as CSV (at most {})", events_in_a_file),
                          fmt::format("/security-events.csv?from={}&to={}&kind={}", iso(from), iso(to), kind)});
  return std::move(page).answer();
}

http::Response security_events_csv(Visit& visit) {
  std::ostringstream out;
  render::Csv csv(out, {"at", "what", "times", "account", "by", "about"});
  const auto [from, to] = asked_days(visit);
  for (const auto& event : events_asked(visit, from, to, events_in_a_file))
    csv.row({iso(event.at), event.what, std::to_string(event.times), event.account, event.by, event.about});
  return csv_answer("security-events.csv", std::move(out).str());
}

}  // namespace answerable::service
