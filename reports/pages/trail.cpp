#include "reports/pages/trail.hpp"

#include <algorithm>

#include "reports/pages/wording.hpp"

namespace answerable::pages {

std::string Person::name() const {
  if (!names.empty()) return names.front().text;
  return identifiers.empty() ? "a person" : identifier_words(identifiers.front());
}

std::map<engine::Outcome, std::int64_t> Trail::outcomes() const {
  std::map<engine::Outcome, std::int64_t> counts;
  for (const auto& finding : findings) ++counts[finding.why.outcome];
  return counts;
}

Instant Trail::made_at() const {
  Instant last{};
  for (const auto& submission : submissions) last = std::max(last, submission.received_at);
  return last;
}

const std::vector<std::string>& limits() {
  static const std::vector<std::string> texts{
      "The ledger proves that a record has not changed since it was received, never that it was true.",
      "Findings are for people to weigh; they are not verdicts.",
      "A gap means that nothing was received that shows the act. It may have been done and not recorded, or recorded "
      "and not sent.",
      "Law marked UNVERIFIED is stated from general knowledge and needs a qualified person's sign-off before anybody "
      "relies on it.",
  };
  return texts;
}

}  // namespace answerable::pages
