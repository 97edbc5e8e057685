#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "reports/render/chart.hpp"
#include "reports/render/chart_parts.hpp"

namespace answerable::components {
namespace {

constexpr int rows_of_table = 6;

double end_of(const SurvivalCurve& curve) {
  return curve.steps.empty() ? 0 : curve.steps.back().after;
}

double furthest(const SurvivalChart& chart) {
  double end = 0;
  for (const SurvivalCurve& curve : chart.curves) end = std::max(end, end_of(curve));
  return end;
}

/// Nothing beyond what is known.
std::optional<double> share_after(const SurvivalCurve& curve, double time) {
  if (time > end_of(curve)) return std::nullopt;
  double share = 1;
  for (const Step& step : curve.steps)
    if (step.after <= time) share = step.share;
  return share;
}

PlotLine stairs(const SurvivalCurve& curve, double end) {
  PlotLine line{curve.name, {{{0, 0}}}};
  auto& run = line.runs.back();
  for (const Step& step : curve.steps) {
    const double x = 100 * step.after / end;
    run.emplace_back(x, run.back().second);
    run.emplace_back(x, 100 - 100 * step.share);
  }
  return line;
}

Table survival_table(const SurvivalChart& chart, double end) {
  Table table{.caption = "", .columns = {{chart.time}}, .rows = {}};
  for (const SurvivalCurve& curve : chart.curves) table.columns.push_back({curve.name, true});
  for (int i = 0; i <= rows_of_table && end > 0; ++i) {
    const double time = std::floor(end * i / rows_of_table);
    std::vector<Fragment> row{figure_words(time, "")};
    for (const SurvivalCurve& curve : chart.curves) {
      const auto share = share_after(curve, time);
      row.emplace_back(share ? figure_words(100 * *share, "%") : "not known");
    }
    table.rows.push_back(std::move(row));
  }
  table.wide = table.columns.size() > 3;
  return table;
}

}  // namespace

void put(Html& html, const SurvivalChart& chart) {
  if (chart.curves.size() > most_series)
    throw std::invalid_argument(fmt::format("chart {}: {} curves cannot be told apart", chart.id, chart.curves.size()));
  const double end = furthest(chart);
  open_figure(html, chart.id, chart.headline);
  if (end > 0) {
    std::vector<PlotLine> lines;
    std::vector<std::string_view> names;
    for (const SurvivalCurve& curve : chart.curves) {
      lines.push_back(stairs(curve, end));
      names.push_back(curve.name);
    }
    open_picture(html, chart.id, chart.headline,
                 fmt::format("{}, in per cent, by {}. The figures are in the table below.", chart.share, chart.time),
                 plot_picture_height);
    put_plot(html, lines, fmt::format("100% · {}", chart.share), {"0", figure_words(end, "")});
    put_text(html, "50%", plot_picture_height - 0.5, "middle", chart.time);
    html.close().line();
    put_names(html, chart.id, names, true);
  }
  close_figure(html, survival_table(chart, end), chart.denominator, chart.csv_href);
}

}  // namespace answerable::components
