#pragma once

#include <string>
#include <vector>

#include "ingest/xml/kinds.hpp"
#include "reports/service/forms/fields.hpp"
#include "reports/service/forms/writing.hpp"
#include "reports/service/provider/known.hpp"
#include "reports/service/visit.hpp"

/// What forms of all kinds share: whom they are sent for, what is known, and the fields that keep a form one file
/// however often it is sent.
namespace answerable::service::provider_desk {

/// The newest version of a kind, and the element its records are. \throws http::Problem 404
struct FormOf {
  const xml::Kind& kind;
  const xml::ElementRule& record;
};
FormOf form_of(const Visit& visit, std::string_view kind);
/// The kinds that there are, each in its newest version.
std::vector<FormOf> all_forms(const Visit& visit);

struct Desk {
  Ends ends;
  forms::Known known;
};
Desk desk_of(const Visit& visit);

/// The head of what this visit's form sends, and the hidden fields by which the form sends the same head again.
forms::Head head_of(const Visit& visit, const Desk& desk);
render::Fragment head_fields(const Visit& visit, const forms::Head& head);
/// Asked only while nobody knows it: the organisation's name.
render::Fragment name_field(const Visit& visit, const Desk& desk);

/// What the form says, as records say it.
forms::Answers answers_of(const Visit& visit);
/// A chosen file becomes the record's content, with the fingerprint, size, format and title that go with it.
void take_file(const Visit& visit, const xml::ElementRule& record, forms::Answers& answers);

}  // namespace answerable::service::provider_desk
