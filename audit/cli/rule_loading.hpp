#pragma once

namespace answerable::cli {

class Verbs;

/// test, load, withdraw: a council's own rules.
void add_rule_loading(Verbs& rules);

}  // namespace answerable::cli
