#include "ingest/pg/cluster.hpp"

#include <fmt/format.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "ingest/digest.hpp"

namespace answerable::pg {
namespace fs = std::filesystem;
namespace {

constexpr const char* owner = "answerable_owner";
constexpr int oldest_major = 15;
constexpr std::string_view socket_name = "/.s.PGSQL.5432";

std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

bool holds_server(const fs::path& folder) {
  return access((folder / "postgres").c_str(), X_OK) == 0 && access((folder / "initdb").c_str(), X_OK) == 0;
}

/// Debian keeps each version's programs in a folder of its own; elsewhere they lie beside pg_config.
fs::path find_programs(std::optional<int> major) {
  std::map<int, fs::path> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none))
    if (const auto version = number(entry.path().filename().string());
        version && *version >= oldest_major && holds_server(entry.path() / "bin"))
      found[*version] = entry.path() / "bin";
  if (major && found.contains(*major)) return found[*major];
  if (!major && !found.empty()) return found.rbegin()->second;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path config = fs::canonical(fs::path(folder) / "pg_config", none);
    if (!none && holds_server(config.parent_path())) return config.parent_path();
  }
  if (major)
    throw std::runtime_error(
        fmt::format("the data folder was made with PostgreSQL {0}, which is not installed: install "
                    "it (Debian: apt install postgresql-{0})",
                    *major));
  throw std::runtime_error(
      "PostgreSQL 15 or newer is not installed, and no --database was given: install it (Debian: apt install "
      "postgresql-15), or give your own server");
}

std::string setting_value(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + '\'';
}

/// A quarter of the machine's memory, as PostgreSQL's manual advises, and what a file of 100,000 records fills: with
/// less, its backend has to write pages out, and wait for the log, while it takes them in.
long megabytes_of_buffers() {
  const long machine = sysconf(_SC_PHYS_PAGES) / (1'048'576 / sysconf(_SC_PAGESIZE));
  return std::clamp(machine / 4, 64L, 512L);
}

void write_file(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(fmt::format("{} cannot be written: is the disk full?", file.string()));
  fs::permissions(file, fs::perms{0644});
}

fs::path made(const fs::path& data_dir) {
  const bool root = geteuid() == 0;
  if (fs::create_directories(data_dir)) fs::permissions(data_dir, root ? fs::perms{0711} : fs::perms{0700});
  fs::path folder = fs::canonical(data_dir);
  struct stat about {};
  if (stat(folder.c_str(), &about) != 0 || about.st_uid != geteuid()) {
    const passwd* entry = getpwuid(about.st_uid);
    const std::string name = entry ? entry->pw_name : std::to_string(about.st_uid);
    throw std::runtime_error(
        fmt::format("the data folder {} belongs to the user {}: run this program as that user (as "
                    "root: runuser -u {} -- …), or name another folder",
                    folder.string(), name, name));
  }
  return folder;
}

}  // namespace

Cluster::Cluster(const fs::path& data_dir)
    : folder_(made(data_dir)),
      cluster_(folder_ / "postgres"),
      id_("answerable-" + hex(sha256(as_bytes(folder_.string()))).substr(0, 16)),
      user_(server_user()) {
  if (const auto part = unreachable_part(user_, folder_))
    throw std::runtime_error(
        fmt::format("PostgreSQL runs as the user {}, who cannot enter {}: use a data folder elsewhere, such as "
                    "/var/lib/answerable, or allow it with chmod o+x {}",
                    user_.name, part->string(), part->string()));
}

fs::path Cluster::socket_folder() const {
  fs::path near = folder_ / "run";
  const bool fits = near.string().size() + socket_name.size() < sizeof(sockaddr_un::sun_path);
  const bool one_name = near.string().find(',') == std::string::npos;  // to PostgreSQL, a comma begins a second folder
  if (fits && one_name) return near;
  return fs::path(geteuid() == 0 ? "/run" : "/tmp") / id_;
}

std::string Cluster::conninfo(const std::string& database) const {
  return fmt::format("host={} port=5432 dbname={} user={} requirepeer={}", setting_value(socket_folder().string()),
                     setting_value(database), owner, setting_value(user_.name));
}

