#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "ingest/service/log.hpp"
#include "ingest/service/spool.hpp"

namespace answerable::service {

/// Files that were acknowledged before they were taken in (202): each lies in the spool folder, durably, with a note of
/// whose it is and what became of it. They are taken in one after another; what was not done when the service ended is
/// done by the next. Notes are kept for a week.
class Uploads {
 public:
  struct Waiting {
    std::string authority, sender;
    std::uint64_t bytes{};
  };
  /// Takes one file in and says what became of it, as GET /uploads/{id} shows it. What it throws means: try again.
  using Take = std::function<nlohmann::ordered_json(const Waiting& whose, const std::filesystem::path& file,
                                                    const std::function<void(std::uint64_t bytes)>& progress)>;

  Uploads(std::filesystem::path folder, Take take, Log& log);
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;
  /// Gives up waiting; a file being taken in is finished.
  ~Uploads() = default;

  /// Durable when this returns. \return the upload's id, which nobody can guess \throws NoRoom
  std::string add(Spooled&& file, const Waiting& whose);
  /// {"state": "waiting" | "reading" | "done", …}. Nothing when there is none of that id, or it is somebody else's.
  std::optional<nlohmann::ordered_json> find(const std::string& id, const std::string& authority,
                                             const std::string& sender);

 private:
  void run(const std::stop_token& stop);
  void take_one(const std::string& id, const std::stop_token& stop);
  void take_up();
  std::filesystem::path note(const std::string& id) const { return folder_ / (id + ".json"); }
  std::filesystem::path file(const std::string& id) const { return folder_ / (id + ".xml"); }

  const std::filesystem::path folder_;
  const Take take_;
  Log& log_;
  std::mutex access_;
  std::condition_variable_any came_;
  std::deque<std::string> waiting_;
  std::string reading_;
  std::uint64_t read_{};
  std::jthread thread_;  // last: ends first
};

}  // namespace answerable::service
