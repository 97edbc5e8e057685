#include "ingest/intake/leaf.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>

namespace answerable::intake {
namespace {

void append_text(std::string& out, const Leaf& leaf) {
  fmt::format_to(
      std::back_inserter(out),
      "answerable-leaf/1\nauthority {}\nnumber {}\nrecord {}/{}\nsender {}\nid {}\nsubmission {}\nreceived {}\n"
      "commitment {}\n",
      leaf.authority, leaf.number, leaf.kind, leaf.version, leaf.sender, leaf.id, leaf.submission,
      iso(leaf.received_at), hex(leaf.commitment));
}

}  // namespace

Salt make_salt() {
  // One call to the kernel serves 256 records.
  struct Pool {
    std::array<std::byte, 4096> bytes;
    std::size_t used{sizeof bytes};
  };
  static thread_local Pool pool;
  Salt salt;
  if (pool.used + salt.size() > pool.bytes.size()) {
    std::size_t got = 0;
    while (got < pool.bytes.size()) {
      const ssize_t n = ::getrandom(pool.bytes.data() + got, pool.bytes.size() - got, 0);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw std::system_error(errno, std::generic_category(), "no random numbers from the system");
      got += static_cast<std::size_t>(n);
    }
    pool.used = 0;
  }
  std::copy_n(pool.bytes.begin() + static_cast<std::ptrdiff_t>(pool.used), salt.size(), salt.begin());
  pool.used += salt.size();
  return salt;
}

Digest LeafHasher::commitment(const Salt& salt, std::span<const std::byte> body) {
  sha256_.update(salt);
  sha256_.update(body);
  return sha256_.finish();
}

Digest LeafHasher::hash(const Leaf& leaf) {
  text_.assign(1, '\0');
  append_text(text_, leaf);
  sha256_.update(as_bytes(text_));
  return sha256_.finish();
}

std::string leaf_text(const Leaf& leaf) {
  std::string text;
  append_text(text, leaf);
  return text;
}

}  // namespace answerable::intake
