// The name and colour of a council's pages, for its administrator.
#include "ingest/http/problem.hpp"
#include "ingest/pg/connection.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

constexpr pg::Statement set_look{"look.set", "SELECT answerable.set_council_look($1, $2)"};

constexpr std::size_t longest_name = 100;

http::Response look_page(const Visit& visit, const Council& look, const std::string& name_fault,
                         const std::string& colour_fault) {
  Page page(visit, "Name and colour");
  std::vector<ui::ErrorSummary::Error> errors;
  if (!name_fault.empty()) errors.push_back({name_fault, "name"});
  if (!colour_fault.empty()) errors.push_back({colour_fault, "colour"});
  page.errors(std::move(errors));
  page.paragraph("They stand at the top of every page, for everybody of this council.");
  page.add(post_form(
      visit, "/look",
      render::joined({ui::TextInput{.name = "name",
                                    .label = "Name",
                                    .hint = "As the council calls itself.",
                                    .error = name_fault,
                                    .value = look.name},
                      ui::TextInput{.name = "colour",
                                    .label = "Colour",
                                    .hint = "Behind the name, which is white: six hexadecimal digits, such as 1d70b8.",
                                    .error = colour_fault,
                                    .value = look.colour,
                                    .width = ui::TextInput::Width::w10,
                                    .prefix = "#"},
                      ui::Button{.text = "Save"}})));
  return std::move(page).answer();
}

std::string refuse_name(const std::string& name) {
  if (name.empty()) return "Enter the name of the council.";
  if (name.size() > longest_name) return "The name is longer than 100 letters. Enter a shorter one.";
  return "";
}

}  // namespace

http::Response show_look(Visit& visit) {
  return look_page(visit, visit.member->council, "", "");
}

http::Response change_look(Visit& visit) {
  const Council look{visit.field("name"), visit.field("colour")};
  const auto name_fault = refuse_name(look.name), colour_fault = refuse_colour(look.colour);
  if (!name_fault.empty() || !colour_fault.empty()) return look_page(visit, look, name_fault, colour_fault);
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_write);
  if (!transaction.run_one(set_look, look.name, look.colour).boolean(0, 0))
    throw http::Problem{.status = 403, .detail = "Nothing was changed. An administrator of accounts can."};
  transaction.commit();
  return done(visit, "/look", "The name and colour were changed.");
}

}  // namespace answerable::service
