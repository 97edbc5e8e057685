#pragma once

#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "reports/render/html.hpp"

namespace answerable::components {

/// What happened over the years, in lanes, with holes where acts should stand: inline SVG without scripts or styles of
/// its own. Nothing is told by colour alone: each kind of mark has a shape, named below the picture. The page has a
/// table beside it that says the same in words.
struct TimelinePicture {
  struct Mark {
    enum class Kind {
      act,      ///< it happened: a disc; over the days on which it can have happened, a bar
      planned,  ///< it lies ahead: a ring
      wrong,    ///< it is there and should not be, or is not as it should be: a diamond
      hole,     ///< an act should stand here and does not: an empty dashed square
    };
    Kind kind{};
    Happened when;
    std::string says;  ///< shown where a pointer rests on it
  };
  struct Lane {
    std::string name;
    std::vector<Mark> marks;
  };

  std::string id;     ///< unique on the page
  std::string title;  ///< what the picture is of
  std::string says;   ///< what it shows, in a sentence or two
  Day from{}, to{};   ///< marks outside are not drawn
  std::vector<Lane> lanes;
};
void put(render::Html& html, const TimelinePicture& picture);

}  // namespace answerable::components
