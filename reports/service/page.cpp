#include "reports/service/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/access/secret.hpp"
#include "reports/service/doors.hpp"
#include "reports/service/guard.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

struct Way {
  std::string_view path, words;
};
constexpr std::array ways{Way{"/", "Home"},
                          Way{"/to-do", "To do"},
                          Way{"/send", "Send a file"},
                          Way{"/forms", "Forms"},
                          Way{"/sent", "What we sent"},
                          Way{"/held", "Held records"},
                          Way{"/scorecard", "Scorecard"},
                          Way{"/findings", "Findings"},
                          Way{"/requests", "Asked"},
                          Way{"/providers", "Providers"},
                          Way{"/plans", "Action plans"},
                          Way{"/samples", "Samples"},
                          Way{"/people/open", "Open a person’s record"},
                          Way{"/complaints", "Complaints"},
                          Way{"/complaints-report", "Yearly complaints report"},
                          Way{"/parts", "Complaints to answer"},
                          Way{"/evidence", "Ask for evidence"},
                          Way{"/approvals", "Approvals"},
                          Way{"/assignments", "Who handles what"},
                          Way{"/reading", "Who read what"},
                          Way{"/security-events", "Security events"},
                          Way{"/accounts", "Accounts"},
                          Way{"/look", "Name and colour"},
                          Way{"/guide/schemas", "Guide"},
                          Way{"/search", "Search"},
                          Way{"/account", "Your account"}};

bool leads_somewhere(std::string_view path, const access::Actor& actor) {
  return std::ranges::any_of(
      doors(), [&](const Door& door) { return door.method == "GET" && door.path == path && door.who.admits(actor); });
}

/// The way a page lies below: the longest that its path begins with.
std::string_view way_to(std::string_view path) {
  std::string_view best;
  for (const Way& way : ways) {
    const bool below =
        path == way.path || (path.starts_with(way.path) && path.substr(way.path.size()).starts_with('/'));
    if (below && way.path.size() > best.size()) best = way.path;
  }
  return best;
}

std::vector<ui::ServiceNavigation::Item> ways_for(const Visit& visit) {
  std::vector<ui::ServiceNavigation::Item> items;
  if (!visit.member) return items;
  const std::string_view here = way_to(visit.request.path);
  for (const Way& way : ways)
    if (leads_somewhere(way.path, visit.actor()))
      items.push_back({.text = std::string(way.words),
                       .href = std::string(way.path),
                       .current = way.path == visit.request.path,
                       .active = way.path == here});
  return items;
}

void put_sign_out(render::Html& html, const Visit& visit) {
  html.open("div", {{"class", "govuk-width-container"}});
  html.open("form", {{"action", "/sign-out"}, {"method", "post"}, {"class", "app-sign-out"}, {"novalidate"}});
  html.element("span", fmt::format("Signed in as {}", visit.actor().name));
  html.add(hidden_field("csrf", access::csrf_token(visit.member->token)));
  html.element("button", "Sign out", {{"type", "submit"}, {"class", "app-link-button"}});
  html.close().close().line();
}

}  // namespace

Page::Page(const Visit& visit, std::string title) : visit_(visit), title_(std::move(title)) {}

Page& Page::under(std::vector<ui::Link> pages) {
  above_ = std::move(pages);
  return *this;
}

Page& Page::back(std::string href, std::string text) {
  back_ = {std::move(href), std::move(text)};
  return *this;
}

Page& Page::caption(std::string text) {
  caption_ = std::move(text);
  return *this;
}

Page& Page::without_heading() {
  heading_ = false;
  return *this;
}

Page& Page::errors(std::vector<ui::ErrorSummary::Error> errors) {
  errors_ = std::move(errors);
  return *this;
}

Page& Page::add(const render::Fragment& fragment) {
  body_ += fragment;
  return *this;
}

void Page::put_head(render::Html& html) const {
  html.open("head").single("meta", {{"charset", "utf-8"}});
  html.element("title", fmt::format("{}{} – Answerable", errors_.empty() ? "" : "Error: ", title_));
  html.single("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1, viewport-fit=cover"}});
  html.single("link", {{"rel", "stylesheet"}, {"href", visit_.hall.assets.css_path}});
  const std::string_view colour = visit_.member ? std::string_view(visit_.member->council.colour) : usual_colour;
  html.single("link", {{"rel", "stylesheet"}, {"href", colour_path(colour)}});
  html.close().line();
}

