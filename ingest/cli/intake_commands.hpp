#pragma once

namespace answerable::cli {

class Program;

/// check, submit, receipt, status and the hidden parse-worker.
void add_intake_commands(Program& program);

}  // namespace answerable::cli
