// The guardian's report of who read what, and security events.
#include <fmt/format.h>

#include <array>
#include <sstream>
#include <utility>

#include "ingest/access/reading_report.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/csv.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/monitoring/page_parts.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/typed_day.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

/// The days that are asked about: the last thirty unless others were typed.
struct AskedDays {
  TypedDay from, to;
  Day first, last;

  std::vector<ui::ErrorSummary::Error> errors() const {
    std::vector<ui::ErrorSummary::Error> all;
    for (const auto& day : {from, to})
      if (!day.error.empty()) all.push_back({day.error, day.id + "-day"});
    return all;
  }
  render::Fragment fields() const {
    return render::joined({from.input("From", "For example, 27 3 2027", first), to.input("To", {}, last)});
  }
};

AskedDays asked_days(const Visit& visit) {
  AskedDays asked{
      .from = typed_day(visit, "from", "From"), .to = typed_day(visit, "to", "To"), .first = {}, .last = {}};
  asked.last = asked.to.value.value_or(london_day(now()));
  asked.first = asked.from.value.value_or(asked.last - std::chrono::days{30});
  if (asked.first > asked.last) asked.to.error = "To must not lie before From.";
  return asked;
}

render::Fragment show_button() {
  return ui::Button{.text = "Show", .kind = ui::Button::Kind::secondary};
}

std::string purposes_words(const access::Reading& reading) {
  std::vector<std::string> items;
  for (const auto& [purpose, reads] : reading.purposes)
    items.push_back(fmt::format("{} {}", pages::code_words(purpose), reads));
  return pages::list_words(items);
}

std::string stands_out_words(const access::Reading& reading) {
  std::vector<std::string> items;
  const auto add = [&](std::int64_t count, std::string_view what) {
    if (count > 0) items.push_back(fmt::format("{} {}", count, what));
  };
  add(reading.days_beyond_usual, "days far beyond their usual");
  add(reading.outside_office_hours, "outside office hours");
  add(reading.unassigned, "not assigned to them");
  add(reading.own_surname, "people of their own surname");
  return pages::list_words(items);
}

constexpr std::int64_t events_on_a_page = 200, events_in_a_file = 50'000;

struct EventKind {
  std::string_view what, words;
};
/// Those that are noted, then those that are leaves (0012, 0014).
constexpr std::array event_kinds{
    EventKind{"sign-in-failed", "Sign-in failed"},
    EventKind{"sign-in-made-to-wait", "Sign-in made to wait after too many attempts"},
    EventKind{"sign-in-code-wanted", "Second factor asked for"},
    EventKind{"signed-in", "Signed in"},
    EventKind{"signed-out", "Signed out"},
    EventKind{"refused", "Refused: not for their role or key"},
    EventKind{"forged-form", "Refused: a form that did not come from our pages"},
    EventKind{"machine-not-known", "A machine’s key or certificate is not known"},
    EventKind{"made", "Account made"},
    EventKind{"renamed", "Account renamed"},
    EventKind{"disabled", "Account disabled"},
    EventKind{"enabled", "Account enabled again"},
    EventKind{"role-given", "Role given"},
    EventKind{"role-taken", "Role taken away"},
    EventKind{"password-chosen", "Password chosen"},
    EventKind{"second-factor-set", "Second factor set up"},
    EventKind{"second-factor-removed", "Second factor removed"},
    EventKind{"link-made", "One-time code made"},
    EventKind{"sign-on-tied", "Tied to somebody at the single sign-on"},
    EventKind{"sign-on-untied", "Single sign-on untied"},
    EventKind{"key-made", "API key made"},
    EventKind{"key-revoked", "API key revoked"},
    EventKind{"certificate-added", "Certificate added"},
    EventKind{"certificate-revoked", "Certificate revoked"},
};

std::string kind_words(std::string_view what) {
  for (const auto& kind : event_kinds)
    if (kind.what == what) return std::string(kind.words);
  return pages::capital(pages::code_words(what));
}

/// "": all of them.
std::string_view asked_kind(const Visit& visit) {
  const auto asked = visit.query("kind");
  for (const auto& kind : event_kinds)
    if (kind.what == asked) return kind.what;
  return "";
}

