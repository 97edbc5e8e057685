// The chronology of a complaint's person with its gaps, and what was lost: both made from the ledger as the trail is.
#include <fmt/format.h>

#include <algorithm>

#include "audit/loss/loss.hpp"
#include "reports/loss/loss_page.hpp"
#include "reports/pages/document_parts.hpp"
#include "reports/pages/gather.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/blocks.hpp"
#include "reports/service/complaints/case_frame.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/links.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

pages::Trail trail_of(Visit& visit, pg::Connection& connection, const OpenCase& open) {
  auto& rules = *open.rules;
  return pages::gather(connection, rules, visit.hall.kinds,
                       {.authority = visit.actor().authority,
                        .subject = open.complaint.subject,
                        .case_reference = open.complaint.reference,
                        .as_of = london_day(now()),
                        .known_at = {}});
}

/// What the officer enters in place of what the records leave open.
struct AskedLoss {
  loss::Question question{};
  TypedDay from, to;
  std::string rate_error{};

  std::vector<components::ErrorSummary::Error> errors() const {
    std::vector<components::ErrorSummary::Error> all;
    if (!rate_error.empty()) all.push_back({rate_error, "rate"});
    if (!from.error.empty()) all.push_back({from.error, "from-day"});
    if (!to.error.empty()) all.push_back({to.error, "to-day"});
    return all;
  }
};

AskedLoss asked_loss(const Visit& visit) {
  AskedLoss asked{.from = typed_day(visit, "from", "The first day"), .to = typed_day(visit, "to", "The last day")};
  if (asked.from.value && asked.to.value && *asked.to.value < *asked.from.value)
    asked.to.error = "The last day must not lie before the first.";
  const auto rate = visit.query("rate");
  const auto weekly = loss::parse_pounds(rate);
  if (!rate.empty() && !weekly)
    asked.rate_error = "The rate is no sum of money. Write pounds and pence without sign or comma, as 98.36.";
  if (!asked.errors().empty()) return asked;
  if (weekly) asked.question.rates.push_back({.weekly = *weekly});
  asked.question.from = asked.from.value;
  asked.question.to = asked.to.value;
  return asked;
}

Fragment loss_fields(const Visit& visit, const AskedLoss& asked) {
  Fragment fields = components::TextInput{
      .name = "rate",
      .label = "A weekly rate in place of what the records say",
      .hint =
          "Pounds and pence a week, net of the person’s contribution: 98.36. The working below calls it --weekly-rate.",
      .error = asked.rate_error,
      .value = visit.query("rate"),
      .width = components::TextInput::Width::w10,
      .inputmode = "decimal",
      .prefix = "£"};
  fields +=
      Fragment(asked.from.input("First day to count", "Where the records leave it open. The working calls it --from."));
  fields += Fragment(asked.to.input("Last day to count", "Likewise. The working calls it --to."));
  fields += Fragment(components::Button{"Work it out", components::Button::Kind::secondary});
  return fields;
}

}  // namespace

http::Response case_chronology(Visit& visit) {
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    auto trail = trail_of(visit, connection, open);
    const bool only_case = visit.query("only") == "complaint";
    if (only_case)
      trail.chronology.erase_if([&](const pages::ChronologyRow& row) {
        return std::visit([&](const auto& it) { return it.case_reference != open.complaint.reference; }, row);
      });
    const auto lines = trail.chronology.size();
    const auto gaps = std::ranges::count_if(
        trail.chronology, [](const pages::ChronologyRow& row) { return std::holds_alternative<pages::Gap>(row); });
    const auto path = case_path(open.complaint.reference, "chronology");
    Pieces pieces;
    pieces.says(fmt::format("{}, {} of them gaps, of {} known.",
                            pages::count_of(static_cast<std::int64_t>(lines), "row", "rows"), pages::count_words(gaps),
                            pages::count_of(trail.horizon.known_at, "record", "records")));
    if (only_case)
      pieces.says(components::Link{"Show everything about the person", path});
    else
      pieces.says(components::Link{"Show this complaint’s rows only", path + "?only=complaint"});
    pieces.add(chronology_page(trail, page_number(visit.query("page")),
                               fmt::format("{}?{}page=", path, only_case ? "only=complaint&" : "")));
    Page page = case_page(visit, open.complaint, "chronology");
    page.add(pieces.all());
    return std::move(page).answer();
  });
}

http::Response case_loss(Visit& visit) {
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    const auto asked = asked_loss(visit);
    const auto worked = loss::work_out(connection, visit.actor().authority, open.complaint.subject, london_day(now()),
                                       std::nullopt, asked.question);
    Pieces pieces;
    pieces.add(components::Details{"Enter what the records leave open",
                                   get_form(case_path(open.complaint.reference, "loss"), loss_fields(visit, asked)),
                                   !asked.errors().empty()});
    pieces.add(on_page(pages::loss_blocks(worked)));
    Page page = case_page(visit, open.complaint, "loss");
    if (auto errors = asked.errors(); !errors.empty()) page.errors(std::move(errors));
    page.add(pieces.all());
    return std::move(page).answer();
  });
}

}  // namespace answerable::service