fs::path Cluster::program(const std::string& name) const {
  return find_programs(number(slurp(cluster_ / "PG_VERSION"))) / name;
}

bool Cluster::is_postmaster(pid_t process) const {
  // The command line can be read by anyone; where the process is (its cwd) not even by root inside some containers.
  const std::string line = command_line(process);
  const std::string place = fmt::format("{0}-D{0}{1}{0}", '\0', cluster_.string());
  return line.find(place) != std::string::npos;
}

std::optional<pid_t> Cluster::running_postmaster() const {
  const auto process = number(slurp(cluster_ / "postmaster.pid"));
  if (!process || !is_postmaster(*process)) return std::nullopt;
  return process;
}

void Cluster::make_socket_folder() const {
  const fs::path place = socket_folder();
  if (mkdir(place.c_str(), 0700) == 0 && user_.uid != geteuid() && lchown(place.c_str(), user_.uid, user_.gid) != 0)
    throw std::runtime_error(fmt::format("{} cannot be given to the user {}", place.string(), user_.name));
  // In /tmp somebody else may have been there first, and would then be handed our passwordless connections.
  struct stat about {};
  if (lstat(place.c_str(), &about) != 0 || !S_ISDIR(about.st_mode) || about.st_uid != user_.uid ||
      (about.st_mode & 077) != 0)
    throw std::runtime_error(
        fmt::format("{} must be a folder that belongs to {} alone (mode 0700): remove it and start "
                    "again",
                    place.string(), user_.name));
}

void Cluster::make_cluster() const {
  const fs::path unfinished = folder_ / "postgres.new";
  const fs::path programs = find_programs(std::nullopt);
  fs::remove_all(unfinished);
  fs::create_directory(unfinished);
  fs::permissions(unfinished, fs::perms{0700});
  if (user_.uid != geteuid() && lchown(unfinished.c_str(), user_.uid, user_.gid) != 0)
    throw std::runtime_error(fmt::format("{} cannot be given to the user {}", unfinished.string(), user_.name));
  locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  const std::string letters = utf8 ? "C.UTF-8" : "C";
  if (utf8) freelocale(utf8);
  const fs::path log = folder_ / "initdb.log";
  // Sorting by code points: the same everywhere, stable between versions of the C library, and the fastest.
  const int status =
      run_to_end(user_,
                 {(programs / "initdb").string(), "-D", unfinished.string(), "-U", owner, "--data-checksums",
                  "--encoding=UTF8", "--locale=C", "--lc-ctype=" + letters, "--auth=peer"},
                 log);
  if (status != 0)
    throw std::runtime_error(
        fmt::format("the database cluster could not be made (initdb ended with {}): read {}, mend "
                    "the cause and start again",
                    status, log.string()));
  const auto major = number(slurp(unfinished / "PG_VERSION"));
  if (!major || *major < oldest_major)
    throw std::runtime_error(fmt::format("{} is older than PostgreSQL 15: install postgresql-15", programs.string()));
  fs::rename(unfinished, cluster_);
  fs::remove(log);
}

void Cluster::write_settings() const {
  const fs::path settings = folder_ / "settings";
  if (fs::create_directory(settings)) fs::permissions(settings, fs::perms{0711});
  // Rewritten at each start; `ALTER SYSTEM` is the way to change one. Errors stay out of the log because their
  // sentences quote values: the program that caused one is told. What a large submission logs is written out by the WAL
  // writer meanwhile: with the defaults its buffer is full before that wakes, and the one who stores has to write and
  // wait.
  write_file(settings / "postgresql.conf",
             fmt::format(R"(listen_addresses = ''
unix_socket_directories = {}
unix_socket_permissions = 0700
cluster_name = '{}'
max_connections = 100
shared_buffers = {}MB
wal_buffers = 32MB
wal_writer_delay = 50ms
max_wal_size = 2GB
fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica
max_wal_senders = 4
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
)",
                         setting_value(socket_folder().string()), id_, megabytes_of_buffers()));
  write_file(settings / "pg_hba.conf",
             fmt::format("local all all peer map=answerable\nlocal replication {} peer map=answerable\n", owner));
  // Who reaches the socket may be the owner, or one of the lesser roles that services connect as.
  std::string who;
  for (const char* role :
       {owner, "answerable_ingest", "answerable_audit", "answerable_reports", "answerable_desk", "answerable_door"})
    who += fmt::format("answerable root {0}\nanswerable \"{1}\" {0}\n", role, user_.name);
  write_file(settings / "pg_ident.conf", who);
}

