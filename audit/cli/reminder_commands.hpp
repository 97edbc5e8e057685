#pragma once

namespace answerable::cli {

class Program;

/// reminder, reminders.
void add_reminder_commands(Program& program);

}  // namespace answerable::cli
