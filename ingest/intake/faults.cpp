#include "ingest/intake/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>

#include "ingest/intake/receipt.hpp"

namespace answerable::intake {
namespace {

bool in_file_order(const Fault& a, const Fault& b) {
  return std::tie(a.line, a.column) < std::tie(b.line, b.column);
}

}  // namespace

const char* word(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::query:
      return "query";
    case Severity::note:
      return "note";
  }
  return "";
}

Severity parse_severity(std::string_view text) {
  if (text == "error") return Severity::error;
  if (text == "query") return Severity::query;
  if (text == "note") return Severity::note;
  throw std::invalid_argument("a severity is error, query or note");
}

std::vector<FaultGroup> group_faults(std::span<const Fault> faults) {
  constexpr std::size_t examples = 3;
  std::vector<FaultGroup> groups;
  std::map<std::tuple<Severity, std::string_view, std::string_view>, std::size_t> places;
  for (const Fault& fault : faults) {
    const auto [place, is_new] = places.try_emplace({fault.severity, fault.code, fault.field}, groups.size());
    if (is_new) groups.push_back({fault.severity, fault.code, fault.field, 0, {}});
    FaultGroup& group = groups[place->second];
    ++group.count;
    if (group.examples.size() < examples) group.examples.push_back(fault);
  }
  std::stable_sort(groups.begin(), groups.end(), [](const FaultGroup& a, const FaultGroup& b) {
    return a.severity != b.severity ? a.severity < b.severity : a.count > b.count;
  });
  return groups;
}

FaultList::FaultList(std::function<void(const Fault&)> listener) : listener_(std::move(listener)) {}

void FaultList::add(Fault&& fault) {
  if (listener_) listener_(fault);
  const bool mild = fault.severity != Severity::error;
  if (faults_.size() >= listed_at_most || (mild && mild_ >= listed_at_most / 2)) {
    ++left_out_;
    return;
  }
  mild_ += mild ? 1 : 0;
  faults_.push_back(std::move(fault));
}

std::vector<Fault> FaultList::take() {
  std::stable_sort(faults_.begin(), faults_.end(), in_file_order);
  if (left_out_ > 0) {
    Fault more;
    more.severity = Severity::note;
    more.code = "faults.left-out";
    more.problem = fmt::format("{} more were found and are not listed here.", left_out_);
    more.mend =
        "Mend the causes listed and check the file again, or ask for the full list: check FILE --faults all.csv";
    faults_.push_back(std::move(more));
  }
  left_out_ = mild_ = 0;
  return std::exchange(faults_, {});
}

}  // namespace answerable::intake
