// A complaint that came in, put on the register: a record of the council's, sent through the intake.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "ingest/identifiers.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/complaints/complaint_record.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/pieces.hpp"
#include "reports/service/complaints/record_sending.hpp"
#include "reports/service/provider/delivery.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement registered_taken{"register.take", "SELECT answerable.take_registered($1)"};

/// schemas/common/1: the functions a complaint may be about.
constexpr std::array<std::string_view, 15> functions{"assessment",
                                                     "eligibility",
                                                     "care-planning",
                                                     "review",
                                                     "direct-payments",
                                                     "care-and-support",
                                                     "carer-support",
                                                     "aftercare-117",
                                                     "information-and-advice",
                                                     "advocacy",
                                                     "safeguarding",
                                                     "charging",
                                                     "integration",
                                                     "deprivation-of-liberty",
                                                     "complaints"};

std::vector<std::string> functions_chosen(const Visit& visit) {
  std::vector<std::string> chosen;
  for (const auto& [name, value] : visit.form.fields)
    if (name == "about" && std::ranges::find(functions, value) != functions.end()) chosen.push_back(value);
  return chosen;
}

using Errors = std::vector<components::ErrorSummary::Error>;

std::string error_of(const Errors& errors, std::string_view field) {
  const auto found = std::ranges::find(errors, field, &components::ErrorSummary::Error::field);
  return found == errors.end() ? "" : found->text;
}

Fragment registering_fields(const Visit& visit, const Errors& errors) {
  const auto text = [&](std::string name, std::string label, std::string hint, components::TextInput::Width width) {
    return Fragment(components::TextInput{.name = name,
                                          .label = label,
                                          .hint = hint,
                                          .error = error_of(errors, name),
                                          .value = visit.field(name),
                                          .width = width});
  };
  using enum components::TextInput::Width;
  Fragment fields = text("reference", "Reference", "The council’s own, as C-25-7. Letters, digits and . _ : / -", w20);
  fields +=
      text("person", "NHS number of the person it is about", "Ten digits. Where it is not known: council:12345", w20);
  fields += Fragment(components::Select{.name = "from",
                                        .label = "Who complains",
                                        .options = recipients(),
                                        .chosen = visit.field("from"),
                                        .error = error_of(errors, "from")});
  fields += text("complainant", "The complainant’s name", "Where it is not the person themself.", full);
  auto on = typed_day(visit, "on", "The day");
  on.error = error_of(errors, "on-day");
  fields += Fragment(on.input("When it came in", "For example, 27 3 2026"));
  fields += Fragment(components::Select{.name = "how",
                                        .label = "How it came",
                                        .options = {{"", "Not on record"},
                                                    {"letter", "Letter"},
                                                    {"email", "E-mail"},
                                                    {"phone", "Phone"},
                                                    {"in-person", "In person"},
                                                    {"online-form", "Online form"},
                                                    {"other", "Otherwise"}},
                                        .chosen = visit.field("how")});
  fields += Fragment(components::Select{
      .name = "concerns",
      .label = "Whose work it is about",
      .options = {{"", "Choose one"},
                  {"council-function", "The council’s, done by it or for it"},
                  {"nhs-care", "NHS care"},
                  {"provider-care", "Care a provider gave on its own account"},
                  {"mixed", "Several of these"}},
      .chosen = visit.field("concerns"),
      .hint = "What a trust or provider did for the council is the council’s to answer (SI 2009/309 reg 6(1A)).",
      .error = error_of(errors, "concerns")});
  components::Checkboxes about{.name = "about", .legend = "What it is about", .items = {}, .small = true};
  const auto chosen = functions_chosen(visit);
  for (const auto function : functions)
    about.items.push_back({std::string(function),
                           pages::capital(pages::code_words(function)),
                           {},
                           {},
                           std::ranges::find(chosen, function) != chosen.end()});
  fields += Fragment(about);
  fields += Fragment(components::Textarea{.name = "head",
                                          .label = "What is complained of",
                                          .hint = "In the complainant’s words as far as possible. One matter a line.",
                                          .value = visit.field("head"),
                                          .rows = 5});
  fields += Fragment(components::Button{"Put on the register"});
  return fields;
}

