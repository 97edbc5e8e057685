#pragma once

// Private to ingest/pg: starting PostgreSQL's programs, as another user when started by root.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace answerable::pg {

/// An operating-system user that programs are run as.
struct User {
  std::string name;
  uid_t uid;
  gid_t gid;
};

/// The user a server may run as: this one, or for root `postgres`, else `nobody`, since PostgreSQL refuses root.
/// \throws std::runtime_error when this user has no name: PostgreSQL needs one
User server_user();

/// Runs a program to its end with what it prints going to `log`, and only the environment and the open files it needs.
/// \return its exit status, or 128 + the signal that ended it
int run_to_end(const User& user, const std::vector<std::string>& command, const std::filesystem::path& log);

/// Starts a program that goes on when this one ends. \return its process id
pid_t start_detached(const User& user, const std::vector<std::string>& command, const std::filesystem::path& log);

/// The words a process was started with, each ended by '\0' (proc(5)). Empty when there is none, or it ends meanwhile.
std::string command_line(pid_t process);

/// The first of the folder and its parents, from the root down, that the user cannot enter.
std::optional<std::filesystem::path> unreachable_part(const User& user, const std::filesystem::path& folder);

}  // namespace answerable::pg
