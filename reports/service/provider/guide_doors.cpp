// The guides: what a record may say, from the schemas, and the rules in plain words.
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/not_checked.hpp"
#include "reports/pages/rule_guide.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/document_page.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/filling.hpp"
#include "reports/service/provider/handlers.hpp"

namespace answerable::service::provider_desk {
namespace {

using namespace components;
using render::joined;

constexpr int deepest = 4;

std::string how_often(const forms::Part& part) {
  if (part.repeats) return part.required ? "Once or more" : "Any number";
  return part.required ? "Once" : "At most once";
}

std::string values_of(const xml::SimpleType& type) {
  const auto& choices = forms::choices_of(type);
  if (choices.empty()) return type.documentation;
  std::string said = type.item != nullptr ? "Any of: " : "One of: ";
  for (const auto& choice : choices) said += (choice == choices.front() ? "" : ", ") + choice;
  return said;
}

std::string what_is_said(const std::string& documentation, const std::string& values) {
  if (values.empty() || values == documentation) return documentation;
  return documentation.empty() ? values : documentation + " " + values;
}

/// A line for each element and attribute, those inside others behind theirs.
void describe(const xml::ComplexType& type, const std::string& path, int depth, Table& table) {
  const auto row = [&](const std::string& name, const std::string& often, const std::string& said) {
    table.rows.push_back({name, often, said});
  };
  for (const auto& attribute : type.attributes)
    row(path + "@" + attribute.name, attribute.required ? "Always" : "If known",
        what_is_said(attribute.documentation, attribute.type != nullptr ? values_of(*attribute.type) : ""));
  for (const auto& part : forms::parts_of(type)) {
    const auto& element = *part.element;
    const std::string name = path + element.name;
    const auto* simple = element.simple != nullptr    ? element.simple
                         : element.complex == nullptr ? nullptr
                                                      : element.complex->simple;
    row(name, how_often(part), what_is_said(element.documentation, simple != nullptr ? values_of(*simple) : ""));
    if (element.complex != nullptr && depth < deepest) describe(*element.complex, name + "/", depth + 1, table);
  }
}

std::string example_of(const FormOf& form, const char* name) {
  std::ifstream in(form.kind.folder / "examples" / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

http::Response schema_guide(Visit& visit) {
  Page page(visit, "What records can say");
  page.paragraph(
      joined({"Every kind of record, with what it may hold and examples. The rules that are judged by them are in the ",
              Link{"guide to the rules", "/guide/rules"}, "."}));
  Table table{.caption = "Kinds of records", .columns = {{"Record"}, {"What it is"}}, .rows = {}};
  for (const auto& form : all_forms(visit))
    table.rows.push_back({Link{form.kind.title, "/guide/schemas/" + form.kind.name}, form.record.documentation});
  page.add(table);
  return std::move(page).answer();
}

http::Response schema_kind(Visit& visit) {
  const auto form = form_of(visit, visit.request.parameters.at("kind"));
  Page page(visit, form.kind.title);
  page.under({{"What records can say", "/guide/schemas"}});
  page.paragraph(form.record.documentation);
  page.paragraph(fmt::format("Element {} in the namespace {}.", form.record.name, form.kind.ns));
  Table table{
      .caption = "What it may hold", .columns = {{"Name"}, {"How often"}, {"What it says"}}, .rows = {}, .wide = true};
  describe(*form.record.complex, "", 1, table);
  page.add(table);
  page.heading("The shortest that is right").add(Preformatted{example_of(form, "good-smallest.xml")});
  page.add(Details{.summary = "One with everything in it", .content = Preformatted{example_of(form, "good-full.xml")}});
  return std::move(page).answer();
}

http::Response rule_guide(Visit& visit) {
  auto& hall = visit.hall;
  std::call_once(hall.guide_made, [&] {
    auto document = pages::rule_guide(engine::Catalogue::load(hall.kinds), engine::read_not_checked());
    document.blocks.push_front(render::Paragraph{{render::link_to("All pages of the service", "/")}});
    hall.guide = document_page(document);
    hall.guide.headers.emplace("Cache-Control", "private, max-age=3600");
  });
  return hall.guide;
}

}  // namespace answerable::service::provider_desk
