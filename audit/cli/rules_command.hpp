#pragma once

#include "ingest/cli/verbs.hpp"

namespace answerable::cli {

/// list, explain.
void add_rule_words(Verbs& rules);

}  // namespace answerable::cli
