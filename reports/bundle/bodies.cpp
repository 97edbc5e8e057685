#include "reports/bundle/bodies.hpp"

#include <algorithm>
#include <set>

#include "reports/pages/bodies.hpp"

namespace answerable::bundle {
namespace {

void keep_back(xml::Element& element, Redaction& redaction) {
  redaction.apply(element.text);
  for (auto& [name, value] : element.attributes) redaction.apply(value);
  for (auto& child : element.children) keep_back(child, redaction);
}

}  // namespace

std::vector<ReadRecord> read_records(pg::Transaction& transaction, const std::string& authority, std::string_view kind,
                                     const Exhibits& exhibits, Redaction& redaction) {
  std::set<std::int64_t> corrected;
  for (const auto& it : exhibits) corrected.insert(it.corrects);
  std::vector<std::int64_t> numbers;
  std::vector<ReadRecord> out;
  for (const auto& it : exhibits) {
    if (!it.of_person || it.kind != kind || corrected.contains(it.record) || redaction.withheld(it.record)) continue;
    numbers.push_back(it.record);
    out.push_back({it, {}});
  }
  std::vector<pages::Body> bodies;
  const ExhibitIndex index(exhibits);
  each_body(transaction, authority, numbers, [&](std::int64_t number, std::string_view body) {
    const auto exhibit = index.find(number).value();
    bodies.push_back({exhibit.kind, exhibit.version, std::string(body)});
  });
  auto elements = pages::read_bodies(bodies);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    keep_back(elements[i], redaction);
    out[i].element = std::move(elements[i]);
  }
  return out;
}

std::optional<Exhibit> referred(const Exhibits& exhibits, const Exhibit& from, const xml::Element& reference) {
  const auto sender = reference.value("sender").empty() ? std::string_view(from.sender.key) : reference.value("sender");
  for (const auto& it : exhibits) {
    if (it.id == reference.text && it.sender.key == sender) return it;
  }
  return std::nullopt;
}

}  // namespace answerable::bundle
