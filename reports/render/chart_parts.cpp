#include "reports/render/chart_parts.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace answerable::components {
namespace {

constexpr std::array<std::string_view, most_series> colours{"#12436d", "#28a197", "#801650",
                                                            "#f46a25", "#3d3d3d", "#a285d1"};
constexpr std::array<std::string_view, most_series> dashes{"none", "8 4", "2 3", "12 3 2 3", "16 4", "4 2 1 2"};
/// What is drawn in white over the colour, in a square of eight.
constexpr std::array<std::string_view, most_series> marks{"",       "M0 8L8 0",         "M0 4H8",
                                                          "M4 0V8", "M0 0L8 8M0 8L8 0", "M2 2h2v2h-2z"};

constexpr double plot_top = 2, plot_height = 12;

}  // namespace

std::string_view series_colour(std::size_t series) {
  return colours.at(series);
}

std::string_view series_dash(std::size_t series) {
  return dashes.at(series);
}

std::string series_fill(std::string_view id, std::size_t series) {
  return fmt::format("url(#{}-fill-{})", id, series);
}

void put_patterns(Html& html, std::string_view id, std::size_t series) {
  html.open("defs");
  for (std::size_t i = 0; i < series; ++i) {
    html.open("pattern", {{"id", fmt::format("{}-fill-{}", id, i)},
                          {"width", "8"},
                          {"height", "8"},
                          {"patternUnits", "userSpaceOnUse"}});
    html.open("rect", {{"width", "8"}, {"height", "8"}, {"fill", colours.at(i)}}).close();
    if (!marks.at(i).empty())
      html.open("path", {{"d", marks.at(i)}, {"stroke", "#ffffff"}, {"stroke-width", "1.5"}, {"fill", "none"}}).close();
    html.close();
  }
  html.close();
}

std::string figure_words(double value, std::string_view unit) {
  // Tenths are shown where there are any.
  const double tenths = std::round(value * 10) / 10;
  const bool whole = tenths == std::floor(tenths);
  std::string digits = fmt::format("{:.{}f}", std::abs(tenths), whole ? 0 : 1);
  for (auto at = static_cast<std::ptrdiff_t>(digits.find('.') == digits.npos ? digits.size() : digits.find('.')) - 3;
       at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  if (tenths < 0) digits.insert(0, "−");
  return unit == "%" ? digits + "%" : unit.empty() ? digits : fmt::format("{} {}", digits, unit);
}

std::string percent(double value) {
  return fmt::format("{:.2f}%", value);
}

std::string em(double value) {
  return fmt::format("{:.2f}em", value);
}

void open_figure(Html& html, std::string_view id, std::string_view headline) {
  html.open("figure", {{"class", "app-chart"}, {"id", id}}).line();
  html.element("figcaption", headline, {{"class", "govuk-heading-s"}}).line();
}

void put_names(Html& html, std::string_view id, const std::vector<std::string_view>& names, bool lines) {
  if (names.size() < 2) return;
  html.open("ul", {{"class", "app-chart__names"}}).line();
  for (std::size_t i = 0; i < names.size(); ++i) {
    html.open("li").open("svg", {{"class", "app-chart__swatch"},
                                 {"width", "2.5em"},
                                 {"height", "1em"},
                                 {"aria-hidden", "true"},
                                 {"focusable", "false"}});
    if (lines)
      html.open("line", {{"x1", "0"},
                         {"y1", "50%"},
                         {"x2", "100%"},
                         {"y2", "50%"},
                         {"stroke", series_colour(i)},
                         {"stroke-width", "4"},
                         {"stroke-dasharray", series_dash(i)}});
    else
      html.open("rect", {{"width", "100%"}, {"height", "100%"}, {"fill", series_fill(id, i)}});
    html.close().close().text(" ").text(names[i]).close().line();
  }
  html.close().line();
}

void open_picture(Html& html, std::string_view id, std::string_view title, std::string_view description,
                  double height) {
  html.open("svg", {{"class", "app-chart__picture"},
                    {"role", "img"},
                    {"aria-labelledby", fmt::format("{0}-title {0}-desc", id)},
                    {"width", "100%"},
                    {"height", em(height)},
                    {"focusable", "false"}})
      .line();
  html.element("title", title, {{"id", fmt::format("{}-title", id)}});
  html.element("desc", description, {{"id", fmt::format("{}-desc", id)}}).line();
}

void put_text(Html& html, std::string_view x, double y, std::string_view anchor, std::string_view text) {
  html.element("text", text, {{"x", x}, {"y", em(y)}, {"text-anchor", anchor}, {"fill", "currentColor"}}).line();
}

void close_figure(Html& html, const Table& table, std::string_view denominator, std::string_view csv_href) {
  if (!denominator.empty()) html.element("p", denominator, {{"class", "govuk-body-s"}}).line();
  put(html, table);
  if (!csv_href.empty()) {
    html.open("p", {{"class", "govuk-body"}});
    html.element("a", "These figures as CSV", {{"class", "govuk-link"}, {"href", csv_href}, {"download"}});
    html.close().line();
  }
  html.close().line();
}

void put_plot(Html& html, const std::vector<PlotLine>& lines, std::string_view top,
              const std::vector<std::string>& below) {
  put_text(html, "0", plot_top - 0.4, "start", top);
  html.open("svg", {{"x", "0"},
                    {"y", em(plot_top)},
                    {"width", "100%"},
                    {"height", em(plot_height)},
                    {"viewBox", "0 0 100 100"},
                    {"preserveAspectRatio", "none"}});
  for (const char* scale : {"M0 0H100", "M0 50H100", "M0 100H100"})
    html.open("path",
              {{"d", scale}, {"stroke", "#b1b4b6"}, {"stroke-width", "1"}, {"vector-effect", "non-scaling-stroke"}})
        .close();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string path;
    for (const auto& run : lines[i].runs) {
      char step = 'M';
      for (const auto& [x, y] : run) {
        path += fmt::format("{}{:.2f} {:.2f}", step, x, y);
        step = 'L';
      }
      if (run.size() == 1) path += "h0";  // a dot
    }
    html.open("path", {{"d", path},
                       {"fill", "none"},
                       {"stroke", series_colour(i)},
                       {"stroke-width", "3"},
                       {"stroke-linecap", "round"},
                       {"stroke-dasharray", series_dash(i)},
                       {"vector-effect", "non-scaling-stroke"}});
    html.close();
  }
  html.close().line();
  const double y = plot_top + plot_height + 1.2;
  for (std::size_t i = 0; i < below.size(); ++i) {
    const double at = below.size() < 2 ? 0 : 100.0 * static_cast<double>(i) / static_cast<double>(below.size() - 1);
    put_text(html, percent(at), y, i == 0 ? "start" : i + 1 == below.size() ? "end" : "middle", below[i]);
  }
}

}  // namespace answerable::components
