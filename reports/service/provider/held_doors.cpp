// Held records, mended in place.
#include <fmt/format.h>

#include <algorithm>

#include "ingest/http/problem.hpp"
#include "reports/pages/bodies.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/delivery.hpp"
#include "reports/service/provider/fault_parts.hpp"
#include "reports/service/provider/filling.hpp"
#include "reports/service/provider/handlers.hpp"
#include "reports/service/provider/held_parts.hpp"

namespace answerable::service::provider_desk {
namespace {

using namespace components;
using render::joined;

constexpr int listed_at_most = 200;
constexpr const char* xml_field = "record-xml";

std::string name_of(const Held& held) {
  if (held.kind.empty()) return held.id.empty() ? "A record" : "Record " + held.id;
  return pages::capital(pages::code_words(held.kind)) + (held.id.empty() ? "" : " " + held.id);
}

Fragment state_of(const Held& held) {
  switch (held.state) {
    case Held::State::mended:
      return joined({Tag{"Mended", TagColour::green}, " ",
                     Link{"by this submission", fmt::format("/sent/{}", held.mended_in.value_or(0))}});
    case Held::State::sent_again:
      return joined({Tag{"Held again", TagColour::yellow}, " ",
                     Link{"in this submission", fmt::format("/sent/{}", held.mended_in.value_or(0))}});
    case Held::State::erased:
      return Tag{"Erased", TagColour::grey};
    case Held::State::waits:
      return Link{"Mend", fmt::format("/held/{}", held.held), " " + name_of(held)};
  }
  return {};
}

HeldWhole held_in_path(const Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("held"));
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  auto whole = number ? held_whole(transaction, visit.actor().authority, *number) : std::nullopt;
  if (!whole)
    throw http::Problem{.status = 404,
                        .title = "No such held record",
                        .detail = "There is none of this number, or it is another sender’s."};
  return *std::move(whole);
}

/// The form of a held record, filled in with what it says; nothing when its XML cannot be read or it is of no kind.
struct Filled {
  FormOf form;
  forms::Answers answers;
  std::vector<std::string> unknown;  ///< what the form has no field for
};
std::optional<Filled> filled_form(const Visit& visit, const HeldWhole& whole) {
  if (whole.line.kind.empty()) return std::nullopt;
  try {
    const auto form = form_of(visit, whole.line.kind);
    const auto read = pages::read_bodies({{form.kind.name, form.kind.version, whole.bytes}});
    Filled filled{form, {}, {}};
    filled.answers = forms::Answers::of(form.record, read.front(), filled.unknown);
    return filled;
  } catch (const xml::Invalid&) {
    return std::nullopt;
  } catch (const http::Problem&) {
    return std::nullopt;
  }
}

Page held_page(const Visit& visit, const HeldWhole& whole, std::span<const Fault> faults) {
  Page page(visit, name_of(whole.line));
  page.under({{"Held records", "/held"}});
  page.paragraph(
      joined({"Held since it came in on ", words(london_day(whole.line.received_at)), ", in ",
              Link{receipt_name(visit, whole.line.submission), fmt::format("/sent/{}", whole.line.submission)},
              ". Nothing of it counts until it is mended and sent again."}));
  page.heading("What is wrong with it").add(faults_shown(faults));
  return page;
}

http::Response as_xml(const Visit& visit, const HeldWhole& whole, const std::string& text,
                      std::span<const Fault> faults, int status) {
  auto page = held_page(visit, whole, faults);
  const auto head = head_of(visit, desk_of(visit));
  page.heading("Mend it");
  page.add(post_form(visit, fmt::format("/held/{}", whole.line.held),
                     joined({hidden_field("as", "xml"), head_fields(visit, head),
                             Textarea{.name = xml_field,
                                      .label = "The record as you sent it",
                                      .hint = "Change what is wrong and leave the rest. Keep its id.",
                                      .value = text,
                                      .rows = std::clamp(static_cast<int>(std::ranges::count(text, '\n')) + 3, 8, 40)},
                             Button{.text = "Check and send"}})));
  return std::move(page).answer(status);
}

http::Response as_form(const Visit& visit, const HeldWhole& whole, const Filled& filled, std::span<const Fault> faults,
                       const forms::Errors& errors) {
  const auto desk = desk_of(visit);
  const auto head = head_of(visit, desk);
  auto page = held_page(visit, whole, faults);
  if (!errors.empty()) page.errors(forms::summary_of(errors, filled.form.record));
  page.heading("Mend it");
  if (!filled.unknown.empty())
    page.add(
        WarningText{.content = fmt::format(
                        "The record also says what there is no field for, and what would not be sent from here: {}.",
                        pages::list_words(filled.unknown))});
  page.add(post_form(visit, fmt::format("/held/{}", whole.line.held),
                     joined({hidden_field("as", "form"), head_fields(visit, head),
                             forms::fields(filled.form.record, filled.answers, errors, desk.known),
                             Button{.text = "Check and send", .name = "do", .value = "send"}})));
  page.paragraph(Link{"Mend its XML instead", fmt::format("/held/{}?as=xml", whole.line.held)});
  return std::move(page).answer();
}

bool has_errors(std::span<const Fault> faults) {
  return std::ranges::any_of(faults, [](const Fault& fault) { return fault.severity == Severity::error; });
}

/// The agreement under which it was sent first.
std::string agreement_of(const Visit& visit, const HeldWhole& whole) {
  const auto records = visit.records();
  const auto receipt = intake::find_receipt(*records, {visit.actor().authority, whole.line.submission});
  return receipt ? receipt->agreement : "";
}

http::Response mend_xml(const Visit& visit, const HeldWhole& whole) {
  const std::string text = visit.field(xml_field);
  auto head = head_of(visit, desk_of(visit));
  head.agreement = agreement_of(visit, whole);
  const auto kinds = visit.hall.kinds.all();
  const auto kind = std::ranges::find(kinds, whole.line.kind, &xml::Kind::name);
  const auto wrapped = forms::wrap(head, text, whole.line.kind, kind == kinds.end() ? 1 : kind->version);
  auto checked = visit.hall.sending.check(visit.member.value().token, wrapped.file);
  for (auto& fault : checked.faults) fault.line = std::max(fault.line - wrapped.lines_before, 0);
  if (has_errors(checked.faults)) return as_xml(visit, whole, text, checked.faults, 422);
  const auto sent = visit.hall.sending.submit(visit.member.value().token, wrapped.file);
  if (const auto* taken = std::get_if<Taken>(&sent)) return after_taking(visit, *taken, whole.line.held);
  return as_xml(visit, whole, text, std::get<Refused>(sent).faults, 422);
}

http::Response mend_form(const Visit& visit, const HeldWhole& whole) {
  const auto form = form_of(visit, whole.line.kind);
  const Filled filled{form, answers_of(visit), {}};
  if (visit.field("do") == "more") return as_form(visit, whole, filled, whole.faults, {});
  auto head = head_of(visit, desk_of(visit));
  head.agreement = agreement_of(visit, whole);
  forms::Writing writing(head);
  const std::string file = writing.record(form.record, form.kind.ns, filled.answers).finish();
  const auto checked = visit.hall.sending.check(visit.member.value().token, file);
  if (has_errors(checked.faults))
    return as_form(visit, whole, filled, whole.faults, forms::by_field(writing, checked.faults));
  const auto sent = visit.hall.sending.submit(visit.member.value().token, file);
  if (const auto* taken = std::get_if<Taken>(&sent)) return after_taking(visit, *taken, whole.line.held);
  return as_form(visit, whole, filled, whole.faults, forms::by_field(writing, std::get<Refused>(sent).faults));
}

}  // namespace

