#pragma once

namespace answerable::cli {

class Program;

/// Adds `witness`.
void add_witness_command(Program& program);

}  // namespace answerable::cli
