#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/identity.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

/// What a body was asked for, when, and whether the asking reached it: silence is evidence only when somebody was
/// asked.
namespace answerable::events {

struct Reminder {
  std::int64_t number{};                  ///< of the event; 0 before it is added
  std::optional<std::int32_t> subject{};  ///< whom it is about, when it is about somebody
  std::string to{};                       ///< "ods:RH5"
  std::string about{};                    ///< what was asked for, in words; "" when only a finding says
  std::optional<engine::FindingId> finding{};
  Day sent{};
  std::string how{};        ///< email | letter | telephone | portal
  std::string delivered{};  ///< yes | no | unknown
  std::string by{};
  Instant at{};  ///< when it was put on the ledger
};

/// Returns its number.
std::int64_t add_reminder(pg::Transaction& transaction, const std::string& authority, const Reminder& reminder);

/// Which reminders to list. Empty: all.
struct ReminderFilter {
  std::string to{};
  std::optional<std::int32_t> subject{};
  std::optional<engine::FindingId> finding{};
};
/// By day sent, then number.
std::vector<Reminder> reminders(pg::Transaction& transaction, const std::string& authority,
                                const ReminderFilter& filter);

}  // namespace answerable::events