http::Response registering_page(Visit& visit, const Errors& errors) {
  Page page(visit, "Register a complaint");
  page.under({{"Complaints", "/complaints"}});
  if (!errors.empty()) page.errors(errors);
  Pieces pieces;
  pieces.says(
      "It becomes a record of the council’s and is assigned to you. It has to be acknowledged within three working "
      "days of the day it came in (SI 2009/309 reg 13(3); paragraph number not verified).");
  pieces.add(post_form(visit, "/complaints-register", registering_fields(visit, errors)));
  page.add(pieces.all());
  return std::move(page).answer();
}

/// "council:12345" or an NHS number, as a person element. Nothing when it is neither.
std::optional<xml::Element> person_in(const Visit& visit) {
  auto text = visit.field("person");
  std::erase(text, ' ');
  auto person = complaint_element("person");
  constexpr std::string_view council = "council:";
  const bool of_council = text.starts_with(council);
  person.text = of_council ? text.substr(council.size()) : text;
  person.attributes = {{"scheme", of_council ? "council" : "nhs-number"}};
  if (person.text.empty() || check_identifier(person.attributes.front().second, person.text)) return std::nullopt;
  return person;
}

Errors what_is_wrong(const Visit& visit, const std::optional<Day>& on) {
  Errors errors;
  if (visit.field("reference").empty()) errors.push_back({"Give the complaint a reference, as C-25-7.", "reference"});
  if (!person_in(visit))
    errors.push_back({"Give the NHS number, ten digits with the right check digit, or council:12345.", "person"});
  if (visit.field("from").empty()) errors.push_back({"Choose who complains.", "from"});
  if (!on || *on > london_day(now()))
    errors.push_back({"Give the day it came in: today or before, as 27 3 2026.", "on-day"});
  if (visit.field("concerns").empty()) errors.push_back({"Choose whose work it is about.", "concerns"});
  return errors;
}

xml::Element complaint_of(const Visit& visit, Day on, const std::string& number) {
  auto record = complaint_element("complaint");
  record.attributes = {{"id", number}};
  record.children.push_back(*person_in(visit));
  for (const char* name : {"reference", "from", "complainant", "concerns"})
    if (!visit.field(name).empty()) put_in_order(record, complaint_element(name, visit.field(name)));
  if (const auto chosen = functions_chosen(visit); !chosen.empty())
    put_in_order(record, complaint_element("about", fmt::format("{}", fmt::join(chosen, " "))));
  put_in_order(record, complaint_element("received", {{"on", iso(on)}, {"how", visit.field("how")}}));
  std::istringstream heads(visit.field("head"));
  for (std::string line; std::getline(heads, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) put_in_order(record, complaint_element("head", {{"words", line}}));
  }
  return record;
}

}  // namespace

http::Response show_registering(Visit& visit) {
  return registering_page(visit, {});
}

http::Response register_complaint(Visit& visit) {
  const auto on = typed_day(visit, "on", "The day").value;
  if (const auto errors = what_is_wrong(visit, on); !errors.empty()) return registering_page(visit, errors);
  const auto reference = visit.field("reference"), number = provider_desk::fresh_number("pages");
  const auto records = visit.records();
  const auto file = [&] {
    pg::Transaction transaction(*records, pg::Access::read_only);
    return submission_of(sending_council(transaction, visit.actor().authority), number,
                         complaint_of(visit, *on, number));
  }();
  if (const auto errors = send_record(visit, file); !errors.empty()) return registering_page(visit, summary_of(errors));
  pg::Transaction transaction(*records, pg::Access::read_write);
  const bool taken = transaction.run_one(registered_taken, reference).boolean(0, 0);
  transaction.commit();
  if (!taken) return done(visit, "/complaints", "The complaint is on the register. Somebody else handles it.");
  return done(visit, case_path(reference), "The complaint is on the register, and assigned to you.");
}

}  // namespace answerable::service
