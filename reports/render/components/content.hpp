#pragma once

#include <string>
#include <vector>

#include "reports/render/html.hpp"

/// Components of govuk-frontend 6.6 (https://design-system.service.gov.uk/components/) and of the Ministry of Justice's
/// frontend 11.1, as values. put() writes what those packages' templates write for the same options; tests compare it
/// with govuk-frontend's own fixtures. A component also is a render::Fragment: `Row{"Status", Tag{"Late",
/// TagColour::red}}`.
namespace answerable::components {

using render::Fragment;
using render::Html;
using render::joined;

/// A heading of the page's outline. Level 1 is the layout's.
struct Heading {
  std::string text;
  int level{2};
  std::string id{};
  std::string caption{};  ///< said above it, smaller
};
void put(Html& html, const Heading& heading);

struct Paragraph {
  Fragment content;
};
void put(Html& html, const Paragraph& paragraph);

struct Hint {
  Fragment content;
};
void put(Html& html, const Hint& hint);

struct Link {
  std::string text, href;
  std::string hidden{};  ///< further words for screen readers: "Change" " address"
};
void put(Html& html, const Link& link);

struct Strong {
  std::string text;
};
void put(Html& html, const Strong& strong);

struct List {
  std::vector<Fragment> items;
  enum class Kind { plain, bullet, number } kind{Kind::bullet};
};
void put(Html& html, const List& list);

/// A block of text set as it was sent, line by line.
struct Preformatted {
  std::string text;
};
void put(Html& html, const Preformatted& preformatted);

/// blue is govuk-frontend's own default.
enum class TagColour { blue, grey, green, teal, purple, magenta, red, orange, yellow };

struct Tag {
  std::string text;
  TagColour colour{TagColour::blue};
};
void put(Html& html, const Tag& tag);

struct InsetText {
  Fragment content;
  std::string id{};
};
void put(Html& html, const InsetText& inset);

struct WarningText {
  Fragment content;
};
void put(Html& html, const WarningText& warning);

struct Details {
  std::string summary;
  Fragment content;
  bool open{false};
};
void put(Html& html, const Details& details);

struct NotificationBanner {
  Fragment content;
  bool success{false};  ///< what was asked for was done: a screen reader says it at once
  /// A page has at most one without an id of its own.
  std::string title_id{"govuk-notification-banner-title"};
};
void put(Html& html, const NotificationBanner& banner);

/// What is wrong with what was sent, at the top of the page, each leading to its field.
struct ErrorSummary {
  struct Error {
    std::string text;
    std::string field{};  ///< the id of the field; "" when it is about none
  };
  std::vector<Error> errors;
  std::string title{"There is a problem"};
};
void put(Html& html, const ErrorSummary& summary);

}  // namespace answerable::components
