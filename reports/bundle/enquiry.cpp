#include "reports/bundle/enquiry.hpp"

#include <fmt/format.h>

#include "reports/pages/wording.hpp"

namespace answerable::bundle {
namespace {

using namespace render;

std::string day(const xml::Element& element, std::string_view name) {
  const auto when = parse_happened(element.child_text(name));
  return when ? words(*when) : "";
}

std::string_view body_words(std::string_view body) {
  if (body == "phso") return "the Parliamentary and Health Service Ombudsman";
  if (body == "joint") return "both ombudsmen together";
  return "the Local Government and Social Care Ombudsman";
}

Inline exhibits_of(const std::vector<const xml::Element*>& references, const Exhibit& from, const Exhibits& exhibits) {
  Inline out;
  for (const auto* reference : references) {
    if (!out.empty()) out.push_back("\n");
    if (const auto exhibit = referred(exhibits, from, *reference)) {
      out.push_back(link_to(exhibit->number, exhibit->path));
      out.push_back(": " + exhibit->what);
    } else {
      out.push_back(reference->text + ", which is not in this bundle");
    }
  }
  if (out.empty()) out.push_back("None named.");
  return out;
}

void add_letter(Blocks& blocks, const xml::Element& enquiry, const Exhibit& from, const Exhibits& exhibits) {
  DefinitionList about;
  const auto entry = [&](const char* term, const std::string& detail) {
    if (!detail.empty()) about.entries.push_back({term, {detail}});
  };
  entry("What it is", pages::capital(pages::code_words(enquiry.child_text("kind"))));
  entry("Answer due", day(enquiry, "due"));
  entry("Extended to", day(enquiry, "extendedTo"));
  const auto answered = day(enquiry, "answered");
  about.entries.push_back({"Answered", {answered.empty() ? Run(tag("Not answered", TagKind::gap)) : Run(answered)}});
  entry("Could not be answered", std::string(enquiry.child_text("missing")));
  for (const auto* sought : enquiry.all("commentsSought")) {
    const auto came = day(*sought, "came");
    entry("Comments sought", fmt::format("{} asked on {}; {}", sought->child_text("of"), day(*sought, "on"),
                                         came.empty() ? "none came" : "they came on " + came));
  }
  if (enquiry.child("letter") != nullptr)
    about.entries.push_back({"Letter", exhibits_of(enquiry.all("letter"), from, exhibits)});
  blocks.push_back(about);

  const auto questions = enquiry.all("question");
  if (questions.empty()) {
    const auto text = enquiry.child_text("questions");
    blocks.push_back(
        Paragraph{{text.empty() ? "The record of the letter does not say what was asked."
                                : "The questions were sent to us as one text, so answers and exhibits cannot be "
                                  "put beside each of them:"}});
    if (!text.empty()) blocks.push_back(Paragraph{{std::string(text)}});
    return;
  }
  Table table{.caption = fmt::format("Questions of {}, answers and exhibits", day(enquiry, "on")),
              .columns = {{"Number", 0.7}, {"Question", 3}, {"Answer", 3}, {"Exhibits", 2}}};
  int place = 0;
  for (const auto* question : questions) {
    ++place;
    const auto number = question->child_text("number");
    const auto answer = question->child_text("answer");
    table.rows.push_back(
        {.cells = {{number.empty() ? std::to_string(place) : std::string(number)},
                   {std::string(question->child_text("asks"))},
                   {answer.empty() ? Run(tag("No answer received", TagKind::gap)) : Run(std::string(answer))},
                   exhibits_of(question->all("shownBy"), from, exhibits)}});
  }
  blocks.push_back(table);
}

}  // namespace

bool has_enquiry(std::span<const ReadRecord> ombudsman) {
  for (const auto& it : ombudsman) {
    if (it.element.child("enquiry") != nullptr) return true;
  }
  return false;
}

Document enquiry_page(const pages::Trail& trail, std::span<const ReadRecord> ombudsman, const Exhibits& exhibits) {
  Document out;
  out.title = "The ombudsman's questions";
  out.subtitle = fmt::format("{}, about {}", trail.council, trail.person.name());
  out.footer_left = "Answerable, for " + trail.council + ". Personal data: keep it safe.";
  out.made_at = trail.made_at();
  out.blocks.push_back(
      Paragraph{{"Questions and answers are as the council's own records tell of them. Whether an answer is "
                 "true is for the reader to weigh against the exhibits. ",
                 link_to("Back to the start", "index.html"), "."}});
  for (const auto& [exhibit, record] : ombudsman) {
    for (const auto* enquiry : record.all("enquiry")) {
      out.blocks.push_back(Heading{2, fmt::format("Letter of {}", day(*enquiry, "on")), {}});
      Inline from{pages::capital(fmt::format("from {}", body_words(record.child_text("body"))))};
      if (const auto reference = record.child_text("theirReference"); !reference.empty())
        from.push_back(fmt::format(", reference {}", reference));
      from.push_back(fmt::format(", about complaint {} (", record.child_text("case")));
      from.push_back(link_to(exhibit.number, exhibit.path));
      from.push_back(").");
      out.blocks.push_back(Paragraph{std::move(from)});
      add_letter(out.blocks, *enquiry, exhibit, exhibits);
    }
  }
  return out;
}

}  // namespace answerable::bundle
