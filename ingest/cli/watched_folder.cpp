#include "ingest/cli/watched_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>
#include <utility>

#include "ingest/cli/fault_output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/cli/receipt_output.hpp"
#include "ingest/durable_file.hpp"

namespace answerable::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds settled{2};

fs::path must_be_folder(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw Failure(usage, fmt::format("--watch {}: there is no such folder. Make it first.", folder.string()));
  return folder;
}

/// NAME.xml, or NAME-2.xml … when a file of that name lies there from before.
fs::path free_name(const fs::path& folder, const fs::path& name) {
  fs::path free = folder / name;
  for (int n = 2; fs::exists(free); ++n)
    free = folder / fmt::format("{}-{}{}", name.stem().string(), n, name.extension().string());
  return free;
}

std::string faults_csv(const std::string& file, std::span<const Fault> faults) {
  std::string out(fault_csv_header);
  for (const Fault& fault : faults) out += fault_csv_row(file, fault);
  return out;
}

std::string dumped(const nlohmann::ordered_json& document) {
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void write_beside(const fs::path& file, const std::string& name, const intake::Answer& answer) {
  const auto beside = [&](const char* ending) { return fs::path(file.string() + ending); };
  const auto* refusal = std::get_if<intake::Refusal>(&answer);
  const auto* receipt = std::get_if<intake::Receipt>(&answer);
  const std::span<const Fault> faults = refusal ? refusal->faults : receipt->faults;
  if (!faults.empty()) replace_durably(beside(".faults.csv"), faults_csv(name, faults));
  replace_durably(beside(refusal ? ".refusal.json" : ".receipt.json"),
                  dumped(refusal ? refusal_json(*refusal) : receipt_json(*receipt)));
  replace_durably(beside(refusal ? ".refusal.txt" : ".receipt.txt"),
                  refusal ? refusal_text(name, *refusal) : receipt_text(name, *receipt));
}

}  // namespace

WatchedFolder::WatchedFolder(const fs::path& folder)
    : folder_(must_be_folder(folder)), lock_(folder_ / ".answerable-watch.lock") {
  if (!lock_.try_exclusive())
    throw Failure(usage, fmt::format("--watch {}: another program watches this folder already", folder_.string()));
  for (const char* name : {"done", "refused"}) fs::create_directory(folder_ / name);
}

WatchedFolder::Seen WatchedFolder::look(const fs::directory_entry& entry) {
  return {entry.file_size(), entry.last_write_time(), std::chrono::steady_clock::now()};
}

std::vector<fs::path> WatchedFolder::ready() {
  std::map<fs::path, Seen> now_there;
  std::vector<fs::path> ready;
  for (const auto& entry : fs::directory_iterator(folder_)) try {
      const fs::path& path = entry.path();
      if (path.extension() != ".xml" || path.filename().string().starts_with('.') || !entry.is_regular_file()) continue;
      Seen seen = look(entry);
      if (const auto before = seen_.find(path); before != seen_.end() && before->second.same(seen))
        seen.since = before->second.since;
      if (std::chrono::steady_clock::now() - seen.since >= settled) ready.push_back(path);
      now_there.emplace(path, seen);
    } catch (const fs::filesystem_error&) {
      // Gone again while it was looked at.
    }
  seen_ = std::move(now_there);
  std::ranges::sort(ready);
  return ready;
}

WatchedFolder::Taken WatchedFolder::take(const fs::path& file, const Take& take) const {
  const Seen before = look(fs::directory_entry(file));
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::system_error(errno, std::generic_category(), file.filename().string() + " cannot be read");
  Taken taken{file, take(in)};
  in.close();
  if (!before.same(look(fs::directory_entry(file)))) return taken;
  const bool refused = std::holds_alternative<intake::Refusal>(taken.answer);
  taken.moved_to = free_name(folder_ / (refused ? "refused" : "done"), file.filename());
  write_beside(taken.moved_to, file.filename().string(), taken.answer);
  fs::rename(file, taken.moved_to);
  make_durable(taken.moved_to);
  return taken;
}

}  // namespace answerable::cli
