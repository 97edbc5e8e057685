#include "ingest/identifiers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace answerable {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}
bool digits_of(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most && all_digits(text);
}

IdentifierFault format(std::string_view scheme, std::string problem, std::string expected, std::string mend) {
  return {fmt::format("{}.format", scheme), std::move(problem), std::move(expected), std::move(mend)};
}

/// NHS Data Dictionary, NHS NUMBER: weights 10 to 2 on the first nine digits, modulus 11.
std::optional<IdentifierFault> nhs_number(std::string_view value) {
  constexpr auto expected = "An NHS number: ten digits without spaces, the last of which is a check digit.";
  if (!digits_of(value, 10, 10)) {
    std::string bare(value);
    std::erase_if(bare, [](char c) { return c == ' ' || c == '-'; });
    if (bare.size() != value.size() && digits_of(bare, 10, 10)) {
      return format("nhs-number", "The NHS number is written with spaces or dashes.", expected,
                    fmt::format("Write the ten digits together: {}.", bare));
    }
    return format("nhs-number",
                  fmt::format("The NHS number is not ten digits: it has {}.",
                              all_digits(value) ? fmt::format("{}", value.size()) : "other characters"),
                  expected,
                  "Write the ten digits as the NHS app or a letter from the NHS shows them, without spaces. If you do "
                  "not have it, use scheme council or sender.");
  }
  if (std::all_of(value.begin(), value.end(), [&](char c) { return c == value.front(); })) {
    return IdentifierFault{"nhs-number.repeated",
                           "The NHS number is one digit repeated ten times: a filler, not a person's number.", expected,
                           "Give the person's own NHS number. If you do not have it, use scheme council or sender."};
  }
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (10 - i) * (value[static_cast<std::size_t>(i)] - '0');
  const int check = (11 - sum % 11) % 11;
  if (check == 10 || check != value[9] - '0') {
    return IdentifierFault{"nhs-number.check-digit",
                           "The last digit of the NHS number is wrong for the nine before it: a digit has been "
                           "mistyped, or two have been swapped.",
                           expected,
                           "Compare the number with the person's record and send it again, for example 9990000018."};
  }
  return std::nullopt;
}

std::optional<IdentifierFault> ods(std::string_view value) {
  const auto right = value.size() >= 3 && value.size() <= 6 &&
                     std::all_of(value.begin(), value.end(), [](char c) { return digit(c) || upper(c); }) &&
                     std::any_of(value.begin(), value.end(), [](char c) { return digit(c) || upper(c); });
  if (right) return std::nullopt;
  return format(
      "ods", "This is not an ODS code.",
      "An ODS code: 3 to 6 capital letters and digits, for example RH5 (a trust) or RH5A1 (one of its sites).",
      "Look the organisation up at the NHS Organisation Data Service and write its code in capitals, for example RH5.");
}

std::optional<IdentifierFault> cassr(std::string_view value) {
  const auto five =
      value.size() == 5 && std::all_of(value.begin(), value.end(), [](char c) { return digit(c) || upper(c); });
  if (digits_of(value, 3, 3) || five) return std::nullopt;
  const auto hint = value.size() == 9 && value.front() == 'E'
                        ? " This looks like a GSS code: use scheme gss for it, or give the CASSR code."
                        : "";
  return format(
      "cassr", fmt::format("This is not a council's CASSR code.{}", hint),
      "A CASSR code: three digits, for example 905 for Somerset, or five characters for councils made since 2021.",
      "Write the council's three-digit code, for example 905.");
}

std::optional<IdentifierFault> gss(std::string_view value) {
  static constexpr std::array<std::string_view, 5> types{"06", "07", "08", "09", "10"};
  if (value.size() == 9 && value.front() == 'E' && all_digits(value.substr(1)) &&
      std::find(types.begin(), types.end(), value.substr(1, 2)) != types.end()) {
    return std::nullopt;
  }
  return format("gss", "This is not an English council's GSS code.",
                "A GSS code: E, then 06, 07, 08, 09 or 10, then six digits, for example E06000066.",
                "Write the council's code of the Office for National Statistics, for example E06000066.");
}

bool cqc_number(std::string_view value) {
  return value.starts_with("1-") && digits_of(value.substr(2), 6, 12);
}

std::optional<IdentifierFault> cqc(std::string_view scheme, std::string_view value) {
  // An NHS trust is registered with the CQC under its ODS code, and its sites under theirs.
  const auto trust = value.size() >= 3 && value.size() <= 5 && value.front() == 'R' &&
                     std::all_of(value.begin(), value.end(), [](char c) { return digit(c) || upper(c); });
  if (cqc_number(value) || trust) return std::nullopt;
  const auto what = scheme == "cqc-provider" ? "provider" : "location";
  return format(
      scheme, fmt::format("This is not a CQC {} id.", what),
      fmt::format("A CQC {} id: 1- and 6 to 12 digits, for example 1-101639954; for an NHS trust its ODS code.", what),
      fmt::format("Copy the {} id from the CQC's website, with the 1- in front.", what));
}

std::optional<IdentifierFault> company(std::string_view value) {
  const auto letters = value.size() == 8 && upper(value[0]) && upper(value[1]) && all_digits(value.substr(2));
  if (digits_of(value, 8, 8) || letters) return std::nullopt;
  if (digits_of(value, 1, 7)) {
    return format("company", "The company number has lost its leading noughts, as happens in spreadsheets.",
                  "A company number: eight digits, or two letters and six digits.",
                  fmt::format("Write it with eight digits: {:0>8}.", value));
  }
  return format("company", "This is not a Companies House number.",
                "A company number: eight digits, or two letters and six digits, for example 00445790 or SC123456.",
                "Copy the number from Companies House, with its leading noughts.");
}

std::optional<IdentifierFault> charity(std::string_view value) {
  auto number = value;
  if (const auto dash = value.find('-'); dash != std::string_view::npos && digits_of(value.substr(dash + 1), 1, 3))
    number = value.substr(0, dash);
  if (digits_of(number, 6, 7) || (value.starts_with("SC") && digits_of(value.substr(2), 6, 6))) return std::nullopt;
  return format("charity", "This is not a charity number.",
                "A charity number: six or seven digits, for example 1140830, or SC and six digits in Scotland.",
                "Copy the number from the Charity Commission's register.");
}

}  // namespace

std::optional<IdentifierFault> check_identifier(std::string_view scheme, std::string_view value) {
  if (scheme == "nhs-number") return nhs_number(value);
  if (scheme == "ods") return ods(value);
  if (scheme == "cassr") return cassr(value);
  if (scheme == "gss") return gss(value);
  if (scheme == "cqc-provider" || scheme == "cqc-location") return cqc(scheme, value);
  if (scheme == "company") return company(value);
  if (scheme == "charity") return charity(value);
  return std::nullopt;
}

}  // namespace answerable
