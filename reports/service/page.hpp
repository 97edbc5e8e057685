#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/http/message.hpp"
#include "reports/render/components/content.hpp"
#include "reports/render/components/form.hpp"
#include "reports/render/components/navigation.hpp"
#include "reports/render/html.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service {

/// A page of the service. What stands on it is added as components (reports/render/components); around it come the
/// council's name, the ways to other pages that are for whoever looks, what was done just now (see done()), and the
/// foot. Without scripts.
class Page {
 public:
  /// \param title what the page is about, its <h1>
  Page(const Visit& visit, std::string title);

  /// Breadcrumbs: the pages above this one, the topmost first. This page is added.
  Page& under(std::vector<components::Link> pages);
  Page& back(std::string href, std::string text = "Back");
  /// Said above the title, smaller.
  Page& caption(std::string text);
  /// A component shows the title itself: a label or legend that is the page's heading.
  Page& without_heading();
  /// What is wrong with what was sent: a summary above the title. The page's answer is 422 then, unless it is told
  /// another. Each field shows its own as well.
  Page& errors(std::vector<components::ErrorSummary::Error> errors);

  Page& add(const render::Fragment& fragment);
  Page& heading(std::string text) { return add(components::Heading{std::move(text)}); }
  Page& paragraph(render::Fragment content) { return add(components::Paragraph{std::move(content)}); }

  /// \param status 200, or 422 on a page with errors, when none is given
  http::Response answer(int status = 0) &&;

 private:
  void put_head(render::Html& html) const;
  void put_banner(render::Html& html) const;
  void put_main(render::Html& html) const;

  const Visit& visit_;
  std::string title_, caption_;
  std::vector<components::Link> above_;
  components::BackLink back_{};
  std::vector<components::ErrorSummary::Error> errors_;
  render::Fragment body_;
  bool heading_{true};
};

/// What a form sends: fields, or files as well (multipart/form-data).
enum class Sends { fields, files };
/// A form that changes something. It carries the session's token against cross-site requests.
render::Fragment post_form(const Visit& visit, std::string_view action, const render::Fragment& content,
                           Sends sends = Sends::fields);
/// A form that asks for something: filters, a search.
render::Fragment get_form(std::string_view action, const render::Fragment& content);
render::Fragment hidden_field(std::string_view name, std::string_view value);

/// A page that says one thing: why something was not done, and what to do.
http::Response page_of_problem(const Visit& visit, int status, std::string title, std::string_view says);
/// 303: go and see there.
http::Response see_other(std::string path);
/// 303, and the page there says once that this was done: "The reminder was sent." Nothing personal: it travels in a
/// cookie, which only this session can have made.
http::Response done(const Visit& visit, std::string path, std::string_view says);

}  // namespace answerable::service
