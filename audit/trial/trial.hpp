#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audit/engine/rule.hpp"

namespace answerable::xml {
class Kinds;
}

namespace answerable::engine {
class Catalogue;
}

/// Rules tried on their own examples, which enter through the real intake.
namespace answerable::trial {

/// What became of one example.
struct Result {
  std::string rule, example;
  engine::Outcome expected{};
  std::string problem;  ///< "" when it came to what it says; otherwise what was expected and what was found instead

  bool held() const { return problem.empty(); }
};

/// A database for trying examples in, each on a ledger of its own.
class Trial {
 public:
  /// \param conninfo migrated; connected to as its owner. What is stored there stays
  Trial(const xml::Kinds& kinds, engine::Catalogue& catalogue, std::string conninfo);
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  ~Trial();

  /// How many more examples it has a ledger for: one council each.
  std::size_t room() const;
  /// Sends the example's records and judges them by the catalogue's rule of that id. \throws std::logic_error when
  /// there is no room
  Result run(const engine::Rule& rule, const engine::Example& example);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Tries every example of the rules named, or of all when none is, in throw-away databases of the program's own.
std::vector<Result> run(const xml::Kinds& kinds, engine::Catalogue& catalogue, const std::vector<std::string>& rules);

}  // namespace answerable::trial
