#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <xercesc/util/XMLException.hpp>
#include <xercesc/util/regx/RegularExpression.hpp>

#include "ingest/civil_date.hpp"
#include "ingest/xml/schema_model.hpp"
#include "ingest/xml/utf8.hpp"
#include "ingest/xml/xerces.hpp"

namespace answerable::xml {
namespace {

bool fits(const SimpleType& type, std::string_view value);

std::size_t length_of(const SimpleType& type, std::string_view value) {
  if (type.builtin == "list" || type.item != nullptr) {
    std::size_t words = 0;
    bool inside = false;
    for (const char c : value) {
      words += c != ' ' && !inside;
      inside = c != ' ';
    }
    return words;
  }
  return static_cast<std::size_t>(std::count_if(
      value.begin(), value.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool decimal(std::string_view value) {
  if (value.starts_with('-') || value.starts_with('+')) value.remove_prefix(1);
  const auto dot = value.find('.');
  const auto digits = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto whole = value.substr(0, dot),
             part = dot == std::string_view::npos ? std::string_view{} : value.substr(dot + 1);
  return digits(whole) && digits(part) && !(whole.empty() && part.empty());
}

bool integer(std::string_view value) {
  return decimal(value) && value.find('.') == std::string_view::npos;
}
double as_number(std::string_view value) {
  if (value.starts_with('+')) value.remove_prefix(1);
  double number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

bool is_number(std::string_view builtin) {
  static const std::set<std::string_view> names{
      "decimal", "integer",     "nonNegativeInteger", "positiveInteger", "int",         "long",
      "short",   "unsignedInt", "unsignedLong",       "unsignedShort",   "unsignedByte"};
  return names.contains(builtin);
}
bool is_date(std::string_view builtin) {
  return builtin == "date" || builtin == "gYearMonth" || builtin == "gYear" || builtin == "dateTime" ||
         builtin == "time";
}

bool clock(std::string_view value) {
  static const xercesc::RegularExpression form(
      u"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?(Z|[+\\-][0-9]{2}:[0-9]{2})?", u"X");
  return form.matches(utf16(value).c_str());
}

bool fits_builtin(std::string_view builtin, std::string_view value) {
  if (builtin == "decimal") return decimal(value);
  if (builtin == "positiveInteger") return integer(value) && as_number(value) > 0;
  if (builtin == "nonNegativeInteger" || builtin.starts_with("unsigned"))
    return integer(value) && as_number(value) >= 0;
  if (is_number(builtin)) return integer(value);
  if (builtin == "date") return parse_day(value.substr(0, 10)).has_value();
  if (builtin == "gYearMonth" || builtin == "gYear")
    return parse_happened(value).has_value() && value.size() == (builtin == "gYear" ? 4U : 7U);
  if (builtin == "dateTime") return value.size() > 10 && value[10] == 'T' && parse_day(value.substr(0, 10)).has_value();
  if (builtin == "time") return clock(value);
  if (builtin == "boolean") return value == "true" || value == "false" || value == "1" || value == "0";
  return true;
}

bool matches(const std::string& pattern, std::string_view value) {
  try {
    const xercesc::RegularExpression form(utf16(pattern).c_str(), u"X");
    return form.matches(utf16(value).c_str());
  } catch (const xercesc::XMLException&) {
    return true;  // the judge will say
  }
}

bool fits_facets(const SimpleType& type, std::string_view value) {
  const auto length = length_of(type, value);
  if ((type.min_length && length < *type.min_length) || (type.max_length && length > *type.max_length)) return false;
  if (!type.choices.empty() && std::find(type.choices.begin(), type.choices.end(), value) == type.choices.end())
    return false;
  if (!type.patterns.empty() &&
      std::none_of(type.patterns.begin(), type.patterns.end(), [&](const auto& it) { return matches(it, value); }))
    return false;
  if (is_number(type.builtin)) {
    if (type.min_inclusive && as_number(value) < as_number(*type.min_inclusive)) return false;
    if (type.max_inclusive && as_number(value) > as_number(*type.max_inclusive)) return false;
    const auto dot = value.find('.');
    const auto part = dot == std::string_view::npos ? std::string_view{} : value.substr(dot + 1);
    const auto last = part.find_last_not_of('0');
    if (type.fraction_digits && last != std::string_view::npos && last + 1 > *type.fraction_digits) return false;
    const auto digits = static_cast<std::size_t>(
        std::count_if(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }));
    if (type.total_digits && digits > *type.total_digits) return false;
  }
  return true;
}

std::vector<std::string_view> words_in(std::string_view value) {
  std::vector<std::string_view> words;
  while (!value.empty()) {
    const auto from = value.find_first_not_of(" \t\r\n");
    if (from == std::string_view::npos) break;
    value.remove_prefix(from);
    const auto end = value.find_first_of(" \t\r\n");
    words.push_back(value.substr(0, end));
    value = end == std::string_view::npos ? std::string_view{} : value.substr(end);
  }
  return words;
}

bool fits(const SimpleType& type, std::string_view value) {
  if (type.base != nullptr) return fits(*type.base, value) && fits_facets(type, value);
  if (type.item != nullptr) {
    const auto words = words_in(value);
    return std::all_of(words.begin(), words.end(), [&](auto word) { return fits(*type.item, word); });
  }
  if (!type.members.empty())
    return std::any_of(type.members.begin(), type.members.end(), [&](const auto* it) { return fits(*it, value); });
  return fits_builtin(type.builtin, value);
}

/// Anywhere up the derivation.
template <class Get>
auto inherited(const SimpleType& type, Get get) -> decltype(get(type)) {
  for (const auto* it = &type; it != nullptr; it = it->base) {
    if (auto found = get(*it); found) return found;
  }
  return {};
}

const std::vector<std::string>* choices_of(const SimpleType& type) {
  return inherited(type, [](const SimpleType& it) { return it.choices.empty() ? nullptr : &it.choices; });
}

const SimpleType* item_of(const SimpleType& type) {
  return inherited(type, [](const SimpleType& it) { return it.item; });
}

bool takes_dates(const SimpleType& type) {
  if (!type.members.empty())
    return std::all_of(type.members.begin(), type.members.end(), [](const auto* it) { return takes_dates(*it); });
  return is_date(type.builtin);
}

std::string documentation_of(const SimpleType& type) {
  for (const auto* it = &type; it != nullptr; it = it->base) {
    if (!it->documentation.empty()) return it->documentation;
  }
  return {};
}

/// 5/12/2013, 05-12-2013 and 5.12.2013, as people in England mean them.
std::optional<Day> day_first(std::string_view value) {
  std::array<int, 3> numbers{};
  std::size_t which = 0;
  std::size_t digits = 0;
  for (const char c : value) {
    if (c >= '0' && c <= '9') {
      numbers[which] = numbers[which] * 10 + (c - '0');
      if (++digits > 4) return std::nullopt;
    } else if ((c == '/' || c == '-' || c == '.') && which < 2 && digits > 0) {
      ++which;
      digits = 0;
    } else {
      return std::nullopt;
    }
  }
  if (which != 2 || digits != 4) return std::nullopt;
  return parse_day(fmt::format("{:04}-{:02}-{:02}", numbers[2], numbers[1], numbers[0]));
}

Misfit date_misfit(const SimpleType& type, std::string_view value) {
  Misfit it{"value.date", "", documentation_of(type), ""};
  const auto example = example_of(type);
  const bool moment = type.builtin == "dateTime";
  if (it.expected.empty()) it.expected = fmt::format("For example {}.", example);
  if (const auto meant = day_first(value); meant && !moment) {
    it.problem = fmt::format("{} is written day first.", value);
    it.mend = fmt::format("Write {} if {} is meant.", iso(*meant), words(*meant));
  } else if (value.size() > 10 && value[10] == 'T' && parse_day(value.substr(0, 10)) && !moment) {
    it.problem = "A clock time stands where only a date may.";
    it.mend = fmt::format("Leave the clock time out: {}.", value.substr(0, 10));
  } else if (value.size() == 10 && value[4] == '-' && value[7] == '-' && !moment && !parse_day(value)) {
    it.problem = fmt::format("There is no such day as {}.", value);
    it.mend = fmt::format(
        "Give the day on which it happened, for example {}; if the day is not known and the field allows it, the month "
        "alone, for example {}.",
        example, example.substr(0, 7));
  } else {
    it.problem = fmt::format("{} is not a date as it has to be written here.", shortened(value, 60));
    it.mend = fmt::format("Write it like {}.", example);
  }
  return it;
}

Misfit choice_misfit(const std::vector<std::string>& choices, std::string_view value,
                     const std::string& documentation) {
  Misfit it{"value.choice", fmt::format("“{}” is not one of the words allowed here.", shortened(value, 60)),
            fmt::format("One of: {}.", fmt::join(choices, ", ")), ""};
  if (!documentation.empty()) it.expected = fmt::format("{} {}", it.expected, documentation);
  const auto near = nearest(value, choices);
  it.mend = near ? fmt::format("Write {}, if that is meant.", *near)
                 : fmt::format("Write one of the words allowed, for example {}.", choices.front());
  return it;
}

}  // namespace

std::optional<Misfit> explain_value(const SimpleType& type, std::string_view value) {
  if (fits(type, value)) return std::nullopt;
  const auto documentation = documentation_of(type);
  const auto example = example_of(type);
  const auto expected = documentation.empty() ? fmt::format("For example {}.", example) : documentation;
  if (value.empty()) {
    return Misfit{
        "value.empty", "There is no value.", expected,
        fmt::format(
            "Give the value, for example {}. If it is not known and the field is optional, leave the whole field out.",
            example)};
  }
  if (takes_dates(type)) return date_misfit(type, value);
  if (const auto* item = item_of(type)) {
    for (const auto word : words_in(value)) {
      if (fits(*item, word)) continue;
      if (const auto* choices = choices_of(*item)) return choice_misfit(*choices, word, documentation);
      return explain_value(*item, word);
    }
    return Misfit{"value.empty", "The list holds too few words, or too many.", expected,
                  fmt::format("Write for example {}.", example)};
  }
  if (const auto* choices = choices_of(type)) return choice_misfit(*choices, value, documentation);
  if (is_number(type.builtin)) {
    return Misfit{
        "value.number", fmt::format("“{}” is not a number as it has to be written here.", shortened(value, 60)),
        expected,
        fmt::format(
            "Write digits, with a point before parts and without signs for pounds or thousands, for example {}.",
            example)};
  }
  const auto length = length_of(type, value);
  if (const auto most = inherited(type, [](const SimpleType& it) { return it.max_length; }); most && length > *most) {
    return Misfit{
        "value.too-long", fmt::format("The value has {} characters.", length),
        fmt::format("At most {} characters. {}", *most, expected),
        fmt::format("Shorten it to {} characters; longer words have their place in note, or in a document.", *most)};
  }
  if (const auto least = inherited(type, [](const SimpleType& it) { return it.min_length; });
      least && length < *least) {
    return Misfit{"value.too-short", fmt::format("The value has {} characters.", length),
                  fmt::format("At least {} characters. {}", *least, expected),
                  fmt::format("Write for example {}.", example)};
  }
  return Misfit{"value.pattern", fmt::format("“{}” is not written as it has to be.", shortened(value, 60)), expected,
                fmt::format("Write it like {}.", example)};
}

std::string example_of(const SimpleType& type) {
  if (const auto* choices = choices_of(type)) return choices->front();
  if (const auto* item = item_of(type)) return example_of(*item);
  if (!type.members.empty()) return example_of(*type.members.front());
  for (const auto* it = &type; it != nullptr; it = it->base) {
    if (it->name == "money") return "118.50";
    if (it->name == "recordId") return "REV-2014-17";
    if (it->name == "identifierValue") return "1234567";
    if (it->name == "shortText" || it->name == "longText") return "words";
  }
  static const std::vector<std::string> tries{"2013-12-05",
                                              "2013-12",
                                              "2013",
                                              "2013-12-05T09:30:00+00:00",
                                              "09:30:00",
                                              "4.5",
                                              "4",
                                              "yes",
                                              "true",
                                              "words",
                                              "A1",
                                              "905",
                                              "E06000066",
                                              "https://example.org/",
                                              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"};
  const auto found = std::find_if(tries.begin(), tries.end(), [&](const auto& it) {
    return is_number(type.builtin) == (it == "4.5" || it == "4") && fits(type, it);
  });
  return found == tries.end() ? "…" : *found;
}

std::optional<std::string> nearest(std::string_view name, std::span<const std::string> names) {
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? a + 32 : a) == (b >= 'A' && b <= 'Z' ? b + 32 : b);
  };
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, std::min<std::size_t>(name.size(), 64) / 3) + 1;
  if (name.size() > 64) return std::nullopt;
  for (const auto& other : names) {
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= name.size(); ++i) {
      auto diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= other.size(); ++j) {
        const auto above = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + !same(name[i - 1], other[j - 1])});
        diagonal = above;
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = &other;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

}  // namespace answerable::xml
