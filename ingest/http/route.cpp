#include "ingest/http/route.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "ingest/http/syntax.hpp"

namespace answerable::http {
namespace {

bool is_braced(std::string_view part) {
  return part.size() > 2 && part.starts_with('{') && part.ends_with('}');
}

/// The parts of a path that begins with a slash.
std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  path.remove_prefix(1);
  while (!path.empty()) {
    const bool open = path.ends_with('/');
    parts.push_back(cut_off(path, '/'));
    if (path.empty() && open) parts.emplace_back();  // "/a/" is another path than "/a"
  }
  return parts;
}

/// Fixed parts first, from the left.
bool goes_before(const Route& one, const Route& other) {
  return std::ranges::lexicographical_compare(parts_of(one.path), parts_of(other.path), {}, is_braced, is_braced);
}

std::optional<std::map<std::string, std::string>> fitted(std::string_view pattern, std::string_view path) {
  const auto wanted = parts_of(pattern), given = parts_of(path);
  if (wanted.size() != given.size()) return std::nullopt;
  std::map<std::string, std::string> parameters;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!is_braced(wanted[i])) {
      if (wanted[i] != given[i]) return std::nullopt;
      continue;
    }
    auto decoded = percent_decoded(given[i]);
    if (!decoded || decoded->empty()) return std::nullopt;
    parameters.emplace(wanted[i].substr(1, wanted[i].size() - 2), std::move(*decoded));
  }
  return parameters;
}

Problem not_allowed(const std::set<std::string>& methods) {
  std::string allowed;
  for (const std::string& method : methods) allowed += (allowed.empty() ? "" : ", ") + method;
  return {.status = 405, .detail = fmt::format("Here one can ask with {}.", allowed), .headers = {{"Allow", allowed}}};
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (const Route& route : routes_) {
    if (!route.path.starts_with('/') || !is_token(route.method) || !route.handle)
      throw std::logic_error(fmt::format("'{} {}' is not a route", route.method, route.path));
    for (const Route& other : routes_) {
      if (&route != &other && route.method == other.method && route.path == other.path)
        throw std::logic_error(fmt::format("two routes are {} {}", route.method, route.path));
    }
  }
  std::ranges::stable_sort(routes_, goes_before);
}

std::variant<Router::Match, Problem> Router::find(std::string_view method, std::string_view path) const {
  std::set<std::string> others;
  if (!path.starts_with('/')) return Problem{.status = 404, .detail = "There is nothing at this address."};
  for (const Route& route : routes_) {
    auto parameters = fitted(route.path, path);
    if (!parameters) continue;
    const bool answers_head = route.method == "GET" && method == "HEAD";
    if (route.method == method || answers_head) return Match{&route, std::move(*parameters)};
    others.insert(route.method);
    if (route.method == "GET") others.insert("HEAD");
  }
  if (others.empty()) return Problem{.status = 404, .detail = "There is nothing at this address."};
  return not_allowed(others);
}

}  // namespace answerable::http
