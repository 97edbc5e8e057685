#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ingest/access/role.hpp"
#include "ingest/http/route.hpp"
#include "ingest/service/log.hpp"

namespace answerable::service {

/// What anybody may have of a council's ledger (its checkpoints and keys, which say nothing of anybody), and receipts
/// for those who sent the files.
class LedgerDoors {
 public:
  /// \param conninfo logs in as answerable_audit \param door as answerable_door
  /// \param authority whose accounts client certificates belong to
  /// \param need_second_factor as PeopleOptions has it \param log outlives this
  LedgerDoors(std::string conninfo, std::string door, std::string authority,
              std::vector<access::Role> need_second_factor, Log& log);
  LedgerDoors(const LedgerDoors&) = delete;
  LedgerDoors& operator=(const LedgerDoors&) = delete;
  ~LedgerDoors();

  std::vector<http::Route> routes();
  bool ready();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace answerable::service
