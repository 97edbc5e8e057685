#pragma once

namespace answerable::cli {

class Program;

/// `serve`: the intake's service.
void add_intake_serve_command(Program& program);

}  // namespace answerable::cli
