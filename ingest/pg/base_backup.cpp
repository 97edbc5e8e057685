#include "ingest/pg/base_backup.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "ingest/durable_file.hpp"
#include "ingest/pg/cluster.hpp"
#include "ingest/pg/process.hpp"

namespace answerable::pg {
namespace fs = std::filesystem;
namespace {

User this_user() {
  return {"", geteuid(), getegid()};
}

/// What a program said last, for a sentence; its log goes.
std::string said_last(const fs::path& log) {
  std::ifstream in(log);
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) last = line;
  in.close();
  fs::remove(log);
  return last.empty() ? "it gave no reason" : last;
}

/// Goes with everything in it, unless it was kept.
class Unfinished {
 public:
  explicit Unfinished(fs::path folder) : folder_(std::move(folder)) {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
    fs::permissions(folder_, fs::perms{0700});
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code gone;
    if (!folder_.empty()) fs::remove_all(folder_, gone);
  }
  const fs::path& folder() const { return folder_; }
  void keep_as(const fs::path& name) {
    fs::rename(folder_, name);
    folder_.clear();
    make_durable(name);
  }

 private:
  fs::path folder_;
};

void give_to(const User& user, const fs::path& folder) {
  const auto give = [&](const fs::path& path) {
    if (lchown(path.c_str(), user.uid, user.gid) != 0)
      throw std::system_error(errno, std::generic_category(), path.string() + " cannot be given to " + user.name);
  };
  give(folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) give(entry.path());
}

void unpack(const fs::path& archive, const fs::path& into, const fs::path& log) {
  if (run_to_end(this_user(),
                 {"/usr/bin/tar", "--extract", "--gzip", "--no-same-owner", "--file", archive.string(), "--directory",
                  into.string()},
                 log) != 0)
    throw DamagedCopy(fmt::format("{} cannot be unpacked: {}", archive.string(), said_last(log)));
}

}  // namespace

void copy_cluster(const fs::path& data_dir, const fs::path& to) {
  const Cluster cluster(data_dir);
  const fs::path log = to.string() + ".log";
  if (run_to_end(this_user(),
                 {cluster.program("pg_basebackup").string(), "--dbname", cluster.conninfo("postgres"), "--pgdata",
                  to.string(), "--format=tar", "--compress=1", "--wal-method=stream", "--checkpoint=fast",
                  "--manifest-checksums=SHA256", "--label=answerable", "--no-password"},
                 log) != 0)
    throw std::runtime_error(fmt::format(
        "the database could not be copied: {}. Is there room? A server that was started by an older program must be "
        "started again first",
        said_last(log)));
  fs::remove(log);
}

void put_cluster_back(const fs::path& copy, const fs::path& data_dir) {
  const Cluster cluster(data_dir);
  const fs::path log = cluster.folder() / "restore.log";
  Unfinished unfinished(cluster.folder() / "postgres.new");
  unpack(copy / "base.tar.gz", unfinished.folder(), log);
  unpack(copy / "pg_wal.tar.gz", unfinished.folder() / "pg_wal", log);
  fs::copy_file(copy / "backup_manifest", unfinished.folder() / "backup_manifest");
  give_to(cluster.user(), unfinished.folder());
  const auto check = [&](const char* program, const std::vector<std::string>& options) {
    std::vector<std::string> command{cluster.program(program).string()};
    command.insert(command.end(), options.begin(), options.end());
    if (run_to_end(cluster.user(), command, log) != 0)
      throw DamagedCopy(fmt::format("{} is not as it was made: {}", copy.string(), said_last(log)));
  };
  check("pg_verifybackup", {"--quiet", unfinished.folder().string()});
  check("initdb", {"--sync-only", "--pgdata", unfinished.folder().string()});
  fs::remove(log);
  unfinished.keep_as(cluster.folder() / "postgres");
}

}  // namespace answerable::pg
