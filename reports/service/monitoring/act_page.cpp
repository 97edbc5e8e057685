// One form for what is done about findings, whether one or several.
#include <fmt/format.h>

#include <algorithm>

#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/monitoring/acts.hpp"
#include "reports/service/monitoring/finding.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/monitoring/page_parts.hpp"

namespace answerable::service {
namespace {

constexpr std::size_t findings_at_once = 100;
constexpr std::size_t longest_words = 4000;
constexpr std::chrono::days usual_time_to_answer{14};

/// How the form of an act reads.
struct ActForm {
  std::string_view title, text_label{}, text_hint{}, to_label{}, to_hint{}, until_label{}, until_hint{}, button, done;
};

ActForm form_of(Act act) {
  switch (act) {
    case Act::ask:
      return {.title = "Ask for evidence",
              .text_label = "What do you ask for?",
              .text_hint =
                  "Whoever acted sees these words beside the finding, on their page and in what is wanted of "
                  "them. No e-mail is sent. Name nobody: the finding says whom it is about.",
              .until_label = "The last day to answer",
              .until_hint =
                  "For example, 27 3 2027. They have a right of reply of 14 days from the day a finding was "
                  "found before it counts on their scorecard.",
              .button = "Ask",
              .done = "asked about"};
    case Act::escalate:
      return {.title = "Escalate",
              .text_label = "Why?",
              .text_hint = "It is kept on the ledger with your name.",
              .to_label = "To whom?",
              .to_hint = "A post, such as Head of Commissioning. No message is sent: you tell them.",
              .button = "Escalate",
              .done = "escalated"};
    case Act::complaint:
      return {.title = "Link to a complaint",
              .to_label = "The complaint’s reference",
              .to_hint = "For example, C-25-7. Whoever handles that complaint sees the finding there.",
              .button = "Link",
              .done = "linked to the complaint"};
    case Act::plan:
      return {.title = "Draft an action plan",
              .text_label = "What is the plan called?",
              .text_hint = "Each finding becomes an issue of it. It can be sent once every issue has an action.",
              .button = "Draft the plan",
              .done = "put into the plan"};
    case Act::set_aside:
      return {.title = "Ask to set aside",
              .text_label = "Why?",
              .text_hint =
                  "Another person has to approve it. What is set aside stays on record, and opens again by "
                  "itself when its day is over or it comes to something else.",
              .until_label = "The last day it is set aside",
              .until_hint = "For example, 27 3 2027. Leave it empty to set it aside until it changes.",
              .button = "Ask for approval",
              .done = "put forward for approval"};
    case Act::reopen:
      return {.title = "Open again",
              .text_label = "Why?",
              .text_hint =
                  "It is kept on the ledger with your name. The finding needs attention again at once, and counts on "
                  "the scorecard again.",
              .button = "Open again",
              .done = "opened again"};
  }
  return {};
}

struct Chosen {
  std::vector<engine::FindingId> ids;
  std::vector<std::string> names;
};

Chosen chosen_in(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Chosen chosen;
  for (const auto& name : values_of(pairs, "finding")) {
    const auto id = engine::parse_finding(name);
    if (!id) throw http::Problem{.status = 400, .detail = "That is no finding's number. Go back and choose again."};
    if (std::ranges::find(chosen.ids, *id) != chosen.ids.end()) continue;
    chosen.ids.push_back(*id);
    chosen.names.push_back(engine::format_finding(*id));
  }
  if (chosen.ids.size() > findings_at_once)
    throw http::Problem{.status = 400,
                        .detail = fmt::format("At most {} findings can be chosen at once.", findings_at_once)};
  return chosen;
}

Act act_in(std::string_view text) {
  const auto act = parse_act(text);
  if (!act) throw http::Problem{.status = 400, .detail = "There is no such act. Go back and choose one."};
  return *act;
}

std::string way_back(const Chosen& chosen) {
  return chosen.names.size() == 1 ? "/findings/" + chosen.names.front() : "/findings";
}

/// What each of them says, for whoever may see it.
ui::List chosen_list(pg::Transaction& transaction, const Visit& visit, const Chosen& chosen, Day today) {
  ui::List list;
  for (std::size_t i = 0; i < chosen.ids.size(); ++i) {
    const auto found = monitoring::finding_page(transaction, visit.actor().authority, chosen.ids[i], today);
    if (!found) throw http::Problem{.status = 404, .detail = "There is no finding of that number that you may see."};
    list.items.push_back(render::joined({ui::Link{chosen.names[i], "/findings/" + chosen.names[i]}, ": ",
                                         found->sentence.empty() ? found->state : found->sentence}));
  }
  return list;
}

struct ActFaults {
  std::string text, to;
  TypedDay until;
  std::string whole;  ///< of no field

