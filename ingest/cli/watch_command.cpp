#include "ingest/cli/watch_command.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "ingest/cli/output.hpp"
#include "ingest/cli/watched_folder.hpp"

namespace answerable::cli {
namespace {

using namespace std::chrono_literals;

/// Signals that end a program are asked for between two files, and never cut one off.
class EndingSignals {
 public:
  EndingSignals() {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  /// Waits for so long; whether one came.
  bool came_within(std::chrono::milliseconds time) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    const timespec patience{seconds.count(), std::chrono::nanoseconds(time - seconds).count()};
    return sigtimedwait(&set_, nullptr, &patience) > 0;
  }

 private:
  sigset_t set_{};
};

/// A line a file. What was wrong with it lies beside it, and not in a log: it may name people.
void tell(const Common& common, const std::string& name, const WatchedFolder::Taken& taken) {
  const auto* receipt = std::get_if<intake::Receipt>(&taken.answer);
  const std::string to = taken.moved_to.string();
  if (common.json) {
    nlohmann::ordered_json line{{"file", name}, {"moved_to", to}, {"receipt", nullptr}};
    if (receipt)
      line.update({{"receipt", receipt->id},
                   {"repeated", receipt->repeated},
                   {"stored", receipt->stored},
                   {"held", receipt->held},
                   {"already_held", receipt->already_held}});
    print_at_once(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  } else if (receipt) {
    print_at_once(
        printable(fmt::format("{}: receipt {}, {} stored, {} held, {} held already; moved to {}\n", name, receipt->id,
                              grouped(receipt->stored), grouped(receipt->held), grouped(receipt->already_held), to)));
  } else {
    print_at_once(printable(fmt::format("{}: refused, nothing of it was stored; moved to {}\n", name, to)));
  }
}

/// Takes in what is ready. False when something stood in the way: it is to be tried again later.
bool take_what_is_ready(const Common& common, IntakeDesk& desk, WatchedFolder& folder, const EndingSignals& ending,
                        bool& over) {
  bool all = true;
  for (const auto& file : folder.ready()) {
    if (ending.came_within(0ms)) {
      over = true;
      break;
    }
    const std::string name = file.filename().string();
    try {
      desk.mend();
      tell(common, name, folder.take(file, [&](std::istream& in) { return desk.submit(in, {}); }));
    } catch (const std::exception& error) {
      fmt::print(stderr, "answerable: {} was not taken in, and will be tried again: {}\n", printable(name),
                 error.what());
      all = false;
    }
  }
  return all;
}

}  // namespace

int watch_folder(const Common& common, const FileOptions& options, const std::filesystem::path& path) {
  const EndingSignals ending;  // before any thread is made
  WatchedFolder folder(path);
  IntakeDesk desk(common, options);
  if (!common.json) print_at_once(fmt::format("Watching {}\n", printable(path.string())));
  constexpr auto usual = 500ms, longest = 30'000ms;
  bool over = false;
  for (auto pause = usual; !over && !ending.came_within(pause);) {
    const bool all = take_what_is_ready(common, desk, folder, ending, over);
    pause = all ? usual : std::min<std::chrono::milliseconds>(2 * pause, longest);
  }
  return done;
}

}  // namespace answerable::cli
