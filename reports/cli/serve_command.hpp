#pragma once

namespace answerable::cli {

class Program;

/// `serve`: the doors for people alone. `serve-all`, which `answerable serve` leads to: all three services in one
/// process.
void add_reports_serve_commands(Program& program);

}  // namespace answerable::cli
