#include "reports/bundle/leaves.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

#include "audit/bag/spill.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::bundle {
namespace {

constexpr pg::Statement steps_of{
    "bundle.steps",
    "SELECT s.run, s.finding FROM answerable.finding_current c JOIN answerable.finding_step s ON s.authority = "
    "c.authority AND s.finding = c.finding WHERE c.authority = $1 AND (c.subject = $2 OR c.subject IN (SELECT subject "
    "FROM answerable.record WHERE authority = $1 AND number = ANY ($3::bigint[]))) ORDER BY 1, 2"};
constexpr pg::Statement events_of{
    "bundle.events", "SELECT event FROM answerable.event WHERE authority = $1 AND subject = $2 ORDER BY event"};

/// Whether what a leaf of this kind says can tell what a record kept back whole says.
bool tells_of_records(const std::string& kind) {
  return kind == "finding" || kind == "event";
}

}  // namespace

std::vector<ledger::LeafName> leaves_wanted(pg::Transaction& transaction, const std::string& authority,
                                            std::int32_t subject, const Exhibits& exhibits) {
  std::vector<ledger::LeafName> out;
  std::vector<std::int64_t> agreements;
  std::set<std::int64_t> submissions, runs;
  for (const auto& it : exhibits) {
    out.push_back({"record", it.record, 0});
    submissions.insert(it.submission);
    if (it.kind == "agreement") agreements.push_back(it.record);
  }
  const auto steps = transaction.run(steps_of, authority, subject, fmt::format("{{{}}}", fmt::join(agreements, ",")));
  for (int row = 0; row < steps.rows(); ++row) {
    out.push_back({"finding", steps.int64(row, 0), steps.int64(row, 1)});
    runs.insert(steps.int64(row, 0));
  }
  const auto events = transaction.run(events_of, authority, subject);
  for (int row = 0; row < events.rows(); ++row) out.push_back({"event", events.int64(row, 0), 0});
  for (const auto it : submissions) out.push_back({"submission", it, 0});
  for (const auto it : runs) out.push_back({"run", it, 0});
  return out;
}

std::int64_t write_leaves(ledger::Disclosure& disclosure, std::vector<ledger::LeafName> wanted, Exhibits& exhibits,
                          Redaction& redaction, Files& files) {
  const ExhibitIndex index(exhibits);
  intake::LeafHasher hasher;
  bag::Spill table;
  table.append("index,leaf,content,salt,pieces,hash\n");
  std::int64_t count = 0;
  disclosure.each(std::move(wanted), [&](ledger::Disclosed&& leaf) {
    // The line with the sender's own id may name somebody: then there is nothing that could be shown and proved.
    if (redaction.words().find_in_file(leaf.text)) return;
    const auto below = [&](const char* folder) { return fmt::format("ledger/{}/{}", folder, leaf.index); };
    std::string content, salt, pieces;
    if (leaf.salt) salt = hex(*leaf.salt);
    if (leaf.name.kind == "record") {
      const auto place = index.place(leaf.name.key).value();
      auto exhibit = exhibits[place];
      if (leaf.salt) {
        auto shown = redaction.show(exhibit, leaf.content);
        exhibit.sha256 = hex(files.add(exhibit.path, shown.cover.shown()));
        content = exhibit.path;
        if (shown.cover.hides_anything()) {
          salt.clear();
          pieces = below("pieces");
          files.add(pieces, shown.cover.proof(*leaf.salt, hasher));
        }
        if (shown.document) {
          exhibit.content = exhibit.path.substr(0, exhibit.path.rfind('.')) + "-content." + shown.document->extension;
          exhibit.content_sha256 = hex(files.add(exhibit.content, shown.document->bytes));
        }
      } else {
        exhibit.path.clear();  // disposed of
      }
      exhibits.set(place, exhibit);
    } else if (leaf.salt) {
      if ((redaction.withholds_records() && tells_of_records(leaf.name.kind)) ||
          redaction.words().find_in_file(leaf.content)) {
        salt.clear();
      } else {
        content = below("content");
        files.add(content, leaf.content);
      }
    }
    files.add(below("leaf"), leaf.text);
    files.add(below("proof"), leaf.proof);
    const auto data = [](const std::string& path) { return path.empty() ? path : "data/" + path; };
    table.append(fmt::format("{},{},{},{},{},{}\n", leaf.index, data(below("leaf")), data(content), salt, data(pieces),
                             hex(leaf.hash)));
    ++count;
  });
  files.write("ledger/leaves.csv",
              [&](std::ostream& out) { table.each([&](std::string_view piece) { out << piece; }); });
  exhibits.change([](Exhibit& it) {
    if (it.sha256.empty()) it.path.clear();
  });
  return count;
}

}  // namespace answerable::bundle
