#pragma once

#include <string>
#include <vector>

#include "reports/render/components/content.hpp"

namespace answerable::components {

struct SkipLink {
  std::string text{"Skip to main content"};
  std::string href{"#main-content"};
};
void put(Html& html, const SkipLink& link);

/// govuk-frontend's generic header: no crown, no crest. What is written in it is the council's own name.
struct Header {
  std::string name;
  std::string href{"/"};
};
void put(Html& html, const Header& header);

struct ServiceNavigation {
  struct Item {
    std::string text, href;
    bool current{false};  ///< it is this page
    bool active{false};   ///< this page lies below it
  };
  std::string service;
  std::string service_href{"/"};
  std::vector<Item> items{};
};
void put(Html& html, const ServiceNavigation& navigation);

/// The last is the page itself and leads nowhere, when its href is empty.
struct Breadcrumbs {
  std::vector<Link> items;
};
void put(Html& html, const Breadcrumbs& breadcrumbs);

struct BackLink {
  std::string href;
  std::string text{"Back"};
};
void put(Html& html, const BackLink& link);

/// Leads to the pages of a list before and after this one; with `items`, to each of them by number.
struct Pagination {
  struct Step {
    std::string href{};  ///< "": there is none
    std::string label{};
  };
  struct Item {
    int number{0};  ///< 0: an ellipsis
    std::string href{};
    bool current{false};
  };
  Step previous{}, next{};
  std::vector<Item> items{};
  std::string landmark{"Pagination"};
};
void put(Html& html, const Pagination& pagination);

/// Without crown, licence and copyright, which are the government's.
struct Footer {
  std::vector<Link> links;
  Fragment says{};
};
void put(Html& html, const Footer& footer);

}  // namespace answerable::components
