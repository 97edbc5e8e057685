#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ingest/access/role.hpp"
#include "ingest/http/route.hpp"
#include "ingest/service/log.hpp"
#include "ingest/service/metrics.hpp"
#include "ingest/xml/file_reader.hpp"

namespace answerable::service {

struct IntakeOptions {
  std::string conninfo;           ///< as answerable_ingest
  std::string door;               ///< as answerable_door
  std::string authority;          ///< whose accounts client certificates belong to; "" when none are asked for
  std::filesystem::path spool;    ///< where files wait
  std::uint64_t large{32 << 20};  ///< bytes; longer files are answered with 202 and taken in afterwards
  std::size_t at_once{2};         ///< files read at once
  int per_minute{600};            ///< files that one account may send in a minute
  /// As PeopleOptions has it: whose sessions are worth nothing before they have a second factor.
  std::vector<access::Role> need_second_factor{access::all_roles.begin(), access::all_roles.end()};
  std::string scanner{};  ///< as http::VirusScanner has it; "": documents are not scanned
  xml::Limits limits{};
};

/// The intake API of schemas/api/openapi.json: what machines send, ask and get. Answers as long as this lives.
class IntakeDoors {
 public:
  /// Takes up what was acknowledged with 202 and not taken in when the service ended last.
  IntakeDoors(IntakeOptions options, Log& log, Metrics& metrics);
  IntakeDoors(const IntakeDoors&) = delete;
  IntakeDoors& operator=(const IntakeDoors&) = delete;
  ~IntakeDoors();

  std::vector<http::Route> routes();
  /// Whether the database answers. \throws pg::Error
  bool ready();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace answerable::service
