#pragma once

namespace answerable::cli {

class Program;

/// replay.
void add_replay_command(Program& program);

}  // namespace answerable::cli