void Cluster::wait_for_orphans() const {
  // After kill -9 of the postmaster its children live on for a moment, and a new one refuses to start beside them.
  const std::string title = fmt::format("postgres: {}: ", id_);
  const auto orphan = [&]() -> std::optional<int> {
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator("/proc", gone))
      if (const auto process = number(entry.path().filename().string());
          process && command_line(*process).starts_with(title))
        return process;
    return std::nullopt;
  };
  using namespace std::chrono_literals;
  const auto patience = std::chrono::steady_clock::now() + 15s;
  while (const auto process = orphan()) {
    if (std::chrono::steady_clock::now() > patience)
      throw std::runtime_error(
          fmt::format("process {} is left over from a PostgreSQL that was killed in {}: end it with "
                      "kill {}, then start again",
                      *process, folder_.string(), *process));
    std::this_thread::sleep_for(20ms);
  }
}

void Cluster::forget_stale_postmaster() const {
  // After a crash the number in these files may be another process's by now, or that of a dead one nobody has reaped
  // yet; PostgreSQL would then refuse to start.
  const auto process = number(slurp(cluster_ / "postmaster.pid"));
  if (process && kill(*process, 0) == 0 && !is_postmaster(*process)) fs::remove(cluster_ / "postmaster.pid");
  const std::string socket = socket_folder().string() + std::string(socket_name);
  fs::remove(socket);
  fs::remove(socket + ".lock");
}

void Cluster::did_not_start() const {
  const fs::path log = folder_ / "postgres.log";
  std::istringstream lines(slurp(log));
  std::string reason, last;
  for (std::string line; std::getline(lines, line); last = line)
    if (line.find("FATAL:") != std::string::npos || line.find("PANIC:") != std::string::npos) reason = line;
  if (reason.empty()) reason = last.empty() ? "it ended without a reason" : last;
  throw std::runtime_error(fmt::format("PostgreSQL did not start in {}: {}\nRead {}, mend the cause and start again",
                                       cluster_.string(), reason, log.string()));
}

void Cluster::start() {
  if (!fs::exists(cluster_)) make_cluster();
  make_socket_folder();
  write_settings();
  wait_for_orphans();
  forget_stale_postmaster();
  const fs::path postgres = program("postgres");
  const fs::path log = folder_ / "postgres.log";
  if (fs::exists(log)) fs::rename(log, folder_ / "postgres.log.before");
  const auto setting = [&](const char* name, const char* file) {
    return fmt::format("--{}={}", name, (folder_ / "settings" / file).string());
  };
  const pid_t process =
      start_detached(user_,
                     {postgres.string(), "-D", cluster_.string(), setting("config_file", "postgresql.conf"),
                      setting("hba_file", "pg_hba.conf"), setting("ident_file", "pg_ident.conf")},
                     log);
  // Recovery after a crash may take minutes: as long as the process lives, it is working on it.
  bool seen = false;
  for (int tries = 0;; ++tries) {
    std::istringstream lines(slurp(cluster_ / "postmaster.pid"));
    std::string line, state;
    for (int i = 1; i <= 8 && std::getline(lines, line); ++i) {
      if (i == 1 && number(line) != process) break;
      if (i == 8) state = line;
    }
    if (state.starts_with("ready")) return;
    const bool alive = is_postmaster(process);
    seen = seen || alive;
    const bool had_time_to_exec = tries > 1000;
    if (!alive && (seen || had_time_to_exec)) did_not_start();
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
}

void Cluster::stop() noexcept {
  try {
    const auto process = running_postmaster();
    if (!process || kill(*process, SIGINT) != 0) return;
    // Its last checkpoint writes everything out. Beyond a minute the disk is the trouble, and waiting does not help.
    for (int tries = 0; tries < 30000 && is_postmaster(*process); ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    std::error_code in_use;
    fs::remove(socket_folder(), in_use);
  } catch (const std::exception&) {
    // The server goes on running, and the next program to open the folder finds it.
  }
}

}  // namespace answerable::pg
