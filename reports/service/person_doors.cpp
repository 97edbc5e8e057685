// One person: opened for a purpose that is stated, or not at all.
#include <fmt/format.h>

#include "audit/engine/council_rules.hpp"
#include "audit/events/reads.hpp"
#include "ingest/base64.hpp"
#include "ingest/cli/program.hpp"
#include "reports/cli/whom.hpp"
#include "reports/pages/document.hpp"
#include "reports/pages/gather.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/html_style.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

http::Response opening_page(Visit& visit, std::string_view fault, int status) {
  Page page("Open a person’s record", visit.member);
  if (!fault.empty()) page.fault(fault);
  page.paragraph(
      "Say what for. That you opened the record goes on the ledger, is shown to whoever reads the record, "
      "and to the Caldicott guardian. It stays open to you for eight hours.");
  page.form("/people/open");
  page.field({.label = "Whose",
              .name = "identifier",
              .value = visit.field("identifier"),
              .hint = "An NHS number, council:12345, sender:ods:RH5/88, or case:COMP-15-114 for the person a complaint "
                      "is about."});
  page.select("What for", "purpose",
              {{"", "Choose one"},
               {"complaint", "A complaint"},
               {"monitoring", "Monitoring a contract or agreement"},
               {"audit", "An audit"},
               {"subject-access", "A subject access request"}},
              visit.field("purpose"));
  page.field({.label = "Reference",
              .name = "reference",
              .value = visit.field("reference"),
              .hint = "Of the complaint, the monitoring, the audit or the request."});
  page.button("Open");
  return std::move(page).answer(status);
}

engine::Identifier identifier_in(const std::string& text) {
  constexpr std::string_view a_case = "case:";
  if (text.starts_with(a_case)) return {"case", text.substr(a_case.size())};
  return cli::parse_person(text);
}

std::optional<std::int32_t> person_of(Visit& visit, const engine::Identifier& identifier) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  return access::find_person(transaction, identifier.scheme, identifier.value);
}

/// Whose page this is. Nothing unless their record is open to whoever asks: whether there is such a person is not said.
std::optional<std::int32_t> open_subject(const Visit& visit, pg::Connection& connection) {
  const auto subject = number_in<std::int32_t>(visit.request.parameters.at("subject"));
  pg::Transaction transaction(connection, pg::Access::read_only);
  if (!subject || !access::is_open(transaction, *subject)) return std::nullopt;
  return subject;
}

/// The trail carries its own style, so that it can be kept and handed on; nothing but exactly that style may apply.
std::string policy_of_trail() {
  return fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; form-action 'none'; frame-ancestors 'none'; "
      "base-uri 'none'",
      base64(sha256(as_bytes(render::page_style.view()))));
}

http::Response opening_offered(const Visit& visit) {
  Page page("This record is not open to you", visit.member);
  page.paragraph("Nobody opens a person’s record without saying what for. If you did, the time it was open is over.");
  page.link("Open a person’s record", "/people/open");
  return std::move(page).answer(403);
}

}  // namespace

http::Response show_opening(Visit& visit) {
  return opening_page(visit, "", 200);
}

http::Response open_person(Visit& visit) {
  const auto purpose = access::parse_purpose(visit.field("purpose"));
  if (!purpose) return opening_page(visit, "Choose what you open the record for.", 422);
  const std::string reference = visit.field("reference");
  if (reference.empty())
    return opening_page(visit, "Give the reference of the complaint, the monitoring, the audit or the request.", 422);
  std::optional<std::int32_t> subject;
  try {
    subject = person_of(visit, identifier_in(visit.field("identifier")));
  } catch (const cli::Failure& failure) {
    return opening_page(visit, failure.what(), 422);
  }
  const auto event = [&]() -> std::optional<std::int64_t> {
    if (!subject) return std::nullopt;
    const auto records = visit.records();
    return access::open_record(*records, {*subject, *purpose, reference, "trail"});
  }();
  if (!event)
    return opening_page(visit,
                        "There is nobody of that number whose record you may open for that purpose. Check the number "
                        "and the purpose.",
                        403);
  return see_other(fmt::format("/people/{}", *subject));
}

http::Response person(Visit& visit) {
  const auto records = visit.records();
  const auto subject = open_subject(visit, *records);
  if (!subject) return opening_offered(visit);
  const auto& council = visit.actor().authority;
  auto catalogue = [&] {
    pg::Transaction transaction(*records, pg::Access::read_only);
    return engine::catalogue_for(transaction, council, visit.hall.kinds);
  }();
  const auto trail = pages::gather(
      *records, catalogue, visit.hall.kinds,
      {.authority = council, .subject = *subject, .case_reference = "", .as_of = london_day(now()), .known_at = {}});
  auto document = pages::document(trail);
  document.blocks.push_front(
      render::Paragraph{{render::link_to("Who has read this record", fmt::format("{}/reads", *subject)), " · ",
                         render::link_to("All pages of the service", "..")}});
  return {.content_type = "text/html; charset=utf-8",
          .body = render::html(document),
          .headers = {{"Content-Security-Policy", policy_of_trail()}}};
}

http::Response person_reads(Visit& visit) {
  const auto records = visit.records();
  const auto subject = open_subject(visit, *records);
  if (!subject) return opening_offered(visit);
  const auto reads = [&] {
    pg::Transaction transaction(*records, pg::Access::read_only);
    return events::reads_of(transaction, visit.actor().authority, *subject);
  }();
  Page page("Who has read this record", visit.member);
  page.link("The audit trail", fmt::format("/people/{}", *subject));
  page.table("Reads, the newest first", {"When", "Who", "What for", "What"});
  for (const auto& read : reads) {
    page.row().cell(pages::moment_words(read.at)).cell(read.by);
    page.cell(pages::code_words(read.purpose)).cell(read.what).end_row();
  }
  page.end_table();
  return std::move(page).answer();
}

}  // namespace answerable::service
