#pragma once

// What the pages of complaints are put together from.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/outcome.hpp"
#include "reports/render/components/content.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/render/components/navigation.hpp"
#include "reports/service/complaints/register.hpp"
#include "reports/service/outcome_tag.hpp"
#include "reports/service/page.hpp"
#include "reports/service/typed_day.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service {

using render::Fragment;

/// Parts of a page, one after the other.
class Pieces {
 public:
  template <class Component>
  Pieces& add(const Component& component) {
    all_ += Fragment(component);
    return *this;
  }
  Pieces& add(const Fragment& fragment) {
    all_ += fragment;
    return *this;
  }
  Pieces& heading(std::string text, int level = 2) { return add(components::Heading{std::move(text), level}); }
  Pieces& says(Fragment content) { return add(components::Paragraph{std::move(content)}); }
  const Fragment& all() const { return all_; }

 private:
  Fragment all_;
};

/// A form of one button. \param hidden  further words of it, for screen readers
Fragment post_button(const Visit& visit, std::string_view action, std::string text,
                     std::vector<std::pair<std::string, std::string>> fields = {},
                     components::Button::Kind kind = components::Button::Kind::secondary, std::string hidden = {});

/// "in 3 days", "today", "12 days over"
std::string days_to(Day day, Day today);
/// How soon, as a tag: red when it is over, yellow within a week.
components::Tag due_tag(Day day, Day today);
/// The path of a complaint's pages.
std::string case_path(std::string_view reference, std::string_view page = "");

}  // namespace answerable::service
