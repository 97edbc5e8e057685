#include "audit/bag/appender.hpp"

#include "ingest/digest.hpp"

namespace answerable::bag {
namespace {
constexpr std::size_t piece_bytes = 256 * 1024;
}

Appender::Appender(File file) : file_(std::move(file)) {
  buffer_.reserve(piece_bytes);
}

void Appender::write(std::span<const std::byte> bytes) {
  position_ += bytes.size();
  if (buffer_.size() + bytes.size() > piece_bytes) flush();
  if (bytes.size() >= piece_bytes) return file_.write(bytes);
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void Appender::write(std::string_view bytes) {
  write(as_bytes(bytes));
}

void Appender::flush() {
  file_.write(buffer_);
  buffer_.clear();
}

}  // namespace answerable::bag
