// A file of their own system's making: checked, sent, and what came of it.
#include <fmt/format.h>

#include <fstream>

#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/delivery.hpp"
#include "reports/service/provider/fault_parts.hpp"
#include "reports/service/provider/handlers.hpp"

namespace answerable::service::provider_desk {
namespace {

using namespace components;
using render::joined;

Fragment send_form(const Visit& visit, const std::string& error) {
  return post_form(
      visit, "/send",
      joined(
          {FileUpload{.name = "file",
                      .label = Label("The file", LabelSize::m),
                      .hint = "XML as your care system writes it, up to 256 MB. What is good in it is stored, what is "
                              "not is held until you mend it; sending a file twice stores nothing twice.",
                      .error = error},
           ButtonGroup{
               {Button{.text = "Send", .name = "do", .value = "send"},
                Button{
                    .text = "Check without sending", .kind = Button::Kind::secondary, .name = "do", .value = "check"},
                Button{.text = "Check, and list faults as a spreadsheet",
                       .kind = Button::Kind::secondary,
                       .name = "do",
                       .value = "csv"}}}}),
      Sends::files);
}

http::Response send_page(const Visit& visit, const std::string& error) {
  Page page(visit, "Send a file");
  if (!error.empty()) page.errors({{error, "file"}});
  page.add(send_form(visit, error));
  page.paragraph(joined({"No system that writes files? ", Link{"Fill in a form", "/forms"}, " instead, or ",
                         Link{"a visit sheet", "/visits"}, "."}));
  return std::move(page).answer();
}

http::Response check_page(const Visit& visit, const Checked& checked) {
  Page page(visit, "The file was checked");
  page.under({{"Send a file", "/send"}});
  std::string said;
  if (!checked.taken_in_as.empty())
    said = fmt::format("This very file was taken in before, as {}. Sending it again would store nothing.",
                       checked.taken_in_as);
  else if (checked.refused)
    said = "It would be refused, and nothing of it stored.";
  else
    said = fmt::format("Of {}, {} would be stored and {} held; {} held already.",
                       pages::count_of(checked.records, "record", "records"), pages::count_words(checked.would_store),
                       pages::count_words(checked.would_hold), pages::count_of(checked.already_held, "is", "are"));
  page.add(InsetText{.content = said + " Nothing was stored."});
  if (!checked.faults.empty())
    page.heading(pages::capital(faults_counted(checked.faults))).add(faults_shown(checked.faults));
  page.heading("Send it").add(send_form(visit, ""));
  return std::move(page).answer();
}

http::Response refused_page(const Visit& visit, const Refused& refused) {
  Page page(visit, "The file was refused");
  page.under({{"Send a file", "/send"}});
  page.add(WarningText{.content = "Nothing of it was stored. Mend what is listed, and send it again with a message id "
                                  "that was not used before."});
  page.add(faults_shown(refused.faults)).heading("Send it again").add(send_form(visit, ""));
  return std::move(page).answer(422);
}

http::Response waiting_page(const Visit& visit, const Waiting& waiting) {
  Page page(visit, "Your file is being read");
  page.paragraph("It lies safely here and is taken in although you close this page.");
  page.add(SummaryList{
      .rows = {
          {"Size", fmt::format("{} bytes", pages::count_words(static_cast<std::int64_t>(waiting.bytes)))},
          {"Read so far", fmt::format("{} %", waiting.bytes == 0 ? 0 : 100 * waiting.bytes_read / waiting.bytes)}}});
  page.add(Button{.text = "Look again", .href = "/send/waiting/" + waiting.upload});
  return std::move(page).answer();
}

http::Response outcome(const Visit& visit, const Sent& sent) {
  if (const auto* taken = std::get_if<Taken>(&sent)) return after_taking(visit, *taken);
  if (const auto* refused = std::get_if<Refused>(&sent)) return refused_page(visit, *refused);
  return see_other("/send/waiting/" + std::get<Waiting>(sent).upload);
}

}  // namespace

http::Response show_send(Visit& visit) {
  return send_page(visit, "");
}

http::Response send_file(Visit& visit) {
  if (visit.form.uploads.empty() || visit.form.uploads.front().bytes == 0)
    return send_page(visit, "Choose the file to send: an XML file that is not empty.");
  const auto& upload = visit.form.uploads.front();
  std::ifstream file(*upload.file, std::ios::binary);
  const auto& token = visit.member.value().token;
  const std::string what = visit.field("do");
  if (what == "send") return outcome(visit, visit.hall.sending.submit(token, file, upload.bytes));
  const auto checked = visit.hall.sending.check(token, file, upload.bytes);
  if (what != "csv") return check_page(visit, checked);
  return {.content_type = "text/csv; charset=utf-8; header=present",
          .body = faults_csv(checked.faults),
          .headers = {{"Content-Disposition", "attachment; filename=\"faults.csv\""}}};
}

http::Response waiting(Visit& visit) {
  const auto found = visit.hall.sending.upload(visit.member.value().token, visit.request.parameters.at("upload"));
  if (!found)
    throw http::Problem{.status = 404, .title = "No such file", .detail = "What became of it is under What we sent."};
  if (const auto* still = std::get_if<Waiting>(&*found)) return waiting_page(visit, *still);
  return outcome(visit, *found);
}

}  // namespace answerable::service::provider_desk
