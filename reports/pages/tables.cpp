#include "reports/pages/tables.hpp"

namespace answerable::pages {

const render::CsvTable& chronology_table() {
  using enum render::CsvType;
  static const render::CsvTable table{
      .file = "chronology.csv",
      .title = "Chronology",
      .description =
          "One row an act that a record tells of, and one a gap: a place where an act should stand and does not.",
      .columns = {{"row", text, "act; gap (something is missing); finding (something stands that should not)"},
                  {"happened", happened, "When, as exactly as it was sent; of a gap, when it should have happened"},
                  {"until", happened, "Of what lasts: its last day"},
                  {"act", text, "The act in the schemas' words: review.completed"},
                  {"what", text, "What happened, or what is missing, as a sentence"},
                  {"outcome", text, "Of a gap or finding: breached, not-evidenced or contradicted"},
                  {"finding", text, "Of a gap or finding: its number in findings.csv"},
                  {"actor", text, "Who acted, or should have: scheme and code"},
                  {"actor_name", text, "Its name"},
                  {"accountable", text, "Who answers in law: scheme and code"},
                  {"accountable_name", text, "Its name"},
                  {"agreement", text, "The agreement by which the act counts as the council's"},
                  {"record", number, "The record's number in the council's ledger"},
                  {"record_id", text, "The sender's own number for it"},
                  {"kind", text, "What kind of record it is"},
                  {"sender", text, "Who sent it: scheme and code"},
                  {"sender_name", text, "Its name"},
                  {"receipt", text, "The receipt under which it came"},
                  {"received", day, "The day in London on which it was received"},
                  {"days_later", number, "Days between the act and its receipt, where there are more than 28"},
                  {"corrects", number, "The record that this one corrects"},
                  {"corrected_by", number, "The record that corrects this one"},
                  {"planned", yes_no, "Whether it lay ahead when it was received and lies ahead still; empty for gaps"},
                  {"case", text, "The complaint it belongs to"},
                  {"worker", text, "Who did it, as the sender's system names them"},
                  {"role", text, "What they were"},
                  {"source", text, "The system and document at the sender"},
                  {"rests_on", numbers, "Of a gap or finding: the records it rests on"}},
      .foreign_keys = {{"finding", "findings.csv", "finding"}, {"record", "exhibits.csv", "record"}}};
  return table;
}

const render::CsvTable& findings_table() {
  using enum render::CsvType;
  static const render::CsvTable table{
      .file = "findings.csv",
      .title = "Findings",
      .description =
          "One row a duty judged, the most serious first. Findings are for people to weigh; they are not verdicts.",
      .columns = {{"finding", text, "Its number"},
                  {"outcome", text,
                   "met, met-late, breached, pending, exempt, not-evidenced, contradicted, unknown or error"},
                  {"rule", text, "The obligation: its file is in rules/"},
                  {"duty", text, "Which of the rule's duties"},
                  {"about_agreement", text, "The agreement it is about; empty when it is about the person"},
                  {"state", text, "How it stands, more closely"},
                  {"sentence", text, "The finding in words"},
                  {"happened", happened, "When what sets the duty going happened"},
                  {"due", day, "By when the duty had to be done"},
                  {"flagged_since", day, "Since when it could be seen"},
                  {"actor", text, "Who acted, or should have: scheme and code"},
                  {"actor_name", text, "Its name"},
                  {"accountable", text, "Who answers in law: scheme and code"},
                  {"accountable_name", text, "Its name"},
                  {"agreement", text, "The agreement by which it counts as the council's"},
                  {"instrument", text, "What kind of agreement that is"},
                  {"attribution_law", text, "The law by which it counts as the council's"},
                  {"law", text, "Where the duty stands"},
                  {"force", text, "statute, guidance or practice"},
                  {"confidence", text, "How sure the statement of the law is; see the rule's file in rules/"},
                  {"clock", text, "The arithmetic of the date due, its lines parted by semicolons"},
                  {"records", numbers, "The records it rests on"},
                  {"not_found", text, "What was looked for and not found, parted by semicolons"},
                  {"evidence_missing", text, "The evidence that is missing, parted by semicolons"}},
      .primary_key = "finding"};
  return table;
}

const render::CsvTable& evidence_table() {
  using enum render::CsvType;
  static const render::CsvTable table{
      .file = "evidence.csv",
      .title = "Evidence",
      .description = "One row each time a sender said that evidence of an act is there, missing or contradicted.",
      .columns = {{"for_record", number, "The record whose act it is to prove"},
                  {"for", text, "That act, as a sentence"},
                  {"for_happened", happened, "When it happened"},
                  {"item", text, "What has to be shown"},
                  {"state", text,
                   "present, absent (searched for and not found), not-supplied, contradicted, created-late or "
                   "not-applicable"},
                  {"is", text, "What the document is, whatever it is offered as"},
                  {"created", happened, "When the document was made"},
                  {"covers", text, "What it states, parted by spaces"},
                  {"document", text, "The document at the sender"},
                  {"reason", text, "Why, in the sender's words"},
                  {"searched_by", text, "Who searched for it"},
                  {"searched_where", text, "Where"},
                  {"searched_on", day, "On which day"},
                  {"searched_terms", text, "For what"},
                  {"sender", text, "Who says so: scheme and code"},
                  {"sender_name", text, "Its name"},
                  {"said_by", number, "The record that says so"},
                  {"superseded", yes_no, "Whether one of the two records has been corrected since"}},
      .foreign_keys = {{"for_record", "exhibits.csv", "record"}, {"said_by", "exhibits.csv", "record"}}};
  return table;
}

}  // namespace answerable::pages
