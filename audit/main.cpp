#include "audit/cli/audit_commands.hpp"
#include "audit/cli/backup_commands.hpp"
#include "audit/cli/decision_commands.hpp"
#include "audit/cli/disposal_commands.hpp"
#include "audit/cli/ledger_commands.hpp"
#include "audit/cli/receipt_command.hpp"
#include "audit/cli/reminder_commands.hpp"
#include "audit/cli/replay_command.hpp"
#include "audit/cli/rule_loading.hpp"
#include "audit/cli/rules_command.hpp"
#include "audit/cli/serve_command.hpp"
#include "audit/cli/verify_command.hpp"
#include "audit/cli/witness_command.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/cli/verbs.hpp"

int main(int argc, char** argv) {
  answerable::cli::Program program("answerable", "Judges records against the law, and says why.");
  answerable::cli::add_audit_commands(program);
  answerable::cli::add_replay_command(program);
  answerable::cli::add_decision_commands(program);
  answerable::cli::add_disposal_commands(program);
  answerable::cli::add_reminder_commands(program);
  answerable::cli::add_witness_command(program);
  answerable::cli::add_receipt_command(program);
  answerable::cli::add_checkpoint_command(program);
  answerable::cli::add_verify_command(program);
  answerable::cli::add_backup_commands(program);
  answerable::cli::add_audit_serve_command(program);
  answerable::cli::Verbs ledger(program, "ledger", "The signed ledger: what there is, keys, the end of a year");
  answerable::cli::add_ledger_words(ledger);
  answerable::cli::Verbs rules(program, "rules",
                               "The rules in plain words: what each asks for, by which law, and its examples");
  answerable::cli::add_rule_words(rules);
  answerable::cli::add_rule_loading(rules);
  return program.run(argc, argv);
}
