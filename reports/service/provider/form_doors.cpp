// Forms for those who have no system that writes files: one record at a time.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/delivery.hpp"
#include "reports/service/provider/fault_parts.hpp"
#include "reports/service/provider/filling.hpp"
#include "reports/service/provider/handlers.hpp"

namespace answerable::service::provider_desk {
namespace {

using namespace components;
using render::joined;

constexpr std::string_view id_field = "@id";

/// Whether records of this kind may carry a file.
bool takes_file(const FormOf& form) {
  return std::ranges::any_of(forms::parts_of(*form.record.complex),
                             [](const forms::Part& part) { return forms::ask_of(*part.element) == forms::Ask::file; });
}

std::string path_of(const FormOf& form) {
  return "/forms/" + form.kind.name;
}

http::Response form_page(const Visit& visit, const FormOf& form, const Desk& desk, forms::Answers answers,
                         const forms::Errors& errors) {
  if (answers.typed(id_field).empty()) answers.set(std::string(id_field), fresh_number("F"));
  Page page(visit, form.kind.title);
  page.under({{"Forms", "/forms"}});
  if (!errors.empty()) page.errors(forms::summary_of(errors, form.record));
  page.paragraph(form.record.documentation);
  const bool file = takes_file(form);
  Fragment buttons = file ? Fragment(Button{.text = "Send", .name = "do", .value = "send"})
                          : Fragment(Button{.text = "Continue", .name = "do", .value = "preview"});
  page.add(post_form(visit, path_of(form),
                     joined({head_fields(visit, head_of(visit, desk)), name_field(visit, desk),
                             forms::fields(form.record, answers, errors, desk.known), buttons}),
                     file ? Sends::files : Sends::fields));
  return std::move(page).answer();
}

/// Everything that was filled in, to be read over before it goes.
http::Response preview_page(const Visit& visit, const FormOf& form, const Desk& desk, const forms::Head& head,
                            const forms::Answers& answers, std::span<const Fault> faults) {
  Page page(visit, "Check what you send");
  page.under({{"Forms", "/forms"}, {form.kind.title, path_of(form)}});
  page.caption(form.kind.title);
  if (!faults.empty()) page.heading("It can be sent. These are worth a look").add(faults_shown(faults));
  page.add(SummaryList{.rows = forms::said(form.record, answers)});
  Fragment kept = head_fields(visit, head);
  for (const auto& [name, value] : answers.all())
    if (!name.starts_with("form-") && name != "csrf" && name != "do") kept += hidden_field(name, value);
  page.add(post_form(visit, path_of(form),
                     joined({kept, ButtonGroup{{Button{.text = "Send", .name = "do", .value = "send"},
                                                Button{.text = "Change something",
                                                       .kind = Button::Kind::secondary,
                                                       .name = "do",
                                                       .value = "change"}}}})));
  page.paragraph(fmt::format("It goes to {} from {}. Nothing is stored until you send it.", desk.ends.authority.name,
                             desk.ends.sender.name));
  return std::move(page).answer();
}

std::vector<Fault> errors_among(std::span<const Fault> faults) {
  std::vector<Fault> errors;
  std::ranges::copy_if(faults, std::back_inserter(errors),
                       [](const Fault& fault) { return fault.severity == Severity::error; });
  return errors;
}

}  // namespace

http::Response form_list(Visit& visit) {
  Page page(visit, "Forms");
  page.paragraph(
      joined({"For whoever has no system that writes files. Each form makes the same record as a file would; what you "
              "leave empty is left out. For a week’s visits take ",
              Link{"the visit sheet", "/visits"}, "."}));
  Table table{.caption = "Records you can send", .columns = {{"Record"}, {"What it is"}}, .rows = {}};
  for (const auto& form : all_forms(visit))
    table.rows.push_back({Link{form.kind.title, path_of(form)}, form.record.documentation});
  page.add(table);
  return std::move(page).answer();
}

http::Response show_form(Visit& visit) {
  const auto form = form_of(visit, visit.request.parameters.at("kind"));
  return form_page(visit, form, desk_of(visit), {}, {});
}

http::Response fill_form(Visit& visit) {
  const auto form = form_of(visit, visit.request.parameters.at("kind"));
  auto answers = answers_of(visit);
  take_file(visit, form.record, answers);
  const auto desk = desk_of(visit);
  const std::string what = visit.field("do");
  if (what != "send" && what != "preview") return form_page(visit, form, desk, answers, {});
  const auto head = head_of(visit, desk);
  forms::Writing writing(head);
  const std::string file = writing.record(form.record, form.kind.ns, answers).finish();
  const auto& token = visit.member.value().token;
  const auto checked = visit.hall.sending.check(token, file);
  if (checked.taken_in_as.empty())
    if (const auto errors = errors_among(checked.faults); !errors.empty())
      return form_page(visit, form, desk, answers, forms::by_field(writing, errors));
  if (what == "preview") return preview_page(visit, form, desk, head, answers, checked.faults);
  const auto sent = visit.hall.sending.submit(token, file);
  if (const auto* refused = std::get_if<Refused>(&sent))
    return form_page(visit, form, desk, answers, forms::by_field(writing, refused->faults));
  if (const auto* later = std::get_if<Waiting>(&sent)) return see_other("/send/waiting/" + later->upload);
  return after_taking(visit, std::get<Taken>(sent));
}

}  // namespace answerable::service::provider_desk