std::vector<access::SecurityEvent> events_asked(const Visit& visit, const AskedDays& asked, std::int64_t most) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  return access::security_events(transaction, visit.actor().authority, asked.first, asked.last, asked_kind(visit),
                                 most);
}

ui::Table events_table(const std::vector<access::SecurityEvent>& events) {
  ui::Table table{.caption = "Newest first",
                  .columns = {{"When (UK time)"}, {"What"}, {"Times", true}, {"Account"}},
                  .rows = {},
                  .wide = true,
                  .when_empty = "Nothing of that kind happened on those days."};
  // Beneath what it was: what it was about; beneath whose account: who did it.
  const auto with = [](std::string what, const std::string& beneath) {
    return beneath.empty() ? render::Fragment(std::move(what)) : render::joined({std::move(what), ui::Hint{beneath}});
  };
  for (const auto& event : events)
    table.rows.push_back(
        {pages::time_words(event.at), with(std::string(kind_words(event.what)), event.about), grouped(event.times),
         with(event.account.empty() ? "not known" : event.account, event.by.empty() ? "" : "by " + event.by)});
  return table;
}

}  // namespace

http::Response reading(Visit& visit) {
  const auto asked = asked_days(visit);
  const auto all = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    return access::reading_report(transaction, asked.first, asked.last);
  }();
  Page page(visit, "Who read what");
  page.errors(asked.errors());
  page.paragraph(fmt::format("From {} to {}. What stands out is where to ask; it does not say that anybody did wrong.",
                             words(asked.first), words(asked.last)));
  page.add(get_form("/reading", render::joined({asked.fields(), show_button()})));
  ui::Table table{
      .caption = "Readers",
      .columns =
          {{"Who"}, {"People", true}, {"What for"}, {"Busiest day", true}, {"Usual day", true}, {"What stands out"}},
      .rows = {},
      .wide = true,
      .when_empty = "Nobody read anything in that time."};
  for (const auto& reading : all)
    table.rows.push_back({reading.reader, std::to_string(reading.people), purposes_words(reading),
                          std::to_string(reading.busiest_day), fmt::format("{:g}", reading.usual_day),
                          reading.stands_out() ? stands_out_words(reading) : "nothing"});
  page.add(table);
  return std::move(page).answer();
}

http::Response security_events(Visit& visit) {
  const auto asked = asked_days(visit);
  const std::string kind(asked_kind(visit));
  auto events = events_asked(visit, asked, events_on_a_page + 1);
  const bool more = static_cast<std::int64_t>(events.size()) > events_on_a_page;
  if (more) events.pop_back();

  Page page(visit, "Security events");
  page.errors(asked.errors());
  page.paragraph(fmt::format(
      "From {} to {}. What is alike within an hour stands on one line, at the time of its last. What "
      "strangers typed is not kept. These lines are kept for a year; changes to accounts are on the ledger.",
      words(asked.first), words(asked.last)));
  ui::Select kinds{.name = "kind", .label = "What", .options = {{"", "Everything"}}, .chosen = kind};
  for (const auto& each : event_kinds) kinds.options.push_back({std::string(each.what), std::string(each.words)});
  page.add(get_form("/security-events", render::joined({asked.fields(), kinds, show_button()})));
  if (more)
    page.paragraph(fmt::format("The newest {} are shown. Ask for fewer days, or for one kind.", events_on_a_page));
  page.add(events_table(events));
  page.paragraph(ui::Link{fmt::format("These as CSV (at most {})", grouped(events_in_a_file)),
                          fmt::format("/security-events.csv?{}{}kind={}", day_query("from", asked.first),
                                      day_query("to", asked.last), kind)});
  return std::move(page).answer();
}

http::Response security_events_csv(Visit& visit) {
  const auto asked = asked_days(visit);
  if (const auto errors = asked.errors(); !errors.empty())
    throw http::Problem{.status = 400, .detail = errors.front().text};
  std::ostringstream out;
  render::Csv csv(out, {"at", "what", "times", "account", "by", "about"});
  for (const auto& event : events_asked(visit, asked, events_in_a_file))
    csv.row({iso(event.at), event.what, std::to_string(event.times), event.account, event.by, event.about});
  return csv_answer("security-events.csv", std::move(out).str());
}

}  // namespace answerable::service
