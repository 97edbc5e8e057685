#include "audit/bag/sorted_spill.hpp"

#include <algorithm>
#include <cstring>

namespace answerable::bag {
namespace {

constexpr std::size_t sorted_together = 512 * 1024;

}  // namespace

void SortedSpill::add(std::string_view row) {
  waiting_.emplace_back(row);
  waiting_bytes_ += sizeof(std::string) + row.size();
  if (waiting_bytes_ > sorted_together) write_run();
}

void SortedSpill::write_run() {
  std::ranges::sort(waiting_);
  Run run{spill_.size(), 0};
  for (const auto& row : waiting_) {
    const auto length = static_cast<std::uint32_t>(row.size());
    spill_.append(std::string(reinterpret_cast<const char*>(&length), sizeof length) + row);
  }
  run.end = spill_.size();
  runs_.push_back(std::move(run));
  waiting_.clear();
  waiting_bytes_ = 0;
}

bool SortedSpill::step(Run& run) {
  if (run.at == run.end) return false;
  std::uint32_t length{};
  std::memcpy(&length, spill_.read(run.at, sizeof length).data(), sizeof length);
  run.row = spill_.read(run.at + sizeof length, length);
  run.at += sizeof length + length;
  return true;
}

void SortedSpill::each(const std::function<void(std::string_view row)>& use) {
  write_run();
  auto runs = runs_;
  std::erase_if(runs, [&](Run& run) { return !step(run); });
  while (!runs.empty()) {
    const auto least = std::ranges::min_element(runs, {}, &Run::row);
    use(least->row);
    if (!step(*least)) runs.erase(least);
  }
}

}  // namespace answerable::bag
