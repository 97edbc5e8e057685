#include <gtest/gtest.h>

#include <fstream>

#include "audit/engine/clock.hpp"
#include "tests/audit/engine_story.hpp"

namespace answerable::engine {
namespace {

using testing::calendar;
using testing::day;
using testing::happened;

struct Worked {
  const char* what;
  Clock clock;
  const char* start;
  const char* due;
};

Clock clock(int value, Unit unit, Count count, CalendarName calendar = CalendarName::none) {
  return {value, unit, count, calendar, 0, "", ""};
}

constexpr auto after = Count::after;
constexpr auto beginning = Count::beginning;
constexpr auto ew = CalendarName::england_and_wales;
constexpr auto uk = CalendarName::united_kingdom;

TEST(Clock, worked_examples) {
  const std::vector<Worked> table{
      {"21 days beginning with 1 June end on 21 June", clock(21, Unit::day, beginning), "2024-06-01", "2024-06-21"},
      {"21 days after 1 June", clock(21, Unit::day, after), "2024-06-01", "2024-06-22"},
      {"12 months beginning with 1 June 2024 end on 31 May 2025", clock(12, Unit::month, beginning), "2024-06-01",
       "2025-05-31"},
      {"12 months after 1 June 2024", clock(12, Unit::month, after), "2024-06-01", "2025-06-01"},
      {"one month after 31 January, short end", clock(1, Unit::month, after), "2023-01-31", "2023-02-28"},
      {"one month after 31 January in a leap year", clock(1, Unit::month, after), "2024-01-31", "2024-02-29"},
      {"twelve months after a leap day", clock(12, Unit::month, after), "2024-02-29", "2025-02-28"},
      {"forty-eight months after a leap day", clock(48, Unit::month, after), "2024-02-29", "2028-02-29"},
      {"six months beginning with 31 August, short end", clock(6, Unit::month, beginning), "2023-08-31", "2024-02-29"},
      {"six months beginning with 1 September", clock(6, Unit::month, beginning), "2023-09-01", "2024-02-29"},
      {"six months after 30 November", clock(6, Unit::month, after), "2023-11-30", "2024-05-30"},
      {"12 months beginning with 1 March, through a leap day", clock(12, Unit::month, beginning), "2023-03-01",
       "2024-02-29"},
      {"8 weeks after", clock(8, Unit::week, after), "2024-01-01", "2024-02-26"},
      {"8 weeks beginning with", clock(8, Unit::week, beginning), "2024-01-01", "2024-02-25"},
      {"over the spring clock change", clock(1, Unit::day, after), "2024-03-30", "2024-03-31"},
      {"over the autumn clock change", clock(1, Unit::day, after), "2024-10-26", "2024-10-27"},
      {"3 working days after a Thursday", clock(3, Unit::working_day, after, ew), "2013-12-05", "2013-12-10"},
      {"3 working days after Maundy Thursday 2024", clock(3, Unit::working_day, after, ew), "2024-03-28", "2024-04-04"},
      {"3 working days over Christmas 2024", clock(3, Unit::working_day, after, ew), "2024-12-24", "2024-12-31"},
      {"3 working days over Christmas 2021, with substitute days", clock(3, Unit::working_day, after, ew), "2021-12-24",
       "2021-12-31"},
      {"3 working days over New Year 2022", clock(3, Unit::working_day, after, ew), "2021-12-31", "2022-01-06"},
      {"3 working days over the moved VE day 2020", clock(3, Unit::working_day, after, ew), "2020-05-06", "2020-05-12"},
      {"the old early May day of 2020 was a working day", clock(1, Unit::working_day, after, ew), "2020-05-01",
       "2020-05-04"},
      {"3 working days over the Jubilee 2022", clock(3, Unit::working_day, after, ew), "2022-05-31", "2022-06-07"},
      {"over the State Funeral 2022", clock(1, Unit::working_day, after, ew), "2022-09-16", "2022-09-20"},
      {"over the Coronation 2023", clock(1, Unit::working_day, after, ew), "2023-05-05", "2023-05-09"},
      {"received on a Saturday", clock(3, Unit::working_day, after, ew), "2024-06-01", "2024-06-05"},
      {"20 working days in the whole United Kingdom", clock(20, Unit::working_day, after, uk), "2024-07-01",
       "2024-07-30"},
      {"the same without Northern Ireland's 12 July", clock(20, Unit::working_day, after, ew), "2024-07-01",
       "2024-07-29"},
      {"2 January is a holiday somewhere", clock(1, Unit::working_day, after, uk), "2024-01-01", "2024-01-03"},
      {"3 working days beginning with a Monday", clock(3, Unit::working_day, beginning, ew), "2024-06-03",
       "2024-06-05"},
      {"3 working days beginning with a Sunday", clock(3, Unit::working_day, beginning, ew), "2024-06-02",
       "2024-06-05"},
  };
  const Calendar days = calendar();
  for (const auto& row : table) {
    const auto due = due_day(row.clock, day(row.start), days);
    ASSERT_TRUE(due) << row.what;
    EXPECT_EQ(iso(*due), row.due) << row.what;
  }
}

TEST(Clock, knows_where_its_holidays_end) {
  const Calendar days = calendar();
  EXPECT_EQ(days.first_year(), 2013);
  EXPECT_EQ(days.last_year(), 2028);
  EXPECT_FALSE(due_day(clock(3, Unit::working_day, after, ew), day("2028-12-29"), days));
  EXPECT_FALSE(due_day(clock(3, Unit::working_day, after, ew), day("2012-12-28"), days));
  EXPECT_TRUE(due_day(clock(3, Unit::day, after), day("2012-12-28"), days));
}

TEST(Clock, looks_back) {
  const Calendar days = calendar();
  EXPECT_EQ(iso(*look_back(clock(12, Unit::month, after), day("2024-02-29"), days)), "2023-02-28");
  EXPECT_EQ(iso(*look_back(clock(3, Unit::working_day, after, ew), day("2024-04-04"), days)), "2024-03-28");
}

TEST(Clock, shows_its_arithmetic) {
  const auto lines = arithmetic(clock(3, Unit::working_day, after, ew), happened("2013-12-05"), calendar());
  EXPECT_EQ(lines, (std::vector<std::string>{"starts 5 December 2013 (day 0)",
                                             "3 working days in England and Wales: 6, 9 and 10 December 2013",
                                             "due 10 December 2013 (not overdue on the day itself)"}));
  const auto across = arithmetic(clock(3, Unit::working_day, after, ew), happened("2021-12-31"), calendar());
  EXPECT_EQ(across[1], "3 working days in England and Wales: 4, 5 and 6 January 2022");
}

TEST(Clock, says_which_day_it_assumed) {
  const auto lines = arithmetic(clock(12, Unit::month, after), happened("2013-12"), calendar());
  EXPECT_EQ(lines.front(),
            "the date is known only as December 2013: counted from 31 December 2013, the last day it can have been, so "
            "that no delay is claimed that "
            "another reading would excuse");
  EXPECT_EQ(lines.back(), "due 31 December 2014 (not overdue on the day itself)");
}

TEST(Clock, refuses_a_calendar_it_cannot_read) {
  try {
    Calendar::read("division,date,announced,title\nengland-and-wales,2024-02-30,,Never\n", "holidays.csv");
    ADD_FAILURE() << "30 February was taken";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("holidays.csv:2:"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace answerable::engine