void Page::put_banner(render::Html& html) const {
  html.open("header", {{"class", "govuk-template__header"}}).line();
  put(html, ui::Header{.name = visit_.member ? visit_.member->council.name : "Answerable"});
  if (visit_.member) {
    put(html, ui::ServiceNavigation{.service = "Answerable", .items = ways_for(visit_)});
    put_sign_out(html, visit_);
  }
  html.close().line();
}

void Page::put_main(render::Html& html) const {
  html.open("div", {{"class", "govuk-width-container"}}).line();
  if (!back_.href.empty()) put(html, back_);
  if (!above_.empty()) {
    auto items = above_;
    items.push_back({.text = title_, .href = ""});
    put(html, ui::Breadcrumbs{std::move(items)});
  }
  html.open("main", {{"class", "govuk-main-wrapper"}, {"id", "main-content"}}).line();
  if (!visit_.done.empty()) put(html, ui::NotificationBanner{.content = visit_.done, .success = true});
  if (!errors_.empty()) put(html, ui::ErrorSummary{.errors = errors_});
  if (!caption_.empty()) html.element("span", caption_, {{"class", "govuk-caption-l"}}).line();
  if (heading_) html.element("h1", title_, {{"class", "govuk-heading-l"}}).line();
  html.add(body_).close().close().line();
}

http::Response Page::answer(int status) && {
  render::Html html;
  html.open("html", {{"lang", "en-GB"}, {"class", "govuk-template"}}).line();
  put_head(html);
  html.open("body", {{"class", "govuk-template__body"}}).line();
  put(html, ui::SkipLink{});
  put_banner(html);
  put_main(html);
  html.open("footer", {{"class", "govuk-template__footer"}}).line();
  std::vector<ui::Link> links{{"Accessibility", "/accessibility"}, {"Privacy", "/privacy"}};
  if (visit_.member) {
    links.push_back({"The rules in plain words", "/guide/rules"});
    links.push_back({"Guide to files", "/guide/schemas"});
  }
  put(html, ui::Footer{.links = std::move(links), .says = "Findings are for people to weigh; they are not verdicts."});
  html.close().close().close().line();
  http::Response response{.status = status != 0       ? status
                                    : errors_.empty() ? 200
                                                      : 422,
                          .content_type = "text/html; charset=utf-8",
                          .body = std::move(html).finish()};
  if (!visit_.done.empty()) response.headers.emplace("Set-Cookie", no_done_cookie(visit_.request.peer));
  return response;
}

render::Fragment post_form(const Visit& visit, std::string_view action, const render::Fragment& content, Sends sends) {
  auto html = render::Html::part();
  html.open("form", {{"action", action},
                     {"method", "post"},
                     {"enctype", "multipart/form-data", sends == Sends::files},
                     {"novalidate"}});
  if (visit.member) html.add(hidden_field("csrf", access::csrf_token(visit.member->token)));
  html.add(content).close().line();
  return std::move(html).fragment();
}

render::Fragment get_form(std::string_view action, const render::Fragment& content) {
  auto html = render::Html::part();
  html.open("form", {{"action", action}, {"method", "get"}, {"novalidate"}}).add(content).close().line();
  return std::move(html).fragment();
}

render::Fragment hidden_field(std::string_view name, std::string_view value) {
  auto html = render::Html::part();
  html.single("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
  return std::move(html).fragment();
}

http::Response page_of_problem(const Visit& visit, int status, std::string title, std::string_view says) {
  Page page(visit, std::move(title));
  page.paragraph(says);
  page.paragraph(visit.member ? ui::Link{.text = "Go to the first page", .href = "/"}
                              : ui::Link{.text = "Sign in", .href = "/sign-in"});
  return std::move(page).answer(status);
}

http::Response see_other(std::string path) {
  return {.status = 303, .body = "", .headers = {{"Location", std::move(path)}}};
}

http::Response done(const Visit& visit, std::string path, std::string_view says) {
  auto response = see_other(std::move(path));
  response.headers.emplace("Set-Cookie", done_cookie(visit.request.peer, visit.member.value().token, says));
  return response;
}

}  // namespace answerable::service
