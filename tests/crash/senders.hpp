#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace answerable::testing {

/// Eight trusts that send file after file over HTTP, each of them again and again until it is acknowledged, as their
/// systems are told to.
class Senders {
 public:
  static constexpr int how_many = 8;
  static constexpr int records_each = 5;

  /// \param keys an API key for each \param port asked before each request
  Senders(std::vector<std::string> keys, std::function<std::uint16_t()> port);
  Senders(const Senders&) = delete;
  Senders& operator=(const Senders&) = delete;
  /// Where nobody may answer any more, nobody is waited for.
  ~Senders() {
    give_up_ = true;
    finish();
  }

  /// Lets every sender end with the file it is at; all are acknowledged when this returns.
  void finish();

  /// By sender and message id: the receipt's number of every file that was acknowledged.
  std::map<std::string, std::string> acknowledged() const;
  /// How many files, and how many of the answers were 503.
  std::size_t files() const;
  int sent_later() const { return later_; }
  /// Answers that a sender must never get, with their first line.
  std::vector<std::string> unexpected() const;

  /// Sends one file that may be taken in afterwards (Prefer: respond-async). Returns the answer's status.
  static int send_for_later(std::uint16_t port, const std::string& key, int sender, const std::string& message);

  static std::string organisation(int sender) { return "ods:CR" + std::to_string(sender); }

 private:
  void send(int sender, const std::string& key);
  bool once(const std::string& key, const std::string& message, const std::string& body);

  const std::function<std::uint16_t()> port_;
  std::atomic<bool> finish_{false}, give_up_{false};
  std::atomic<int> later_{0};
  mutable std::mutex access_;
  std::map<std::string, std::string> acknowledged_;
  std::vector<std::string> unexpected_;
  std::vector<std::jthread> threads_;
};

}  // namespace answerable::testing