Fragment held_table(const std::vector<Held>& held) {
  Table table{.caption = "Records that were held",
              .columns = {{"Record"}, {"Line", true}, {"Received"}, {"State"}},
              .rows = {},
              .wide = true,
              .when_empty = "None: everything you sent is stored."};
  for (const auto& one : held)
    table.rows.push_back(
        {name_of(one), fmt::format("{}", one.line), words(london_day(one.received_at)), state_of(one)});
  return table;
}

http::Response held_list(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto held = still_held(transaction, visit.actor().authority, listed_at_most);
  Page page(visit, "Held records");
  page.paragraph(
      "What could not be stored as it was sent, the oldest first. Each says what is wrong and can be mended here.");
  page.add(held_table(held));
  if (static_cast<int>(held.size()) == listed_at_most)
    page.paragraph(fmt::format("These are the first {}. Mended ones make room for the next.", listed_at_most));
  return std::move(page).answer();
}

http::Response show_held(Visit& visit) {
  const auto whole = held_in_path(visit);
  if (whole.line.state == Held::State::erased)
    throw http::Problem{
        .status = 404, .title = "Erased", .detail = "This record was disposed of at the end of its time."};
  if (whole.line.state != Held::State::waits)
    return see_other(fmt::format("/sent/{}", whole.line.mended_in.value_or(whole.line.submission)));
  const auto filled = filled_form(visit, whole);
  if (!filled || visit.query("as") == "xml") return as_xml(visit, whole, whole.bytes, whole.faults, 200);
  return as_form(visit, whole, *filled, whole.faults, {});
}

http::Response mend_held(Visit& visit) {
  const auto whole = held_in_path(visit);
  if (whole.line.state != Held::State::waits)
    return see_other(fmt::format("/sent/{}", whole.line.mended_in.value_or(whole.line.submission)));
  return visit.field("as") == "form" ? mend_form(visit, whole) : mend_xml(visit, whole);
}

}  // namespace answerable::service::provider_desk
