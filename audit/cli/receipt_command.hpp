#pragma once

namespace answerable::cli {

class Program;

/// receipt: what a sender can show later.
void add_receipt_command(Program& program);

}  // namespace answerable::cli
