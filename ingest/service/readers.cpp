#include "ingest/service/readers.hpp"

#include <utility>

namespace answerable::service {

Readers::Readers(const xml::Kinds& kinds, xml::Limits limits, std::size_t most, std::chrono::milliseconds patience)
    : kinds_(kinds), limits_(std::move(limits)), patience_(patience), idle_(most) {}

Readers::Lent Readers::lend() {
  std::unique_ptr<xml::FileReader> reader;
  {
    std::unique_lock lock(access_);
    if (!free_.wait_for(lock, patience_, [this] { return !idle_.empty(); }))
      throw ReadersBusy("every reader is busy with another file");
    reader = std::move(idle_.back());
    idle_.pop_back();
  }
  try {
    if (!reader) reader = std::make_unique<xml::FileReader>(kinds_, limits_);
  } catch (...) {
    take_back(nullptr);
    throw;
  }
  return {*this, std::move(reader)};
}

void Readers::take_back(std::unique_ptr<xml::FileReader> reader) {
  {
    const std::lock_guard lock(access_);
    idle_.push_back(std::move(reader));
  }
  free_.notify_one();
}

Readers::Lent::~Lent() {
  if (reader_) readers_->take_back(std::move(reader_));
}

}  // namespace answerable::service
