#include "reports/service/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/access/secret.hpp"
#include "reports/service/doors.hpp"

namespace answerable::service {
namespace {

struct Way {
  std::string_view path, words;
};
constexpr std::array ways{Way{"/", "Home"},
                          Way{"/findings", "Findings"},
                          Way{"/people/open", "Open a person’s record"},
                          Way{"/approvals", "Approvals"},
                          Way{"/reading", "Who read what"},
                          Way{"/accounts", "Accounts"},
                          Way{"/account", "Your account"}};

bool leads_somewhere(std::string_view path, const access::Actor& actor) {
  return std::ranges::any_of(
      doors(), [&](const Door& door) { return door.method == "GET" && door.path == path && door.who.admits(actor); });
}

}  // namespace

Page::Page(std::string_view title, const std::optional<Member>& member)
    : csrf_(member ? access::csrf_token(member->token) : "") {
  html_.open("html", {{"lang", "en-GB"}}).line();
  html_.open("head").single("meta", {{"charset", "utf-8"}});
  html_.single("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html_.element("title", fmt::format("{} – Answerable", title));
  html_.single("link", {{"rel", "stylesheet"}, {"href", "/style.css"}}).close().line();
  html_.open("body").element("a", "Skip to main content", {{"class", "skip"}, {"href", "#main"}}).line();
  navigation(member);
  html_.open("main", {{"id", "main"}}).element("h1", title).line();
}

void Page::navigation(const std::optional<Member>& member) {
  html_.open("header").element("p", "Answerable", {{"class", "service"}});
  if (member) {
    html_.open("nav", {{"aria-label", "Pages"}}).open("ul");
    for (const Way& way : ways)
      if (leads_somewhere(way.path, member->actor))
        html_.open("li").element("a", way.words, {{"href", way.path}}).close();
    html_.close().close().line();
    html_.open("form", {{"action", "/sign-out"}, {"method", "post"}, {"class", "sign-out"}});
    html_.open("p").text(fmt::format("Signed in as {} ", member->actor.name));
    hidden("csrf", csrf_);
    html_.element("button", "Sign out", {{"type", "submit"}}).close().close();
  }
  html_.close().line();
}

Page& Page::heading(std::string_view text) {
  html_.element("h2", text).line();
  return *this;
}

Page& Page::paragraph(std::string_view text) {
  html_.element("p", text).line();
  return *this;
}

Page& Page::fault(std::string_view text) {
  html_.open("div", {{"class", "fault"}, {"role", "alert"}}).element("h2", "There is a problem");
  html_.element("p", text).close().line();
  return *this;
}

Page& Page::link(std::string_view text, std::string_view target) {
  html_.open("p").element("a", text, {{"href", target}}).close().line();
  return *this;
}

Page& Page::list(const std::vector<std::string>& items) {
  html_.open("ul");
  for (const auto& item : items) html_.element("li", item);
  html_.close().line();
  return *this;
}

Page& Page::form(std::string_view action) {
  html_.open("form", {{"action", action}, {"method", "post"}});
  if (!csrf_.empty()) hidden("csrf", csrf_);
  return *this;
}

Page& Page::filters(std::string_view action) {
  html_.open("form", {{"action", action}, {"method", "get"}});
  return *this;
}

Page& Page::field(const Field& field) {
  html_.open("p").open("label").text(field.label);
  if (!field.hint.empty()) html_.element("span", field.hint, {{"class", "hint"}});
  html_.single(
      "input",
      {{"name", field.name}, {"type", field.type}, {"value", field.value}, {"autocomplete", field.autocomplete}});
  html_.close().close().line();
  return *this;
}

Page& Page::select(std::string_view label, std::string_view name, const Choices& choices, std::string_view chosen) {
  html_.open("p").open("label").text(label).open("select", {{"name", name}});
  for (const auto& [value, words] : choices) {
    if (value == chosen)
      html_.element("option", words, {{"value", value}, {"selected", "selected"}});
    else
      html_.element("option", words, {{"value", value}});
  }
  html_.close().close().close().line();
  return *this;
}

Page& Page::hidden(std::string_view name, std::string_view value) {
  html_.single("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
  return *this;
}

Page& Page::button(std::string_view text, std::string_view name, std::string_view value) {
  if (name.empty())
    html_.element("button", text, {{"type", "submit"}});
  else
    html_.element("button", text, {{"type", "submit"}, {"name", name}, {"value", value}});
  html_.close().line();
  return *this;
}

Page& Page::table(std::string_view caption, std::initializer_list<std::string_view> columns) {
  html_.open("div", {{"class", "scroll"}, {"role", "region"}, {"aria-label", caption}, {"tabindex", "0"}});
  html_.open("table").element("caption", caption).open("thead").open("tr");
  for (const auto column : columns) html_.element("th", column, {{"scope", "col"}});
  html_.close().close().open("tbody").line();
  return *this;
}

Page& Page::row() {
  html_.open("tr");
  return *this;
}

Page& Page::cell(std::string_view text) {
  html_.element("td", text);
  return *this;
}

Page& Page::cell_link(std::string_view text, std::string_view target) {
  html_.open("td").element("a", text, {{"href", target}}).close();
  return *this;
}

Page& Page::begin_cell() {
  html_.open("td");
  return *this;
}

Page& Page::end_cell() {
  html_.close();
  return *this;
}

Page& Page::end_row() {
  html_.close().line();
  return *this;
}

Page& Page::end_table() {
  html_.close().close().close().line();
  return *this;
}

http::Response Page::answer(int status) && {
  html_.close().open("footer").open("p");
  html_.element("a", "Privacy", {{"href", "/privacy"}}).text(" ");
  html_.element("a", "Accessibility", {{"href", "/accessibility"}}).close();
  html_.element("p", "Findings are for people to weigh; they are not verdicts.").close().close().close().line();
  return {.status = status, .content_type = "text/html; charset=utf-8", .body = std::move(html_).finish()};
}

http::Response page_of_problem(int status, std::string_view title, std::string_view says,
                               const std::optional<Member>& member) {
  Page page(title, member);
  page.paragraph(says);
  if (!member) page.link("Sign in", "/sign-in");
  return std::move(page).answer(status);
}

http::Response see_other(std::string path) {
  return {.status = 303, .body = "", .headers = {{"Location", std::move(path)}}};
}

}  // namespace answerable::service
