#pragma once

namespace answerable::cli {

class Program;

/// backup and restore.
void add_backup_commands(Program& program);

}  // namespace answerable::cli
