#pragma once

#include <map>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/parsed.hpp"
#include "reports/render/xml.hpp"
#include "reports/service/forms/answers.hpp"

namespace answerable::service::forms {

/// What stands at the head of a submission that a page makes.
struct Head {
  std::string message_id;  ///< given when the form was opened: sent twice it is one file
  OrganisationRef sender, authority;
  std::string agreement;  ///< "" when none is named
  Instant created_at{};
};

/// What the pages say made a file.
inline constexpr std::string_view source_system = "Answerable " ANSWERABLE_VERSION ", form";

/// Writes a submission from what was filled in: the same XML that a system would have sent, one element a line, so that
/// whatever the intake says of a line can be said beside the field.
class Writing {
 public:
  explicit Writing(const Head& head);

  /// \param prefix before the names of the record's fields, where a page has several
  Writing& record(const xml::ElementRule& rule, std::string_view ns, const Answers& answers,
                  const std::string& prefix = "");
  std::string finish();

  /// The field that a fault of this file is about; "" when it is about none.
  std::string field_of(const Fault& fault) const;

 private:
  void element(const xml::ElementRule& rule, const Answers& answers, const std::string& field, std::string_view ns);
  void attributes(const xml::ComplexType& type, const Answers& answers, const std::string& field);
  void children(const xml::ComplexType& type, const Answers& answers, const std::string& field);
  void note(const std::string& field);

  std::ostringstream out_;
  render::XmlWriter xml_;
  std::size_t counted_{};
  int line_{1};
  std::map<int, std::string> lines_;
};

/// A submission around one record that is XML already.
struct Wrapped {
  std::string file;
  int lines_before{};  ///< a fault's line less these is the record's own
};
/// \param kind and version of the record, for a prefix that stood further out in the file it came in
Wrapped wrap(const Head& head, std::string_view record, std::string_view kind, int version);

/// What is wrong, by field, each in words that say how to mend it; under "" what no field is to blame for.
std::multimap<std::string, std::string> by_field(const Writing& writing, std::span<const Fault> faults);

}  // namespace answerable::service::forms
