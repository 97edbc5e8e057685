#include "reports/service/complaints/complaint_record.hpp"

#include <algorithm>
#include <array>

#include "ingest/civil_date.hpp"

namespace answerable::service {
namespace {

/// As schemas/records/complaint/1 has them; what comes before (the person, who did it) is in none of these.
constexpr std::array<std::string_view, 26> complaint_order{"reference",
                                                           "from",
                                                           "complainant",
                                                           "mayAct",
                                                           "oral",
                                                           "concerns",
                                                           "about",
                                                           "lead",
                                                           "known",
                                                           "received",
                                                           "head",
                                                           "redirected",
                                                           "acknowledged",
                                                           "discussed",
                                                           "oralResolved",
                                                           "writtenDown",
                                                           "writtenCopyGiven",
                                                           "refused",
                                                           "extensionAgreed",
                                                           "delayLetter",
                                                           "responded",
                                                           "escalated",
                                                           "closed",
                                                           "withdrawn",
                                                           "evidence",
                                                           "note"};
constexpr std::array<std::string_view, 6> said_by_another{"reference", "from",  "complainant",
                                                          "concerns",  "about", "known"};
constexpr std::array<std::string_view, 4> once{"acknowledged", "discussed", "closed", "withdrawn"};
constexpr std::string_view envelope = "urn:answerable:submission:1";

std::ptrdiff_t place_of(std::string_view name) {
  const auto found = std::ranges::find(complaint_order, name);
  return found == complaint_order.end() ? -1 : found - complaint_order.begin();
}

xml::Element envelope_element(std::string name, std::string_view text = "") {
  return {.ns = std::string(envelope),
          .name = std::move(name),
          .attributes = {},
          .text = std::string(text),
          .children = {}};
}

xml::Element council_element(std::string name, const CouncilSender& council) {
  auto element = envelope_element(std::move(name), council.name);
  element.attributes = {{"scheme", "cassr"}, {"code", council.code}};
  return element;
}

}  // namespace

xml::Element complaint_element(std::string name, std::string_view text) {
  return {.ns = std::string(complaint_namespace),
          .name = std::move(name),
          .attributes = {},
          .text = std::string(text),
          .children = {}};
}

xml::Element complaint_element(std::string name, std::vector<std::pair<std::string, std::string>> children) {
  auto element = complaint_element(std::move(name));
  for (auto& [child, text] : children)
    if (!text.empty()) element.children.push_back(complaint_element(std::move(child), text));
  return element;
}

void put_in_order(xml::Element& complaint, xml::Element element) {
  auto& children = complaint.children;
  if (std::ranges::find(once, element.name) != once.end())
    std::erase_if(children, [&](const xml::Element& child) { return child.name == element.name; });
  const auto place = place_of(element.name);
  const auto before =
      std::ranges::find_if(children, [&](const xml::Element& child) { return place_of(child.name) > place; });
  children.insert(before, std::move(element));
}

std::string submission_of(const CouncilSender& council, const std::string& number, xml::Element record) {
  auto header = envelope_element("header");
  header.children = {envelope_element("messageId", number), council_element("sender", council),
                     council_element("authority", council), envelope_element("createdAt", iso(now())),
                     envelope_element("sourceSystem", "Answerable " ANSWERABLE_VERSION ", complaints")};
  auto records = envelope_element("records");
  records.children = {std::move(record)};
  auto submission = envelope_element("submission");
  submission.children = {std::move(header), std::move(records)};
  return xml::serialise(submission);
}

xml::Element complaint_to_send(const std::optional<std::pair<std::string, xml::Element>>& own,
                               const xml::Element* other, const xml::Element& person, const std::string& number) {
  if (own) {
    auto corrected = own->second;
    corrected.attributes = {{"id", number}, {"corrects", own->first}};
    return corrected;
  }
  auto begun = complaint_element("complaint");
  begun.attributes = {{"id", number}};
  begun.children.push_back(person);
  if (other == nullptr) return begun;
  for (const auto& child : other->children) {
    const bool told = std::ranges::find(said_by_another, child.name) != said_by_another.end();
    if (told || child.name == "received" || child.name == "head") put_in_order(begun, child);
  }
  return begun;
}

}  // namespace answerable::service
