#include "ingest/pg/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace answerable::pg {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

struct Descriptor {
  int number;
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

constexpr int could_not_start = 127;

/// Everything a child needs, made before fork: afterwards only async-signal-safe calls are allowed.
struct Launch {
  Launch(const User& who, const std::vector<std::string>& words, const std::filesystem::path& log_file)
      : user(who),
        command(words),
        switch_user(geteuid() != who.uid),
        log(open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600)),
        nothing(open("/dev/null", O_RDONLY | O_CLOEXEC)) {
    if (log.number < 0) fail(fmt::format("{} cannot be written", log_file.string()));
    if (nothing.number < 0) fail("/dev/null cannot be opened");
    for (auto& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
  }

  [[noreturn]] void become() {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGCHLD, SIGUSR1, SIGUSR2, SIGALRM})
      signal(number, SIG_DFL);
    dup2(nothing.number, STDIN_FILENO);
    dup2(log.number, STDOUT_FILENO);
    dup2(log.number, STDERR_FILENO);
    close_range(3, ~0U, 0);
    umask(0077);
    if (switch_user && (setgroups(1, &user.gid) != 0 || setgid(user.gid) != 0 || setuid(user.uid) != 0))
      _exit(could_not_start);
    if (chdir("/") != 0) _exit(could_not_start);
    execve(arguments.front(), arguments.data(), environment.data());
    _exit(could_not_start);
  }

  User user;
  std::vector<std::string> command;
  bool switch_user;
  Descriptor log;
  Descriptor nothing;
  std::vector<char*> arguments;
  // Memory that one statement of the server needed the next needs again: kept, not given back and asked for anew.
  std::array<std::string, 4> settings{"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", "MALLOC_TRIM_THRESHOLD_=33554432"};
  std::array<char*, 5> environment{settings[0].data(), settings[1].data(), settings[2].data(), settings[3].data(),
                                   nullptr};
};

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail("a child process cannot be waited for");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::optional<User> find_user(const char* name) {
  const passwd* entry = getpwnam(name);
  if (!entry) return std::nullopt;
  return User{entry->pw_name, entry->pw_uid, entry->pw_gid};
}

}  // namespace

User server_user() {
  if (geteuid() != 0) {
    const passwd* entry = getpwuid(geteuid());
    if (!entry)
      throw std::runtime_error(
          fmt::format("user number {} has no name, and PostgreSQL needs one: add it to /etc/passwd, "
                      "or give your own server with --database",
                      geteuid()));
    return {entry->pw_name, entry->pw_uid, entry->pw_gid};
  }
  if (auto user = find_user("postgres")) return *user;
  if (auto user = find_user("nobody")) return *user;
  throw std::runtime_error(
      "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody: start "
      "this program as an ordinary user");
}

int run_to_end(const User& user, const std::vector<std::string>& command, const std::filesystem::path& log) {
  Launch launch(user, command, log);
  const pid_t child = fork();
  if (child < 0) fail("no process can be started");
  if (child == 0) launch.become();
  return wait_for(child);
}

pid_t start_detached(const User& user, const std::vector<std::string>& command, const std::filesystem::path& log) {
  Launch launch(user, command, log);
  std::array<int, 2> pipe_ends;
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) fail("no pipe can be made");
  const Descriptor reading(pipe_ends[0]);
  pid_t started = -1;
  {
    const Descriptor writing(pipe_ends[1]);
    // Twice, so that the server is nobody's child and leaves no zombie with a program that goes on for months.
    const pid_t between = fork();
    if (between < 0) fail("no process can be started");
    if (between == 0) {
      setsid();
      const pid_t child = fork();
      if (child == 0) launch.become();
      const bool told = write(writing.number, &child, sizeof child) == sizeof child;
      _exit(told ? 0 : 1);
    }
    wait_for(between);
  }
  if (read(reading.number, &started, sizeof started) != sizeof started || started < 0)
    throw std::runtime_error("no process can be started: there may be too many");
  return started;
}

std::string command_line(pid_t process) {
  // Between opening and reading the process may end: reading is then refused with ESRCH.
  const Descriptor file(open(fmt::format("/proc/{}/cmdline", process).c_str(), O_RDONLY | O_CLOEXEC));
  std::string line;
  std::array<char, 4096> part;
  for (ssize_t got; file.number >= 0 && (got = read(file.number, part.data(), part.size())) > 0;)
    line.append(part.data(), static_cast<std::size_t>(got));
  return line;
}

std::optional<std::filesystem::path> unreachable_part(const User& user, const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> parts;
  std::filesystem::path sum;
  for (const auto& part : folder) parts.push_back(sum /= part);
  const bool switch_user = geteuid() != user.uid;
  const pid_t child = fork();
  if (child < 0) fail("no process can be started");
  if (child == 0) {
    if (switch_user && (setgroups(1, &user.gid) != 0 || setgid(user.gid) != 0 || setuid(user.uid) != 0)) _exit(255);
    int at = 0;
    for (const auto& part : parts) {
      if (access(part.c_str(), X_OK) != 0) _exit(at + 1);
      ++at;
    }
    _exit(0);
  }
  const int answer = wait_for(child);
  if (answer == 0) return std::nullopt;
  return parts.at(std::min(static_cast<std::size_t>(answer), parts.size()) - 1);
}

}  // namespace answerable::pg
