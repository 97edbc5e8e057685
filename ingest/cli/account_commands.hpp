#pragma once

namespace answerable::cli {

class Program;

/// account, assign: who may sign in to the services, as what.
void add_account_commands(Program& program);
/// key, certificate: how machines show who they are.
void add_key_commands(Program& program);

}  // namespace answerable::cli
