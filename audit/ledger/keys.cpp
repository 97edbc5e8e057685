#include "audit/ledger/keys.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "ingest/access/vault.hpp"
#include "ingest/durable_file.hpp"

namespace answerable::ledger {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view ending = ".pem";

[[noreturn]] void fail(const fs::path& path, const char* what) {
  throw std::system_error(errno, std::generic_category(), path.string() + " cannot be " + what);
}

/// Bytes that are wiped when they go.
class Secret {
 public:
  Secret() = default;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  std::string_view text() const { return {bytes_.data(), size_}; }
  bool fill(int from) {
    while (size_ < bytes_.size()) {
      const ssize_t got = ::read(from, bytes_.data() + size_, bytes_.size() - size_);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return got == 0;
      size_ += static_cast<std::size_t>(got);
    }
    return true;
  }

 private:
  std::array<char, 16384> bytes_{};
  std::size_t size_{};
};

void check_private(const fs::path& path, const struct stat& found, mode_t wanted) {
  const auto refuse = [&](const std::string& why, const std::string& cure) {
    throw std::runtime_error(
        fmt::format("{} {}: keys must be this user's alone. Mend it with `{}`, and think whether the "
                    "key is still a secret: if not, change it",
                    path.string(), why, cure));
  };
  if (found.st_uid != ::geteuid())
    refuse(fmt::format("belongs to another user ({})", found.st_uid),
           fmt::format("chown {} {}", ::geteuid(), path.string()));
  if ((found.st_mode & 077) != 0)
    refuse(fmt::format("can be used by others (mode {:04o})", found.st_mode & 07777),
           fmt::format("chmod {:04o} {}", wanted, path.string()));
}

PrivateKey read_key(const fs::path& file) {
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (opened < 0) fail(file, "opened");
  struct Close {
    int number;
    ~Close() { ::close(number); }
  } const close{opened};
  struct stat found {};
  if (::fstat(opened, &found) != 0) fail(file, "looked at");
  if (!S_ISREG(found.st_mode)) throw std::runtime_error(file.string() + " is not a file");
  check_private(file, found, 0600);
  Secret pem;
  if (!pem.fill(opened)) fail(file, "read");
  try {
    return PrivateKey::from_pem(pem.text(), access::vault_pass_phrase());
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("the signing key {} cannot be used: {}", file.string(), error.what()));
  }
}

/// A name as a file's: letters, digits, dots and hyphens stay, all else is written as %XX.
std::string file_name(std::string_view name) {
  std::string text;
  for (const char c : name) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

std::optional<int> number_of(std::string_view file, std::string_view name) {
  if (!file.starts_with(name) || !file.ends_with(ending) || file.size() <= name.size() + 1 + ending.size() ||
      file[name.size()] != '-')
    return std::nullopt;
  file.remove_prefix(name.size() + 1);
  file.remove_suffix(ending.size());
  int number{};
  const auto [end, error] = std::from_chars(file.data(), file.data() + file.size(), number);
  if (error != std::errc{} || number < 1 || std::to_string(number) != file) return std::nullopt;
  return number;
}

}  // namespace

Keys::Keys(fs::path folder) : folder_(std::move(folder)) {
  if (folder_.has_parent_path()) fs::create_directories(folder_.parent_path());
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) fail(folder_, "made");
  struct stat found {};
  if (::stat(folder_.c_str(), &found) != 0) fail(folder_, "looked at");
  if (!S_ISDIR(found.st_mode)) throw std::runtime_error(folder_.string() + " is not a folder");
  check_private(folder_, found, 0700);
}

std::vector<StoredKey> Keys::of(std::string_view name) const {
  std::vector<StoredKey> keys;
  const std::string stem = file_name(name);
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (const auto number = number_of(entry.path().filename().string(), stem))
      keys.push_back({*number, entry.path(), read_key(entry.path())});
  }
  std::ranges::sort(keys, std::ranges::greater{}, &StoredKey::number);
  return keys;
}

std::vector<StoredKey> Keys::of_or_first(std::string_view name) const {
  auto keys = of(name);
  if (keys.empty()) keys.push_back(make(name, 1));
  return keys;
}

StoredKey Keys::make(std::string_view name) const {
  const auto before = of(name);
  return make(name, before.empty() ? 1 : before.front().number + 1);
}

StoredKey Keys::make(std::string_view name, int number) const {
  const fs::path file = folder_ / fmt::format("{}-{}{}", file_name(name), number, ending);
  PrivateKey key = PrivateKey::generate();
  bool made = false;
  key.write_pem([&](std::string_view pem) { made = create_durably(file, pem); }, access::vault_pass_phrase());
  return {number, file, made ? std::move(key) : read_key(file)};
}

void Keys::retire_former(std::string_view name) const {
  const auto keys = of(name);
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (!fs::remove(keys[i].file)) fail(keys[i].file, "removed");
  }
}

}  // namespace answerable::ledger
