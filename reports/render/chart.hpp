#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/render/components/data.hpp"

namespace answerable::components {

/// One named row of figures, a value a category. A value that is not known is left out of the picture and said in the
/// table.
struct Series {
  std::string name;
  std::vector<std::optional<double>> values;
};

/// From this many days on, this share (0 to 1) is still open.
struct Step {
  double after;
  double share;
};

/// How long something takes: the share that is still open after so many days (Kaplan and Meier), a falling step curve
/// that begins at 1. The last step's `after` is as far as anything is known.
struct SurvivalCurve {
  std::string name;
  std::vector<Step> steps;
};

/// A picture, with its table and a link to its figures as CSV beside it: inline SVG without scripts or styles of its
/// own, that prints. Nothing is told by colour alone, nor by the picture alone: series differ in pattern or dash and
/// are named beside it. Text is as large as the page's, however narrow the page.
struct Chart {
  enum class Kind {
    bars,     ///< a horizontal bar a category and series
    stacked,  ///< a horizontal bar a category, made of its series: ageing
    line,     ///< a line a series over the categories, in their order
  };
  std::string id;        ///< unique on the page: its parts' ids begin with it
  std::string headline;  ///< what it shows, as a sentence: "Half of all reviews are more than 90 days late"
  Kind kind{Kind::bars};
  std::string category;  ///< what the categories are: "Provider", "Month"
  std::string unit;      ///< what the values count: "findings", "%"
  std::vector<std::string> categories{};
  std::vector<Series> series{};  ///< at most six
  std::string denominator{};     ///< said below: "Of 1,204 reviews due."
  std::string csv_href{};        ///< "" when the figures cannot be had as CSV
};
/// Throws std::invalid_argument when a series has not one value a category, or there are more than six.
void put(Html& html, const Chart& chart);

/// The same of how long something takes.
struct SurvivalChart {
  std::string id, headline;
  std::string time;                   ///< what is counted: "Days since the request"
  std::string share;                  ///< what the share is: "Requests without an answer"
  std::vector<SurvivalCurve> curves;  ///< at most six
  std::string denominator{}, csv_href{};
};
void put(Html& html, const SurvivalChart& chart);

}  // namespace answerable::components
