#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/http/message.hpp"
#include "reports/render/html.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service {

/// A page of the service: head, ways to the other pages, its content, foot. Without scripts. Every form carries the
/// session's token against cross-site requests.
class Page {
 public:
  /// \param member nobody: without ways to pages that need somebody
  Page(std::string_view title, const std::optional<Member>& member);

  Page& heading(std::string_view text);
  Page& paragraph(std::string_view text);
  /// What went wrong with what was sent, at the top, said at once by a screen reader.
  Page& fault(std::string_view text);
  Page& link(std::string_view text, std::string_view target);
  Page& list(const std::vector<std::string>& items);

  /// Everything up to button() belongs to the form.
  Page& form(std::string_view action);
  /// A GET form: filters.
  Page& filters(std::string_view action);
  struct Field {
    std::string_view label, name;
    std::string_view type{"text"}, value{}, hint{}, autocomplete{"off"};
  };
  Page& field(const Field& field);
  using Choices = std::vector<std::pair<std::string, std::string>>;  ///< value, label
  Page& select(std::string_view label, std::string_view name, const Choices& choices, std::string_view chosen = "");
  Page& hidden(std::string_view name, std::string_view value);
  Page& button(std::string_view text, std::string_view name = "", std::string_view value = "");

  Page& table(std::string_view caption, std::initializer_list<std::string_view> columns);
  Page& row();
  Page& cell(std::string_view text);
  Page& cell_link(std::string_view text, std::string_view target);
  /// A cell with more than text in it, up to end_cell().
  Page& begin_cell();
  Page& end_cell();
  Page& end_row();
  Page& end_table();

  http::Response answer(int status = 200) &&;

 private:
  void navigation(const std::optional<Member>& member);

  render::Html html_;
  std::string csrf_;
};

/// A page that says one thing: why something was not done, and what to do.
http::Response page_of_problem(int status, std::string_view title, std::string_view says,
                               const std::optional<Member>& member);
/// 303: go and see there.
http::Response see_other(std::string path);

}  // namespace answerable::service
