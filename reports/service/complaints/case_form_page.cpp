// The ombudsman's letters, decision and recommendations, remedies and what proves them, put on record from a
// complaint's pages.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/http/problem.hpp"
#include "reports/service/complaints/case_form.hpp"
#include "reports/service/complaints/case_frame.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/record_sending.hpp"
#include "reports/service/links.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/provider/delivery.hpp"

namespace answerable::service {
namespace {

/// What is asked of somebody who sends a document as proof: the file first.
constexpr std::array proof_fields{"content", "is", "title", "created", "author"};

/// What the address, or the form, asks for.
struct FormAsked {
  const CaseForm& form;
  std::string of;
  std::size_t number{};
  const CaseForm* proves{};  ///< of a document: the form whose record, or part of one, `of` and `number` are

  bool is_document() const { return form.kind == "document"; }
  /// The record that what is sent corrects: a document corrects none.
  std::string corrects() const { return proves == nullptr ? of : ""; }
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
  const auto* proves = form->kind == "document" ? case_form(either("proves")) : nullptr;
  return {*form, either("of"), static_cast<std::size_t>(std::max(number, 0)), proves};
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
    return one.kind == asked.form.kind && one.id == asked.corrects() && one.sender == "cassr:" + authority;
  });
  if (own == records.end() && !asked.corrects().empty())
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
  if (const auto proof = visit.query("proof"); !proof.empty()) take_proof(desk.filled, asked.form, proof);
  if (asked.form.word == "letter") take_drafts(desk.filled, work_on(transaction, open.complaint.reference));
  const auto council = sending_council(transaction, authority);
  desk.head = {
      .message_id = visit.field("message").empty() ? provider_desk::fresh_number("pages") : visit.field("message"),
      .sender = {"cassr", council.code, council.name},
      .authority = {"cassr", council.code, council.name},
      .agreement = {},
      .created_at = parse_instant(visit.field("made")).value_or(now())};
  desk.filled.answers.set("@id", desk.head.message_id);
  desk.filled.answers.set("@corrects", asked.corrects());
  return desk;
}

Fragment fields_of(const FormAsked& asked, const FormDesk& desk, const forms::Errors& errors) {
  const auto& [record, filled, known, head] = desk;
  const auto parts = forms::parts_of(*record.record.complex);
  const auto part = [&](std::string_view name) {
    return *std::ranges::find(parts, name, [](const forms::Part& one) { return one.element->name; });
  };
  if (asked.is_document()) {
    Fragment all;
    for (const auto* name : proof_fields) all += forms::field(part(name), name, filled.answers, errors, known);
    return all;
  }
  if (filled.field.empty()) return forms::fields(record.record, filled.answers, errors, known, asked.form.open);
  return forms::fields_of_part(*part(asked.form.part).element, filled.field, filled.answers, errors, known,
                               asked.form.open);
}

Page form_page(const Visit& visit, const OpenCase& open, const FormAsked& asked, const FormDesk& desk,
               const forms::Errors& errors) {
  Page page = case_page(visit, open.complaint, "record");
  if (!errors.empty()) page.errors(forms::summary_of(errors, desk.record.record));
  page.heading(std::string(asked.form.title));
  page.paragraph(
      "What you leave empty is left out. It becomes a record of the council’s, which cannot be changed afterwards, "
      "only corrected. The audit judges it within minutes.");
  Fragment content = render::joined(
      {hidden_field("of", asked.of), hidden_field("n", asked.number > 0 ? std::to_string(asked.number) : ""),
       hidden_field("proves", asked.proves != nullptr ? asked.proves->word : ""),
       hidden_field("message", desk.head.message_id), hidden_field("made", iso(desk.head.created_at)),
       fields_of(asked, desk, errors), components::Button{.text = "Put on record", .name = "do", .value = "send"}});
  page.add(post_form(visit, case_path(open.complaint.reference, fmt::format("form/{}", asked.form.word)), content,
                     asked.is_document() ? Sends::files : Sends::fields));
  return page;
}

/// Why nothing was stored, by field; nothing when it was.
forms::Errors send_form(const Visit& visit, const FormAsked& asked, FormDesk& desk) {
  auto& answers = desk.filled.answers;
  if (!desk.filled.field.empty() && !answers.any(desk.filled.field)) return {{"", "Nothing was filled in."}};
  if (asked.is_document() && answers.typed("content").empty()) return {{"content", "Choose the file that proves it."}};
  answers.set("@id", desk.head.message_id);
  answers.set("@corrects", asked.corrects());
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
    const auto typed = provider_desk::answers_of(visit);
    if (asked.is_document())  // it asks for a part of the record: whose it is stands already
      for (const auto& [name, value] : typed.all()) desk.filled.answers.set(name, value);
    else
      take_typed(desk.filled, typed);
    provider_desk::take_file(visit, desk.record.record, desk.filled.answers);
    if (visit.field("do") != "send") return form_page(visit, open, asked, desk, {}).answer();
    const auto errors = send_form(visit, asked, desk);
    if (!errors.empty()) return form_page(visit, open, asked, desk, errors).answer();
    if (asked.proves != nullptr)
      return done(visit,
                  fmt::format("{}&proof={}",
                              case_form_path(open.complaint.reference, asked.proves->word, asked.of, asked.number),
                              url_part(desk.head.message_id)),
                  "The document was put on record, and is chosen below as proof. Give the days, and put that on record "
                  "too.");
    return done(visit, case_path(open.complaint.reference, asked.form.kind == "ombudsman" ? "ombudsman" : ""),
                "It was put on record.");
  });
}

}  // namespace answerable::service
