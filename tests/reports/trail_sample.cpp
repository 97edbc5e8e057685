#include "tests/reports/trail_sample.hpp"

#include <fmt/format.h>

namespace answerable::pages {
namespace {

using engine::EvidenceState;
using engine::Explanation;
using engine::Outcome;

const Party council{"cassr:905", "Somerset County Council"};
const Party trust{"ods:RH5", "Somerset Partnership NHS Foundation Trust"};

Happened when(const char* text) {
  return parse_happened(text).value();
}
Day day(const char* text) {
  return parse_day(text).value();
}

Line line(std::int64_t record, const char* id, const char* kind, const char* act, const char* says,
          const char* happened, const Party& by, const char* submission, const char* received) {
  Line out;
  out.source = {.record = record,
                .record_id = id,
                .kind = kind,
                .version = 1,
                .sender = by,
                .submission = submission,
                .received_on = day(received),
                .document = {},
                .worker = {},
                .role = {}};
  out.ordinal = 1;
  out.act = act;
  out.says = says;
  out.when = when(happened);
  out.actor = by;
  out.answers = council;
  if (by.key == trust.key) out.agreement = "S75-ASPERGERS";
  if (const auto days = (out.source.received_on - out.when.last).count(); days > 28)
    out.days_later = static_cast<int>(days);
  return out;
}

Explanation::Event event(const char* part, const Line& line) {
  Explanation::Event out;
  out.part = part;
  out.record = line.source.record;
  out.record_id = line.source.record_id;
  out.kind = line.source.kind;
  out.version = 1;
  out.act = line.act;
  out.when = line.when;
  out.performer = line.actor.key;
  out.performer_name = line.actor.name;
  out.received_on = line.source.received_on;
  return out;
}

Finding finding(const char* id, const char* rule, Outcome outcome, const char* title, const char* sentence,
                const Line& trigger) {
  Finding out;
  auto& why = out.why;
  why.finding = id;
  why.rule = rule;
  why.duty = "main";
  why.title = title;
  why.outcome = outcome;
  why.sentence = sentence;
  why.state = "recorded without evidence";
  why.because = "A person whose support is reviewed must be able to see how.";
  why.source = "Fair Access to Care Services guidance 2010";
  why.force = "guidance";
  why.confidence = "unverified";
  why.confidence_words = "UNVERIFIED: from general knowledge; needs a qualified person's sign-off";
  why.edition_from = day("2010-04-01");
  why.edition_to = day("2016-03-31");
  why.regime = "pre-care-act";
  why.events.push_back(event("trigger", trigger));
  why.attribution = {.actor = trigger.actor.key,
                     .actor_name = trigger.actor.name,
                     .accountable = council.key,
                     .accountable_name = council.name,
                     .agreement = trigger.agreement,
                     .instrument = "s75",
                     .in_force = true,
                     .covers_function = true,
                     .law = "National Health Service Act 2006 s.75(5)",
                     .note = "The trust acted for the council under S75-ASPERGERS: the council answers."};
  why.horizon = {day("2015-10-08"), 20};
  why.flagged_since = trigger.when.last;
  return out;
}

}  // namespace

Trail sample_trail(int visits) {
  Trail trail;
  trail.authority = "905";
  trail.council = council.name;
  trail.horizon = {day("2015-10-08"), 20};
  trail.rule_set.fill(std::byte{0xab});
  trail.person.names.push_back({"Adam Hartwell", 1});
  trail.person.identifiers = {{"nhs-number", "9990000018"}, {"council", "40881"}};
  trail.person.born.push_back({"1990", 1});
  trail.person.communication_needs.push_back({"Hearing difficulties: speak facing him, confirm in writing.", 1});
  trail.person.relations.push_back({.role = "carer",
                                    .name = "Mary Hartwell, his mother",
                                    .scope = {},
                                    .of_other = false,
                                    .from = when("2010"),
                                    .to = {},
                                    .record = 3});
  trail.agreements.push_back({.reference = "S75-ASPERGERS",
                              .type = "s75",
                              .party_name = trust.name,
                              .functions = {"assessment", "eligibility", "review", "direct-payments"},
                              .extent = "group",
                              .monitoring = "no",
                              .reports = {},
                              .from = when("2013-04-01"),
                              .until = when("2015-03-31"),
                              .revoked = false,
                              .record = 0});

  auto plan = line(4, "SCC-PLAN-1", "care-and-support-plan", "plan.agreed",
                   "Plan agreed (care plan made before April 2015).", "2012-11", council, "S905-1", "2013-04-22");
  auto review = line(6, "SOMPAR-REV-771", "review", "review.completed",
                     "Review completed (plan and direct payment). Believed to be starting an apprenticeship.", "2013",
                     trust, "S905-2", "2014-01-14");
  auto stopped = line(8, "SOMPAR-DP-771", "direct-payment", "dp.stopped", "Direct payment stopped (not eligible).",
                      "2013-12", trust, "S905-2", "2014-01-14");
  auto wrong = line(9, "SCC-ASS-1", "assessment", "assessment.completed", "Assessment completed (needs).", "2015-02",
                    council, "S905-3", "2015-03-30");
  wrong.corrected_by = 10;
  auto right = line(10, "SCC-ASS-1B", "assessment", "assessment.completed", "Assessment completed (needs).", "2015-01",
                    council, "S905-3", "2015-03-30");
  right.corrects = 9;
  auto complaint = line(12, "SCC-COMP-15-114", "complaint", "complaint.redirected",
                        "Complaint COMP-15-114 sent on to Somerset Partnership NHS Foundation Trust.", "2015", council,
                        "S905-4", "2015-06-22");
  complaint.case_reference = "COMP-15-114";
  complaint.says += "\n<b>Not markup & not a formula</b>";

  auto not_shown = finding(
      "F-AAAA-BBBB-CC01", "old.review", Outcome::not_evidenced, "A review leaves a record.",
      "A review is said to have been completed in 2013, and no record of it was supplied. It was done by Somerset "
      "Partnership NHS Foundation Trust, and Somerset County Council answers for this.",
      review);
  not_shown.why.evidence.push_back({.counts = false,
                                    .item = "review-record",
                                    .state = "not-supplied",
                                    .is_a = {},
                                    .document = {},
                                    .covers = {},
                                    .reason = {},
                                    .created = {},
                                    .record = 6,
                                    .text = "the review record: not supplied"});
  not_shown.why.clock = {"starts 30 November 2012 (day 0)", "12 months: due 30 November 2013"};
  auto without = finding(
      "F-AAAA-BBBB-CC02", "old.dp.stop", Outcome::breached, "A payment is not stopped without a reasoned decision.",
      "The direct payment was stopped in December 2013; no reasoned decision was recorded.", stopped);
  without.why.force = "statute";
  without.why.not_found = {"a review, with its record (looked for from 1 December 2012 to 31 December 2013)"};
  auto overdue = finding("F-AAAA-BBBB-CC03", "old.review", Outcome::breached, "A plan is reviewed every year.",
                         "A review was due by 30 November 2014; none has been completed.", plan);
  overdue.why.due = overdue.why.flagged_since = day("2014-11-30");
  overdue.why.not_found = {"a review (looked for from 1 December 2013 to 30 November 2014)"};
  auto sent_away = finding("F-AAAA-BBBB-CC04", "compl.redirect", Outcome::breached,
                           "A complaint about the council is not sent away.",
                           "The complaint is about a function of the council and was sent to another body.", complaint);
  auto fine = finding("F-AAAA-BBBB-CC05", "assess.record", Outcome::met, "An assessment leaves a record.", "", right);
  auto instrument =
      finding("F-AAAA-BBBB-CC06", "s75.instrument", Outcome::not_evidenced, "An agreement says how it is monitored.",
              "S75-ASPERGERS does not say how the trust's work is monitored.", plan);
  instrument.about = "S75-ASPERGERS";
  trail.findings = {without, overdue, sent_away, not_shown, instrument, fine};

  const auto gap = [](const Finding& of, const char* at, bool missing, const char* case_reference) {
    const auto& how = of.why.attribution;
    return Gap{.when = when(at),
               .finding = of.why.finding,
               .rule = of.why.rule,
               .outcome = of.why.outcome,
               .missing = missing,
               .text = of.why.sentence,
               .actor = {how.actor, how.actor_name},
               .answers = council,
               .agreement = how.agreement,
               .case_reference = case_reference,
               .rests_on = {of.why.events.front().record}};
  };
  trail.chronology = {plan,
                      review,
                      gap(not_shown, "2013", true, ""),
                      stopped,
                      gap(without, "2013-12", true, ""),
                      gap(overdue, "2014-11-30", true, ""),
                      right,
                      complaint,
                      gap(sent_away, "2015", false, "COMP-15-114"),
                      wrong};
  for (int i = 0; i < visits; ++i) {
    auto visit = line(100 + i, "V", "visit", "visit.delivered", "Visit made, 30 minutes planned and 28 given.",
                      "2015-05-01", trust, "S905-4", "2015-06-22");
    visit.source.record_id = fmt::format("VISIT-{}", i);
    trail.chronology.push_back(visit);
  }
  trail.undated.push_back({plan.source, "Person"});
  trail.undated.back().source.record = 1;
  trail.undated.back().source.record_id = "SCC-PER-1";
  trail.evidence.push_back({.target = 6,
                            .said_by = 6,
                            .target_says = review.says,
                            .target_when = review.when,
                            .item = "review-record",
                            .state = EvidenceState::not_supplied,
                            .is_a = {},
                            .document = {},
                            .covers = {},
                            .reason = {},
                            .created = {},
                            .searched_by = "Trust records officer",
                            .searched_where = "Patient record system",
                            .searched_terms = "Hartwell",
                            .searched_on = day("2015-06-02"),
                            .sender = trust,
                            .superseded = false});
  trail.documents.push_back({.record = 13,
                             .title = "Letter to the GP",
                             .is_a = "clinic-letter",
                             .author = "a nurse",
                             .offered_as = "review-record",
                             .sha256 = std::string(64, 'a'),
                             .created = when("2013-07"),
                             .sender = trust,
                             .received_on = day("2015-06-22")});
  trail.knowledge.push_back({.day = day("2013-12-31"),
                             .findings = {"F-AAAA-BBBB-CC01", "F-AAAA-BBBB-CC02"},
                             .records_held = 4,
                             .known = {{.record = 4,
                                        .ordinal = 1,
                                        .says = plan.says,
                                        .when = plan.when,
                                        .received_on = day("2013-04-22"),
                                        .days_later = 0}},
                             .later = {{.record = 8,
                                        .ordinal = 1,
                                        .says = stopped.says,
                                        .when = stopped.when,
                                        .received_on = day("2014-01-14"),
                                        .days_later = 14}}});
  trail.cases.push_back({"COMP-15-114", {"Somerset County Council sent it on: 2015."}});
  trail.submissions.push_back({.id = "S905-2",
                               .sender = trust,
                               .message_id = "SOMPAR-2014-0003",
                               .source_system = "Trust patient record system",
                               .sha256 = {},
                               .received_at = parse_instant("2014-01-14T12:00:00Z").value(),
                               .bytes = 2100,
                               .records = 3});
  return trail;
}

}  // namespace answerable::pages
