// The complaints desk: whose time runs out first.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "audit/engine/identity.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/csv_table.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/pieces.hpp"
#include "reports/service/complaints/register.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

constexpr std::size_t complaints_a_page = 25;

struct Desk {
  std::vector<Complaint> complaints;
  std::vector<Unassigned> unassigned;
  std::vector<std::string> without_records;
};

Desk desk_of(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only, pg::Isolation::repeatable_read);
  const auto rules = visit.hall.rules.lend(transaction, visit.actor().authority);
  return {complaints(transaction, visit.actor().authority, std::nullopt, *rules), unassigned_complaints(transaction),
          cases_without_records(transaction)};
}

Fragment when_and_who(const CaseAct* act) {
  if (act == nullptr) return "Not on record";
  return fmt::format("{}, {}", words(act->when), act->performer.name);
}

/// What counts next, when, and which law or letter says so.
Fragment next_date(const Complaint& complaint, Day today) {
  const auto* clock = complaint.next();
  if (clock == nullptr || !clock->due) return complaint.state() == CaseState::closed ? "" : "No date on record";
  Fragment out = fmt::format("{} ", words(*clock->due));
  out += Fragment(due_tag(*clock->due, today));
  out += Fragment(components::Paragraph{clock->title});
  return out;
}

components::Table desk_table(const std::vector<Complaint>& shown, const std::string& council, Day today) {
  components::Table table{
      .caption = "Complaints",
      .columns = {{"Complaint"}, {"Received first"}, {"Acknowledged"}, {"What counts next"}, {"Where it stands"}},
      .rows = {},
      .wide = true,
      .when_empty = "None is assigned to you. A guardian or an administrator of accounts assigns them."};
  for (const auto& one : shown) {
    Fragment stands =
        components::Tag{std::string(state_words(one.state())),
                        one.state() == CaseState::closed ? components::TagColour::grey : components::TagColour::blue};
    if (!one.redirect_warning(council).empty() && one.state() != CaseState::closed)
      stands += Fragment(components::Paragraph{components::Strong{"This is the council’s to answer."}});
    table.rows.push_back({components::Link{one.reference, case_path(one.reference)},
                          when_and_who(one.first("complaint.received")),
                          when_and_who(one.first("complaint.acknowledged")), next_date(one, today), std::move(stands)});
  }
  return table;
}

Fragment unassigned_note(const std::vector<Unassigned>& unassigned) {
  if (unassigned.empty()) return {};
  return components::InsetText{fmt::format(
      "{} that came in {} nobody who handles {}. A guardian or an administrator of accounts assigns complaints.",
      pages::capital(pages::count_of(static_cast<std::int64_t>(unassigned.size()), "complaint", "complaints")),
      unassigned.size() == 1 ? "has" : "have", unassigned.size() == 1 ? "it" : "them")};
}

const render::CsvTable& desk_csv() {
  static const render::CsvTable table{.file = "complaints.csv",
                                      .title = "Complaints and their clocks",
                                      .description = "The complaints assigned to whoever asked, one row a clock.",
                                      .columns = {{"complaint", render::CsvType::text, "Its reference"},
                                                  {"state", render::CsvType::text, "Where it stands"},
                                                  {"received", render::CsvType::happened, "When it was first received"},
                                                  {"received_by", render::CsvType::text, "Who received it first"},
                                                  {"rule", render::CsvType::text, "The rule that gives the time"},
                                                  {"due", render::CsvType::day, "The last day"},
                                                  {"outcome", render::CsvType::text, "What became of it"},
                                                  {"finding", render::CsvType::text, "The finding's number"},
                                                  {"law", render::CsvType::text, "The source"},
                                                  {"confidence", render::CsvType::text, "How sure the law is"}}};
  return table;
}

}  // namespace

http::Response complaints_desk(Visit& visit) {
  const auto desk = desk_of(visit);
  const Day today = london_day(now());
  const auto wanted = page_number(visit.query("page"));
  const auto from = std::min((wanted - 1) * complaints_a_page, desk.complaints.size());
  const auto to = std::min(from + complaints_a_page, desk.complaints.size());
  const std::vector<Complaint> shown(desk.complaints.begin() + static_cast<std::ptrdiff_t>(from),
                                     desk.complaints.begin() + static_cast<std::ptrdiff_t>(to));
  Pieces pieces;
  pieces.add(
      components::ButtonGroup{{components::Button{.text = "Register a complaint", .href = "/complaints-register"},
                               components::Link{"Yearly report", "/complaints-report"},
                               components::Link{"All clocks as CSV", "/complaints.csv"}}});
  pieces.add(unassigned_note(desk.unassigned));
  if (!desk.without_records.empty())
    pieces.add(components::InsetText{
        fmt::format("Assigned to you, and no record of it has come in: {}.", pages::list_words(desk.without_records))});
  pieces.add(desk_table(shown, "cassr:" + visit.actor().authority, today));
  if (desk.complaints.size() > complaints_a_page)
    pieces.add(components::Pagination{
        .previous = {wanted > 1 ? fmt::format("/complaints?page={}", wanted - 1) : ""},
        .next = {to < desk.complaints.size() ? fmt::format("/complaints?page={}", wanted + 1) : ""}});
  pieces.says(
      "A date counts from the records as the last audit judged them. Each complaint’s page says which record and which "
      "law it comes from, and how sure that law is.");
  Page page(visit, "Complaints");
  page.add(pieces.all());
  return std::move(page).answer();
}

http::Response complaints_csv(Visit& visit) {
  const auto desk = desk_of(visit);
  std::ostringstream out;
  auto csv = render::open_csv(desk_csv(), out);
  for (const auto& one : desk.complaints) {
    const auto* received = one.first("complaint.received");
    for (const auto& clock : one.clocks)
      csv.row({one.reference, state_words(one.state()), received != nullptr ? iso(received->when) : "",
               received != nullptr ? received->performer.name : "", clock.rule, clock.due ? iso(*clock.due) : "",
               engine::word(clock.outcome), engine::format_finding(clock.finding), clock.source, clock.confidence});
  }
  return {.content_type = "text/csv; charset=utf-8",
          .body = std::move(out).str(),
          .headers = {{"Content-Disposition", "attachment; filename=\"complaints.csv\""}}};
}

}  // namespace answerable::service
