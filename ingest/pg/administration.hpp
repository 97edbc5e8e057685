#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "ingest/pg/connection.hpp"

namespace answerable::pg {

/// What cannot be said in a transaction with parameters: making and dropping databases, running the text of a
/// migration. Names are quoted as identifiers here and nowhere else.
class Administration {
 public:
  /// \param connection must outlive this
  explicit Administration(Connection& connection);

  /// Outside a transaction. \param template_name the database to copy; nobody may be connected to it
  void create_database(std::string_view name, std::string_view template_name = "template1");
  /// Outside a transaction. Also ends whoever is still connected to it. No error when there is none.
  void drop_database(std::string_view name);

  /// Runs several statements as they stand, in the transaction that is open. For files that ship with the program only.
  /// \throws Error naming the script and the line; std::logic_error when the script ended the transaction
  void run_script(std::string_view name, const std::string& sql);

 private:
  Session& session_;
};

}  // namespace answerable::pg
