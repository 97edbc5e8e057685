#include "reports/service/provider/filling.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "ingest/base64.hpp"
#include "ingest/digest.hpp"
#include "ingest/http/problem.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/delivery.hpp"

namespace answerable::service::provider_desk {
namespace {

constexpr const char* message_field = "form-message";
constexpr const char* made_field = "form-made";
constexpr const char* name_of_sender = "form-sender-name";

}  // namespace

FormOf form_of(const Visit& visit, std::string_view kind) {
  const xml::Kind* newest = nullptr;
  for (const auto& one : visit.hall.kinds.all())
    if (one.name == kind) newest = &one;  // sorted by version
  const auto* record = newest == nullptr ? nullptr : visit.hall.schemas.find(newest->ns, newest->element);
  if (record == nullptr || record->complex == nullptr)
    throw http::Problem{.status = 404, .title = "No such record", .detail = "Choose a kind of record from the list."};
  return {*newest, *record};
}

std::vector<FormOf> all_forms(const Visit& visit) {
  std::vector<FormOf> forms;
  std::string_view last;
  for (const auto& kind : visit.hall.kinds.all()) {
    if (kind.name == last) continue;
    last = kind.name;
    forms.push_back(form_of(visit, kind.name));
  }
  return forms;
}

Desk desk_of(const Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  Desk desk{.ends = ends(transaction, visit.actor()), .known = known(transaction, visit.actor())};
  if (const auto name = visit.field(name_of_sender); !desk.ends.named && !name.empty()) desk.ends.sender.name = name;
  desk.known.organisations = {desk.ends.sender, desk.ends.authority};
  return desk;
}

forms::Head head_of(const Visit& visit, const Desk& desk) {
  const auto message = visit.field(message_field);
  return {.message_id = message.empty() ? fresh_number("M") : message,
          .sender = desk.ends.sender,
          .authority = desk.ends.authority,
          .agreement = {},
          .created_at = parse_instant(visit.field(made_field)).value_or(now())};
}

render::Fragment head_fields(const Visit& visit, const forms::Head& head) {
  auto fields =
      render::joined({hidden_field(message_field, head.message_id), hidden_field(made_field, iso(head.created_at))});
  if (const auto name = visit.field(name_of_sender); !name.empty()) fields += hidden_field(name_of_sender, name);
  return fields;
}

render::Fragment name_field(const Visit& visit, const Desk& desk) {
  if (desk.ends.named || !visit.field(name_of_sender).empty()) return {};
  return components::TextInput{.name = name_of_sender,
                               .label = "The name of your organisation",
                               .hint = "Asked this once: nothing was sent by you before."};
}

forms::Answers answers_of(const Visit& visit) {
  forms::Answers answers(visit.form);
  forms::take_chosen(answers);
  const auto typed = answers.all();
  for (const auto& [name, value] : typed) {
    const auto scheme = name.rfind("@scheme");
    if (scheme == name.npos || value != "nhs-number") continue;
    const auto field = name.substr(0, scheme - (scheme > 0 && name[scheme - 1] == '/' ? 1 : 0));
    std::string number = answers.typed(field);
    std::erase(number, ' ');
    answers.set(field, number);
  }
  return answers;
}

void take_file(const Visit& visit, const xml::ElementRule& record, forms::Answers& answers) {
  for (const auto& upload : visit.form.uploads) {
    if (upload.bytes == 0) continue;
    std::ifstream in(*upload.file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    answers.set(upload.field, base64(as_bytes(bytes)));
    const auto parts = forms::parts_of(*record.complex);
    const auto put = [&](const char* name, std::string value) {
      const bool has = std::ranges::any_of(parts, [&](const forms::Part& part) { return part.element->name == name; });
      if (has) answers.set(name, std::move(value));
    };
    put("sha256", hex(sha256(as_bytes(bytes))));
    put("bytes", std::to_string(upload.bytes));
    if (answers.typed("mediaType").empty()) put("mediaType", upload.content_type);
    if (answers.typed("title").empty()) put("title", upload.file_name);
  }
}

}  // namespace answerable::service::provider_desk
