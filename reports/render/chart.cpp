#include "reports/render/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "reports/render/chart_parts.hpp"

namespace answerable::components {
namespace {

/// The longest bar leaves room for the figure behind it.
constexpr double longest_bar = 75;
constexpr double bar_height = 1.3, label_height = 1.4, between_categories = 0.9;
/// Letters that fit beside each other on the narrowest screen.
constexpr std::size_t letters_a_line = 30;

void check(const Chart& chart) {
  if (chart.series.size() > most_series)
    throw std::invalid_argument(fmt::format("chart {}: {} series cannot be told apart", chart.id, chart.series.size()));
  for (const Series& series : chart.series)
    if (series.values.size() != chart.categories.size())
      throw std::invalid_argument(fmt::format("chart {}: {} values of {} for {} categories", chart.id,
                                              series.values.size(), series.name, chart.categories.size()));
}

std::vector<std::string_view> names_of(const Chart& chart) {
  std::vector<std::string_view> names;
  for (const Series& series : chart.series) names.push_back(series.name);
  return names;
}

/// Broken between words; SVG does not do it.
std::vector<std::string> broken(std::string_view text) {
  std::vector<std::string> lines;
  while (text.size() > letters_a_line) {
    const auto space = text.rfind(' ', letters_a_line);
    if (space == text.npos || space == 0) break;
    lines.emplace_back(text.substr(0, space));
    text.remove_prefix(space + 1);
  }
  lines.emplace_back(text);
  return lines;
}

double total_of(const Chart& chart, std::size_t category) {
  double total = 0;
  for (const Series& series : chart.series) total += series.values[category].value_or(0);
  return total;
}

double greatest(const Chart& chart) {
  double most = 0;
  for (std::size_t i = 0; i < chart.categories.size(); ++i) {
    if (chart.kind == Chart::Kind::stacked) most = std::max(most, total_of(chart, i));
    for (const Series& series : chart.series) most = std::max(most, series.values[i].value_or(0));
  }
  return most;
}

std::string said(const std::optional<double>& value, std::string_view unit) {
  return value ? figure_words(*value, unit) : "not known";
}

Table table_of(const Chart& chart) {
  const std::string_view unit = chart.unit == "%" ? "%" : "";
  Table table{.caption = "", .columns = {{chart.category}}, .rows = {}};
  for (const Series& series : chart.series) table.columns.push_back({series.name, true});
  for (std::size_t i = 0; i < chart.categories.size(); ++i) {
    std::vector<Fragment> row{chart.categories[i]};
    for (const Series& series : chart.series) row.emplace_back(said(series.values[i], unit));
    table.rows.push_back(std::move(row));
  }
  table.wide = table.columns.size() > 3;
  return table;
}

void put_bar(Html& html, double x, double y, double width, const std::string& fill) {
  html.open("rect", {{"x", percent(x)},
                     {"y", em(y)},
                     {"width", percent(width)},
                     {"height", em(bar_height)},
                     {"fill", fill},
                     {"stroke", "#ffffff"},
                     {"stroke-width", "1"}});
  html.close();
}

/// Returns where the next may begin.
double put_bars_of(Html& html, const Chart& chart, std::size_t category, double y, double scale) {
  const auto figure = [&](double behind, const std::optional<double>& value) {
    html.element("text", said(value, chart.unit == "%" ? "%" : ""),
                 {{"x", percent(behind)}, {"dx", "0.4em"}, {"y", em(y + 1)}, {"fill", "currentColor"}});
    html.line();
  };
  if (chart.kind == Chart::Kind::stacked) {
    double x = 0;
    for (std::size_t i = 0; i < chart.series.size(); ++i) {
      const double width = chart.series[i].values[category].value_or(0) * scale;
      if (width > 0) put_bar(html, x, y, width, series_fill(chart.id, i));
      x += width;
    }
    figure(x, total_of(chart, category));
    return y + bar_height;
  }
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const auto& value = chart.series[i].values[category];
    const double width = value.value_or(0) * scale;
    if (width > 0) put_bar(html, 0, y, width, series_fill(chart.id, i));
    figure(width, value);
    y += bar_height + 0.2;
  }
  return y;
}

void put_bars(Html& html, const Chart& chart, const std::string& description) {
  std::vector<std::vector<std::string>> labels;
  double height = 0;
  const double bars =
      chart.kind == Chart::Kind::stacked ? bar_height : static_cast<double>(chart.series.size()) * (bar_height + 0.2);
  for (const std::string& category : chart.categories) {
    labels.push_back(broken(category));
    height += static_cast<double>(labels.back().size()) * label_height + bars + between_categories;
  }
  open_picture(html, chart.id, chart.headline, description, height);
  put_patterns(html, chart.id, chart.series.size());
  const double most = greatest(chart);
  const double scale = most > 0 ? longest_bar / most : 0;
  double y = 0;
  for (std::size_t i = 0; i < chart.categories.size(); ++i) {
    for (const std::string& line : labels[i]) put_text(html, "0", (y += label_height) - 0.35, "start", line);
    y = put_bars_of(html, chart, i, y, scale) + between_categories;
  }
  html.close().line();
}

void put_lines(Html& html, const Chart& chart, const std::string& description) {
  const double most = greatest(chart);
  const auto last = static_cast<double>(std::max<std::size_t>(chart.categories.size(), 2) - 1);
  std::vector<PlotLine> lines;
  for (const Series& series : chart.series) {
    PlotLine line{series.name, {{}}};
    for (std::size_t i = 0; i < series.values.size(); ++i) {
      if (series.values[i])
        line.runs.back().emplace_back(100.0 * static_cast<double>(i) / last,
                                      100.0 - (most > 0 ? 100.0 * *series.values[i] / most : 0));
      else if (!line.runs.back().empty())
        line.runs.emplace_back();
    }
    lines.push_back(std::move(line));
  }
  std::vector<std::string> below{chart.categories.front()};
  if (chart.categories.size() > 1) below.push_back(chart.categories.back());
  open_picture(html, chart.id, chart.headline, description, plot_picture_height);
  put_plot(html, lines, figure_words(most, chart.unit), below);
  html.close().line();
}

}  // namespace

void put(Html& html, const Chart& chart) {
  check(chart);
  open_figure(html, chart.id, chart.headline);
  if (!chart.categories.empty() && !chart.series.empty()) {
    const bool lines = chart.kind == Chart::Kind::line;
    const std::string description =
        fmt::format("{} by {}, in {}. The figures are in the table below.", lines ? "A line" : "Bars", chart.category,
                    chart.unit == "%" ? "per cent" : chart.unit);
    if (lines)
      put_lines(html, chart, description);
    else
      put_bars(html, chart, description);
    put_names(html, chart.id, names_of(chart), lines);
  }
  close_figure(html, table_of(chart), chart.denominator, chart.csv_href);
}

}  // namespace answerable::components
