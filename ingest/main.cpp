#include "ingest/cli/intake_commands.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/cli/serve_command.hpp"

int main(int argc, char** argv) {
  answerable::cli::Program program("answerable", "Takes care records in: checked, numbered, receipted.");
  answerable::cli::add_intake_commands(program);
  answerable::cli::add_intake_serve_command(program);
  return program.run(argc, argv);
}
