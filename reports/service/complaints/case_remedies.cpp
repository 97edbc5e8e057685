// Putting it right early: remedies that were offered, until they are given and proved.
#include "reports/service/complaints/case_remedies.hpp"

#include <fmt/format.h>

#include "reports/pages/wording.hpp"
#include "reports/service/complaints/case_form.hpp"

namespace answerable::service {
namespace {

/// The documents that a remedy names as evidence.
Fragment proof_of(const xml::Element& remedy) {
  components::List documents{.items = {}, .kind = components::List::Kind::plain};
  for (const auto* evidence : remedy.all("evidence"))
    if (const auto document = evidence->child_text("document"); !document.empty())
      documents.items.emplace_back(fmt::format("Record {}", document));
  if (documents.items.empty()) return components::Tag{"None", components::TagColour::red};
  return documents;
}

components::Table remedies_of(const Complaint& complaint, const std::vector<CaseRecord>& records,
                              const std::string& council) {
  components::Table table{
      .caption = "Remedies",
      .columns = {{"What"}, {"For"}, {"Sum", true}, {"Offered"}, {"Agreed"}, {"Paid or done"}, {"Proof"}, {"To do"}},
      .rows = {},
      .wide = true};
  for (const auto& record : records) {
    if (record.kind != "remedy") continue;
    const auto day = [&](std::string_view child) {
      const auto when = parse_happened(record.element.child_text(child));
      return when ? Fragment(words(*when)) : Fragment(components::Tag{"Not yet", components::TagColour::yellow});
    };
    const auto amount = record.element.child_text("amount");
    table.rows.push_back(
        {pages::capital(pages::code_words(record.element.child_text("kind"))),
         pages::code_words(record.element.child_text("for")), amount.empty() ? "" : fmt::format("£{}", amount),
         day("offered"), day("agreed"), day("paid"), proof_of(record.element),
         record.sender == council ? follow_up_links(proof_path(complaint.reference, "remedy", record.id),
                                                    case_form_path(complaint.reference, "remedy", record.id),
                                                    fmt::format("remedy {}", table.rows.size() + 1))
                                  : Fragment("")});
  }
  return table;
}

}  // namespace

void add_remedies(Pieces& pieces, const Complaint& complaint, const std::vector<CaseRecord>& records,
                  const std::vector<CaseFinding>& findings, const std::string& council) {
  pieces.heading("Putting it right early");
  const components::Button put{.text = "Put a remedy on record",
                               .kind = components::Button::Kind::secondary,
                               .href = case_form_path(complaint.reference, "remedy")};
  if (const auto table = remedies_of(complaint, records, council); !table.rows.empty()) {
    pieces.add(table).add(put);
    return;
  }
  if (findings.empty())
    pieces.says("Nothing has been offered, and nothing that was found about the person needs attention.");
  else
    pieces.add(components::InsetText{fmt::format(
        "Nothing has been offered, and {} about the person {} attention. The ombudsman may decline to go on where it "
        "is "
        "satisfied with what the council has done or proposes (Local Government Act 1974 s.24A(6)–(7)). In its order: "
        "an "
        "apology; putting the person back where they would have been; money they lost (see What was lost); a symbolic "
        "payment; a better service. No sum for distress is proposed here.",
        pages::count_of(static_cast<std::int64_t>(findings.size()), "finding", "findings"),
        findings.size() == 1 ? "needs" : "need")});
  pieces.add(put);
}

}  // namespace answerable::service
