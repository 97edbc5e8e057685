#include "audit/cli/audit_commands.hpp"
#include "ingest/cli/program.hpp"

int main(int argc, char** argv) {
  answerable::cli::Program program("answerable", "Judges records against the law, and says why.");
  answerable::cli::add_audit_commands(program);
  return program.run(argc, argv);
}
