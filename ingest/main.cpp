#include "ingest/cli/account_commands.hpp"
#include "ingest/cli/intake_commands.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/cli/serve_command.hpp"

int main(int argc, char** argv) {
  answerable::cli::Program program("answerable", "Takes care records in: checked, numbered, receipted.");
  answerable::cli::add_intake_commands(program);
  answerable::cli::add_intake_serve_command(program);
  answerable::cli::add_account_commands(program);
  answerable::cli::add_key_commands(program);
  return program.run(argc, argv);
}
