#pragma once

namespace answerable::cli {

class Program;

/// audit, findings, explain.
void add_audit_commands(Program& program);

}  // namespace answerable::cli
