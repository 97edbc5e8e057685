#include "reports/service/outcome_tag.hpp"

#include "reports/pages/wording.hpp"

namespace answerable::service {

components::Tag outcome_tag(engine::Outcome outcome) {
  using enum engine::Outcome;
  const auto colour = [&] {
    switch (outcome) {
      case met:
        return components::TagColour::green;
      case met_late:
        return components::TagColour::teal;
      case breached:
      case error:
        return components::TagColour::red;
      case not_evidenced:
        return components::TagColour::orange;
      case contradicted:
        return components::TagColour::magenta;
      case unknown:
        return components::TagColour::purple;
      case pending:
      case exempt:
        return components::TagColour::grey;
    }
    return components::TagColour::grey;
  }();
  return {std::string(pages::outcome_words(outcome)), colour};
}

}  // namespace answerable::service
