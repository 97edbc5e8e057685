#include "reports/service/complaints/case_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/access/acting.hpp"

namespace answerable::service {
namespace {

struct CaseWay {
  std::string_view page, text;
};
constexpr std::array case_ways{CaseWay{"", "The complaint"},      CaseWay{"chronology", "Chronology"},
                               CaseWay{"reply", "Reply"},         CaseWay{"loss", "What was lost"},
                               CaseWay{"ombudsman", "Ombudsman"}, CaseWay{"bundle", "Bundle"}};

/// MOJ: sub navigation.
Fragment ways_of(const Complaint& complaint, std::string_view here) {
  auto html = render::Html::part();
  html.open("nav", {{"class", "moj-sub-navigation"}, {"aria-label", "Pages of this complaint"}});
  html.open("ul", {{"class", "moj-sub-navigation__list"}});
  for (const auto& way : case_ways) {
    html.open("li", {{"class", "moj-sub-navigation__item"}});
    html.element("a", way.text,
                 {{"class", "moj-sub-navigation__link"},
                  {"href", case_path(complaint.reference, way.page)},
                  {"aria-current", "page", way.page == here}});
    html.close();
  }
  html.close().close().line();
  return std::move(html).fragment();
}

http::Response none_of_theirs(const Visit& visit) {
  return page_of_problem(visit, 404, "Complaint not found",
                         "There is no complaint of that reference that is assigned to you. A guardian or an "
                         "administrator of accounts assigns complaints.");
}

http::Response opening_of(const Visit& visit, const Complaint& complaint) {
  Page page(visit, fmt::format("Complaint {}", complaint.reference));
  Pieces pieces;
  pieces.says(
      "It is assigned to you, and the record of the person it is about is not open to you now. That you open it goes "
      "on "
      "the ledger, and is shown to whoever reads the record and to the Caldicott guardian. It stays open for eight "
      "hours.");
  pieces.add(post_button(visit, "/people/open", fmt::format("Open the record for complaint {}", complaint.reference),
                         {{"identifier", "case:" + complaint.reference},
                          {"purpose", "complaint"},
                          {"reference", complaint.reference},
                          {"then", case_path(complaint.reference)}},
                         components::Button::Kind::primary));
  page.add(pieces.all());
  return std::move(page).answer(403);
}

}  // namespace

std::variant<OpenCase, http::Response> open_case(Visit& visit, pg::Connection& records) {
  const auto& reference = visit.request.parameters.at("case");
  pg::Transaction transaction(records, pg::Access::read_only, pg::Isolation::repeatable_read);
  auto rules = visit.hall.rules.lend(transaction, visit.actor().authority);
  auto found = complaints(transaction, visit.actor().authority, reference, *rules);
  if (found.size() != 1) return none_of_theirs(visit);
  if (!access::is_open(transaction, found.front().subject)) return opening_of(visit, found.front());
  return OpenCase{std::move(found.front()), std::move(rules)};
}

Page case_page(const Visit& visit, const Complaint& complaint, std::string_view here) {
  const auto name = fmt::format("Complaint {}", complaint.reference);
  const auto* way = std::ranges::find(case_ways, here, &CaseWay::page);
  const bool overview = way == case_ways.begin();
  Page page(visit, overview ? name : way == case_ways.end() ? "Put something on record" : std::string(way->text));
  if (!overview) page.caption(name);
  std::vector<components::Link> above{{"Complaints", "/complaints"}};
  if (!overview) above.push_back({name, case_path(complaint.reference)});
  page.under(std::move(above));
  Pieces pieces;
  const auto warning = complaint.redirect_warning("cassr:" + visit.actor().authority);
  if (!warning.empty() && complaint.state() != CaseState::closed)
    pieces.add(components::WarningText{fmt::format(
        "This is the council’s to answer. {} (SI 2009/309 reg 6(1A), inserted by SI 2009/1768 reg 3.)", warning)});
  pieces.add(ways_of(complaint, here));
  page.add(pieces.all());
  return page;
}

}  // namespace answerable::service
