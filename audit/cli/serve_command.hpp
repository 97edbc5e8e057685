#pragma once

namespace answerable::cli {

class Program;

/// `serve`: the audit's service.
void add_audit_serve_command(Program& program);

}  // namespace answerable::cli
