#pragma once

namespace answerable::cli {

class Program;

/// set-aside and reopen: what people decide about findings.
void add_decision_commands(Program& program);

}  // namespace answerable::cli
