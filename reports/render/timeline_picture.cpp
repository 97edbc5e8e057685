#include "reports/render/timeline_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace answerable::components {
namespace {

using render::Html;
using Mark = TimelinePicture::Mark;

// In pixels. It is never drawn smaller than this, so that its words are as large as the page's: it scrolls instead.
constexpr double picture_width = 960, names_width = 210, lane_height = 40, axis_height = 34, mark_size = 7;
constexpr double drawn_width = picture_width - names_width - 2 * mark_size;
constexpr std::string_view ink = "#0b0c0c", lines = "#b1b4b6", act_ink = "#0f5499", wrong_ink = "#8a1f11";
constexpr int most_ticks = 12;

std::string number(double value) {
  return fmt::format("{:.1f}", value);
}

/// Where days stand.
class Scale {
 public:
  explicit Scale(const TimelinePicture& picture)
      : from_(picture.from), days_(std::max<double>(1, static_cast<double>((picture.to - picture.from).count()))) {}
  double x(Day day) const {
    return names_width + mark_size + static_cast<double>((day - from_).count()) / days_ * drawn_width;
  }

 private:
  Day from_;
  double days_;
};

void put_words(Html& html, double x, double y, std::string_view anchor, std::string_view words) {
  html.element("text", words,
               {{"x", number(x)}, {"y", number(y)}, {"font-size", "16"}, {"fill", ink}, {"text-anchor", anchor}});
}

void put_line(Html& html, double x1, double y1, double x2, double y2) {
  html.open("line", {{"x1", number(x1)}, {"y1", number(y1)}, {"x2", number(x2)}, {"y2", number(y2)}, {"stroke", lines}})
      .close();
}

/// The years, and where there are few the months.
void put_axis(Html& html, const TimelinePicture& picture, const Scale& scale, double height) {
  using namespace std::chrono;
  const year_month_day first(picture.from), last(picture.to);
  const int years = static_cast<int>(last.year()) - static_cast<int>(first.year()) + 1;
  const int every = (years + most_ticks - 1) / most_ticks;
  for (int i = 0; i < years; i += every) {
    const year shown = first.year() + std::chrono::years(i);
    const Day begins(shown / January / 1);
    const double x = scale.x(std::max(begins, picture.from));
    put_line(html, x, axis_height, x, height);
    if (i == 0 || x + 20 < picture_width)
      put_words(html, std::min(x, picture_width - 40), 20, "start", std::to_string(static_cast<int>(shown)));
  }
}

void put_shape(Html& html, Mark::Kind kind, double x, double y) {
  const double r = mark_size;
  switch (kind) {
    case Mark::Kind::act:
      html.open("circle", {{"cx", number(x)}, {"cy", number(y)}, {"r", number(r - 1)}, {"fill", act_ink}}).close();
      return;
    case Mark::Kind::planned:
      html.open("circle", {{"cx", number(x)},
                           {"cy", number(y)},
                           {"r", number(r - 1)},
                           {"fill", "#ffffff"},
                           {"stroke", act_ink},
                           {"stroke-width", "2"}})
          .close();
      return;
    case Mark::Kind::wrong:
      html.open("path", {{"d", fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z", x, y - r, x + r,
                                           y, x, y + r, x - r, y)},
                         {"fill", wrong_ink}})
          .close();
      return;
    case Mark::Kind::hole:
      html.open("rect", {{"x", number(x - r)},
                         {"y", number(y - r)},
                         {"width", number(2 * r)},
                         {"height", number(2 * r)},
                         {"fill", "#ffffff"},
                         {"stroke", wrong_ink},
                         {"stroke-width", "2"},
                         {"stroke-dasharray", "4 3"}})
          .close();
      return;
  }
}

void put_mark(Html& html, const TimelinePicture& picture, const Scale& scale, const Mark& mark, double y) {
  if (mark.when.last < picture.from || mark.when.first > picture.to) return;
  html.open("g").element("title", mark.says);
  const double first = scale.x(std::clamp(mark.when.first, picture.from, picture.to)),
               last = scale.x(std::clamp(mark.when.last, picture.from, picture.to));
  if (last - first > 1)
    html.open("rect",
              {{"x", number(first)},
               {"y", number(y - 2)},
               {"width", number(last - first)},
               {"height", "4"},
               {"fill", mark.kind == Mark::Kind::act || mark.kind == Mark::Kind::planned ? act_ink : wrong_ink}})
        .close();
  put_shape(html, mark.kind, last, y);
  html.close();
}

/// Holes are drawn last, so that no act hides one.
void put_lane(Html& html, const TimelinePicture& picture, const Scale& scale, const TimelinePicture::Lane& lane,
              double y) {
  put_line(html, 0, y + lane_height / 2, picture_width, y + lane_height / 2);
  put_words(html, 0, y + 6, "start", lane.name);
  for (const auto kind : {Mark::Kind::act, Mark::Kind::planned, Mark::Kind::wrong, Mark::Kind::hole})
    for (const auto& mark : lane.marks)
      if (mark.kind == kind) put_mark(html, picture, scale, mark, y);
}

void put_key(Html& html, double y) {
  constexpr std::array<std::pair<Mark::Kind, std::string_view>, 4> key{
      {{Mark::Kind::act, "Happened"},
       {Mark::Kind::planned, "Lies ahead"},
       {Mark::Kind::wrong, "Not as it should be"},
       {Mark::Kind::hole, "Should stand here, and does not"}}};
  double x = mark_size;
  for (const auto& [kind, words] : key) {
    put_shape(html, kind, x, y);
    put_words(html, x + 14, y + 6, "start", words);
    x += 50 + 8.5 * static_cast<double>(words.size());
  }
}

}  // namespace

void put(Html& html, const TimelinePicture& picture) {
  const double below = axis_height + lane_height * static_cast<double>(picture.lanes.size());
  const double height = below + lane_height;
  const auto id = [&](std::string_view part) { return fmt::format("{}-{}", picture.id, part); };
  const auto wide = number(picture_width), high = number(height);
  const auto title_id = id("title"), says_id = id("says");
  html.open("div", {{"class", "app-scroll"}, {"role", "region"}, {"aria-label", picture.title}, {"tabindex", "0"}});
  html.open("svg", {{"role", "img"},
                    {"aria-labelledby", title_id + " " + says_id},
                    {"width", wide},
                    {"height", high},
                    {"viewBox", fmt::format("0 0 {} {}", wide, high)},
                    {"font-family", "Arial, Liberation Sans, Helvetica, sans-serif"}});
  html.element("title", picture.title, {{"id", title_id}}).element("desc", picture.says, {{"id", says_id}}).line();
  const Scale scale(picture);
  put_axis(html, picture, scale, below);
  put_line(html, 0, axis_height, picture_width, axis_height);
  double y = axis_height + lane_height / 2;
  for (const auto& lane : picture.lanes) {
    put_lane(html, picture, scale, lane, y);
    y += lane_height;
  }
  put_key(html, y);
  html.close().close().line();
}

}  // namespace answerable::components
