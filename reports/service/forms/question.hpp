#pragma once

#include <string>

#include "reports/render/components/form.hpp"
#include "reports/service/forms/choices.hpp"
#include "reports/service/forms/fields.hpp"

// Private to the forms: one question, asked by the component that fits what may be answered.
namespace answerable::service::forms::question {

/// What is the same for every way of asking.
struct Asked {
  std::string name, label, hint, error;
  const Answers& answers;
};

render::Fragment line(const Asked& asked, components::TextInput::Width width = components::TextInput::Width::w20);
/// By the component that the type asks for.
render::Fragment simple(const xml::SimpleType& type, const Asked& asked);
/// Of these four, what is known can be chosen instead of being typed: take_chosen().
render::Fragment person(const xml::ComplexType& type, const Asked& asked, const Known& known);
render::Fragment reference(const Asked& asked, const Known& known);
render::Fragment organisation(const xml::ComplexType& type, const Asked& asked, const Known& known);
render::Fragment agreement(const Asked& asked, const Known& known);

}  // namespace answerable::service::forms::question
