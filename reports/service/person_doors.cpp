// One person: opened for a purpose that is stated, or not at all.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "audit/events/reads.hpp"
#include "ingest/cli/program.hpp"
#include "reports/cli/whom.hpp"
#include "reports/pages/document.hpp"
#include "reports/pages/gather.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/service/document_page.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/people/opened.hpp"
#include "reports/service/people/purpose.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

/// What is wrong with what was sent, and about which field.
struct OpeningFault {
  std::string field{}, says{};

  std::string about(std::string_view name) const { return field == name ? says : ""; }
};

http::Response opening_page(const Visit& visit, const OpeningFault& fault, int status) {
  Page page(visit, "Open a person’s record");
  if (!fault.says.empty()) page.errors({{fault.says, fault.field}});
  page.paragraph(
      "Say what for. That you opened the record goes on the ledger, is shown to whoever reads the record, "
      "and to the Caldicott guardian. It stays open to you for eight hours.");
  // Somebody found by a search is known by their number here.
  const auto person = number_in<std::int32_t>(visit.field("person") + visit.query("person"));
  if (person) page.paragraph("The person you chose.");
  page.add(post_form(
      visit, "/people/open",
      render::joined(
          {person ? hidden_field("person", std::to_string(*person))
                  : ui::TextInput{.name = "identifier",
                                  .label = "Whose",
                                  .hint = "An NHS number, the council’s own number for the person, or the reference "
                                          "of a complaint about them. A provider’s number is written "
                                          "sender:ods:RH5/88.",
                                  .error = fault.about("identifier"),
                                  .value = visit.field("identifier")},
           purpose_select(visit.field("purpose"), fault.about("purpose")),
           ui::TextInput{.name = "reference",
                         .label = "Reference",
                         .hint = "Of the complaint, the monitoring, the audit or the request.",
                         .error = fault.about("reference"),
                         .value = visit.field("reference") + visit.query("reference")},
           ui::Button{.text = "Open"}})));
  return std::move(page).answer(status);
}

/// What was typed may mean, the likelier first. Ten digits are an NHS number and nothing else.
std::vector<engine::Identifier> identifiers_in(const std::string& text) {
  constexpr std::string_view a_case = "case:";
  if (text.starts_with(a_case)) return {{"case", text.substr(a_case.size())}};
  std::string digits = text;
  std::erase_if(digits, [](char c) { return c == ' ' || c == '-'; });
  const bool nhs_number = digits.size() == 10 && digits.find_first_not_of("0123456789") == digits.npos;
  if (nhs_number || text.find(':') != text.npos) return {cli::parse_person(nhs_number ? digits : text)};
  return {{"council", text}, {"case", text}};
}

std::optional<std::int32_t> person_of(Visit& visit, const std::string& typed) {
  const auto identifiers = identifiers_in(typed);
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  for (const auto& identifier : identifiers)
    if (const auto person = access::find_person(transaction, identifier.scheme, identifier.value)) return person;
  return std::nullopt;
}

}  // namespace

std::optional<std::int32_t> open_subject(const Visit& visit, pg::Connection& records) {
  const auto subject = number_in<std::int32_t>(visit.request.parameters.at("subject"));
  pg::Transaction transaction(records, pg::Access::read_only);
  if (!subject || !access::is_open(transaction, *subject)) return std::nullopt;
  return subject;
}

http::Response opening_offered(const Visit& visit) {
  Page page(visit, "This record is not open to you");
  page.paragraph("Nobody opens a person’s record without saying what for. If you did, the time it was open is over.");
  page.paragraph(ui::Link{.text = "Open a person’s record", .href = "/people/open"});
  return std::move(page).answer(403);
}

http::Response show_opening(Visit& visit) {
  return opening_page(visit, {}, 200);
}

http::Response open_person(Visit& visit) {
  const auto purpose = access::parse_purpose(visit.field("purpose"));
  if (!purpose) return opening_page(visit, {"purpose", "Choose what you open the record for."}, 422);
  const std::string reference = visit.field("reference");
  if (reference.empty())
    return opening_page(
        visit, {"reference", "Give the reference of the complaint, the monitoring, the audit or the request."}, 422);
  auto subject = number_in<std::int32_t>(visit.field("person"));
  if (!subject && visit.field("identifier").empty())
    return opening_page(visit, {"identifier", "Say whose record: give a number, or the reference of a complaint."},
                        422);
  try {
    if (!subject) subject = person_of(visit, visit.field("identifier"));
  } catch (const cli::Failure& failure) {
    return opening_page(visit, {"identifier", failure.what()}, 422);
  }
  const auto event = [&]() -> std::optional<std::int64_t> {
    if (!subject) return std::nullopt;
    const auto records = visit.records();
    return access::open_record(*records, {*subject, *purpose, reference, "trail"});
  }();
  if (!event)
    return opening_page(visit,
                        {"identifier",
                         "There is nobody of that number whose record you may open for that purpose. Check the number "
                         "and the purpose, or search by name first."},
                        403);
  const auto then = visit.field("then");
  return see_other(then.starts_with("/complaints/") ? then : fmt::format("/people/{}", *subject));
}

http::Response person_trail(Visit& visit) {
  const auto records = visit.records();
  const auto subject = open_subject(visit, *records);
  if (!subject) return opening_offered(visit);
  const auto& council = visit.actor().authority;
  auto rules = [&] {
    pg::Transaction transaction(*records, pg::Access::read_only);
    return visit.hall.rules.lend(transaction, council);
  }();
  const auto trail = pages::gather(
      *records, *rules, visit.hall.kinds,
      {.authority = council, .subject = *subject, .case_reference = "", .as_of = london_day(now()), .known_at = {}});
  const auto frame = render::joined(
      {ui::Paragraph{render::joined(
           {ui::Link{"Home", "/"}, " · ", ui::Link{"The person’s page", fmt::format("/people/{}", *subject)}})},
       post_form(visit, "/sign-out", ui::Button{.text = "Sign out"})});
  return document_page(pages::document(trail), frame);
}

http::Response person_reads(Visit& visit) {
  const auto records = visit.records();
  const auto subject = open_subject(visit, *records);
  if (!subject) return opening_offered(visit);
  const auto reads = [&] {
    pg::Transaction transaction(*records, pg::Access::read_only);
    return events::reads_of(transaction, visit.actor().authority, *subject);
  }();
  Page page(visit, "Who has read this record");
  page.under({{"Open a person’s record", "/people/open"}, {"The person", fmt::format("/people/{}", *subject)}});
  ui::Table table{.caption = "Reads, the newest first",
                  .columns = {{"When"}, {"Who"}, {"What for"}, {"What"}},
                  .rows = {},
                  .wide = true};
  for (const auto& read : reads)
    table.rows.push_back({pages::time_words(read.at), read.by, pages::capital(pages::code_words(read.purpose)),
                          pages::capital(pages::code_words(read.what))});
  page.add(table);
  return std::move(page).answer();
}

}  // namespace answerable::service
