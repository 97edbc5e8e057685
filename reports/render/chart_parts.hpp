#pragma once

// Private to the charts: what their pictures have in common.

#include <string>
#include <string_view>
#include <vector>

#include "reports/render/chart.hpp"

namespace answerable::components {

/// The colours of the Government Analysis Function, which can be told apart by most; each with a pattern and a dash of
/// its own for everybody else.
inline constexpr std::size_t most_series = 6;
std::string_view series_colour(std::size_t series);
/// Of stroke-dasharray.
std::string_view series_dash(std::size_t series);
/// What fills a series' bars: its pattern, defined by put_patterns().
std::string series_fill(std::string_view id, std::size_t series);
void put_patterns(Html& html, std::string_view id, std::size_t series);

/// "1,204", "12.5%", "3 findings"
std::string figure_words(double value, std::string_view unit);
/// "12.5%"
std::string percent(double value);
/// A length of SVG: "12.345em".
std::string em(double value);

/// The figure with its headline; leaves it open. `lines`: the names beside the picture are marked as lines are drawn.
void open_figure(Html& html, std::string_view id, std::string_view headline);
void put_names(Html& html, std::string_view id, const std::vector<std::string_view>& names, bool lines);
/// <svg> with its title and description, left open. \param height in em
void open_picture(Html& html, std::string_view id, std::string_view title, std::string_view description, double height);
void put_text(Html& html, std::string_view x, double y, std::string_view anchor, std::string_view text);
/// What comes below the picture, and the figure's end.
void close_figure(Html& html, const Table& table, std::string_view denominator, std::string_view csv_href);

/// A plot whose lines are given in percent of its width and of its height, from the top.
struct PlotLine {
  std::string name;
  std::vector<std::vector<std::pair<double, double>>> runs;  ///< each unbroken
};
/// The plot with its scale and lines. \param top the words at the top of the scale; zero is at the bottom
void put_plot(Html& html, const std::vector<PlotLine>& lines, std::string_view top,
              const std::vector<std::string>& below);
/// Of a picture with a plot, in em.
inline constexpr double plot_picture_height = 17;

}  // namespace answerable::components
