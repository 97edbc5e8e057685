#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::testing {

/// HTML as its reader sees it, for comparing two writers' work: white space as one space and none at the edges of
/// elements, attributes and classes sorted, references resolved.
struct HtmlNode {
  std::string element{};  ///< "" of text
  std::string text{};
  std::map<std::string, std::string> attributes{};
  std::vector<HtmlNode> children{};

  bool has_class(std::string_view name) const;
};

/// Reads what govuk-frontend's templates and our own writer write: every element closed. \throws std::runtime_error for
/// anything else. The root has no name.
HtmlNode parse_html(std::string_view html);
/// One node a line, indented: what gtest shows well.
std::string outline_of(const HtmlNode& node);

}  // namespace answerable::testing
