#include "audit/service/ledger_doors.hpp"

#include <utility>

#include "audit/ledger/receipt_file.hpp"
#include "audit/ledger/sequence.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/intake/receipt.hpp"
#include "ingest/pg/pool.hpp"
#include "ingest/service/guard.hpp"

namespace answerable::service {
namespace {

constexpr std::size_t connections = 4;

}  // namespace

struct LedgerDoors::Parts {
  Parts(std::string conninfo, std::string door_conninfo, std::string authority,
        std::vector<access::Role> need_second_factor, Log& log)
      : pool(std::move(conninfo), "ledger doors", "answerable_audit", connections),
        door(std::move(door_conninfo), "ledger doors, door", "answerable_door", connections),
        guard(door, std::move(authority), std::move(need_second_factor), log) {}

  /// schemas/formats/receipt.md
  http::Response receipt(http::Request& request) {
    const Machine machine = guard.enter(request, "receipts");
    const auto id = intake::parse_receipt_id(request.parameters.at("id"));
    const auto connection = pool.lend();
    const auto receipt =
        id && id->authority == machine.actor.authority ? intake::find_receipt(*connection, *id) : std::nullopt;
    if (!receipt || receipt->sender != machine.sender())
      throw http::Problem{.status = 404, .detail = "There is no such receipt, or it is somebody else's."};
    pg::Transaction transaction(*connection, pg::Access::read_only);
    const auto file = ledger::receipt_file(transaction, *id);
    return {.body = file.text, .headers = {{"Answerable-Receipt-State", file.state}}};
  }

  /// C2SP tlog-checkpoint
  http::Response checkpoint(http::Request& request) {
    const auto connection = pool.lend();
    pg::Transaction transaction(*connection, pg::Access::read_only);
    const auto found = ledger::find_checkpoint(transaction, request.parameters.at("authority"));
    if (!found) throw http::Problem{.status = 404, .detail = "No checkpoint of this council's ledger has been signed."};
    return {.body = found->note};
  }

  pg::Pool pool, door;
  MachineGuard guard;
};

LedgerDoors::LedgerDoors(std::string conninfo, std::string door, std::string authority,
                         std::vector<access::Role> need_second_factor, Log& log)
    : parts_(std::make_unique<Parts>(std::move(conninfo), std::move(door), std::move(authority),
                                     std::move(need_second_factor), log)) {}

LedgerDoors::~LedgerDoors() = default;

bool LedgerDoors::ready() {
  return parts_->pool.answers();
}

std::vector<http::Route> LedgerDoors::routes() {
  return {
      {"GET", "/receipts/{id}", http::Body::none, 0, [this](http::Request& r) { return parts_->receipt(r); }},
      {"GET", "/checkpoints/{authority}", http::Body::none, 0,
       [this](http::Request& r) { return parts_->checkpoint(r); }},
  };
}

}  // namespace answerable::service
