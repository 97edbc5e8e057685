// What was sent, its receipts, and what is wrong with it.
#include <fmt/format.h>

#include "audit/ledger/receipt_file.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/render/components/navigation.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/delivery.hpp"
#include "reports/service/provider/fault_parts.hpp"
#include "reports/service/provider/handlers.hpp"
#include "reports/service/provider/held_parts.hpp"

namespace answerable::service::provider_desk {
namespace {

using namespace components;
using render::joined;

constexpr int lines_a_page = 25;
constexpr int held_a_page = 100;

[[noreturn]] void no_such_submission() {
  throw http::Problem{.status = 404,
                      .title = "No such submission",
                      .detail = "There is none of this number, or it is another sender’s."};
}

/// The submission in the path, with its receipt. \throws Problem 404
intake::Receipt receipt_in_path(const Visit& visit, pg::Connection& records) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("submission"));
  if (!number) no_such_submission();
  auto receipt = intake::find_receipt(records, {visit.actor().authority, *number});
  if (!receipt || receipt->sender != visit.actor().organisation) no_such_submission();
  return *std::move(receipt);
}

std::int64_t number_of(const intake::Receipt& receipt) {
  return intake::parse_receipt_id(receipt.id).value().submission;
}

Fragment state_of(const SubmissionLine& line) {
  if (line.still_held > 0) return Tag{fmt::format("{} to mend", line.still_held), TagColour::red};
  if (line.held > 0) return Tag{"All mended", TagColour::green};
  return Tag{"Stored", TagColour::green};
}

Fragment summary_of(const intake::Receipt& receipt) {
  SummaryList list{.rows = {{"Receipt", receipt.id},
                            {"Received", pages::moment_words(receipt.received_at)},
                            {"Your message", receipt.message_id},
                            {"Made by", receipt.source_system},
                            {"Stored", figure_of(receipt.stored, "record", "records")},
                            {"Held", figure_of(receipt.held, "record", "records")},
                            {"Held already, so not stored again", figure_of(receipt.already_held, "record", "records")},
                            {"SHA-256 of the file", hex(receipt.sha256)}}};
  if (!receipt.agreement.empty()) list.rows.push_back({"Agreement", receipt.agreement});
  return list;
}

}  // namespace

Fragment submissions_table(const Visit& visit, const std::vector<SubmissionLine>& lines) {
  Table table{.caption = "What we sent, the newest first",
              .columns = {{"Receipt"}, {"Received"}, {"Your message"}, {"Stored", true}, {"Held", true}, {"State"}},
              .rows = {},
              .wide = true,
              .when_empty = "Nothing yet."};
  for (const auto& line : lines)
    table.rows.push_back({Link{receipt_name(visit, line.submission), fmt::format("/sent/{}", line.submission)},
                          words(london_day(line.received_at)), line.message_id, grouped(line.stored),
                          grouped(line.held), state_of(line)});
  return table;
}

http::Response sent(Visit& visit) {
  const auto before = number_in<std::int64_t>(visit.query("before"));
  const auto records = visit.records();
  auto lines = [&] {
    pg::Transaction transaction(*records, pg::Access::read_only);
    return submissions(transaction, visit.actor().authority, before, lines_a_page + 1);
  }();
  const bool more = static_cast<int>(lines.size()) > lines_a_page;
  if (more) lines.pop_back();
  Page page(visit, "What we sent");
  page.add(ButtonGroup{{Button{.text = "Send a file", .href = "/send"},
                        Button{.text = "Fill in a form", .kind = Button::Kind::secondary, .href = "/forms"}}});
  page.add(submissions_table(visit, lines));
  if (before || more)
    page.add(Pagination{.previous = {before ? "/sent" : "", "The newest"},
                        .next = {more ? fmt::format("/sent?before={}", lines.back().submission) : "", "Older"}});
  return std::move(page).answer();
}

http::Response submission(Visit& visit) {
  const auto records = visit.records();
  const auto receipt = receipt_in_path(visit, *records);
  const auto number = number_of(receipt);
  const auto held = [&] {
    pg::Transaction transaction(*records, pg::Access::read_only);
    return held_in(transaction, visit.actor().authority, number, held_a_page);
  }();
  Page page(visit, fmt::format("Submission {}", receipt.id));
  page.under({{"What we sent", "/sent"}});
  page.add(summary_of(receipt));
  page.add(ButtonGroup{{Button{
      .text = "Keep the receipt", .kind = Button::Kind::secondary, .href = fmt::format("/sent/{}/receipt", number)}}});
  page.paragraph(
      "The receipt shows what you sent and when. Once the council’s ledger is signed, within minutes as a rule, it "
      "proves "
      "that to anybody, without this service.");
  if (!held.empty()) page.add(held_table(held));
  if (!receipt.faults.empty()) {
    page.heading(pages::capital(faults_counted(receipt.faults)));
    page.paragraph(Link{"All of these as a CSV file", fmt::format("/sent/{}/faults.csv", number)});
    page.add(faults_shown(receipt.faults));
  }
  return std::move(page).answer();
}

http::Response submission_faults(Visit& visit) {
  const auto records = visit.records();
  const auto receipt = receipt_in_path(visit, *records);
  return {.content_type = "text/csv; charset=utf-8; header=present",
          .body = faults_csv(receipt.faults),
          .headers = {{"Content-Disposition", fmt::format("attachment; filename=\"{}-faults.csv\"", receipt.id)}}};
}

http::Response receipt(Visit& visit) {
  const auto records = visit.records();
  const auto held = receipt_in_path(visit, *records);
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto file = ledger::receipt_file(transaction, {visit.actor().authority, number_of(held)});
  return {.body = file.text,
          .headers = {{"Content-Disposition", fmt::format("attachment; filename=\"{}.receipt\"", held.id)},
                      {"Answerable-Receipt-State", file.state}}};
}

}  // namespace answerable::service::provider_desk
