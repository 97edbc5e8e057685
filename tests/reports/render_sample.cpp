#include "tests/reports/render_sample.hpp"

#include <fmt/format.h>

#include <sstream>

#include "reports/render/pdf.hpp"

namespace answerable::render {
namespace {

Table chronology(int rows) {
  Table table;
  table.caption = "What happened, in order";
  table.columns = {
      {"Happened", 1.3}, {"Received", 1.2}, {"What", 4}, {"Who", 2}, {"Record", 0.6, Column::Align::right}};
  for (int i = 0; i < rows; ++i) {
    Row row;
    row.kind = i % 7 == 5 ? Row::Kind::gap : Row::Kind::normal;
    row.anchor = fmt::format("record-{}", i);
    Inline what = row.kind == Row::Kind::gap ? Inline{"A review should stand here."}
                                             : Inline{"Plan sent: ", emphasis("Care plan v2"), "."};
    row.cells = {{fmt::format("{} May 2013", 1 + i % 28)},
                 {"3 June 2015"},
                 std::move(what),
                 {"Example NHS Trust"},
                 {fmt::format("{}", i)}};
    table.rows.push_back(std::move(row));
  }
  Row total;
  total.kind = Row::Kind::total;
  total.cells = {{"Total"}, {""}, {"Records"}, {""}, {fmt::format("{}", rows)}};
  table.rows.push_back(std::move(total));
  return table;
}

}  // namespace

Document sample_document(int rows) {
  Document document;
  document.title = "Audit trail: Alan Example";
  document.subtitle = "Exampleshire County Council";
  document.author = "Exampleshire County Council";
  document.footer_left = "Answerable, made up for tests";
  document.as_of_line = "As of 1 June 2015, from what was held at ledger size 4,211.";
  document.made_at = parse_instant("2026-11-21T20:15:03Z").value();
  auto& blocks = document.blocks;
  blocks.push_back(Paragraph{{"See ", link_to("the findings", "#findings"), ", the ",
                              link_to("Care Act 2014", "https://www.legislation.gov.uk/ukpga/2014/23"), " and ",
                              code("sha256:9f86d081"), ". ", strong("Made up.")}});
  blocks.push_back(Contents{});
  blocks.push_back(Heading{2, "Who the person is to us", ""});
  blocks.push_back(DefinitionList{
      {{"Name", {"Alan Example"}}, {"Outcome", {tag("BREACHED", TagKind::bad), " ", tag("MET", TagKind::good)}}}});
  blocks.push_back(Heading{2, "Findings", "findings"});
  blocks.push_back(Callout{
      Callout::Kind::finding,
      "No annual review",
      {Paragraph{{"The trust acted; the council answers."}}, BulletList{{{"Looked for: a review."}, {"Found: none."}}}},
      "finding-1"});
  blocks.push_back(Callout{
      Callout::Kind::gap, "No reasons were recorded", {Paragraph{{"Nothing was received that states reasons."}}}, ""});
  blocks.push_back(Callout{Callout::Kind::warning, "Two records contradict", {Paragraph{{"2 May; 9 May."}}}, ""});
  blocks.push_back(Callout{Callout::Kind::note, "Source", {NumberedList{{{"Statute."}, {"Guidance."}}}}, ""});
  blocks.push_back(Heading{3, "How it was judged", ""});
  blocks.push_back(
      NumberedList{{{"The plan was found (", link_to("record 3", "#record-3"), ")."}, {"No review was found."}}});
  blocks.push_back(PageBreak{});
  blocks.push_back(Heading{2, "Chronology", ""});
  blocks.push_back(chronology(rows));
  return document;
}

std::string pdf(const Document& document) {
  std::ostringstream out;
  pdf(document, out);
  return std::move(out).str();
}

}  // namespace answerable::render
