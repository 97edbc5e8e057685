#include "reports/service/forms/choices.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

namespace answerable::service::forms {
namespace {

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '-';
}

struct Item {
  std::string_view choice, says;
  std::size_t end{};
};

/// The text in brackets that begins there, without them; npos where they do not close.
std::size_t closing(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at)
    if (text[at] == '(') {
      ++depth;
    } else if (text[at] == ')' && --depth == 0) {
      return at;
    }
  return text.npos;
}

/// One answer with what is said of it: "full (everything held)", "full: everything held", "full".
std::optional<Item> item_at(std::string_view text, std::size_t at, const std::vector<std::string>& choices) {
  const auto begins = std::ranges::find_if(choices, [&](const auto& choice) {
    const auto end = at + choice.size();
    return text.substr(at).starts_with(choice) && (end == text.size() || !in_word(text[end]));
  });
  if (begins == choices.end()) return std::nullopt;
  Item item{*begins, {}, at + begins->size()};
  const auto rest = text.substr(item.end);
  if (rest.starts_with(" (")) {
    const auto close = closing(text, item.end + 1);
    if (close == text.npos) return std::nullopt;
    item.says = text.substr(item.end + 2, close - item.end - 2);
    item.end = close + 1;
  } else if (rest.starts_with(": ")) {
    const auto stop = std::min({rest.find(';'), rest.find(". "), rest.size() - (rest.ends_with('.') ? 1 : 0)});
    item.says = rest.substr(2, stop - 2);
    item.end += stop;
  }
  return item;
}

/// Past what stands between two answers of a list.
std::size_t past_separator(std::string_view text, std::size_t at) {
  for (const std::string_view separator : {"; or ", ", or ", " or ", "; ", ", ", " and ", ", and "})
    if (text.substr(at).starts_with(separator)) return at + separator.size();
  return text.npos;
}

std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty()) out.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(out.front())));
  return out;
}

std::string_view trimmed(std::string_view text, std::string_view ends) {
  while (!text.empty() && ends.find(text.front()) != ends.npos) text.remove_prefix(1);
  while (!text.empty() && ends.find(text.back()) != ends.npos) text.remove_suffix(1);
  return text;
}

}  // namespace

Explained explained(std::string_view documentation, const std::vector<std::string>& choices) {
  for (std::size_t begin = 0; begin < documentation.size(); ++begin) {
    if (begin > 0 && in_word(documentation[begin - 1])) continue;
    std::map<std::string_view, std::string_view> says;
    std::size_t at = begin, end = begin;
    while (at != documentation.npos) {
      const auto item = item_at(documentation, at, choices);
      if (!item) break;
      says.emplace(item->choice, item->says);
      end = item->end;
      at = past_separator(documentation, end);
    }
    if (says.size() != choices.size()) continue;
    Explained out;
    const auto before = trimmed(documentation.substr(0, begin), " :");
    const auto after = trimmed(documentation.substr(end), " .;");
    out.hint = std::string(before) + (before.empty() || before.ends_with('.') ? "" : ".");
    if (!after.empty()) out.hint += (out.hint.empty() ? "" : " ") + std::string(after) + ".";
    for (const auto& choice : choices) out.each.push_back(sentence(says[choice]));
    return out;
  }
  return {std::string(documentation), std::vector<std::string>(choices.size())};
}

}  // namespace answerable::service::forms
