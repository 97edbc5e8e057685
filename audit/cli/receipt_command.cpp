#include "audit/cli/receipt_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "audit/ledger/receipt_file.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/cli/receipt_output.hpp"
#include "ingest/pg/private_server.hpp"

namespace answerable::cli {
namespace {

struct ReceiptAsked {
  std::string id, original, output;
};

/// Writes a whole file, or none and says why not.
void write_file(const std::string& name, const std::function<void(std::ostream&)>& write) {
  std::ofstream out(name, std::ios::binary | std::ios::trunc);
  if (!out) throw Failure(usage, fmt::format("{} cannot be written: check the folder and its permissions", name));
  try {
    write(out);
  } catch (const intake::DisposedOf& gone) {
    std::filesystem::remove(name);
    throw Failure(refused, gone.what());
  }
  out.close();
  if (!out) throw Failure(internal, fmt::format("{} could not be written whole: is the disk full?", name));
}

std::string state_words(const std::string& state) {
  if (state == "received") return "received: stored durably, and in line for the ledger";
  if (state == "sequenced") return "sequenced: in the ledger, under a checkpoint the council has signed";
  return "published: in the ledger, under a checkpoint that a witness has cosigned";
}

int show_receipt(const Common& common, const ReceiptAsked& asked) {
  const auto id = intake::parse_receipt_id(asked.id);
  if (!id) throw Failure(usage, fmt::format("\"{}\" is no receipt: it looks like S905-12", asked.id));
  const pg::Database database = open_database(common);
  pg::Connection connection(database.conninfo(), "receipt", "answerable_audit");
  const auto receipt = intake::find_receipt(connection, *id);
  if (!receipt) throw Failure(usage, fmt::format("there is no receipt {}", asked.id));
  if (asked.original == "-") {
    try {
      intake::original(connection, *id, std::cout);
    } catch (const intake::DisposedOf& gone) {
      throw Failure(refused, gone.what());
    }
    return done;
  }
  if (!asked.original.empty())
    write_file(asked.original, [&](std::ostream& out) { intake::original(connection, *id, out); });
  pg::Transaction transaction(connection, pg::Access::read_only);
  const auto file = ledger::receipt_file(transaction, *id);
  if (asked.output == "-") {
    print(file.text);
    return done;
  }
  if (!asked.output.empty()) write_file(asked.output, [&](std::ostream& out) { out << file.text; });
  if (common.json) {
    auto document = receipt_json(*receipt);
    document["state"] = file.state;
    print_json(document);
  } else {
    print(receipt_text(receipt->message_id, *receipt) + fmt::format("  state        {}\n", state_words(file.state)));
  }
  return done;
}

}  // namespace

void add_receipt_command(Program& program) {
  const auto asked = std::make_shared<ReceiptAsked>();
  auto& command = program.add("receipt", "Show a receipt again, keep it signed, and give the file's exact bytes back.",
                              [asked](const Common& common) { return show_receipt(common, *asked); });
  command.add_option("ID", asked->id, "For example S905-12")->required();
  command.add_option("--original", asked->original, "Write the file exactly as it was sent; - is standard output")
      ->type_name("FILE");
  command
      .add_option("--output", asked->output,
                  "Write the receipt to keep: `answerable verify --receipt` and verify.py check it without us; - is "
                  "standard output")
      ->type_name("FILE");
}

}  // namespace answerable::cli
