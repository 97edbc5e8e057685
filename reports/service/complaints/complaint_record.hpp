#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/xml/document.hpp"

/// Records of complaints as the council sends them from its pages: the same XML that a system would send.
namespace answerable::service {

inline constexpr std::string_view complaint_namespace = "urn:answerable:complaint:1";

/// An element of a complaint record with text in it.
xml::Element complaint_element(std::string name, std::string_view text = "");
/// The same with elements in it; those without text are left out.
xml::Element complaint_element(std::string name, std::vector<std::pair<std::string, std::string>> children);

/// Puts an element where the schema wants it: behind those of its kind, or in the place of the one there may be.
void put_in_order(xml::Element& complaint, xml::Element element);

/// Who sends it, in whose name: a council of its own.
struct CouncilSender {
  std::string code, name;
};
/// A whole file with one record.
/// \param number of the file and of the record, used once
std::string submission_of(const CouncilSender& council, const std::string& number, xml::Element record);

/// A record of the council that corrects its own, or begins one after what another body sent.
/// \param own the council's own record, where it has one; its id is corrected
/// \param other what another body sent, where the council has none: who complains of what, and when it came in
xml::Element complaint_to_send(const std::optional<std::pair<std::string, xml::Element>>& own,
                               const xml::Element* other, const xml::Element& person, const std::string& number);

}  // namespace answerable::service
