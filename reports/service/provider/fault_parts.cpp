#include "reports/service/provider/fault_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "ingest/intake/faults.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/csv.hpp"

namespace answerable::service::provider_desk {
namespace {

using namespace components;
using render::joined;

constexpr std::size_t shown_at_most = 100;

Tag severity_tag(Severity severity) {
  switch (severity) {
    case Severity::error:
      return {"Error", TagColour::red};
    case Severity::query:
      return {"Question", TagColour::yellow};
    case Severity::note:
      return {"Note", TagColour::grey};
  }
  return {};
}

std::string place_of(const Fault& fault) {
  std::string place = fault.line > 0 ? fmt::format("Line {}", fault.line) : "The file";
  if (!fault.record_id.empty()) place += fmt::format(", record {}", fault.record_id);
  return place;
}

Fragment shown(const Fault& fault) {
  SummaryList list{.rows = {{"Where", joined({place_of(fault), fault.field.empty() ? "" : ", in " + fault.field})}}};
  if (!fault.sent.empty()) list.rows.push_back({"What was sent", fault.sent});
  if (!fault.expected.empty()) list.rows.push_back({"What was expected", fault.expected});
  if (!fault.mend.empty()) list.rows.push_back({"How to mend it", fault.mend});
  return joined({Paragraph{joined({severity_tag(fault.severity), " ", Strong{fault.problem}})}, list});
}

std::size_t count(std::span<const Fault> faults, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count(faults, severity, &Fault::severity));
}

}  // namespace

Fragment faults_shown(std::span<const Fault> faults) {
  std::vector<const Fault*> order;
  for (const Fault& fault : faults) order.push_back(&fault);
  std::ranges::stable_sort(order, {}, [](const Fault* fault) { return fault->severity; });
  Fragment all;
  for (const Fault* fault : std::span(order).first(std::min(order.size(), shown_at_most))) all += shown(*fault);
  if (order.size() > shown_at_most)
    all += Paragraph{
        fmt::format("These are the first {} of {}. The CSV file has all of them.", shown_at_most, order.size())};
  return all;
}

std::string faults_counted(std::span<const Fault> faults) {
  std::vector<std::string> parts;
  const auto say = [&](Severity severity, std::string_view one, std::string_view many) {
    if (const auto n = count(faults, severity); n > 0)
      parts.push_back(pages::count_of(static_cast<std::int64_t>(n), one, many));
  };
  say(Severity::error, "error", "errors");
  say(Severity::query, "question", "questions");
  say(Severity::note, "note", "notes");
  return parts.empty() ? "nothing" : pages::list_words(parts);
}

std::string faults_csv(std::span<const Fault> faults) {
  std::ostringstream out;
  render::Csv csv(out,
                  {"line", "column", "record_id", "severity", "code", "field", "sent", "problem", "expected", "mend"});
  for (const Fault& fault : faults)
    csv.row({std::to_string(fault.line), std::to_string(fault.column), fault.record_id, intake::word(fault.severity),
             fault.code, fault.field, fault.sent, fault.problem, fault.expected, fault.mend});
  return out.str();
}

}  // namespace answerable::service::provider_desk
