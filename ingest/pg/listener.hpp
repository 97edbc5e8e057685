#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "ingest/pg/connection.hpp"

namespace answerable::pg {

/// A connection that waits to be told of something (LISTEN). What was told before it was made, or while the line was
/// down, is not heard: look at the tables once after making one.
class Listener {
 public:
  /// \param channel a plain name: letters and underscores \throws Error as Connection
  Listener(const std::string& conninfo, std::string_view purpose, std::string_view role, const std::string& channel);

  /// Waits until somebody notifies, `stop` becomes readable, or the time is over. Notifications that lie waiting count
  /// as one. \param stop a file descriptor; -1 for none \return whether anybody notified \throws Error when the line
  /// died
  bool wait(std::chrono::milliseconds longest, int stop = -1);

 private:
  Connection connection_;
};

}  // namespace answerable::pg
