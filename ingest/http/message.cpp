#include "ingest/http/message.hpp"

#include <algorithm>

#include "ingest/http/syntax.hpp"

namespace answerable::http {

bool CaseLess::operator()(std::string_view one, std::string_view other) const {
  return std::ranges::lexicographical_compare(one, other, {}, lower_letter, lower_letter);
}

Headers::Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  for (const auto& [name, value] : fields) add(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
  const auto [field, is_new] = fields_.try_emplace(std::string{name}, value);
  if (!is_new) field->second.append(same_word(name, "cookie") ? "; " : ", ").append(value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  const auto field = fields_.find(name);
  if (field == fields_.end()) return std::nullopt;
  return field->second;
}

std::vector<std::string_view> Headers::cookies(std::string_view name) const {
  std::vector<std::string_view> found;
  std::string_view rest = find("cookie").value_or("");
  while (!rest.empty()) {
    const std::string_view pair = trimmed(cut_off(rest, ';'));
    const auto equals = pair.find('=');
    if (equals != pair.npos && pair.substr(0, equals) == name) found.push_back(pair.substr(equals + 1));
  }
  return found;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
  if (found == query.end()) return std::nullopt;
  return found->second;
}

std::string client_address(const Request& request) {
  if (!request.peer.unix_socket) return request.peer.address;
  const auto told = request.headers.find("X-Forwarded-For").value_or("");
  const auto comma = told.rfind(',');
  return std::string(trimmed(comma == told.npos ? told : told.substr(comma + 1)));
}

}  // namespace answerable::http
