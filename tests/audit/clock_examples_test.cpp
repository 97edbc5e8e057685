// The clocks of the law, each worked by hand from the calendar (clock_examples.csv), and what holds of every clock.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "audit/engine/clock.hpp"
#include "tests/audit/engine_story.hpp"

namespace answerable::engine {
namespace {

using std::chrono::days;
using testing::calendar;
using testing::Court;
using testing::day;
using testing::Story;

constexpr auto after = Count::after;
constexpr auto beginning = Count::beginning;
constexpr auto none = CalendarName::none;
constexpr auto ew = CalendarName::england_and_wales;
constexpr auto uk = CalendarName::united_kingdom;

// ─── the table ───

struct Row {
  int line{};
  std::string law, why;
  Clock clock;
  Day start{};
  std::string known_on, falling_due, due;
};

int number(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// A day, or a moment whose day in London counts.
Day start_of(const std::string& text) {
  return text.find('T') == std::string::npos ? day(text) : london_day(parse_instant(text).value());
}

std::vector<Row> table() {
  std::ifstream file(std::filesystem::path(ANSWERABLE_SOURCE) / "tests" / "audit" / "clock_examples.csv");
  std::string line;
  std::getline(file, line);
  if (line != "law,value,unit,count,calendar,warn,start,known_on,falling_due,due,why")
    throw std::runtime_error("clock_examples.csv: another heading was expected");
  static const std::map<std::string, Unit> units{
      {"day", Unit::day}, {"working-day", Unit::working_day}, {"week", Unit::week}, {"month", Unit::month}};
  static const std::map<std::string, Count> counts{{"after", after}, {"beginning", beginning}};
  static const std::map<std::string, CalendarName> calendars{
      {"none", none}, {"england-and-wales", ew}, {"united-kingdom", uk}};
  std::vector<Row> rows;
  for (int at = 2; std::getline(file, line); ++at) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    if (cells.size() != 11) throw std::runtime_error("clock_examples.csv:" + std::to_string(at) + ": not eleven cells");
    Row row;
    row.line = at;
    row.law = cells[0];
    row.clock = {
        number(cells[1]), units.at(cells[2]), counts.at(cells[3]), calendars.at(cells[4]), number(cells[5]), "", ""};
    row.start = start_of(cells[6]);
    row.known_on = cells[7];
    row.falling_due = cells[8];
    row.due = cells[9];
    row.why = cells[10];
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(ClockExamples, come_to_what_was_worked_by_hand) {
  const Calendar all = calendar();
  const auto rows = table();
  for (const auto& row : rows) {
    const Calendar known = row.known_on.empty() ? all : all.known_on(day(row.known_on));
    const auto due = due_day(row.clock, row.start, known);
    ASSERT_TRUE(due) << row.line << ": " << row.law;
    EXPECT_EQ(iso(*due), row.due) << row.line << ": " << row.law << ": " << row.why;
    const auto warned = warn_day(row.clock, row.start, known);
    EXPECT_EQ(warned ? iso(*warned) : "", row.falling_due) << row.line << ": " << row.law << ": " << row.why;
  }
  std::set<std::string> laws;
  for (const auto& row : rows) laws.insert(row.law);
  for (const char* law :
       {"time.wd.ew", "time.wd.uk", "time.beginning", "time.receipt", "time.guidance", "time.zone", "compl.ack",
        "compl.sixmonths", "dol.standard", "lgo.timelimit", "foi.20", "info.breach", "sar.month"})
    EXPECT_TRUE(laws.contains(law)) << law;
}

TEST(ClockExamples, are_said_in_the_explanation) {
  const Calendar all = calendar();
  for (const auto& row : table()) {
    if (!row.known_on.empty()) continue;
    const auto lines = arithmetic(row.clock, {row.start, row.start, Precision::day}, all);
    EXPECT_EQ(lines.front(), "starts " + words(row.start) + (row.clock.count == after ? " (day 0)" : " (day 1)"))
        << row.line;
    EXPECT_EQ(lines.back(), "due " + words(day(row.due)) + " (not overdue on the day itself)") << row.line;
  }
}

// ─── what holds of every clock ───

/// A clock that ends, wherever it starts in 2014 to 2023, within the years the calendar knows.
Clock random_clock() {
  Clock clock;
  clock.unit = *rc::gen::element(Unit::day, Unit::working_day, Unit::week, Unit::month);
  clock.count = *rc::gen::element(after, beginning);
  clock.calendar = clock.unit == Unit::working_day ? *rc::gen::element(ew, uk) : none;
  clock.value = *rc::gen::inRange(1, 37);
  return clock;
}
Day random_start() {
  return day("2014-01-01") + days{*rc::gen::inRange(0, 3650)};
}

RC_GTEST_PROP(AnyClock, ends_no_earlier_when_it_starts_later, ()) {
  static const Calendar all = calendar();
  const Clock clock = random_clock();
  const Day one = random_start(), other = one + days{*rc::gen::inRange(0, 70)};
  RC_ASSERT(*due_day(clock, one, all) <= *due_day(clock, other, all));
}

RC_GTEST_PROP(AnyClock, ends_later_when_it_is_longer, ()) {
  static const Calendar all = calendar();
  Clock clock = random_clock();
  const Day start = random_start();
  const auto due = due_day(clock, start, all);
  ++clock.value;
  RC_ASSERT(*due < *due_day(clock, start, all));
}

RC_GTEST_PROP(AnyClock, ends_a_day_earlier_when_its_first_day_counts, ()) {
  static const Calendar all = calendar();
  Clock clock = random_clock();
  const Day start = random_start();
  clock.count = after;
  const Day excluded = *due_day(clock, start, all), from_the_eve = *due_day(clock, start - days{1}, all);
  clock.count = beginning;
  const Day included = *due_day(clock, start, all);
  if (clock.unit == Unit::day || clock.unit == Unit::week) {
    RC_ASSERT(included == excluded - days{1});
  } else if (clock.unit == Unit::working_day) {
    RC_ASSERT(included == from_the_eve);
  } else {
    RC_ASSERT(included <= excluded);
    RC_ASSERT(included >= excluded - days{1});
  }
}

RC_GTEST_PROP(AnyClock, counts_as_many_working_days_as_it_says, ()) {
  static const Calendar all = calendar();
  Clock clock = random_clock();
  clock.unit = Unit::working_day;
  clock.calendar = *rc::gen::element(ew, uk);
  const Day start = random_start();
  const Day due = *due_day(clock, start, all);
  int counted = 0;
  for (Day each = clock.count == after ? start + days{1} : start; each <= due; each += days{1})
    if (*all.is_working_day(each, clock.calendar)) ++counted;
  RC_ASSERT(counted == clock.value);
  RC_ASSERT(*all.is_working_day(due, clock.calendar));
}

RC_GTEST_PROP(AnyClock, looks_back_to_where_it_came_from, ()) {
  static const Calendar all = calendar();
  Clock clock = random_clock();
  clock.count = after;
  const Day start = random_start();
  const Day back = *look_back(clock, *due_day(clock, start, all), all);
  Day expected = start;
  if (clock.unit == Unit::working_day)
    while (!*all.is_working_day(expected, clock.calendar)) expected -= days{1};
  if (clock.unit == Unit::month) {
    // Short months: 31 January, 28 February, 28 January.
    RC_ASSERT(back <= start);
    RC_ASSERT(start - back <= days{3});
  } else {
    RC_ASSERT(back == expected);
  }
}

RC_GTEST_PROP(AnyClock, is_never_overdue_on_the_day_itself, ()) {
  static const Calendar all = calendar();
  static const std::vector<std::string> clocks{
      R"(value="3" unit="working-day" count="after" calendar="england-and-wales")",
      R"(value="20" unit="working-day" count="after" calendar="united-kingdom")",
      R"(value="2" unit="working-day" count="beginning" calendar="england-and-wales")",
      R"(value="21" unit="day" count="beginning")",
      R"(value="3" unit="day" count="after")",
      R"(value="8" unit="week" count="after")",
      R"(value="6" unit="month" count="beginning")",
      R"(value="1" unit="month" count="after")",
      R"(value="12" unit="month" count="after")"};
  static std::vector<Court> courts = [] {
    std::vector<Court> made;
    for (const auto& clock : clocks)
      made.emplace_back(testing::duty(
          R"(<when><act is="request.received"/></when><follow><step called="an answer"><act is="request.answered"/></step><within )" +
          clock + "/></follow>"));
    return made;
  }();
  auto& court = courts[*rc::gen::inRange<std::size_t>(0, courts.size())];
  const Day start = random_start();
  Story waiting;
  waiting.act(iso(start), "request.received");
  const Day due = *court.verdict(waiting, iso(start)).due;
  const auto on_the_day = court.verdict(waiting, iso(due)), day_after = court.verdict(waiting, iso(due + days{1}));
  RC_ASSERT(on_the_day.outcome == Outcome::pending);
  RC_ASSERT(on_the_day.next == due + days{1});
  RC_ASSERT(day_after.outcome == Outcome::breached);
  RC_ASSERT(day_after.flagged == due + days{1});
  Story answered;
  answered.act(iso(start), "request.received");
  answered.act(iso(due), "request.answered");
  RC_ASSERT(court.verdict(answered, iso(due + days{400})).outcome == Outcome::met);
  Story late;
  late.act(iso(start), "request.received");
  late.act(iso(due + days{1}), "request.answered");
  RC_ASSERT(court.verdict(late, iso(due + days{400})).outcome == Outcome::met_late);
}

// ─── holidays announced later ───

struct OneOff {
  Day on, announced;
};

/// Read here once more, so that the calendar is not asked about itself.
std::vector<OneOff> one_offs() {
  std::vector<OneOff> all;
  std::istringstream csv(Catalogue::read(testing::schemas() / "codes" / "bank-holidays.csv").bytes);
  for (std::string line; std::getline(csv, line);) {
    std::array<std::string, 3> cells;
    std::istringstream in(line);
    for (auto& cell : cells) std::getline(in, cell, ',');
    if (const auto announced = parse_day(cells[2])) all.push_back({day(cells[1]), *announced});
  }
  return all;
}

TEST(HolidaysAnnouncedLater, none_was_announced_after_it_fell) {
  const auto all = one_offs();
  ASSERT_GE(all.size(), 3U);
  for (const auto& one_off : all) EXPECT_LE(one_off.announced, one_off.on) << iso(one_off.on);
}

RC_GTEST_PROP(HolidaysAnnouncedLater, are_all_that_a_calendar_known_earlier_lacks, ()) {
  static const Calendar all = calendar();
  static const auto special = one_offs();
  const Day on = day("2019-01-01") + days{*rc::gen::inRange(0, 2000)};
  const Calendar known = all.known_on(on);
  std::set<Day> lacking;
  for (Day each = day("2013-01-01"); each <= day("2028-12-31"); each += days{1})
    for (const auto name : {ew, uk})
      if (known.is_working_day(each, name) != all.is_working_day(each, name)) {
        RC_ASSERT(*known.is_working_day(each, name));
        lacking.insert(each);
      }
  std::set<Day> expected;
  for (const auto& one_off : special)
    if (one_off.announced > on) expected.insert(one_off.on);
  RC_ASSERT(lacking == expected);
  std::optional<Day> next;
  for (const auto& one_off : special)
    if (one_off.announced > on && (!next || one_off.announced < *next)) next = one_off.announced;
  RC_ASSERT(all.next_announcement(on) == next);
}

RC_GTEST_PROP(HolidaysAnnouncedLater, move_no_deadline_that_had_passed, ()) {
  static const Calendar all = calendar();
  static const auto special = one_offs();
  const auto& near = special[*rc::gen::inRange<std::size_t>(0, special.size())];
  const Day announced = *rc::gen::element(near.announced, near.on);
  Clock clock;
  clock.value = *rc::gen::inRange(1, 41);
  clock.unit = Unit::working_day;
  clock.count = *rc::gen::element(after, beginning);
  clock.calendar = *rc::gen::element(ew, uk);
  const Day start = announced - days{*rc::gen::inRange(0, 70)};
  const Day looked = announced + days{*rc::gen::inRange(-20, 20)};
  const Day then = *due_day(clock, start, all.known_on(looked)), now = *due_day(clock, start, all);
  if (then < looked) {
    RC_ASSERT(then == now);
  } else {
    RC_ASSERT(then <= now);
  }
}

TEST(HolidaysAnnouncedLater, leave_an_ordinary_holiday_of_that_day_alone) {
  const auto all = Calendar::read(
      "division,date,announced,title\n"
      "rest-of-united-kingdom,2023-03-17,,St Patrick's Day (Northern Ireland)\n"
      "england-and-wales,2023-03-17,2023-01-10,A day of mourning\n"
      "england-and-wales,2023-05-01,,Early May bank holiday\n"
      "rest-of-united-kingdom,2023-05-01,2023-01-10,A day of mourning\n",
      "holidays.csv");
  const Calendar before = all.known_on(day("2023-01-09")), since = all.known_on(day("2023-01-10"));
  EXPECT_TRUE(*before.is_working_day(day("2023-03-17"), ew)) << "not announced yet";
  EXPECT_FALSE(*before.is_working_day(day("2023-03-17"), uk)) << "a holiday in Northern Ireland all the same";
  EXPECT_FALSE(*before.is_working_day(day("2023-05-01"), ew)) << "a holiday in England all the same";
  EXPECT_FALSE(*before.is_working_day(day("2023-05-01"), uk));
  for (const char* each : {"2023-03-17", "2023-05-01"})
    for (const auto name : {ew, uk}) EXPECT_FALSE(*since.is_working_day(day(each), name)) << each;
}

TEST(HolidaysAnnouncedLater, a_deadline_moves_from_the_day_of_the_announcement) {
  Court court(testing::duty(
      R"(<when><act is="request.received"/></when><follow><step called="an answer"><act is="request.answered"/></step>
      <within value="10" unit="working-day" count="after" calendar="england-and-wales"/></follow>)"));
  Story story;
  story.act("2022-09-08", "request.received");
  const auto before = court.verdict(story, "2022-09-09");
  EXPECT_EQ(before.due, day("2022-09-22"));
  EXPECT_EQ(before.next, day("2022-09-10")) << "the day of the announcement is a day to judge again";
  EXPECT_EQ(court.verdict(story, "2022-09-10").due, day("2022-09-23"));
  EXPECT_EQ(court.verdict(story, "2022-09-23").outcome, Outcome::pending);
  EXPECT_EQ(court.verdict(story, "2022-09-24").outcome, Outcome::breached);
}

TEST(HolidaysAnnouncedLater, move_the_last_day_of_what_was_done_early_too) {
  Court court(testing::duty(
      R"(<when><act is="request.received"/></when><follow><step called="an answer"><act is="request.answered"/></step>
      <within value="10" unit="working-day" count="after" calendar="england-and-wales"/></follow>)"));
  Story story;
  story.act("2022-09-08", "request.received");
  story.act("2022-09-09", "request.answered");
  const auto before = court.verdict(story, "2022-09-09"), since = court.verdict(story, "2022-09-10");
  EXPECT_EQ(before.outcome, Outcome::met);
  EXPECT_EQ(before.due, day("2022-09-22"));
  EXPECT_EQ(since.due, day("2022-09-23"));
  EXPECT_EQ(before.next, day("2022-09-10")) << "or an audit that judges only what changed would keep the old day";
  EXPECT_EQ(court.verdict(story, "2022-09-23").next, std::nullopt) << "nothing announced now can move it any more";
}

}  // namespace
}  // namespace answerable::engine
