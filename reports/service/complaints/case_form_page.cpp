// The ombudsman's letters, decision and recommendations, and remedies, put on record from a complaint's pages.
#include <fmt/format.h>

#include <algorithm>

#include "ingest/http/problem.hpp"
#include "reports/service/complaints/case_form.hpp"
#include "reports/service/complaints/case_frame.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/record_sending.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

/// What the address, or the form, asks for.
struct FormAsked {
  const CaseForm& form;
  std::string of;
  std::size_t number{};
};

FormAsked form_asked(const Visit& visit) {
  const auto* form = case_form(visit.request.parameters.at("form"));
  if (form == nullptr)
    throw http::Problem{
        .status = 404, .title = "No such form", .detail = "Choose from what can be put on record about the complaint."};
  const auto either = [&](const char* name) {
    return visit.request.method == "POST" ? visit.field(name) : visit.query(name);
  };
  const auto number = number_in<int>(either("n")).value_or(0);
  return {*form, either("of"), static_cast<std::size_t>(std::max(number, 0))};
}

/// Everything the form is made from.
struct FormDesk {
  provider_desk::FormOf record;
  FilledForm filled;
  forms::Known known;
  forms::Head head;
};

FormDesk form_desk(const Visit& visit, pg::Connection& connection, const OpenCase& open, const FormAsked& asked) {
  const auto& authority = visit.actor().authority;
  pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  const auto records = case_records(transaction, authority, open.complaint);
  const auto own = std::ranges::find_if(records, [&](const CaseRecord& one) {
    return one.kind == asked.form.kind && one.id == asked.of && one.sender == "cassr:" + authority;
  });
  if (own == records.end() && !asked.of.empty())
    throw http::Problem{.status = 409,
                        .title = "The record was changed meanwhile",
                        .detail = "Nothing was stored. Open the complaint again, and begin from what it says now."};
  const auto record = provider_desk::form_of(visit, asked.form.kind);
  const auto person = number_of_person(transaction, authority, open.complaint, records);
  FormDesk desk{.record = record,
                .filled = filled_form(asked.form, record, open.complaint, own == records.end() ? nullptr : &*own,
                                      person, asked.number),
                .known = known_of_case(transaction, authority, open.complaint, person),
                .head = {}};
  if (asked.form.word == "letter") take_drafts(desk.filled, work_on(transaction, open.complaint.reference));
  const auto council = sending_council(transaction, authority);
  desk.head = {.message_id = visit.field("message").empty() ? fresh_number() : visit.field("message"),
               .sender = {"cassr", council.code, council.name},
               .authority = {"cassr", council.code, council.name},
               .agreement = {},
               .created_at = parse_instant(visit.field("made")).value_or(now())};
  desk.filled.answers.set("@id", desk.head.message_id);
  desk.filled.answers.set("@corrects", asked.of);
  return desk;
}

Page form_page(const Visit& visit, const OpenCase& open, const FormAsked& asked, const FormDesk& desk,
               const forms::Errors& errors) {
  Page page = case_page(visit, open.complaint, "record");
  if (!errors.empty()) page.errors(forms::summary_of(errors, desk.record.record));
  page.heading(std::string(asked.form.title));
  page.paragraph(
      "What you leave empty is left out. It becomes a record of the council’s, which cannot be changed afterwards, "
      "only corrected. The audit judges it within minutes.");
  const auto& filled = desk.filled;
  Fragment content = render::joined(
      {hidden_field("of", asked.of), hidden_field("n", asked.number > 0 ? std::to_string(asked.number) : ""),
       hidden_field("message", desk.head.message_id), hidden_field("made", iso(desk.head.created_at))});
  if (filled.field.empty()) {
    content += forms::fields(desk.record.record, filled.answers, errors, desk.known, asked.form.open);
  } else {
    for (const auto& part : forms::parts_of(*desk.record.record.complex))
      if (part.element->name == asked.form.part)
        content +=
            forms::fields_of_part(*part.element, filled.field, filled.answers, errors, desk.known, asked.form.open);
  }
  content += Fragment(components::Button{.text = "Put on record", .name = "do", .value = "send"});
  page.add(post_form(visit, case_path(open.complaint.reference, fmt::format("form/{}", asked.form.word)), content));
  return page;
}

/// Why nothing was stored, by field; nothing when it was.
forms::Errors send_form(const Visit& visit, const FormAsked& asked, FormDesk& desk) {
  auto& answers = desk.filled.answers;
  if (!desk.filled.field.empty() && !answers.any(desk.filled.field)) return {{"", "Nothing was filled in."}};
  answers.set("@id", desk.head.message_id);
  answers.set("@corrects", asked.of);
  forms::Writing writing(desk.head);
  const auto file = writing.record(desk.record.record, desk.record.kind.ns, answers).finish();
  return forms::by_field(writing, send_record(visit, file));
}

}  // namespace

http::Response show_case_form(Visit& visit) {
  const auto asked = form_asked(visit);
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    const auto& reference = open.complaint.reference;
    // A part needs a record to stand in.
    if (!asked.form.part.empty() && asked.of.empty()) return see_other(case_form_path(reference, asked.form.kind));
    return form_page(visit, open, asked, form_desk(visit, connection, open, asked), {}).answer();
  });
}

http::Response fill_case_form(Visit& visit) {
  const auto asked = form_asked(visit);
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    auto desk = form_desk(visit, connection, open, asked);
    take_typed(desk.filled, provider_desk::answers_of(visit));
    if (visit.field("do") != "send") return form_page(visit, open, asked, desk, {}).answer();
    const auto errors = send_form(visit, asked, desk);
    if (!errors.empty()) return form_page(visit, open, asked, desk, errors).answer();
    return done(visit, case_path(open.complaint.reference, asked.form.kind == "ombudsman" ? "ombudsman" : ""),
                "It was put on record.");
  });
}

}  // namespace answerable::service