  bool none() const { return text.empty() && to.empty() && until.error.empty() && whole.empty(); }
};

http::Response act_page(const Visit& visit, Act act, const Chosen& chosen, const ActFaults& faults) {
  const ActForm form = form_of(act);
  const Day today = london_day(now());
  Page page(visit, std::string(form.title));
  page.under({{"Findings", "/findings"}});
  std::vector<ui::ErrorSummary::Error> errors;
  if (!faults.whole.empty()) errors.push_back({faults.whole});
  if (!faults.text.empty()) errors.push_back({faults.text, "text"});
  if (!faults.to.empty()) errors.push_back({faults.to, "to"});
  if (!faults.until.error.empty()) errors.push_back({faults.until.error, "until-day"});
  if (!errors.empty()) page.errors(std::move(errors));
  if (chosen.ids.empty()) {
    page.paragraph("No finding was chosen. Go back, and tick those you mean.");
    page.add(ui::Button{.text = "Back to the findings", .href = "/findings"});
    return std::move(page).answer();
  }
  {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    page.add(chosen_list(transaction, visit, chosen, today));
  }
  auto content = hidden_field("act", word(act));
  for (const auto& name : chosen.names) content += hidden_field("finding", name);
  if (!form.to_label.empty())
    content += ui::TextInput{.name = "to",
                             .label = std::string(form.to_label),
                             .hint = form.to_hint,
                             .error = faults.to,
                             .value = visit.field("to"),
                             .width = ui::TextInput::Width::w20};
  if (!form.text_label.empty())
    content += ui::Textarea{.name = "text",
                            .label = std::string(form.text_label),
                            .hint = form.text_hint,
                            .error = faults.text,
                            .value = visit.field("text")};
  if (!form.until_label.empty())
    content += faults.until.input(std::string(form.until_label), form.until_hint,
                                  act == Act::ask ? std::optional(today + usual_time_to_answer) : std::nullopt);
  content += ui::ButtonGroup{{ui::Button{.text = std::string(form.button)}, ui::Link{"Leave it", way_back(chosen)}}};
  page.add(post_form(visit, "/findings/act", content));
  return std::move(page).answer();
}

ActFaults faults_of(const Visit& visit, Act act, Day today) {
  const ActForm form = form_of(act);
  ActFaults faults;
  faults.until.id = "until";
  if (!form.text_label.empty()) {
    const auto text = visit.field("text");
    if (text.empty())
      faults.text = act == Act::ask ? "Say what you ask for" : act == Act::plan ? "Give the plan a name" : "Say why";
    else if (text.size() > longest_words)
      faults.text = fmt::format("Say it in at most {} characters", longest_words);
  }
  if (!form.to_label.empty() && visit.field("to").empty())
    faults.to = act == Act::complaint ? "Give the complaint’s reference" : "Say to whom";
  if (!form.until_label.empty()) {
    faults.until = typed_day(visit, "until", form.until_label);
    if (faults.until.value && *faults.until.value < today) faults.until.error = "The last day must not be past";
    if (act == Act::ask && faults.until.empty()) faults.until.error = "Give the last day to answer";
  }
  return faults;
}

std::string_view why_not(Act act) {
  switch (act) {
    case Act::ask:
      return "They were asked already, or it needs nothing, or it is not yours to follow up.";
    case Act::plan:
      return "All findings of a plan must be of one organisation, need attention, and be yours to follow up.";
    case Act::set_aside:
      return "It needs no attention, is set aside or put forward already, or it is not yours to follow up.";
    case Act::reopen:
      return "It is not set aside, or it is not yours to follow up.";
    default:
      return "It is not yours to follow up.";
  }
}

}  // namespace

http::Response show_act(Visit& visit) {
  ActFaults none;
  none.until.id = "until";
  return act_page(visit, act_in(visit.query("act")), chosen_in(visit.request.query), none);
}

http::Response act(Visit& visit) {
  const Act what = act_in(visit.field("act"));
  const Chosen chosen = chosen_in(visit.form.fields);
  auto faults = faults_of(visit, what, london_day(now()));
  if (chosen.ids.empty() || !faults.none()) return act_page(visit, what, chosen, faults);
  const auto outcome = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    auto all = carry_out(transaction, what, chosen.ids, {visit.field("text"), visit.field("to"), faults.until.value});
    transaction.commit();
    return all;
  }();
  if (outcome.done.empty()) {
    faults.whole = fmt::format("Nothing was done. {}", why_not(what));
    return act_page(visit, what, chosen, faults);
  }
  const auto count = static_cast<std::int64_t>(outcome.done.size());
  std::string says = pages::capital(fmt::format("{} {} {}.", pages::count_of(count, "finding", "findings"),
                                                count == 1 ? "was" : "were", form_of(what).done));
  if (!outcome.not_done.empty())
    says +=
        fmt::format(" {} not: {}",
                    pages::count_of(static_cast<std::int64_t>(outcome.not_done.size()), "of them was", "of them were"),
                    why_not(what));
  return done(visit, outcome.plan ? fmt::format("/plans/{}", *outcome.plan) : way_back(chosen), says);
}

}  // namespace answerable::service
