#include "ingest/xml/sandbox.hpp"

#include <fmt/format.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace answerable::xml {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;  // AddressSanitizer maps terabytes and reads /proc: neither fits in here
#else
constexpr bool sanitized = false;
#endif

constexpr rlim_t most_memory = rlim_t{512} << 20;

void limit(__rlimit_resource what, rlim_t most) {
  const rlimit to{most, most};
  if (::setrlimit(what, &to) != 0) throw std::system_error(errno, std::generic_category(), "setrlimit");
}

void control(int option, unsigned long value) {
  if (::prctl(option, value, 0, 0, 0) != 0) throw std::system_error(errno, std::generic_category(), "prctl");
}

void allow_only_parsing() {
  const std::unique_ptr<void, void (*)(void*)> filter(::seccomp_init(SCMP_ACT_KILL_PROCESS),
                                                      [](void* it) { ::seccomp_release(it); });
  if (filter == nullptr) throw std::runtime_error("seccomp_init failed");
  for (const int call : {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap),
                         SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(futex),
                         SCMP_SYS(clock_gettime), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit), SCMP_SYS(exit_group)}) {
    if (const int error = ::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0); error < 0) {
      throw std::system_error(-error, std::generic_category(), "seccomp_rule_add");
    }
  }
  if (const int error = ::seccomp_load(filter.get()); error < 0)
    throw std::system_error(-error, std::generic_category(), "seccomp_load");
}

}  // namespace

void lock_in(std::uint32_t cpu_seconds) {
  control(PR_SET_DUMPABLE, 0);
  control(PR_SET_NO_NEW_PRIVS, 1);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, cpu_seconds);
  limit(RLIMIT_FSIZE, 0);
  if constexpr (!sanitized) {
    limit(RLIMIT_NOFILE, 0);
    limit(RLIMIT_AS, most_memory);
    allow_only_parsing();
  }
}

}  // namespace answerable::xml
