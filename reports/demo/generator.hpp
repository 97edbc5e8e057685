#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"

/// A believable, made-up council: people, a trust, an agency, agreements, years of events, and faults planted at stated
/// rates, so that what an audit finds can be compared with what was planted. The same seed gives the same bytes.
namespace answerable::demo {

/// How much is made, and of what. Chances are per opportunity, from 0 to 1.
struct Scale {
  int people = 250;
  std::uint64_t seed = 20260401;
  Day to{std::chrono::year{2026} / 11 /
         21};  ///< the day the story ends, and as of which it is to be audited; it began three years before

  double assessment_not_shared = 0.03;
  double not_involved = 0.03;
  double reasons_missing = 0.04;
  double plan_not_shared = 0.03;
  double initial_review_missing = 0.04;
  double review_missing = 0.06;
  double review_unfinished = 0.02;
  double review_without_evidence = 0.04;
  double letter_for_review = 0.02;
  double payment_stopped_without_review = 0.25;
  double cut_without_review = 0.25;
  double acknowledged_late = 0.15;
  double complaint_unanswered = 0.10;
  double complaint_sent_away = 0.05;
  double report_missing = 0.20;
};

/// A fault put there on purpose: the audit should raise this rule for this subject.
struct Planted {
  std::string rule;
  std::string subject;  ///< NHS number, or the agreement's reference
  std::string what;
};

struct File {
  std::string name;
  Day received;
  std::string xml;
};

struct Council {
  std::vector<File> files;  ///< in the order received: one a sender and quarter
  std::vector<Planted> planted;
  int people{};
  std::int64_t records{};
};

/// One file a sender and quarter, as they would have come.
Council generate(const Scale& scale);

/// The same records in a single submission by the council.
File generate_single(const Scale& scale);

}  // namespace answerable::demo
