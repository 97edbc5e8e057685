#include "ingest/cli/program.hpp"
#include "reports/cli/report_commands.hpp"
#include "reports/cli/serve_command.hpp"
#include "reports/demo/demo_command.hpp"

int main(int argc, char** argv) {
  answerable::cli::Program program("answerable", "Audit trails, and tables to look things up.");
  answerable::cli::add_trail_command(program);
  answerable::cli::add_bundle_command(program);
  answerable::cli::add_loss_command(program);
  answerable::cli::add_demo_command(program);
  answerable::cli::add_lookup_commands(program);
  answerable::cli::add_guide_command(program);
  answerable::cli::add_doors_command(program);
  answerable::cli::add_reports_serve_commands(program);
  return program.run(argc, argv);
}
