// The front door: hands its first word to the program that knows it, as git does.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/cli/program.hpp"

namespace {

struct Word {
  std::string_view name, program, summary;
  std::string_view there{};  ///< what the program calls it; empty: the same
};

constexpr std::array words{
    Word{"check", "answerable-ingest", "judge files without storing anything"},
    Word{"submit", "answerable-ingest", "take files in and print their receipts"},
    Word{"receipt", "answerable-audit", "show a receipt, keep it signed, or give the file's exact bytes back"},
    Word{"status", "answerable-ingest", "what is held, and where"},
    Word{"account", "answerable-ingest", "who may sign in to the services, as what"},
    Word{"assign", "answerable-ingest", "which agreements and complaints are whose"},
    Word{"key", "answerable-ingest", "API keys of machines that send"},
    Word{"certificate", "answerable-ingest", "client certificates of machines that send"},
    Word{"audit", "answerable-audit", "judge what is held against the law"},
    Word{"findings", "answerable-audit", "list what the audit found"},
    Word{"set-aside", "answerable-audit", "set a finding aside: by whom, why, until when"},
    Word{"reopen", "answerable-audit", "open a finding again that was set aside"},
    Word{"reminder", "answerable-audit", "put on record that a body was reminded"},
    Word{"reminders", "answerable-audit", "list reminders: to whom, of what, whether they came"},
    Word{"hold", "answerable-audit", "place, lift or list legal holds"},
    Word{"dispose", "answerable-audit", "erase a person's records at the end of their time; proofs hold"},
    Word{"explain", "answerable-audit", "one finding: events, clock, law, what was looked for"},
    Word{"replay", "answerable-audit",
         "tell decided ombudsman cases again as records: what would have been found, and when"},
    Word{"witness", "answerable-audit", "cosign the checkpoints of other councils' ledgers"},
    Word{"checkpoint", "answerable-audit", "sign the ledger: give what came in its place in it"},
    Word{"ledger", "answerable-audit", "the ledger's size, keys and last verification; end a year"},
    Word{"verify", "answerable-audit", "recompute the ledger, or judge a bundle: is all as it was signed?"},
    Word{"backup", "answerable-audit", "copy the private database while it is used"},
    Word{"restore", "answerable-audit", "put a backup into a new data folder, and verify its ledger"},
    Word{"rules", "answerable-audit", "list and explain the rules in plain words"},
    Word{"trail", "answerable-reports", "write a person's or case's audit trail: HTML, PDF, CSV, XML"},
    Word{"bundle", "answerable-reports",
         "seal a person's or case's records and trail for somebody who has none of our software"},
    Word{"loss", "answerable-reports", "work out lost direct payments and lost care, every term shown"},
    Word{"people", "answerable-reports", "look up people"},
    Word{"agreements", "answerable-reports", "look up agreements"},
    Word{"submissions", "answerable-reports", "look up submissions"},
    Word{"guide", "answerable-reports", "write all rules in plain words: a web page and a printable guide"},
    Word{"doors", "answerable-reports", "list the pages for people and who may open them"},
    Word{"serve", "answerable-reports", "answer over HTTP: intake, audit and pages for people, in one process",
         "serve-all"},
    Word{"demo", "answerable-reports", "take in demonstration records, audit them and write their trails"},
};

void print_help(std::FILE* to) {
  std::fputs(
      "answerable: records in, missing evidence and uncompleted reviews flagged, an audit trail out.\n\n"
      "usage: answerable WORD [options]     answerable WORD --help tells more\n\n",
      to);
  for (const Word& word : words) {
    std::fprintf(to, "  %-12s %s\n", std::string{word.name}.c_str(), std::string{word.summary}.c_str());
  }
  std::fputs(
      "\nOptions of every word: --data DIR (default: your data folder), --database URI, --format text|json\n"
      "Exit codes: 0 done, 1 findings or held records (with --exit-code), 2 usage, 3 input refused, 4 database, 5 "
      "internal\n",
      to);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word.empty() || word == "help" || word == "--help" || word == "-h") {
    print_help(stdout);
    return word.empty() ? answerable::cli::usage : answerable::cli::done;
  }
  if (word == "--version") {
    std::puts("answerable " ANSWERABLE_VERSION);
    return answerable::cli::done;
  }
  const auto* const known = std::ranges::find(words, word, &Word::name);
  if (known == words.end()) {
    std::fprintf(stderr, "answerable: there is no '%s'. These words are known:\n\n", argv[1]);
    print_help(stderr);
    return answerable::cli::usage;
  }
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / known->program;
  std::vector<char*> arguments(argv, argv + argc);
  std::string name = program.string();
  std::string there{known->there.empty() ? known->name : known->there};
  arguments[0] = name.data();
  arguments[1] = there.data();
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  std::fprintf(stderr, "answerable: %s is missing or cannot be run. Build or install the programs together.\n",
               program.c_str());
  return answerable::cli::internal;
}
