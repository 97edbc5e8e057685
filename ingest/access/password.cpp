#include "ingest/access/password.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <functional>
#include <set>
#include <stdexcept>

#include "ingest/locations.hpp"

namespace answerable::access {
namespace {

constexpr auto passes = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;  // 2
constexpr auto memory = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;  // 64 MiB
constexpr std::size_t shortest = 12, longest = 256;

/// What is tried first here and leads no list of leaked passwords (passwords/build.sh). Compared, as those of the list
/// are, without what stands around the letters, so that "Socialcare2026!" is one of them.
constexpr auto common =
    std::to_array<std::string_view>({"passw", "passphrase", "login", "council", "socialcare", "adultsocialcare",
                                     "letmeinplease", "correcthorsebatterystaple"});

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_letter(unsigned char c) {
  return std::isalpha(c) || c > 127;
}

/// Without the digits and signs around it, and with those within that stand for letters read as those.
std::string core_of(std::string_view text) {
  std::string out = lower(text);
  while (!out.empty() && !is_letter(static_cast<unsigned char>(out.back()))) out.pop_back();
  out.erase(out.begin(), std::ranges::find_if(out, [](unsigned char c) { return is_letter(c); }));
  constexpr std::string_view signs = "013457@$!", letters = "oieastasi";
  for (char& c : out)
    if (const auto at = signs.find(c); at != signs.npos) c = letters[at];
  std::erase_if(out, [](unsigned char c) { return !is_letter(c); });
  return out;
}

/// Whether a piece of up to six characters, over and over, is all of it; or each character follows the one before.
bool is_run(std::string_view text) {
  for (std::size_t piece = 1; piece <= 6 && piece * 2 <= text.size(); ++piece)
    if (std::equal(text.begin() + static_cast<std::ptrdiff_t>(piece), text.end(), text.begin())) return true;
  for (const int step : {1, -1}) {
    std::size_t follows = 0;
    for (std::size_t i = 1; i < text.size(); ++i) follows += text[i] - text[i - 1] == step;
    if (follows + 3 >= text.size()) return true;
  }
  return false;
}

/// The commonest of leaked lists (passwords/build.sh): the long ones as they are, of all of them what is at the core.
const std::set<std::string, std::less<>>& common_elsewhere() {
  static const auto all = [] {
    const auto file = share_folder() / "common-passwords.txt";
    std::ifstream list(file);
    if (!list)
      throw std::runtime_error(file.string() + " is missing: install the program again with `cmake --install`");
    std::set<std::string, std::less<>> words;
    for (std::string line; std::getline(list, line);) {
      if (line.size() >= shortest) words.insert(lower(line));
      if (auto core = core_of(line); core.size() >= 4) words.insert(std::move(core));
    }
    return words;
  }();
  return all;
}

bool is_common(std::string_view password) {
  const auto core = core_of(password);
  return std::ranges::find(common, std::string_view(core)) != common.end() || common_elsewhere().contains(core) ||
         common_elsewhere().contains(lower(password));
}

/// A list of leaked passwords that whoever runs this put there: the SHA-1 of each in hexadecimal, a line each, sorted,
/// with or without ":" and a count behind (as haveibeenpwned.com gives it, tens of gigabytes). Found by halving.
bool is_breached(std::string_view password) {
  std::ifstream list(share_folder() / "breached-passwords.txt", std::ios::binary | std::ios::ate);
  if (!list) return false;
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  ::SHA1(reinterpret_cast<const unsigned char*>(password.data()), password.size(), digest.data());
  std::string wanted;
  for (const auto byte : digest) wanted += fmt::format("{:02X}", byte);
  std::streamoff from = 0, end = list.tellg();
  for (std::string line; from < end;) {
    const auto middle = from + (end - from) / 2;
    list.clear();
    list.seekg(std::max(from, middle - 1));
    if (middle > from) std::getline(list, line);  // the rest of the line before
    const std::streamoff begins = list.tellg();
    if (begins < 0 || begins >= end || !std::getline(list, line)) {
      end = middle;
      continue;
    }
    const auto there = line.substr(0, wanted.size());
    if (there == wanted) return true;
    if (there < wanted)
      from = begins + static_cast<std::streamoff>(line.size()) + 1;
    else
      end = middle;
  }
  return false;
}

/// Whether at least half of it is a word of the person's or the service's.
bool is_own(std::string_view password, std::string_view words) {
  const std::string text = lower(password);
  std::string word;
  for (const char c : lower(words) + ' ') {
    if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) > 127) {
      word += c;
      continue;
    }
    if (word.size() >= 4 && text.find(word) != text.npos && word.size() * 2 >= core_of(text).size()) return true;
    word.clear();
  }
  return false;
}

}  // namespace

std::string hash_password(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (sodium_init() < 0 || crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), passes, memory,
                                                 crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::runtime_error("a password could not be hashed: that takes 64 MiB of memory, and there was not as much");
  return hash.data();
}

bool password_matches(std::string_view hash, std::string_view password) {
  static const std::string nobodys = hash_password("of an account that is not there");
  const std::string compared(hash.empty() ? std::string_view(nobodys) : hash);
  const bool same = crypto_pwhash_str_verify(compared.c_str(), password.data(), password.size()) == 0;
  return same && !hash.empty();
}

bool needs_rehash(std::string_view hash) {
  return crypto_pwhash_str_needs_rehash(std::string(hash).c_str(), passes, memory) != 0;
}

std::optional<std::string> refuse_password(std::string_view password, std::span<const std::string> own) {
  const auto characters =
      static_cast<std::size_t>(std::ranges::count_if(password, [](char c) { return (c & 0xC0) != 0x80; }));
  if (characters < shortest)
    return fmt::format(
        "The password has {} characters and needs {} or more. Three words that have nothing to do with each other are "
        "easy to remember and hard to guess.",
        characters, shortest);
  if (password.size() > longest)
    return fmt::format("The password is longer than {} bytes. Choose a shorter one.", longest);
  if (is_common(password))
    return "The password is one of those that are tried first, or one with signs put around it. Choose three words "
           "that "
           "have nothing to do with each other.";
  if (is_breached(password))
    return "The password is on a list of those that were stolen elsewhere, and is tried first. Choose three words that "
           "have nothing to do with each other.";
  if (is_run(password))
    return "The password is a run of characters or repeats itself. Choose three words that have nothing to do with "
           "each "
           "other.";
  if (std::ranges::any_of(own, [&](const auto& words) { return is_own(password, words); }))
    return "The password is made of your name, your e-mail address or the name of this service. Choose three words "
           "that "
           "have nothing to do with you or with it.";
  return std::nullopt;
}

}  // namespace answerable::access
