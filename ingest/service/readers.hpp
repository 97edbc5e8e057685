#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "ingest/xml/file_reader.hpp"

namespace answerable::service {

/// Every reader was busy for as long as a sender can be asked to wait.
struct ReadersBusy : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The readers that a service's threads share: each has its own parsers, which stay for the next file.
class Readers {
 public:
  /// \param kinds must outlive this \param most files read at once \param patience how long lend() waits for one
  Readers(const xml::Kinds& kinds, xml::Limits limits, std::size_t most,
          std::chrono::milliseconds patience = std::chrono::seconds{20});

  class Lent {
   public:
    Lent(Lent&&) noexcept = default;
    Lent& operator=(Lent&&) = delete;
    ~Lent();
    xml::FileReader& operator*() const { return *reader_; }

   private:
    friend class Readers;
    Lent(Readers& readers, std::unique_ptr<xml::FileReader> reader) : readers_(&readers), reader_(std::move(reader)) {}
    Readers* readers_;
    std::unique_ptr<xml::FileReader> reader_;
  };
  /// \throws ReadersBusy
  Lent lend();

 private:
  void take_back(std::unique_ptr<xml::FileReader> reader);

  const xml::Kinds& kinds_;
  const xml::Limits limits_;
  const std::chrono::milliseconds patience_;
  std::mutex access_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<xml::FileReader>> idle_;  ///< empty places: readers not made yet
};

}  // namespace answerable::service
