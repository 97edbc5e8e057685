#include "reports/bundle/redaction_request.hpp"

#include <array>

#include "ingest/identifiers.hpp"
#include "ingest/xml/document.hpp"

namespace answerable::bundle {
namespace {

WhichRecord which(const xml::Element& element) {
  return {std::string(element.value("sender")), std::string(element.value("id"))};
}

KeepPerson person(const xml::Element& element, const std::filesystem::path& file) {
  KeepPerson out;
  for (const auto* it : element.all("identifier")) {
    engine::Identifier identifier{std::string(it->value("scheme")), it->text};
    if (identifier.scheme == "nhs-number") {
      std::erase(identifier.value, ' ');
      if (const auto fault = check_identifier(identifier.scheme, identifier.value))
        throw xml::Invalid(file, it->line, it->column, fault->problem + " Expected: " + fault->expected);
    }
    out.identifiers.push_back(std::move(identifier));
  }
  for (const auto* it : element.all("name")) out.names.push_back(it->text);
  if (out.identifiers.empty() && out.names.empty()) {
    throw xml::Invalid(
        file, element.line, element.column,
        "This person has neither an identifier nor a name. Give at least one, so that it is known who is meant.");
  }
  return out;
}

}  // namespace

RedactionRequest read_redaction_request(const std::filesystem::path& file,
                                        const std::filesystem::path& schemas_folder) {
  const auto root = xml::load_document(file, std::array{schemas_folder / "redaction/1/redaction.xsd"});
  RedactionRequest out;
  out.by = root.value("by");
  const auto on = parse_day(root.value("on"));
  if (!on) throw xml::Invalid(file, root.line, root.column, "on=\"…\" has to be a day without a zone: 2025-04-01.");
  out.on = *on;
  for (const auto& it : root.children) {
    if (it.name == "checked") {
      out.checked.push_back(which(it));
      continue;
    }
    RedactionRequest::Item item{.line = it.line, .reason = parse_reason(it.value("reason")).value(), .what = {}};
    if (it.name == "person") item.what = person(it, file);
    if (it.name == "record") item.what = KeepRecord{which(it)};
    if (it.name == "field") item.what = KeepField{which(it), std::string(it.value("path")), it.text};
    out.items.push_back(std::move(item));
  }
  return out;
}

}  // namespace answerable::bundle
