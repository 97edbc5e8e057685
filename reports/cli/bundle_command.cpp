#include <fmt/format.h>
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "audit/cli/reading.hpp"
#include "audit/engine/council_rules.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/cli/signing.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/xml/document.hpp"
#include "ingest/xml/kinds.hpp"
#include "reports/bundle/bundle.hpp"
#include "reports/bundle/redaction.hpp"
#include "reports/cli/report_commands.hpp"
#include "reports/cli/whom.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::cli {
namespace {

constexpr pg::Statement put_on_ledger{"bundle.event", "SELECT answerable.append_event($1, 'bundle', $2, $3) AS event"};

struct BundleOptions {
  std::string person, complaint, output, as_of, redact, authority;
  Reading reading;
  Signing signing;
  std::optional<std::int64_t> checkpoint;
};

std::optional<bundle::RedactionRequest> read_redaction(const std::string& file) {
  if (file.empty()) return {};
  try {
    return bundle::read_redaction_request(file, share_folder() / "schemas");
  } catch (const xml::Invalid& fault) {
    throw Failure(refused, fault.what());
  }
}

ledger::KeptCheckpoint checkpoint(pg::Connection& connection, const std::string& authority,
                                  const BundleOptions& options) {
  pg::Transaction transaction(connection, pg::Access::read_only);
  auto found = ledger::find_checkpoint(transaction, authority, 0, options.checkpoint);
  if (found) return *found;
  throw Failure(usage,
                options.checkpoint
                    ? fmt::format("The ledger of council {} has no checkpoint of size {}. Leave --checkpoint out for "
                                  "the newest.",
                                  authority, *options.checkpoint)
                    : fmt::format("The ledger of council {} has no checkpoint yet, and a bundle is proved by one. "
                                  "'answerable checkpoint --authority {}' makes it.",
                                  authority, authority));
}

template <class T>
nlohmann::ordered_json or_null(const std::optional<T>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

access::SignOff sign_off(pg::Transaction& transaction, const bundle::Request& request, const Signing& signing) {
  return signing.use(transaction, request.about.authority, access::ApprovalOf::bundle,
                     {.subject = request.about.subject, .case_reference = request.about.case_reference});
}

/// Before the work: that it may be done.
void look_at_sign_off(pg::Connection& connection, const bundle::Request& request, const Signing& signing) {
  pg::Transaction transaction(connection, pg::Access::read_write);
  sign_off(transaction, request, signing);
}

/// Bundles that leave are on the ledger, as reads are.
void note(pg::Connection& connection, const bundle::Request& request, const bundle::Made& made,
          const ledger::KeptCheckpoint& under, const Signing& signing) {
  pg::Transaction transaction(connection, pg::Access::read_write);
  const auto signed_off = sign_off(transaction, request, signing);
  const nlohmann::ordered_json says{{"bundle", made.number},
                                    {"by", request.by},
                                    {"purpose", request.purpose},
                                    {"case", request.about.case_reference},
                                    {"as_of", iso(request.about.as_of)},
                                    {"origin", ledger::origin(request.about.authority, under.ledger)},
                                    {"size", under.size},
                                    {"exhibits", made.exhibits},
                                    {"redacted", made.redacted},
                                    {"tagmanifest_sha256", hex(made.sha256)},
                                    {"signed_off", signed_off.approval.has_value()},
                                    {"approval", or_null(signed_off.approval)},
                                    {"approved_by", or_null(signed_off.approved_by)}};
  transaction.run_one(put_on_ledger, request.about.authority, request.about.subject, says.dump());
  transaction.commit();
}

std::string told(const bundle::Made& made, const bundle::Request& request, const ledger::KeptCheckpoint& under,
                 const std::string& file) {
  auto out = fmt::format("Bundle {} about {}, {}, as of {}, under the checkpoint of size {}.\n", made.number,
                         printable(made.person), printable(made.council), words(request.about.as_of), under.size);
  out += fmt::format("  {} in {}, {} proved, {} missing\n", pages::count_of(made.exhibits, "exhibit", "exhibits"),
                     pages::count_of(made.files, "file", "files"), pages::count_of(made.leaves, "leaf", "leaves"),
                     pages::count_of(made.missing, "thing", "things"));
  if (made.redacted > 0)
    out +=
        fmt::format("  {} kept back in part or whole\n", pages::count_of(made.redacted, "exhibit is", "exhibits are"));
  return out + file + "\n";
}

int write_bundle(const Common& common, const BundleOptions& options) {
  // What a large array took goes back to the system when it is dropped, and does not lie idle beside the next.
  ::mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  bundle::Request request{
      .about = {.authority = {}, .subject = {}, .case_reference = options.complaint, .as_of = {}, .known_at = {}},
      .keep_back = read_redaction(options.redact),
      .by = options.reading.by,
      .purpose = options.reading.purpose};
  const auto database = open_database(common);
  pg::Connection connection(database.conninfo(), "reports", "answerable_desk");
  const auto found =
      find_one(connection,
               options.complaint.empty() ? parse_person(options.person) : engine::Identifier{"case", options.complaint},
               options.authority);
  request.about.authority = found.council.authority;
  request.about.subject = found.subject;
  look_at_sign_off(connection, request, options.signing);
  const auto under = checkpoint(connection, request.about.authority, options);
  // Today's date would make the same request another one tomorrow.
  request.about.as_of = options.as_of.empty() ? london_day(under.signed_at) : parse_as_of(options.as_of);

  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  auto catalogue = [&] {
    pg::Transaction transaction(connection, pg::Access::read_only);
    return engine::catalogue_for(transaction, request.about.authority, kinds);
  }();
  bundle::Made made;
  try {
    made = bundle::make_bundle(connection, catalogue, kinds, request, under, options.output);
  } catch (const bundle::RedactionRefused& why) {
    throw Failure(refused, why.what());
  }
  try {
    options.reading.note(connection, request.about.authority, request.about.subject, "bundle " + made.number);
    note(connection, request, made, under, options.signing);
  } catch (...) {
    std::filesystem::remove(options.output);
    throw;
  }
  if (common.json) {
    print_json({{"bundle", made.number},
                {"authority", request.about.authority},
                {"as_of", iso(request.about.as_of)},
                {"checkpoint", under.size},
                {"files", made.files},
                {"exhibits", made.exhibits},
                {"leaves", made.leaves},
                {"missing", made.missing},
                {"redacted", made.redacted},
                {"file", options.output}});
  } else {
    print(told(made, request, under, options.output));
  }
  return done;
}

}  // namespace

void add_bundle_command(Program& program) {
  const auto options = std::make_shared<BundleOptions>();
  auto& command = program.add(
      "bundle", "Seals a person's or a complaint's records, trail and proofs in a file that anybody can read and check",
      [options](const Common& common) { return write_bundle(common, *options); });
  auto* whom = command.add_option_group("whom");
  whom->add_option("--person", options->person, "NHS number, council:NUMBER or sender:SCHEME:CODE/NUMBER")
      ->type_name("ID");
  whom->add_option("--case,--complaint", options->complaint, "A complaint's reference: its person, and it comes first")
      ->type_name("ID");
  whom->require_option(1);
  command.add_option("--output", options->output, "The file to write")->type_name("FILE.zip")->required();
  command
      .add_option("--redact", options->redact,
                  "What to keep back, and why: a file as schemas/redaction/1/redaction.xsd has it")
      ->type_name("FILE");
  command.add_option("--as-of", options->as_of, "Look from this day (default: the day of the checkpoint)")
      ->type_name("DATE");
  command
      .add_option("--checkpoint", options->checkpoint, "Size of the checkpoint to prove it under (default: the newest)")
      ->type_name("SIZE");
  options->reading.add_to(command);
  options->signing.add_to(command, false);
  command.add_option("--authority", options->authority, "Council's code, where more than one holds the person")
      ->type_name("CODE");
}

}  // namespace answerable::cli
