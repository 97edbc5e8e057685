#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/render/components/data.hpp"

namespace answerable::components {

/// One named row of figures: of bars, a bar's value each category; of a line, a point each category. A value that is
/// not known is left out of the picture and said in the table.
struct Series {
  std::string name;
  std::vector<std::optional<double>> values;
};

/// How long something takes: the share that is still open after so many days (Kaplan-Meier), a step curve.
struct Step {
  double after;  ///< e.g. days, ascending
  double share;  ///< 0 to 1
};

/// A picture made here, with its table and a link to its figures as CSV beside it: inline SVG without scripts or styles
/// of its own, that prints. Nothing is told by colour alone, nor by the picture alone: series differ in pattern or dash
/// and are named beside it, values are written at the bars.
struct Chart {
  enum class Kind {
    bars,      ///< one horizontal bar a category; several series side by side
    stacked,   ///< one horizontal bar a category, made of its series: ageing
    line,      ///< a line a series over the categories, in their order
    survival,  ///< step curves of `steps`, one a series name
  };
  std::string id;        ///< unique on the page: its parts' ids begin with it
  std::string headline;  ///< what it shows, as a sentence: "Half of all reviews are more than 90 days late"
  Kind kind{Kind::bars};
  std::string category;  ///< what the categories are: "Provider", "Month"; of survival: "Days since the request"
  std::string unit;      ///< what the values count: "findings", "%"
  std::vector<std::string> categories{};
  std::vector<Series> series{};
  std::vector<std::vector<Step>> steps{};  ///< of survival, one for each name in `series`
  std::string denominator{};               ///< said below: "Of 1,204 reviews due"
  std::string csv_href{};                  ///< "" when the figures cannot be had as CSV
};
/// Throws std::invalid_argument when a series has not one value a category.
void put(Html& html, const Chart& chart);

}  // namespace answerable::components
