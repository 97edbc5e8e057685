#pragma once

// Private to reports/render/components: what fields have in common.

#include <string>
#include <string_view>

#include "reports/render/components/form.hpp"

namespace answerable::components {

/// The ids that describe a field, parted by spaces: its hint's and its error's.
std::string described_by(std::string_view id, const Fragment& hint, std::string_view error);

/// <div class="govuk-form-group">, left open.
void open_group(Html& html, std::string_view error, std::string_view more = "");
void put_label(Html& html, const Label& label, std::string_view id);
void put_hint(Html& html, std::string_view id, const Fragment& hint);
void put_error(Html& html, std::string_view id, std::string_view error);
/// <fieldset> with its legend, left open.
void open_fieldset(Html& html, const Label& legend, std::string_view described_by, std::string_view role = "");

}  // namespace answerable::components
