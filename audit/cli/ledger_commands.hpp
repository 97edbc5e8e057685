#pragma once

namespace answerable::cli {

class Program;
class Verbs;

/// checkpoint: sequence what waits, sign it, have it witnessed.
void add_checkpoint_command(Program& program);
/// show, close, key: what there is, and what is done once a year.
void add_ledger_words(Verbs& ledger);
/// consistency: what shows that the ledger only grew between two checkpoints.
void add_consistency_word(Verbs& ledger);

}  // namespace answerable::cli
