#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audit/events/disposal.hpp"

namespace answerable::events {
namespace {

/// "3-5", "9": numbers in order, those that follow each other together.
std::vector<std::string> ranges(const std::vector<std::int64_t>& numbers) {
  std::vector<std::string> all;
  for (std::size_t from = 0; from < numbers.size();) {
    std::size_t to = from;
    while (to + 1 < numbers.size() && numbers[to + 1] == numbers[to] + 1) ++to;
    all.push_back(from == to ? std::to_string(numbers[from]) : fmt::format("{}-{}", numbers[from], numbers[to]));
    from = to + 1;
  }
  return all;
}

std::string listed(const std::vector<std::int64_t>& numbers) {
  return fmt::format("{}", fmt::join(ranges(numbers), ", "));
}

std::string line(std::string_view what, std::int64_t count, const std::string& which = "") {
  return fmt::format("  {:<34}{:>6}{}\n", what, count, which.empty() ? "" : "   " + which);
}

}  // namespace

std::string Disposal::content() const {
  nlohmann::ordered_json out{{"basis", request.basis},
                             {"by", request.by},
                             {"signed_off", request.approval.has_value()},
                             {"approval", nullptr},
                             {"approved_by", request.approved_by},
                             {"records", ranges(numbers("record"))},
                             {"held_records", ranges(numbers("held"))},
                             {"faults_of_submissions", ranges(numbers("faults"))},
                             {"events", ranges(numbers("event"))},
                             {"audits", ranges(numbers("finding"))},
                             {"finding_steps", count("finding")},
                             {"findings", findings},
                             {"entries", entries},
                             {"evidence", evidence},
                             {"identifiers", identifiers},
                             {"records_of_others_naming", ranges(naming)},
                             {"held_records_naming", ranges(held_naming)},
                             {"retention", nullptr}};
  if (request.approval) out["approval"] = *request.approval;
  if (retention)
    out["retention"] = {
        {"policy", retention->policy}, {"last_act", iso(retention->last_act)}, {"over", iso(retention->over)}};
  return out.dump();
}

std::string certificate_text(const Disposal& it, std::optional<std::int64_t> number) {
  const auto& request = it.request;
  std::string out = number ? fmt::format("Certificate of disposal {}, council {}, {}\n", *number, request.authority,
                                         words(request.today))
                           : fmt::format("What a disposal would remove, council {}, {}. Nothing was done.\n",
                                         request.authority, words(request.today));
  out += fmt::format("\nBasis: {}\n{} by {}, approved by {} ({}).\n", request.basis,
                     number ? "Disposed of" : "To be disposed of", request.by, request.approved_by,
                     request.approval ? fmt::format("approval {}", *request.approval) : "not signed off");
  out += it.retention ? fmt::format("Retention: last act on record {}; kept until {}. Policy: {}.\n",
                                    words(it.retention->last_act), words(it.retention->over), it.retention->policy)
                      : "Retention: the council has set no period (a policy record for the number records-retention); "
                        "the basis alone says why.\n";
  out += fmt::format("\n{}:\n", number ? "Removed" : "Would be removed");
  out += line("records", it.count("record"), listed(it.numbers("record")));
  out += line("records that were held back", it.count("held"), listed(it.numbers("held")));
  out += line("files' lists of faults", it.count("faults"), listed(it.numbers("faults")));
  out += line("acts read out of the records", it.entries);
  out += line("pieces of evidence", it.evidence);
  out += line("numbers that named the person", it.identifiers);
  out += line("findings", it.findings);
  out += line("steps of these findings", it.count("finding"), "of audits " + listed(it.numbers("finding")));
  out += line("events on the ledger", it.count("event"), listed(it.numbers("event")));
  if (!it.naming.empty() || !it.held_naming.empty()) {
    out +=
        "\nRecords that are not about this person still give one of their numbers. They were left as they are, for a "
        "person to look at:\n";
    out += line("records about others", static_cast<std::int64_t>(it.naming.size()), listed(it.naming));
    out +=
        line("records that were held back", static_cast<std::int64_t>(it.held_naming.size()), listed(it.held_naming));
  }
  out +=
      "\nWhat stays: of each of these leaves its text on the ledger (kind, sender, the sender's own id, receipt, time) "
      "and a commitment from which nothing can be read or guessed. Proofs, receipts and checkpoints hold as before.\n"
      "What this cannot reach: the name in other people's free text; copies given out before (trails, bundles, the "
      "sender's own files); the database's old pages until its next vacuum; backups and logs until their own end.\n";
  return out;
}

}  // namespace answerable::events
