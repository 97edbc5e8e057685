// Search for words within people's records: for a stated purpose, as a person's record is opened, and on the ledger as
// a read of each person who is shown. What the records say is shown to nobody here.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ingest/pg/error.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/doors.hpp"
#include "reports/service/people/purpose.hpp"
#include "reports/service/people/words_form.hpp"

namespace answerable::service {
namespace {

using components::ErrorSummary;

constexpr pg::Statement words_sought{
    "search.words",
    "SELECT subject, scheme, value, kind, id, sender, received_on FROM answerable.search_words($1, $2, $3)"};

constexpr std::size_t longest_words_sought = 200;

std::string error_at(const std::vector<ErrorSummary::Error>& errors, std::string_view field) {
  const auto found = std::ranges::find(errors, field, &ErrorSummary::Error::field);
  return found == errors.end() ? "" : found->text;
}

std::vector<ErrorSummary::Error> faults_of_search(const Visit& visit) {
  std::vector<ErrorSummary::Error> errors;
  const auto words = visit.field("within");
  if (words.size() < 3 || words.size() > longest_words_sought)
    errors.push_back({"Write at least one word of three letters, and at most 200 letters.", "within"});
  if (visit.field("purpose").empty()) errors.push_back({"Choose what you search for.", "purpose"});
  if (visit.field("reference").empty())
    errors.push_back({"Give the reference of the complaint, the monitoring, the audit or the request.", "reference"});
  return errors;
}

/// Nothing where more records hold the words than are looked through (0017).
std::optional<pg::Result> records_holding(const Visit& visit) {
  constexpr std::string_view program_limit_exceeded = "54000";
  const auto records = visit.records();
  try {
    pg::Transaction transaction(*records, pg::Access::read_write);
    auto rows = transaction.run(words_sought, visit.field("within"), visit.field("purpose"), visit.field("reference"));
    transaction.commit();
    return rows;
  } catch (const pg::Error& error) {
    if (error.sqlstate == program_limit_exceeded && error.constraint.empty()) return std::nullopt;
    throw;
  }
}

components::Table found_records(const pg::Result& rows) {
  components::Table table{.caption = "Records that hold these words",
                          .columns = {{"Person"}, {"Record"}, {"Sent by"}, {"Received"}},
                          .rows = {},
                          .wide = true,
                          .when_empty = "No record that you may search holds all these words."};
  for (int row = 0; row < rows.rows(); ++row)
    table.rows.push_back(
        {components::Link{pages::identifier_words({std::string(rows.text(row, 1)), std::string(rows.text(row, 2))}),
                          fmt::format("/people/open?person={}", rows.int32(row, 0))},
         fmt::format("{} {}", pages::capital(pages::code_words(rows.text(row, 3))), rows.text(row, 4)),
         std::string(rows.text(row, 5)), words(rows.day(row, 6))});
  return table;
}

}  // namespace

void add_words_form(Page& page, const Visit& visit, const std::vector<ErrorSummary::Error>& errors) {
  const bool may = std::ranges::any_of(
      doors(), [&](const Door& door) { return door.path == "/search/records" && door.who.admits(visit.actor()); });
  if (!may) return;
  page.heading("Words within people’s records");
  page.paragraph(
      "Records are found in which all the words stand, whatever their endings. Not searched: visits, the content of "
      "documents, records over 1 MB, and what came in a moment ago. You are shown whose record it is and of which "
      "kind, not what it says; at most 20 people. That you searched, and for which purpose, goes on the ledger beside "
      "each "
      "person shown, and is shown to whoever reads their record and to the Caldicott guardian.");
  page.add(post_form(
      visit, "/search/records",
      render::joined({components::TextInput{.name = "within",
                                            .label = "Words",
                                            .hint = "A phrase in quotation marks is searched for as it stands.",
                                            .error = error_at(errors, "within"),
                                            .value = visit.field("within")},
                      purpose_select(visit.field("purpose"), error_at(errors, "purpose")),
                      components::TextInput{.name = "reference",
                                            .label = "Reference",
                                            .hint = "Of the complaint, the monitoring, the audit or the request.",
                                            .error = error_at(errors, "reference"),
                                            .value = visit.field("reference"),
                                            .width = components::TextInput::Width::w20},
                      components::Button{"Search records"}})));
}

http::Response search_words(Visit& visit) {
  Page page(visit, "Search records");
  page.under({{"Search", "/search"}});
  const auto errors = faults_of_search(visit);
  if (!errors.empty()) {
    page.errors(errors);
    add_words_form(page, visit, errors);
    return std::move(page).answer();
  }
  const auto found = records_holding(visit);
  if (!found) {
    const std::vector<ErrorSummary::Error> too_many{
        {"More than 20,000 records hold these words. Add a word, or put words that belong together in quotation marks.",
         "within"}};
    page.errors(too_many);
    add_words_form(page, visit, too_many);
    return std::move(page).answer();
  }
  page.add(found_records(*found));
  add_words_form(page, visit, {});
  return std::move(page).answer();
}

}  // namespace answerable::service
