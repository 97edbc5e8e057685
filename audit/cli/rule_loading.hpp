#pragma once

namespace answerable::cli {

class RulesCommand;

/// test, load, withdraw: a council's own rules.
void add_rule_loading(RulesCommand& rules);

}  // namespace answerable::cli
