#include "reports/service/complaints/record_sending.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace answerable::service {
namespace {

constexpr pg::Statement council_name{"record_sending.council",
                                     "SELECT name FROM answerable.authority WHERE authority = $1"};
constexpr pg::Statement numbers_of_person{
    "complaint_record.numbers",
    "SELECT scheme, value FROM answerable.identifier WHERE authority = $1 AND subject = $2"
    " AND scheme IN ('nhs-number', 'council') ORDER BY scheme = 'nhs-number' DESC, value LIMIT 1"};

}  // namespace

CouncilSender sending_council(pg::Transaction& transaction, const std::string& authority) {
  return {authority, std::string(transaction.run_one(council_name, authority).text(0, 0))};
}

xml::Element number_of_person(pg::Transaction& transaction, const std::string& authority, const Complaint& complaint,
                              const std::vector<CaseRecord>& records) {
  auto person = complaint_element("person");
  const auto numbers = transaction.run(numbers_of_person, authority, complaint.subject);
  if (numbers.rows() == 1) {
    person.attributes = {{"scheme", std::string(numbers.text(0, 0))}};
    person.text = numbers.text(0, 1);
    return person;
  }
  for (const auto& record : records)
    if (const auto* named = record.element.child("person"); record.kind == "complaint" && named != nullptr)
      return *named;
  return person;
}

std::vector<Fault> send_record(const Visit& visit, const std::string& file) {
  const auto& token = visit.member.value().token;
  const auto checked = visit.hall.sending.check(token, file);
  if (checked.taken_in_as.empty() && (checked.refused || checked.would_store != 1)) {
    std::vector<Fault> errors;
    std::ranges::copy_if(checked.faults, std::back_inserter(errors),
                         [](const Fault& fault) { return fault.severity == Severity::error; });
    if (errors.empty())
      errors.push_back({.problem = "The intake did not take it, and did not say why. Nothing was stored."});
    return errors;
  }
  if (!std::holds_alternative<Taken>(visit.hall.sending.submit(token, file)))
    return {{.problem = "The intake did not take it. Nothing was stored."}};
  return {};
}

std::vector<components::ErrorSummary::Error> summary_of(std::span<const Fault> faults) {
  std::vector<components::ErrorSummary::Error> summary;
  for (const auto& fault : faults) summary.push_back({fmt::format("{} {}", fault.problem, fault.mend)});
  return summary;
}

std::vector<components::Select::Option> recipients() {
  return {{"", "Choose one"},          {"adult", "The person"},
          {"carer", "A carer"},        {"family", "Family"},
          {"advocate", "An advocate"}, {"attorney", "An attorney"},
          {"deputy", "A deputy"},      {"representative", "A representative"},
          {"other", "Somebody else"}};
}

}  // namespace answerable::service
