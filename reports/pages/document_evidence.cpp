#include <fmt/format.h>

#include "reports/pages/document_parts.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {
namespace {

using namespace render;
using engine::EvidenceState;

TagKind state_tag(EvidenceState state) {
  switch (state) {
    case EvidenceState::present:
      return TagKind::good;
    case EvidenceState::created_late:
      return TagKind::warning;
    case EvidenceState::contradicted:
      return TagKind::bad;
    case EvidenceState::absent:
    case EvidenceState::not_supplied:
      return TagKind::gap;
    case EvidenceState::not_applicable:
      return TagKind::neutral;
  }
  return TagKind::neutral;
}

std::string details(const EvidenceItem& it) {
  std::string out;
  const auto add = [&](const std::string& text) {
    if (!out.empty()) out += ' ';
    out += sentence(capital(text));
  };
  if (!it.is_a.empty()) add(fmt::format("{}{}", code_words(it.is_a), it.created ? ", made " + words(*it.created) : ""));
  if (it.is_a.empty() && it.created) add("made " + words(*it.created));
  if (!it.document.empty()) add("document " + it.document);
  if (!it.covers.empty()) add("states " + it.covers);
  if (!it.reason.empty()) add(it.reason);
  if (!it.searched_by.empty()) {
    add(fmt::format("searched by {}, in {}{}{}", it.searched_by, it.searched_where,
                    it.searched_on ? ", on " + words(*it.searched_on) : "",
                    it.searched_terms.empty() ? "" : ", for " + it.searched_terms));
  }
  return out;
}

Row row_of(const EvidenceItem& it, const Trail& trail) {
  Inline target{fmt::format("{}: {} (", words(it.target_when), it.target_says), record_link(it.target)};
  add_exhibit(target, trail, it.target);
  target.push_back(")");
  if (it.superseded) target.insert(target.begin(), {tag("Corrected since", TagKind::neutral), " "});
  Inline said_by{it.sender.name + ", "};
  said_by.push_back(record_link(it.said_by));
  add_exhibit(said_by, trail, it.said_by);
  return {.cells = {std::move(target),
                    {capital(code_words(it.item))},
                    {tag(capital(std::string(state_words(it.state))), state_tag(it.state))},
                    {details(it)},
                    std::move(said_by)}};
}

Row row_of(const DocumentHeld& it, const Trail& trail) {
  std::string title = it.title.empty() ? "Without a title" : it.title;
  if (!it.author.empty()) title += ", by " + it.author;
  Inline named{sentence(title)};
  if (!it.sha256.empty()) {
    named.push_back(" SHA-256 ");
    named.push_back(code(it.sha256));
  }
  const auto is = fmt::format("{}; offered as {}", capital(code_words(it.is_a)),
                              it.offered_as.empty() ? "nothing" : code_words(it.offered_as));
  Inline source{record_link(it.record)};
  add_exhibit(source, trail, it.record);
  source.push_back(fmt::format(", {}, received {}", it.sender.name, words(it.received_on)));
  return {.cells = {{words(it.created)}, std::move(named), {is}, std::move(source)}};
}

}  // namespace

void add_evidence(render::Blocks& blocks, const Trail& trail) {
  blocks.push_back(Heading{2, "Evidence", {}});
  Table table{.caption = "Evidence held, missing and contradicted",
              .columns = {{"For", 3.2},
                          {"What has to be shown", 1.6},
                          {"State", 1.4},
                          {"What it is, where it was looked for", 2.6},
                          {"Said by", 1.6}}};
  table.when_empty = "No sender has said anything about evidence.";
  table.rows.add([&trail](const auto& use) {
    for (const auto& it : trail.evidence) use(row_of(it, trail));
  });
  blocks.push_back(std::move(table));

  blocks.push_back(Heading{2, "Documents", {}});
  Table documents{
      .caption = "Documents sent or named",
      .columns = {{"Made", 1.2}, {"Document", 3.2}, {"What it is; what it was offered as", 2.4}, {"Source", 2.2}}};
  documents.when_empty = "No document was sent as a record of its own.";
  documents.rows.add([&trail](const auto& use) {
    for (const auto& it : trail.documents) use(row_of(it, trail));
  });
  blocks.push_back(std::move(documents));
}

void add_exhibits(render::Blocks& blocks, const Trail& trail) {
  if (trail.exhibits.numbers.empty()) return;
  blocks.push_back(Heading{2, "Exhibits", {}});
  blocks.push_back(
      Paragraph{{"Each record named here lies beside this document as a file, under its exhibit number."}});
  blocks.push_back(ExhibitList{.caption = "Records handed over with this trail"});
}

}  // namespace answerable::pages
