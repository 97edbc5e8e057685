#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/http/form.hpp"
#include "ingest/xml/document.hpp"
#include "reports/service/forms/shape.hpp"

namespace answerable::service::forms {

/// What somebody filled in, by the names of the fields; kept as it was typed.
class Answers {
 public:
  Answers() = default;
  /// Fields of the same name are the values of a list.
  explicit Answers(const http::Form& form);
  /// What a record says already, and the paths of what a form has no field for.
  static Answers of(const xml::ElementRule& rule, const xml::Element& record, std::vector<std::string>& unknown);

  void set(std::string name, std::string value);
  void erase(const std::string& name) { values_.erase(name); }
  /// "" when nothing was filled in.
  const std::string& typed(std::string_view name) const;
  /// What the record is to say: of a date, its day, month and year together.
  std::string value(std::string_view name, Ask ask) const;
  /// Whether anything was filled in at this field or below it.
  bool any(std::string_view field) const;
  /// Of a part that repeats: the number of the last one that something was filled in for; 0 for none.
  int last_of(std::string_view field) const;
  const std::map<std::string, std::string, std::less<>>& all() const { return values_; }

 private:
  void read(const xml::ElementRule& rule, const xml::Element& element, const std::string& field,
            std::vector<std::string>& unknown);
  void put(const std::string& field, Ask ask, const std::string& value);

  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace answerable::service::forms
