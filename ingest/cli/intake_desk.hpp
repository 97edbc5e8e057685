#pragma once

#include <chrono>
#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "ingest/cli/program.hpp"
#include "ingest/http/virus_scanner.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/xml/file_reader.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::cli {

/// Which files, and how much of one is looked at.
struct FileOptions {
  std::vector<std::string> files;
  xml::Limits limits;
  std::int64_t max_seconds{xml::Limits{}.max_time.count()};
  std::string faults, scanner;

  xml::Limits for_each() const {
    xml::Limits each = limits;
    each.contents = !scanner.empty();
    each.max_time = std::chrono::seconds(max_seconds);
    return each;
  }
};

/// What taking files in needs, opened once.
class IntakeDesk {
 public:
  IntakeDesk(const Common& common, const FileOptions& options)
      : kinds_(xml::Kinds::load(share_folder() / "schemas")),
        scan_(http::scanning(options.scanner)),
        reader_(kinds_, options.for_each()),
        database_(open_database(common)),
        connection_(connect()) {}

  intake::Answer submit(std::istream& file, const intake::Options& given) {
    intake::Options options = scanned(given);
    options.reconnect = [this] { return connect(); };
    return intake::submit(*connection_, reader_, file, options);
  }
  intake::CheckReport check(std::istream& file, const intake::Options& given) {
    return intake::check(*connection_, reader_, file, scanned(given));
  }

  /// After an error: starts the private server again when it was killed, and makes a new connection when the line is
  /// dead. \throws as open_database
  void mend() {
    database_.start_again();
    if (!connection_ || !connection_->alive()) connection_ = connect();
  }

 private:
  intake::Options scanned(const intake::Options& given) const {
    intake::Options options = given;
    options.scan = scan_;
    return options;
  }
  std::unique_ptr<pg::Connection> connect() const {
    return std::make_unique<pg::Connection>(database_.conninfo(), "ingest", "answerable_ingest");
  }

  // The parser loads its grammars while the database is opened.
  xml::Kinds kinds_;
  decltype(intake::Options::scan) scan_;
  xml::FileReader reader_;
  pg::Database database_;
  std::unique_ptr<pg::Connection> connection_;
};

}  // namespace answerable::cli
