#include "ingest/service/uploads.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <utility>

#include "ingest/civil_date.hpp"
#include "ingest/durable_file.hpp"

namespace answerable::service {
namespace fs = std::filesystem;
namespace {

using nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr auto kept_for = std::chrono::days{7};

std::optional<ordered_json> read_note(const fs::path& file) {
  std::ifstream in(file);
  if (!in) return std::nullopt;
  return ordered_json::parse(in);
}

bool well_formed(const std::string& id) {
  return id.size() == 32 &&
         std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

Uploads::Uploads(fs::path folder, Take take, Log& log) : folder_(std::move(folder)), take_(std::move(take)), log_(log) {
  take_up();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Uploads::take_up() {
  const auto old = fs::file_time_type::clock::now() - kept_for;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const fs::path& path = entry.path();
    const bool has_note = fs::exists(note(path.stem().string()));
    if (path.extension() == ".xml" && has_note) waiting_.push_back(path.stem().string());
    if (path.extension() == ".xml" && !has_note) fs::remove(path);  // never acknowledged
    if (path.extension() == ".json" && !fs::exists(file(path.stem().string())) && entry.last_write_time() < old)
      fs::remove(path);
  }
  if (!waiting_.empty()) log_.info("uploads-taken-up", {{"files", waiting_.size()}});
}

std::string Uploads::add(Spooled&& spooled, const Waiting& whose) {
  const auto bytes = spooled.bytes();
  const fs::path kept = spooled.keep();
  const std::string id = kept.stem().string();
  try {
    create_durably(
        note(id),
        ordered_json{
            {"authority", whose.authority}, {"sender", whose.sender}, {"bytes", bytes}, {"came_at", iso(now())}}
            .dump());
  } catch (const std::system_error&) {
    std::error_code gone;
    fs::remove(kept, gone);
    throw NoRoom("the spool folder's disk is full, or refuses to write");
  }
  {
    const std::lock_guard lock(access_);
    waiting_.push_back(id);
  }
  came_.notify_one();
  return id;
}

std::optional<ordered_json> Uploads::find(const std::string& id, const std::string& authority,
                                          const std::string& sender) {
  if (!well_formed(id)) return std::nullopt;
  const std::lock_guard lock(access_);
  const auto found = read_note(note(id));
  if (!found || found->at("authority") != authority || found->at("sender") != sender) return std::nullopt;
  const bool done = found->contains("outcome");
  ordered_json told{{"upload", id},
                    {"state", done             ? "done"
                              : id == reading_ ? "reading"
                                               : "waiting"},
                    {"bytes", found->at("bytes")},
                    {"bytes_read", done             ? found->at("bytes").get<std::uint64_t>()
                                   : id == reading_ ? read_
                                                    : 0},
                    {"came_at", found->at("came_at")}};
  if (done) told.update(found->at("outcome"));
  return told;
}

void Uploads::run(const std::stop_token& stop) {
  while (true) {
    std::string id;
    {
      std::unique_lock lock(access_);
      if (!came_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      if (stop.stop_requested()) return;
      id = waiting_.front();
      waiting_.pop_front();
      reading_ = id;
      read_ = 0;
    }
    take_one(id, stop);
  }
}

void Uploads::take_one(const std::string& id, const std::stop_token& stop) {
  const auto progress = [this](std::uint64_t bytes) {
    const std::lock_guard lock(access_);
    read_ = bytes;
  };
  for (auto pause = 1s; !stop.stop_requested(); pause = std::min(2 * pause, std::chrono::seconds{60})) {
    try {
      auto known = read_note(note(id)).value();
      // Taken in again after a crash, it gets the receipt it got then.
      if (!known.contains("outcome")) {
        known["outcome"] = take_({known.at("authority"), known.at("sender"), known.at("bytes")}, file(id), progress);
        const std::lock_guard lock(access_);
        replace_durably(note(id), known.dump());
        reading_.clear();
      }
      fs::remove(file(id));
      return;
    } catch (const std::exception& error) {
      log_.error("upload-not-taken", error, {{"tried_again_after_seconds", pause.count()}});
    }
    std::unique_lock lock(access_);
    came_.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace answerable::service
