#pragma once

namespace answerable::cli {

class Program;

/// trail
void add_trail_command(Program& program);
/// loss
void add_loss_command(Program& program);
/// bundle
void add_bundle_command(Program& program);
/// guide
void add_guide_command(Program& program);
void add_doors_command(Program& program);
/// people, agreements, submissions
void add_lookup_commands(Program& program);

}  // namespace answerable::cli
