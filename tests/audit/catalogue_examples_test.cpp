// Every example of every rule, sent through the real intake and judged: a rule that does not do what its own examples
// say cannot ship.
#include <gtest/gtest.h>

#include "audit/engine/catalogue.hpp"
#include "audit/trial/trial.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::trial {
namespace {

TEST(CatalogueExamples, each_comes_to_what_it_says) {
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  auto catalogue = engine::Catalogue::load(kinds);
  const auto results = run(kinds, catalogue, {});
  for (const auto& result : results)
    EXPECT_TRUE(result.held()) << result.rule << ": " << result.example << ": " << result.problem;
  EXPECT_GE(results.size(), 2 * catalogue.rules().size());
}

}  // namespace
}  // namespace answerable::trial
