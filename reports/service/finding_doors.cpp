// Findings, as the database shows them to whoever asks.
#include <fmt/format.h>

#include <algorithm>

#include "audit/engine/identity.hpp"
#include "audit/engine/outcome.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

constexpr std::int64_t findings_a_page = 50;

/// By its number, which says nothing: whoever asks for the page after one misses none and sees none twice.
constexpr pg::Statement one_page{
    "findings.page",
    "SELECT finding, outcome, rule, agreement, coalesce(sentence, ''), due, flagged_since FROM answerable.finding"
    " WHERE authority = $1 AND finding > $2 AND ($3 = '' OR outcome = $3) AND ($4 = '' OR rule = $4)"
    " AND ($5 = '' OR agreement = $5) ORDER BY finding LIMIT $6"};

std::string outcome_in_words(std::string_view word) {
  const auto outcome = engine::parse_outcome(word);
  return outcome ? std::string(pages::outcome_words(*outcome)) : std::string(word);
}

std::string day_or_nothing(const pg::Result& rows, int row, int column) {
  return rows.is_null(row, column) ? "" : words(rows.day(row, column));
}

/// For the query of a link: everything but what may stand there as it is, in hexadecimal (RFC 3986 §2.1).
std::string in_query(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

struct FindingFilter {
  std::string outcome, rule, agreement;
  std::int64_t after{-1};
};

FindingFilter asked_for(const Visit& visit) {
  FindingFilter filter{visit.query("outcome"), visit.query("rule"), visit.query("agreement")};
  if (!filter.outcome.empty() && !engine::parse_outcome(filter.outcome))
    throw http::Problem{.status = 400, .detail = "There is no such outcome. Choose one from the list."};
  if (const auto after = visit.query("after"); !after.empty()) {
    const auto number = engine::parse_finding(after);
    if (!number) throw http::Problem{.status = 400, .detail = "The page asked for begins after no finding's number."};
    filter.after = *number;
  }
  return filter;
}

render::Fragment filters(const FindingFilter& filter) {
  ui::Select outcomes{.name = "outcome", .label = "Outcome", .options = {{"", "any"}}, .chosen = filter.outcome};
  for (std::size_t i = 0; i < engine::outcomes; ++i) {
    const auto outcome = static_cast<engine::Outcome>(i);
    outcomes.options.push_back({std::string(engine::word(outcome)), std::string(pages::outcome_words(outcome))});
  }
  const auto code = ui::TextInput::Width::w20;
  return get_form(
      "/findings",
      render::joined(
          {outcomes, ui::TextInput{.name = "rule", .label = "Rule", .value = filter.rule, .width = code},
           ui::TextInput{.name = "agreement", .label = "Agreement", .value = filter.agreement, .width = code},
           ui::Button{.text = "Show these", .kind = ui::Button::Kind::secondary}}));
}

}  // namespace

http::Response findings(Visit& visit) {
  const auto filter = asked_for(visit);
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto rows = transaction.run(one_page, visit.actor().authority, filter.after, filter.outcome, filter.rule,
                                    filter.agreement, findings_a_page + 1);
  Page page(visit, "Findings");
  page.add(filters(filter));
  const int shown = std::min(rows.rows(), static_cast<int>(findings_a_page));
  ui::Table table{
      .caption = "Findings",
      .columns = {{"Finding"}, {"Outcome"}, {"Rule"}, {"Agreement"}, {"What was found"}, {"Due"}, {"Since"}},
      .rows = {},
      .wide = true,
      .when_empty = "None that you may see."};
  for (int i = 0; i < shown; ++i)
    table.rows.push_back({engine::format_finding(rows.int64(i, 0)), outcome_in_words(rows.text(i, 1)), rows.text(i, 2),
                          rows.text(i, 3), rows.text(i, 4), day_or_nothing(rows, i, 5), day_or_nothing(rows, i, 6)});
  page.add(table);
  if (shown < rows.rows())
    page.add(ui::Pagination{
        .next = {.href = fmt::format("/findings?outcome={}&rule={}&agreement={}&after={}", in_query(filter.outcome),
                                     in_query(filter.rule), in_query(filter.agreement),
                                     engine::format_finding(rows.int64(shown - 1, 0)))}});
  return std::move(page).answer();
}

}  // namespace answerable::service
