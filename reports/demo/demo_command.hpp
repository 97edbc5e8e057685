#pragma once

namespace answerable::cli {

class Program;

/// demo: made-up records taken in, audited and written out.
void add_demo_command(Program& program);

}  // namespace answerable::cli
