#include "ingest/civil_date.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <charconv>

namespace answerable {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::last;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 12> month_names{"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

unsigned number(month m) {
  return static_cast<unsigned>(m);
}
unsigned number(day d) {
  return static_cast<unsigned>(d);
}

const date::time_zone& london_zone() {
  static const auto* const london = date::locate_zone("Europe/London");
  return *london;
}

}  // namespace

std::optional<Happened> parse_happened(std::string_view text) {
  const auto y = digits(text, 0, 4);
  if (!y || *y < 1) return std::nullopt;
  if (text.size() == 4) {
    return Happened{Day{year{*y} / 1 / 1}, Day{year{*y} / 12 / 31}, Precision::year};
  }
  const auto m = digits(text, 5, 2);
  if (text[4] != '-' || !m || *m < 1 || *m > 12) return std::nullopt;
  const auto ym = year{*y} / month{static_cast<unsigned>(*m)};
  if (text.size() == 7) {
    return Happened{Day{ym / 1}, Day{ym / last}, Precision::month};
  }
  const auto d = digits(text, 8, 2);
  if (text.size() != 10 || text[7] != '-' || !d) return std::nullopt;
  const year_month_day ymd = ym / day{static_cast<unsigned>(*d)};
  if (!ymd.ok()) return std::nullopt;
  return Happened{Day{ymd}, Day{ymd}, Precision::day};
}

std::optional<Day> parse_day(std::string_view text) {
  const auto when = parse_happened(text);
  if (!when || when->precision != Precision::day) return std::nullopt;
  return when->first;
}

std::string iso(Day at) {
  const year_month_day d{at};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()), number(d.month()), number(d.day()));
}

std::string iso(const Happened& when) {
  return iso(when.first).substr(0, when.precision == Precision::day ? 10 : when.precision == Precision::month ? 7 : 4);
}

std::string words(Day at) {
  const year_month_day d{at};
  return fmt::format("{} {} {}", number(d.day()), month_names[number(d.month()) - 1], static_cast<int>(d.year()));
}

std::string words(const Happened& when) {
  const std::string full = words(when.first);
  switch (when.precision) {
    case Precision::day:
      return full;
    case Precision::month:
      return full.substr(full.find(' ') + 1);
    case Precision::year:
      return full.substr(full.rfind(' ') + 1);
  }
  return full;
}

Instant now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string iso(Instant at) {
  const auto midnight = std::chrono::floor<days>(at);
  const std::chrono::hh_mm_ss<std::chrono::microseconds> t{at - midnight};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", iso(Day{midnight}), t.hours().count(), t.minutes().count(),
                     t.seconds().count(), t.subseconds().count());
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto d = parse_day(text.substr(0, 10));
  const auto h = digits(text, 11, 2), m = digits(text, 14, 2), s = digits(text, 17, 2);
  if (!d || !h || !m || !s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  auto at = Instant{*d} + std::chrono::hours{*h} + std::chrono::minutes{*m} + std::chrono::seconds{*s};
  text.remove_prefix(19);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    long long scale = 100'000, micros = 0;
    std::size_t n = 0;
    for (; n < text.size() && text[n] >= '0' && text[n] <= '9'; ++n, scale /= 10) micros += (text[n] - '0') * scale;
    if (n == 0) return std::nullopt;
    text.remove_prefix(n);
    at += std::chrono::microseconds{micros};
  }
  if (text == "Z") return at;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto oh = digits(text, 1, 2), om = digits(text, 4, 2);
  if (!oh || !om || *oh > 14 || *om > 59) return std::nullopt;
  const auto offset = std::chrono::hours{*oh} + std::chrono::minutes{*om};
  return text[0] == '+' ? at - offset : at + offset;
}

Day london_day(Instant at) {
  return Day{std::chrono::floor<days>(london_zone().to_local(at).time_since_epoch())};
}

Instant london(Day day, std::chrono::minutes since_midnight) {
  const date::local_time<std::chrono::microseconds> shown{day.time_since_epoch() + since_midnight};
  return london_zone().to_sys(shown, date::choose::earliest);
}

}  // namespace answerable
