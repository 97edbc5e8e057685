#include "ingest/service/readers.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "ingest/locations.hpp"

namespace answerable::service {
namespace {

using namespace std::chrono_literals;

// What says so was an answer to a request, which the thread that takes large files in afterwards could not catch: the
// service ended.
TEST(ServiceReaders, WhenAllAreBusyTheThreadThatAsksHearsOfItAndGoesOn) {
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  Readers readers(kinds, {}, 1, 5ms);
  {
    const auto one = readers.lend();
    try {
      readers.lend();
      ADD_FAILURE() << "there is one only";
    } catch (const std::exception& busy) {
      EXPECT_STREQ(busy.what(), "every reader is busy with another file");
    }
  }
  EXPECT_NO_THROW(readers.lend());
}

}  // namespace
}  // namespace answerable::service
