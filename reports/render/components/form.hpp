#pragma once

#include <string>
#include <vector>

#include "reports/render/components/content.hpp"

namespace answerable::components {

/// Forms' fields. The id of a field is its name unless another is given; an error summary leads to it. An empty error
/// means there is none.

/// How large a label or legend is written.
enum class LabelSize { normal, s, m, l, xl };

/// A label or legend, which may be the page's heading as well: a page that asks one thing.
struct Label {
  std::string text;
  LabelSize size{LabelSize::normal};
  bool page_heading{false};

  Label(std::string says, LabelSize written = LabelSize::normal, bool heads_page = false)
      : text(std::move(says)), size(written), page_heading(heads_page) {}
  Label(const char* says) : text(says) {}
};

struct TextInput {
  enum class Width { full, w2, w3, w4, w5, w10, w20, w30 };  ///< characters that fit; says how much is expected

  std::string name;
  Label label;
  Fragment hint{};
  std::string error{};
  std::string value{};
  Width width{Width::full};
  std::string type{"text"}, inputmode{}, autocomplete{}, prefix{}, suffix{};
  std::string id{};
};
void put(Html& html, const TextInput& input);

struct PasswordInput {
  std::string name;
  Label label;
  Fragment hint{};
  std::string error{};
  std::string autocomplete{"current-password"};
  std::string id{};
};
void put(Html& html, const PasswordInput& input);

struct Textarea {
  std::string name;
  Label label;
  Fragment hint{};
  std::string error{};
  std::string value{};
  int rows{5};
  std::string id{};
};
void put(Html& html, const Textarea& area);

struct FileUpload {
  std::string name;
  Label label;
  Fragment hint{};
  std::string error{};
  bool multiple{false};
  std::string id{};
};
void put(Html& html, const FileUpload& upload);

struct Select {
  struct Option {
    std::string value, text;  ///< an empty text is said as "Choose one"
  };
  std::string name;
  Label label;
  std::vector<Option> options;
  std::string chosen{};
  Fragment hint{};
  std::string error{};
  std::string id{};
};
void put(Html& html, const Select& select);

/// One of the answers to choose from.
struct Choice {
  std::string value, text;
  Fragment hint{};
  /// Shown with it. Without scripts it is always shown.
  Fragment conditional{};
  bool chosen{false};
  /// Not an answer, but a word between answers: "or".
  static Choice divider(std::string words);
};

struct Radios {
  enum class Look { normal, in_line, small };
  std::string name;
  Label legend;
  std::vector<Choice> items;
  Fragment hint{};
  std::string error{};
  Look look{Look::normal};
  std::string id{};  ///< of the first answer; the others' end in -2, -3 …
};
void put(Html& html, const Radios& radios);

struct Checkboxes {
  std::string name;
  Label legend;
  std::vector<Choice> items;
  Fragment hint{};
  std::string error{};
  bool small{false};
  std::string id{};
};
void put(Html& html, const Checkboxes& checkboxes);

/// Three fields, whose names are ID-day, ID-month and ID-year. An error summary leads to one of these. With an error
/// all three are marked as wrong, unless some of them are said to be.
struct DateInput {
  std::string id;
  Label legend;
  Fragment hint{};
  std::string error{};
  std::string day{}, month{}, year{};
  bool day_wrong{false}, month_wrong{false}, year_wrong{false};
};
void put(Html& html, const DateInput& input);

struct Fieldset {
  Label legend;
  Fragment content;
};
void put(Html& html, const Fieldset& fieldset);

struct Button {
  enum class Kind { primary, secondary, warning };
  std::string text;
  Kind kind{Kind::primary};
  std::string name{}, value{};
  std::string href{};    ///< then it is a link that looks like one
  std::string hidden{};  ///< further words for screen readers: "End" " the assignment of C-25-7"
};
void put(Html& html, const Button& button);

/// Buttons and links beside each other.
struct ButtonGroup {
  std::vector<Fragment> buttons;
};
void put(Html& html, const ButtonGroup& group);

}  // namespace answerable::components
