#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/catalogue.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/xml/kinds.hpp"

namespace CLI {
class App;
}

namespace answerable::cli {

/// What --as-of, --known-at and --authority say.
struct Asked {
  std::string as_of, known_at, authority;

  void add_to(CLI::App& command);
  /// Looks at another horizon than today's, all known.
  bool is_question() const { return !as_of.empty() || !known_at.empty(); }
  /// Today in London when not said. \throws Failure(usage)
  Day day() const;
};

/// The database, the catalogue and a connection with the audit's rights.
class AuditDesk {
 public:
  explicit AuditDesk(const Common& common);

  pg::Connection& connection() { return connection_; }
  const xml::Kinds& kinds() const { return kinds_; }
  /// What ships, and what the council has loaded.
  engine::Catalogue& catalogue(const std::string& authority);
  /// The councils asked about: the one named, or all that hold records. \throws Failure(usage) for one that holds none
  std::vector<std::string> authorities(const Asked& asked);
  /// --known-at as a record number: N as it stands, or everything received up to a time. \throws Failure(usage)
  std::optional<std::int64_t> known_at(const Asked& asked, const std::string& authority);
  /// "nhs-number:9990000018", "council:…" or a bare NHS number. \throws Failure(usage) for what is none of these
  std::optional<std::int32_t> person(const std::string& authority, const std::string& text);
  /// The one person meant, and whose council. \throws Failure(usage) when nobody, or more than one council's, has it
  std::pair<std::string, std::int32_t> one_person(const Asked& asked, const std::string& text);

 private:
  pg::Database database_;
  xml::Kinds kinds_;
  std::map<std::string, engine::Catalogue> catalogues_;
  pg::Connection connection_;
};

}  // namespace answerable::cli
