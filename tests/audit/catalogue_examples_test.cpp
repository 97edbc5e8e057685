// Every example of every rule, sent through the real intake and judged: a rule that does not do what its own examples
// say cannot ship.
#include <gtest/gtest.h>

#include <memory>

#include "audit/engine/catalogue.hpp"
#include "audit/trial/trial.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/support/database.hpp"

namespace answerable::trial {
namespace {

TEST(CatalogueExamples, each_comes_to_what_it_says) {
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  auto catalogue = engine::Catalogue::load(kinds);
  std::unique_ptr<testing::TestDatabase> database;
  std::unique_ptr<Trial> trial;
  std::size_t examples = 0;
  for (const auto& rule : catalogue.rules())
    for (const auto& example : rule.examples) {
      if (!trial || trial->room() == 0) {
        trial.reset();
        database = std::make_unique<testing::TestDatabase>();
        trial =
            std::make_unique<Trial>(kinds, catalogue, database->conninfo() + " options='-c synchronous_commit=off'");
      }
      const auto result = trial->run(rule, example);
      EXPECT_TRUE(result.held()) << rule.id << ": " << example.name << ": " << result.problem;
      ++examples;
    }
  EXPECT_GE(examples, 2 * catalogue.rules().size());
}

}  // namespace
}  // namespace answerable::trial
