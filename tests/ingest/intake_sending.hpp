#pragma once

#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "ingest/digest.hpp"
#include "ingest/intake/councils.hpp"
#include "ingest/intake/receipt.hpp"
#include "ingest/intake/taking.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::testing {

/// A file as the parser would tell of it, without XML: so that intake can be tested by itself.
struct Sending {
  Envelope envelope;
  std::vector<ParsedRecord> records;
  std::vector<std::string> bodies;

  explicit Sending(const std::string& message_id,
                   const OrganisationRef& sender = {"ods", "RH5", "Somerset Partnership"}) {
    envelope.message_id = message_id;
    envelope.sender = sender;
    envelope.authority = {"cassr", "905", "Somerset"};
    envelope.created_at = *parse_instant("2026-11-01T09:00:00Z");
    envelope.source_system = "RiO 21.4";
  }

  ParsedRecord& add(const std::string& kind, const std::string& id, const std::string& body = "") {
    ParsedRecord record;
    record.kind = kind;
    record.version = 1;
    record.id = id;
    record.subject_type = "person";
    records.push_back(record);
    bodies.push_back(body.empty() ? "<" + kind + " id=\"" + id + "\"/>" : body);
    return records.back();
  }

  ParsedRecord& person(const std::string& id, const std::vector<IdentifierRef>& identifiers) {
    ParsedRecord& record = add("person", id);
    record.subject = identifiers;
    record.defines_subject = true;
    record.entries.push_back(
        {"person.registered", *parse_happened("2012-04-01"), {}, {}, {{"name", "A \"made up\" person"}}});
    return record;
  }

  ParsedRecord& review(const std::string& id, const std::string& nhs, const std::string& when = "2026-03-04") {
    ParsedRecord& record = add("review", id);
    record.subject = {{"nhs-number", nhs}};
    record.function = "review";
    record.entries.push_back({"review.completed", *parse_happened(when), {}, {}, {{"type", "plan"}}});
    return record;
  }

  ParsedRecord& agreement(const std::string& id, const std::string& reference, const std::string& from,
                          const std::string& to = "") {
    ParsedRecord& record = add("agreement", id);
    record.subject_type = "agreement";
    record.subject = {{"agreement", reference}};
    record.defines_subject = true;
    ParsedEntry made{"agreement.made", *parse_happened(from), {}, {}, {{"party", "ods:RH5"}, {"functions", "review"}}};
    if (!to.empty()) made.until = parse_happened(to);
    record.entries.push_back(made);
    return record;
  }

  /// The file's bytes.
  std::string bytes() const {
    std::string all = head();
    for (const std::string& body : bodies) all += lead + body;
    return all + tail;
  }

  /// Tells it all to a handler, as xml::FileReader would.
  xml::FileOutcome tell(xml::Handler& handler) const {
    xml::FileOutcome outcome;
    const std::string all = bytes();
    handler.part(0, as_bytes(head()));
    handler.envelope(envelope);
    std::uint64_t at = head().size();
    int line = 3;
    for (std::size_t i = 0; i < records.size(); ++i) {
      ParsedRecord record = records[i];
      at += lead.size();
      record.ordinal = i;
      record.position = at;
      record.length = static_cast<std::uint32_t>(bodies[i].size());
      record.lead = static_cast<std::uint32_t>(lead.size());
      record.line = ++line;
      record.column = 3;
      at += bodies[i].size();
      handler.record(std::move(record), as_bytes(lead), as_bytes(bodies[i]));
    }
    handler.part(at, as_bytes(tail));
    outcome.bytes = all.size();
    outcome.records = records.size();
    outcome.sha256 = sha256(as_bytes(all));
    return outcome;
  }

  std::string head() const { return "<submission><header>" + envelope.message_id + "</header>\n<records>"; }
  std::string lead{"\n  "}, tail{"\n</records></submission>\n"};
};

/// One connection to a database, sending files through intake without a parser.
class Desk {
 public:
  explicit Desk(const std::string& conninfo)
      : connection(conninfo, "tests", "answerable_ingest"),
        reader_(conninfo, "tests", "answerable_audit"),
        councils_(intake::Councils::load(ANSWERABLE_SOURCE "/schemas")) {}

  intake::Taken send(const Sending& sending, bool commit = true) {
    pg::Transaction transaction(connection, pg::Access::read_write);
    intake::Taking taking(transaction, councils_, intake::Taking::Mode::store, options);
    intake::Taken taken = taking.finish(sending.tell(taking));
    if (commit && !taken.refused) transaction.commit();
    return taken;
  }

  intake::Taken check(const Sending& sending) {
    pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
    intake::Taking taking(transaction, councils_, intake::Taking::Mode::judge_only, options);
    return taking.finish(sending.tell(taking));
  }

  std::string original(const intake::ReceiptId& id) {
    std::ostringstream out;
    intake::original(reader_, id, out);
    return std::move(out).str();
  }

  std::int64_t count(const pg::Statement& statement) {
    pg::Transaction transaction(reader_, pg::Access::read_only);
    return transaction.run_one(statement).int64(0, 0);
  }

  pg::Connection connection;
  intake::Options options;

 private:
  pg::Connection reader_;  ///< intake itself reads no bodies
  intake::Councils councils_;
};

/// The codes of the faults, in file order.
inline std::vector<std::string> codes(const std::vector<Fault>& faults) {
  std::vector<std::string> all;
  for (const Fault& fault : faults) all.push_back(fault.code);
  return all;
}

}  // namespace answerable::testing
