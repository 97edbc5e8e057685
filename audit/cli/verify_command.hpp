#pragma once

namespace answerable::cli {

class Program;
struct Common;
struct LedgerAsked;

/// Recomputes the ledgers from what is stored, and prints what differs. \return an exit code
int verify_ledger(const Common& common, const LedgerAsked& asked);

/// verify: the ledger from what is stored, or files that left it.
void add_verify_command(Program& program);

}  // namespace answerable::cli
