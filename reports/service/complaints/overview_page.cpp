// A complaint: its dates, heads, parts, and what is still to be done.
#include <fmt/format.h>

#include <algorithm>

#include "audit/engine/identity.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/complaints/case_file.hpp"
#include "reports/service/complaints/case_form.hpp"
#include "reports/service/complaints/case_frame.hpp"
#include "reports/service/complaints/case_remedies.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/published_decisions.hpp"
#include "reports/service/complaints/work.hpp"

namespace answerable::service {
namespace {

/// Everything the page says.
struct Overview {
  Work work;
  std::vector<CaseRecord> records;
  std::vector<CaseFinding> findings;
  std::map<std::string, std::string> bodies;
  std::map<std::int64_t, std::string> tied_records;
  std::vector<EvidenceAsked> evidence;
};

Overview overview_of(pg::Connection& connection, const std::string& authority, const Complaint& complaint) {
  pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  Overview all{.work = work_on(transaction, complaint.reference),
               .records = case_records(transaction, authority, complaint),
               .findings = case_findings(transaction, authority, complaint),
               .bodies = bodies(transaction, authority, complaint),
               .tied_records = {},
               .evidence = evidence_asked(transaction, complaint.reference)};
  std::vector<std::int64_t> numbers;
  for (const auto& head : all.work.heads)
    for (const auto& tie : head.ties)
      if (tie.what == "record") numbers.push_back(std::stoll(tie.about));
  all.tied_records = records_in_words(transaction, authority, complaint, numbers);
  return all;
}

/// "by A trust, record COMP-1, received here 3 March 2025": where a date comes from.
std::string source_words(const CaseAct& act) {
  return fmt::format("by {}; record {}, received here {}", act.performer.name, act.record_id, words(act.received_on));
}

void add_act_row(components::SummaryList& list, const Complaint& complaint, std::string key, std::string_view act) {
  components::List times{.items = {}, .kind = components::List::Kind::plain};
  for (const auto& one : complaint.acts) {
    if (one.act != act) continue;
    Fragment value = components::Strong{words(one.when)};
    if (one.until) value += Fragment(fmt::format(" until {}", words(*one.until)));
    if (!one.to_name.empty()) value += Fragment(fmt::format(" to {}", one.to_name));
    if (const auto by = parse_day(one.value("answer-by")))
      value += Fragment(fmt::format(", answer promised by {}", words(*by)));
    value += Fragment(fmt::format(" ({})", source_words(one)));
    times.items.push_back(std::move(value));
  }
  list.rows.push_back({std::move(key), times.items.empty() ? Fragment("Not on record") : Fragment(times)});
}

components::SummaryList acts_list(const Complaint& complaint) {
  components::SummaryList list{.rows = {{"State", components::Tag{std::string(state_words(complaint.state()))}}}};
  add_act_row(list, complaint, "Received", "complaint.received");
  if (complaint.first("complaint.redirected") != nullptr)
    add_act_row(list, complaint, "Sent on", "complaint.redirected");
  add_act_row(list, complaint, "Acknowledged", "complaint.acknowledged");
  add_act_row(list, complaint, "Talked over", "complaint.discussed");
  if (complaint.first("complaint.extension-agreed") != nullptr)
    add_act_row(list, complaint, "Longer time", "complaint.extension-agreed");
  add_act_row(list, complaint, "Answered", "complaint.responded");
  if (complaint.first("complaint.closed") != nullptr) add_act_row(list, complaint, "Closed", "complaint.closed");
  return list;
}

components::Table clocks_table(const Complaint& complaint, Day today) {
  components::Table table{.caption = "Times that the law or a letter gives",
                          .columns = {{"What"}, {"Last day"}, {"What became of it"}, {"Law, and how sure"}},
                          .rows = {},
                          .first_cell_is_header = false,
                          .wide = true,
                          .when_empty = "None: nothing has been judged yet. The audit judges new records by itself."};
  for (const auto& clock : complaint.clocks) {
    Fragment what = clock.sentence.empty() ? clock.title : clock.sentence;
    const auto number = engine::format_finding(clock.finding);
    what += Fragment(components::Hint{render::joined(
        {components::Link{"Finding " + number, "/findings/" + number}, fmt::format(", rule {}", clock.rule)})});
    Fragment due = clock.due ? words(*clock.due) : "None";
    if (clock.due && clock.runs()) due += Fragment(due_tag(*clock.due, today));
    table.rows.push_back({std::move(what), std::move(due), outcome_tag(clock.outcome),
                          fmt::format("{} ({})", clock.source, clock.confidence)});
  }
  return table;
}

std::string tie_words(const Overview& all, const Tie& tie) {
  if (tie.what == "party") {
    const auto body = all.bodies.find(tie.about);
    return "Party: " + (body == all.bodies.end() ? tie.about : body->second);
  }
  if (tie.what == "record") {
    const auto record = all.tied_records.find(std::stoll(tie.about));
    return "Record: " + (record == all.tied_records.end() ? tie.about : record->second);
  }
  const auto finding =
      std::ranges::find(all.findings, engine::parse_finding(tie.about).value_or(-1), &CaseFinding::finding);
  return fmt::format("Finding {}: {}", tie.about,
                     finding == all.findings.end() ? "no longer needs attention" : finding->sentence);
}

/// Everything a head may be tied to, as choices of one list.
std::vector<components::Select::Option> tie_options(const Overview& all) {
  std::vector<components::Select::Option> options{{"", "Choose one"}};
  for (const auto& finding : all.findings) {
    const auto number = engine::format_finding(finding.finding);
    options.push_back({"finding " + number, fmt::format("Finding {}: {}", number, finding.sentence)});
  }
  for (const auto& [key, name] : all.bodies) options.push_back({"party " + key, "Party: " + name});
  return options;
}

Fragment head_card(const Visit& visit, const Overview& all, const std::string& reference, const Head& head) {
  const auto to = case_path(reference, fmt::format("heads/{}", head.number));
  Fragment ties;
  for (const auto& tie : head.ties)
    ties += post_button(visit, to, fmt::format("Untie from head {}", head.number),
                        {{"do", "untie"}, {"tie", tie.what + " " + tie.about}}, components::Button::Kind::secondary,
                        tie_words(all, tie));
  components::List list{.items = {}};
  for (const auto& tie : head.ties) list.items.emplace_back(tie_words(all, tie));
  Fragment change;
  {
    Fragment fields = hidden_field("do", "tie");
    fields += Fragment(components::Select{.name = "tie",
                                          .label = fmt::format("What head {} rests on", head.number),
                                          .options = tie_options(all),
                                          .id = fmt::format("tie-{}", head.number)});
    fields +=
        Fragment(components::Button{fmt::format("Tie to head {}", head.number), components::Button::Kind::secondary});
    change += post_form(visit, to, fields);
  }
  {
    Fragment fields = hidden_field("do", "tie");
    fields += Fragment(components::TextInput{.name = "record",
                                             .label = "Number of a record or act on the chronology",
                                             .width = components::TextInput::Width::w10,
                                             .inputmode = "numeric",
                                             .id = fmt::format("record-{}", head.number)});
    fields += Fragment(
        components::Button{fmt::format("Tie record to head {}", head.number), components::Button::Kind::secondary});
    change += post_form(visit, to, fields);
  }
  change += ties;
  change += post_button(visit, to, fmt::format("Drop head {}", head.number), {{"do", "drop"}});
  Pieces value;
  if (head.ties.empty())
    value.says("Nothing yet. What it rests on makes the answer.");
  else
    value.add(list);
  value.add(components::Details{fmt::format("Change head {}", head.number), change});
  const auto draft = all.work.draft(fmt::format("head {}", head.number));
  return components::SummaryList{
      .rows = {{"In the complainant’s words", head.words},
               {"Rests on", value.all()},
               {"Answer, as drafted",
                draft.empty() ? "Not drafted" : std::string(draft),
                {{"Draft", case_path(reference, "reply"), fmt::format("the answer to head {}", head.number)}}}},
      .card = fmt::format("Head {}", head.number)};
}

void add_heads(Pieces& pieces, const Visit& visit, const Overview& all, const Complaint& complaint) {
  pieces.heading("Heads of complaint");
  components::List linked{.items = {}};
  for (const auto& finding : all.findings)
    if (!finding.linked_by.empty())
      linked.items.emplace_back(fmt::format("Finding {}: {} Linked by {}.", engine::format_finding(finding.finding),
                                            finding.sentence, finding.linked_by));
  if (!linked.items.empty()) pieces.says("Linked to this complaint already:").add(linked);
  for (const auto& head : all.work.heads) pieces.add(head_card(visit, all, complaint.reference, head));
  if (all.work.heads.empty()) {
    components::List on_record{.items = {}};
    for (const auto& record : all.records)
      for (const auto* head : record.element.all("head"))
        on_record.items.emplace_back(fmt::format("{} ({})", head->child_text("words"), record.sender_name));
    if (on_record.items.empty()) {
      pieces.says("None on record, and none written down here.");
    } else {
      pieces.says("On record:").add(on_record);
      pieces.add(
          post_button(visit, case_path(complaint.reference, "heads"), "Work on these heads", {{"do", "take-over"}}));
    }
  }
  Fragment fields = components::Textarea{
      .name = "words", .label = "A further head", .hint = "In the complainant’s words as far as possible.", .rows = 3};
  fields += Fragment(components::Button{"Add head", components::Button::Kind::secondary});
  pieces.add(post_form(visit, case_path(complaint.reference, "heads"), fields));
}

Fragment part_answer(const Part& part) {
  if (!part.reply) return "No answer yet";
  return fmt::format("{}: {}", part.replied_at ? words(london_day(*part.replied_at)) : "", *part.reply);
}

std::vector<components::Select::Option> body_options(const Overview& all, const std::string& council) {
  std::vector<components::Select::Option> options{{"", "Choose one"}};
  for (const auto& [key, name] : all.bodies)
    if (key != council) options.push_back({key, fmt::format("{} ({})", name, key)});
  return options;
}

void add_parts(Pieces& pieces, const Visit& visit, const Overview& all, const Complaint& complaint, Day today) {
  components::Table table{.caption = "Parts for other bodies",
                          .columns = {{"Body"}, {"What"}, {"By"}, {"Answer"}},
                          .rows = {},
                          .wide = true,
                          .when_empty = "Nothing has been asked of another body."};
  for (const auto& part : all.work.parts) {
    const auto body = all.bodies.find(part.body);
    Fragment due = words(part.due) + " ";
    if (!part.reply) due += Fragment(due_tag(part.due, today));
    table.rows.push_back(
        {body == all.bodies.end() ? part.body : body->second, part.words, std::move(due), part_answer(part)});
  }
  pieces.add(table);
  pieces.says(
      "The council gives one joined reply. What a trust or provider has to answer is asked of it here, with a day; "
      "that it "
      "was asked, and what it answered, goes on the ledger (SI 2009/309 reg 9: from general knowledge, not verified).");
  Fragment fields = components::Select{.name = "body",
                                       .label = "Body",
                                       .options = body_options(all, "cassr:" + visit.actor().authority),
                                       .chosen = visit.field("body")};
  fields += Fragment(components::Textarea{.name = "words",
                                          .label = "What it is to answer",
                                          .value = visit.field("body").empty() ? "" : visit.field("words"),
                                          .rows = 4,
                                          .id = "part-words"});
  fields += Fragment(typed_day(visit, "due", "The day").input("By", "For example, 27 3 2027"));
  fields += Fragment(components::Button{"Ask", components::Button::Kind::secondary});
  pieces.add(components::Details{"Ask another body", post_form(visit, case_path(complaint.reference, "parts"), fields),
                                 !visit.field("body").empty()});
}

void add_evidence(Pieces& pieces, const Visit& visit, const Overview& all, const Complaint& complaint) {
  if (all.evidence.empty()) return;
  pieces.heading("Evidence asked for by a reader outside");
  for (const auto& one : all.evidence) {
    components::SummaryList list{
        .rows = {{"Asked", fmt::format("{}, {}", words(london_day(one.at)), one.asked_by)}, {"For", one.words}},
        .card = fmt::format("Request {}", one.number)};
    if (one.answer) list.rows.push_back({"Answered", *one.answer});
    pieces.add(list);
    if (one.answer) continue;
    Fragment fields = hidden_field("case", complaint.reference);
    fields += Fragment(components::Textarea{
        .name = "words",
        .label = fmt::format("Answer to request {}", one.number),
        .hint = "Where it is in the record or the bundle; or what is not held, and where it was looked for.",
        .rows = 3,
        .id = fmt::format("answer-{}", one.number)});
    fields +=
        Fragment(components::Button{fmt::format("Answer request {}", one.number), components::Button::Kind::secondary});
    pieces.add(post_form(visit, fmt::format("/evidence/{}", one.number), fields));
  }
}

}  // namespace

http::Response show_case(Visit& visit) {
  return case_overview(visit, "");
}

http::Response case_overview(Visit& visit, std::string_view fault) {
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    const auto& complaint = open.complaint;
    const auto all = overview_of(connection, visit.actor().authority, complaint);
    const Day today = london_day(now());
    Page page = case_page(visit, complaint, "");
    Pieces pieces;
    if (!fault.empty()) page.errors({{std::string(fault)}});
    pieces.add(acts_list(complaint));
    pieces.add(components::ButtonGroup{
        {components::Button{.text = "Put something on record", .href = case_path(complaint.reference, "record")},
         components::Link{"The person’s page", fmt::format("/people/{}", complaint.subject)}}});
    pieces.add(clocks_table(complaint, today));
    add_heads(pieces, visit, all, complaint);
    add_parts(pieces, visit, all, complaint, today);
    add_evidence(pieces, visit, all, complaint);
    add_remedies(pieces, complaint, all.records, all.findings, "cassr:" + visit.actor().authority);
    add_similar_decisions(pieces, all.findings, visit.hall.share);
    page.add(pieces.all());
    return std::move(page).answer();
  });
}

}  // namespace answerable::service
