// What happened about a complaint, put on record: the council's own record of it, sent through the intake as any other.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/pages/wording.hpp"
#include "reports/service/complaints/case_file.hpp"
#include "reports/service/complaints/case_form.hpp"
#include "reports/service/complaints/case_frame.hpp"
#include "reports/service/complaints/complaint_record.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/record_sending.hpp"
#include "reports/service/complaints/work.hpp"
#include "reports/service/provider/delivery.hpp"

namespace answerable::service {
namespace {

/// What can be put on record, by its element.
struct Happening {
  std::string_view what, title;
};
constexpr std::array happenings{Happening{"acknowledged", "It was acknowledged"},
                                Happening{"discussed", "Its handling was talked over"},
                                Happening{"extensionAgreed", "A longer time was agreed"},
                                Happening{"delayLetter", "A letter explained a delay"},
                                Happening{"responded", "The reply was sent"},
                                Happening{"closed", "It was closed"}};

const Happening* happening(std::string_view what) {
  const auto found = std::ranges::find(happenings, what, &Happening::what);
  return found == happenings.end() ? nullptr : &*found;
}

using Options = std::vector<components::Select::Option>;
const Options& ways_of_writing() {
  static const Options options{{"", "Not on record"}, {"letter", "Letter"},       {"email", "E-mail"},
                               {"phone", "Phone"},    {"in-person", "In person"}, {"other", "Otherwise"}};
  return options;
}

Fragment select(const Visit& visit, std::string name, std::string label, Options options) {
  const auto chosen = visit.field(name);
  return components::Select{
      .name = std::move(name), .label = std::move(label), .options = std::move(options), .chosen = chosen};
}
Fragment words_field(const Visit& visit, std::string name, std::string label, std::string hint = "") {
  const auto value = visit.field(name);
  return components::Textarea{.name = std::move(name),
                              .label = std::move(label),
                              .hint = hint.empty() ? Fragment() : Fragment(hint),
                              .value = value,
                              .rows = 3};
}

/// When it happened: a day up to today.
TypedDay happened_on(const Visit& visit) {
  auto on = typed_day(visit, "on", "When it happened");
  if (visit.request.method == "POST" && (!on.value || *on.value > london_day(now())))
    on.error = "Give the day on which it happened: today or before, as 27 3 2026.";
  return on;
}

/// \param on  when it happened, with what is wrong with it
Fragment fields_of(const Visit& visit, std::string_view what, const TypedDay& on) {
  const Fragment hint = "For example, 27 3 2026";
  Fragment fields = on.input("When", hint);
  const auto other_day = typed_day(visit, "day", "The second day");
  if (what == "acknowledged") fields += select(visit, "how", "How", ways_of_writing());
  if (what == "discussed") {
    fields += words_field(visit, "plan", "What was agreed");
    fields += Fragment(other_day.input("By when an answer was promised", hint));
  }
  if (what == "extensionAgreed") {
    fields += Fragment(other_day.input("Until when", hint));
    fields += select(visit, "agreed", "The complainant agreed",
                     {{"yes", "Yes"}, {"no", "No"}, {"not-recorded", "Not on record"}});
    fields += words_field(visit, "reason", "Why");
  }
  if (what == "delayLetter") fields += words_field(visit, "reason", "The reason it gives");
  if (what == "responded") {
    fields += select(visit, "to", "Sent to", recipients());
    fields += select(visit, "signed", "Signed by",
                     {{"", "Choose one"},
                      {"responsible-person", "The responsible person"},
                      {"authorised", "Somebody they authorised"},
                      {"other", "Somebody else"},
                      {"nobody", "Nobody"}});
    fields += select(visit, "fault", "It admits a fault", {{"", "Not on record"}, {"yes", "Yes"}, {"no", "No"}});
    fields += words_field(visit, "admitted", "The fault it admits, in its own words");
  }
  if (what == "closed") {
    fields += select(visit, "outcome", "Outcome",
                     {{"", "Not on record"},
                      {"upheld", "Upheld"},
                      {"partly-upheld", "Partly upheld"},
                      {"not-upheld", "Not upheld"},
                      {"not-considered", "Not considered"},
                      {"resolved", "Resolved"}});
    fields += words_field(visit, "detail", "The outcome in words");
  }
  return fields;
}

/// The parts of the reply that were drafted, as the record names them.
std::string parts_drafted(const Work& work) {
  std::string parts;
  for (const auto& part : reply_parts)
    if (!work.draft(part.piece).empty()) parts += fmt::format("{}{}", parts.empty() ? "" : " ", part.piece);
  return parts;
}

xml::Element element_of(const Visit& visit, const std::string& what, Day on, const Work& work) {
  const auto day = typed_day(visit, "day", "").value;
  const auto other_day = day ? iso(*day) : std::string();
  std::vector<std::pair<std::string, std::string>> children{{"on", iso(on)}};
  const auto add = [&](const char* name, std::string text) { children.emplace_back(name, std::move(text)); };
  if (what == "acknowledged") add("how", visit.field("how"));
  if (what == "discussed") {
    add("plan", visit.field("plan"));
    add("answerBy", other_day);
  }
  if (what == "extensionAgreed") {
    add("until", other_day);
    add("agreedByComplainant", visit.field("agreed"));
  }
  if (what == "extensionAgreed" || what == "delayLetter") add("reason", visit.field("reason"));
  if (what == "responded") {
    add("to", visit.field("to"));
    add("parts", parts_drafted(work));
    add("signedBy", visit.field("signed"));
    add("faultAdmitted", visit.field("fault"));
    add("admitted", visit.field("admitted"));
  }
  if (what == "closed") {
    add("outcome", visit.field("outcome"));
    add("detail", visit.field("detail"));
  }
  return complaint_element(what, std::move(children));
}

/// What another body sent, with who received it written out: in the council's record, nothing said would mean the
/// council.
xml::Element told_by(const CaseRecord& record) {
  auto element = record.element;
  for (auto& child : element.children) {
    if (child.name != "received" || child.child("by") != nullptr) continue;
    auto by = complaint_element("by", record.sender_name);
    const auto colon = record.sender.find(':');
    by.attributes = {{"scheme", record.sender.substr(0, colon)}, {"code", record.sender.substr(colon + 1)}};
    child.children.insert(child.children.begin() + 1, std::move(by));
  }
  return element;
}

xml::Element record_to_send(const Visit& visit, pg::Transaction& transaction, const Complaint& complaint,
                            const std::string& number) {
  const auto& authority = visit.actor().authority;
  const auto records = case_records(transaction, authority, complaint);
  std::optional<std::pair<std::string, xml::Element>> own;
  std::optional<xml::Element> other;
  for (const auto& record : records) {
    if (record.kind != "complaint") continue;
    if (record.sender == "cassr:" + authority)
      own = {record.id, record.element};
    else if (!other)
      other = told_by(record);
  }
  return complaint_to_send(own, other ? &*other : nullptr, number_of_person(transaction, authority, complaint, records),
                           number);
}

http::Response record_page(Visit& visit, std::vector<components::ErrorSummary::Error> errors) {
  return in_open_case(visit, [&](pg::Connection&, const OpenCase& open) {
    Page page = case_page(visit, open.complaint, "record");
    if (!errors.empty()) page.errors(errors);
    Pieces pieces;
    const auto path = case_path(open.complaint.reference, "record");
    const auto what = visit.query("what") + visit.field("what");
    if (const auto* it = happening(what)) {
      pieces.heading(std::string(it->title));
      Fragment fields = hidden_field("what", it->what);
      fields += fields_of(visit, it->what, happened_on(visit));
      fields += Fragment(components::Button{"Put on record"});
      pieces.add(post_form(visit, path, fields));
      pieces.says(
          "It becomes a record of the council’s, which cannot be changed afterwards, only corrected. The audit judges "
          "it within minutes.");
    } else {
      pieces.heading("What happened?");
      components::List choices{.items = {}, .kind = components::List::Kind::plain};
      for (const auto& one : happenings)
        choices.items.push_back(components::Link{std::string(one.title), fmt::format("{}?what={}", path, one.what)});
      pieces.add(choices);
      pieces.heading("The ombudsman, and putting it right");
      components::List forms{.items = {}, .kind = components::List::Kind::plain};
      forms.items.push_back(components::Link{"What the ombudsman asked, decided or recommended",
                                             case_path(open.complaint.reference, "ombudsman")});
      forms.items.push_back(
          components::Link{"A remedy was offered or given", case_form_path(open.complaint.reference, "remedy")});
      pieces.add(forms);
    }
    page.add(pieces.all());
    return std::move(page).answer();
  });
}

}  // namespace

http::Response show_case_record(Visit& visit) {
  return record_page(visit, {});
}

http::Response add_case_record(Visit& visit) {
  const auto what = visit.field("what");
  if (happening(what) == nullptr) return record_page(visit, {{"Choose what happened."}});
  const auto on = happened_on(visit), other_day = typed_day(visit, "day", "The second day");
  std::vector<components::ErrorSummary::Error> errors;
  for (const auto& day : {on, other_day})
    if (!day.error.empty()) errors.push_back({day.error, day.id + "-day"});
  if (!errors.empty()) return record_page(visit, std::move(errors));
  auto answer = in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    const auto number = provider_desk::fresh_number("pages");
    const auto file = [&] {
      pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
      auto record = record_to_send(visit, transaction, open.complaint, number);
      put_in_order(record, element_of(visit, what, *on.value, work_on(transaction, open.complaint.reference)));
      return submission_of(sending_council(transaction, visit.actor().authority), number, std::move(record));
    }();
    errors = summary_of(send_record(visit, file));
    return done(visit, case_path(open.complaint.reference), "It was put on record.");
  });
  return errors.empty() ? std::move(answer) : record_page(visit, std::move(errors));
}

}  // namespace answerable::service
