#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/civil_date.hpp"
#include "reports/render/components/form.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service {

/// A day as three fields of a form hold it: ID-day, ID-month and ID-year, as they were typed.
struct TypedDay {
  std::string id{}, day{}, month{}, year{};
  std::optional<Day> value{};
  std::string error{};  ///< what is wrong with it

  bool empty() const { return day.empty() && month.empty() && year.empty(); }
  /// The three fields, with what was typed; `otherwise` when nothing was.
  components::DateInput input(components::Label legend, render::Fragment hint, std::optional<Day> otherwise = {}) const;
};

/// What the form sent, or the address where the form asks for something (get_form()). Nothing sent is no error.
/// \param called "The last day to answer": how what is wrong begins
TypedDay typed_day(const Visit& visit, std::string id, std::string_view called);

/// The same day in an address: "from-day=27&from-month=3&from-year=2027&"; "" for none.
std::string day_query(std::string_view id, const std::optional<Day>& day);

}  // namespace answerable::service
