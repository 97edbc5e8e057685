#pragma once

#include <string>
#include <vector>

#include "reports/render/components/content.hpp"

namespace answerable::components {

struct Column {
  std::string header;
  bool numeric{false};  ///< right-aligned, figures of one width
};

/// Rows of as many cells as there are columns: put() throws std::invalid_argument for others.
struct Table {
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Fragment>> rows;
  bool first_cell_is_header{true};  ///< it names its row
  /// For four columns and more: scrolls within itself where the page is too narrow for it, and on the narrowest pages
  /// each row is a card, each cell under its column's name.
  bool wide{false};
  std::string when_empty{"None."};  ///< said instead of a table without rows
};
void put(Html& html, const Table& table);

/// Something that can be done with a row or card. `hidden` says to a screen reader with what: "Change" " role".
using Action = Link;

struct SummaryRow {
  std::string key;
  Fragment value;
  std::vector<Action> actions{};
};

struct SummaryList {
  std::vector<SummaryRow> rows;
  std::string card{};  ///< title of the card it stands in; "" without one
  std::vector<Action> card_actions{};
};
void put(Html& html, const SummaryList& list);

struct TaskList {
  struct Task {
    std::string title;
    Fragment status;  ///< a Tag, or words
    std::string href{};
    Fragment hint{};
  };
  std::vector<Task> tasks;
  std::string id_prefix{"task-list"};
};
void put(Html& html, const TaskList& list);

/// MOJ: what happened, newest or oldest first as given.
struct Timeline {
  struct Event {
    std::string title;
    std::string date;       ///< in words: "1 June 2024", "June 2024"
    std::string timestamp;  ///< the same for machines: 2024-06-01, 2024-06
    std::string byline{};
    Fragment content{};
  };
  std::vector<Event> events;
  int heading_level{2};
};
void put(Html& html, const Timeline& timeline);

/// MOJ: the fields of a GET form that chooses what a list shows; put it into the form. `chosen` are the filters in
/// force, each leading to the list without it.
struct Filter {
  struct Chosen {
    std::string heading;
    std::vector<Link> items;
  };
  Fragment options;
  std::vector<Chosen> chosen{};
  std::string clear_href{};
  std::string heading{"Filter"};
  std::string submit{"Apply filters"};
};
void put(Html& html, const Filter& filter);

}  // namespace answerable::components
