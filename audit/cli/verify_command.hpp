#pragma once

namespace answerable::cli {

class Program;

/// verify: the ledger from what is stored, or files that left it.
void add_verify_command(Program& program);

}  // namespace answerable::cli
