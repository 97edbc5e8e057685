#pragma once

namespace answerable::cli {

class Program;

/// hold, dispose.
void add_disposal_commands(Program& program);

}  // namespace answerable::cli
