#include "audit/bag/spill.hpp"

#include <algorithm>
#include <filesystem>
#include <span>

#include "ingest/digest.hpp"

namespace answerable::bag {
namespace {

constexpr std::size_t kept_in_memory = 256 * 1024;
/// Rows are mostly read one after the other; what is looked up alone should not bring much with it.
constexpr std::size_t read_together = 16 * 1024;

}  // namespace

std::uint64_t Spill::append(std::string_view bytes) {
  if (tail_.size() + bytes.size() > kept_in_memory) write_tail();
  const auto at = size();
  tail_ += bytes;
  return at;
}

void Spill::write_tail() {
  if (tail_.empty()) return;
  if (!file_) file_ = File::nameless(std::filesystem::temp_directory_path());
  file_->write(as_bytes(tail_));
  written_ += tail_.size();
  tail_.clear();
}

std::string_view Spill::read(std::uint64_t at, std::size_t size) {
  if (at >= written_) return std::string_view(tail_).substr(static_cast<std::size_t>(at - written_), size);
  if (at < window_at_ || at + size > window_at_ + window_.size()) {
    window_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(std::max(size, read_together), written_ - at)));
    file_->read_at(at, std::as_writable_bytes(std::span(window_)));
    window_at_ = at;
  }
  return std::string_view(window_).substr(static_cast<std::size_t>(at - window_at_), size);
}

void Spill::each(const std::function<void(std::string_view piece)>& use) {
  for (std::uint64_t at = 0; at < size();) {
    const auto end = at < written_ ? written_ : size();
    const auto piece = read(at, static_cast<std::size_t>(std::min<std::uint64_t>(read_together, end - at)));
    use(piece);
    at += piece.size();
  }
}

}  // namespace answerable::bag
