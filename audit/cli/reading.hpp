#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}
namespace answerable::pg {
class Connection;
}

namespace answerable::cli {

/// Who reads a person's record, and what for: --by and --purpose of every word that shows one.
struct Reading {
  std::string by;  ///< "": the operating system's user name
  std::string purpose{"not-stated"};

  void add_to(CLI::App& command);
  /// Puts it on the ledger. Called before anything is shown; a subject that is no person is not noted.
  /// \param connection as answerable_audit or answerable_desk
  void note(pg::Connection& connection, const std::string& authority, std::int32_t subject,
            const std::string& what) const;
};

}  // namespace answerable::cli
