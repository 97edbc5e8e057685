#include "ingest/service/intake_doors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "ingest/cli/receipt_output.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/http/virus_scanner.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/pool.hpp"
#include "ingest/service/answers.hpp"
#include "ingest/service/guard.hpp"
#include "ingest/service/pace.hpp"
#include "ingest/service/readers.hpp"
#include "ingest/service/spool.hpp"
#include "ingest/service/uploads.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::service {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t connections = 8;

constexpr pg::Statement name_file{"intake.name_file",
                                  "INSERT INTO answerable.idempotency_key (authority, sender, key, sha256) VALUES ($1, "
                                  "$2, $3, $4) ON CONFLICT DO NOTHING"};
constexpr pg::Statement named_file{
    "intake.named_file",
    "SELECT sha256 = $4 FROM answerable.idempotency_key WHERE authority = $1 AND sender = $2 AND key = $3"};
constexpr pg::Statement proof_of{"intake.proof_of",
                                 "SELECT proof FROM answerable.receipt_proof WHERE authority = $1 AND submission = $2"};
constexpr pg::Statement wanted_of{
    "intake.wanted", "SELECT what, reference, rule, outcome, sentence, person, due, asked_on FROM answerable.wanted()"};

void must_be_xml(const http::Request& request) {
  if (request.content_type == "application/xml" || request.content_type == "text/xml") return;
  throw http::Problem{.status = 415,
                      .type = "urn:answerable:problem:not-xml",
                      .title = "Not XML",
                      .detail = fmt::format("Content-Type is \"{}\": send application/xml.", request.content_type),
                      .headers = {{"Accept-Post", "application/xml, text/xml"}}};
}

bool wants_to_go_on(const http::Request& request) {
  return request.headers.find("Prefer").value_or("").find("respond-async") != std::string_view::npos;
}

[[noreturn]] void nothing_here(const char* what) {
  throw http::Problem{.status = 404, .detail = fmt::format("There is no such {}, or it is somebody else's.", what)};
}

}  // namespace

struct IntakeDoors::Parts {
  static xml::Limits limits_of(const IntakeOptions& options) {
    xml::Limits limits = options.limits;
    limits.contents = !options.scanner.empty();
    return limits;
  }

  Parts(IntakeOptions asked, Log& to, Metrics& counts)
      : options(std::move(asked)),
        log(to),
        metrics(counts),
        kinds(xml::Kinds::load(share_folder() / "schemas")),
        pool(options.conninfo, "intake", "answerable_ingest", connections),
        door(options.door, "intake, door", "answerable_door", connections),
        guard(door, options.authority, options.need_second_factor, log),
        pace(options.per_minute),
        scan(http::scanning(options.scanner)),
        readers(kinds, limits_of(options), options.at_once),
        spool(options.spool),
        uploads(
            spool.folder(),
            [this](const Uploads::Waiting& whose, const std::filesystem::path& file,
                   const std::function<void(std::uint64_t)>& progress) { return take_upload(whose, file, progress); },
            log) {}

  http::Response submit(http::Request& request) {
    const Machine machine = guard.enter(request, "submit");
    pace.take_one(machine.actor);
    must_be_xml(request);
    Spooled spooled = spool.take(*request.stream);
    name(request, machine, spooled.sha256());
    if (spooled.bytes() > options.large || wants_to_go_on(request)) return accept(machine, std::move(spooled));
    return answer_to(request, take_in(machine.actor.authority, machine.sender(), spooled.file(), {}));
  }

  /// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a name stands for one file.
  void name(const http::Request& request, const Machine& machine, const Digest& file) {
    const auto key = request.headers.find("Idempotency-Key");
    if (!key) return;
    const Digest digest = sha256(as_bytes(*key));
    const auto connection = pool.lend();
    pg::Transaction transaction(*connection, pg::Access::read_write);
    transaction.run(name_file, machine.actor.authority, machine.sender(), std::span<const std::byte>(digest),
                    std::span<const std::byte>(file));
    const bool same = transaction
                          .run_one(named_file, machine.actor.authority, machine.sender(),
                                   std::span<const std::byte>(digest), std::span<const std::byte>(file))
                          .boolean(0, 0);
    if (!same)
      throw http::Problem{.status = 422,
                          .type = "urn:answerable:problem:idempotency-key-used",
                          .title = "This Idempotency-Key stands for another file",
                          .detail = "You sent another file under this Idempotency-Key. Use a new one for each file."};
    transaction.commit();
  }

  http::Response accept(const Machine& machine, Spooled&& spooled) {
    const auto bytes = spooled.bytes();
    const auto id = uploads.add(std::move(spooled), {machine.actor.authority, machine.sender(), bytes});
    auto response = json_answer(202, *uploads.find(id, machine.actor.authority, machine.sender()));
    response.headers.emplace("Location", "/uploads/" + id);
    response.headers.emplace("Retry-After", "5");
    return response;
  }

  ordered_json take_upload(const Uploads::Waiting& whose, const std::filesystem::path& file,
                           const std::function<void(std::uint64_t)>& progress) {
    const auto answer = take_in(whose.authority, whose.sender, file, progress);
    if (const auto* refusal = std::get_if<intake::Refusal>(&answer))
      return {{"outcome", "refused"}, {"refusal", cli::refusal_json(*refusal)}};
    const auto& receipt = std::get<intake::Receipt>(answer);
    return {{"outcome", receipt.held > 0 ? "records-held" : "stored"},
            {"location", location_of(receipt)},
            {"receipt", cli::receipt_json(receipt)}};
  }

  intake::Options options_for(const std::string& authority, const std::string& sender) const {
    intake::Options given;
    given.permit = [authority, sender](const Envelope& envelope) -> std::optional<Fault> {
      if (envelope.sender.key() == sender && envelope.authority.scheme == "cassr" &&
          envelope.authority.code == authority)
        return std::nullopt;
      const bool other_sender = envelope.sender.key() != sender;
      return Fault{.code = "sender.not-yours",
                   .field = other_sender ? "header/sender" : "header/authority",
                   .sent = other_sender ? envelope.sender.key() : envelope.authority.key(),
                   .problem = "You may not send for this one.",
                   .expected = other_sender ? sender : "cassr:" + authority,
                   .mend = "Send as the organisation, and to the council, that your key was made for."};
    };
    given.scan = scan;
    given.reconnect = [this] {
      return std::make_unique<pg::Connection>(options.conninfo, "intake, looking after", "answerable_ingest");
    };
    return given;
  }

  intake::Answer take_in(const std::string& authority, const std::string& sender, const std::filesystem::path& file,
                         const std::function<void(std::uint64_t)>& progress) {
    auto given = options_for(authority, sender);
    given.progress = progress;
    const auto reader = readers.lend();
    const auto connection = pool.lend();
    std::ifstream in(file, std::ios::binary);
    const auto answer = intake::submit(*connection, *reader, in, given);
    const auto* receipt = std::get_if<intake::Receipt>(&answer);
    const char* const result = !receipt ? "refused" : receipt->repeated ? "repeated" : "stored";
    metrics.submission(result, receipt && !receipt->repeated ? receipt->stored : 0);
    return answer;
  }

  http::Response check(http::Request& request) {
    const Machine machine = guard.enter(request, "check");
    pace.take_one(machine.actor);
    must_be_xml(request);
    const Spooled spooled = spool.take(*request.stream);
    const auto reader = readers.lend();
    const auto connection = pool.lend();
    std::ifstream in(spooled.file(), std::ios::binary);
    return answer_to(request,
                     intake::check(*connection, *reader, in, options_for(machine.actor.authority, machine.sender())));
  }

  http::Response submission(http::Request& request) {
    const Machine machine = guard.enter(request, "receipts");
    const auto id = intake::parse_receipt_id(request.parameters.at("id"));
    if (!id || id->authority != machine.actor.authority) nothing_here("submission");
    const auto connection = pool.lend();
    const auto receipt = intake::find_receipt(*connection, *id);
    if (!receipt || receipt->sender != machine.sender()) nothing_here("submission");
    auto document = cli::receipt_json(*receipt);
    pg::Transaction transaction(*connection, pg::Access::read_only);
    const auto proof = transaction.run(proof_of, id->authority, id->submission);
    document["state"] = proof.rows() > 0 ? "sequenced" : "received";
    document["proof"] = proof.rows() > 0 ? ordered_json(std::string(proof.text(0, 0))) : ordered_json(nullptr);
    return json_answer(200, document);
  }

  http::Response upload(http::Request& request) {
    const Machine machine = guard.enter(request, "receipts");
    const auto found = uploads.find(request.parameters.at("id"), machine.actor.authority, machine.sender());
    if (!found) nothing_here("upload");
    auto response = json_answer(200, *found);
    if (found->at("state") != "done") response.headers.emplace("Retry-After", "5");
    return response;
  }

  http::Response wanted(http::Request& request) {
    const Machine machine = guard.enter(request, "wanted");
    const auto connection = pool.lend();
    const access::Acting acting(*connection, machine.token);
    pg::Transaction transaction(*connection, pg::Access::read_only);
    const auto rows = transaction.run(wanted_of);
    ordered_json list = ordered_json::array();
    for (int row = 0; row < rows.rows(); ++row) {
      const auto text = [&](int column) {
        return rows.is_null(row, column) ? ordered_json(nullptr) : ordered_json(std::string(rows.text(row, column)));
      };
      const auto day = [&](int column) {
        return rows.is_null(row, column) ? ordered_json(nullptr) : ordered_json(iso(rows.day(row, column)));
      };
      list.push_back({{"what", text(0)},
                      {"reference", text(1)},
                      {"rule", text(2)},
                      {"outcome", text(3)},
                      {"sentence", text(4)},
                      {"your_id", text(5)},
                      {"due", day(6)},
                      {"asked_on", day(7)}});
    }
    return json_answer(200, {{"sender", machine.sender()}, {"wanted", std::move(list)}});
  }

  const IntakeOptions options;
  Log& log;
  Metrics& metrics;
  const xml::Kinds kinds;
  pg::Pool pool, door;
  MachineGuard guard;
  Pace pace;
  const decltype(intake::Options::scan) scan;
  Readers readers;
  const Spool spool;
  Uploads uploads;  // last: its thread uses the others
};

IntakeDoors::IntakeDoors(IntakeOptions options, Log& log, Metrics& metrics)
    : parts_(std::make_unique<Parts>(std::move(options), log, metrics)) {}

IntakeDoors::~IntakeDoors() = default;

bool IntakeDoors::ready() {
  return parts_->pool.answers();
}

std::vector<http::Route> IntakeDoors::routes() {
  const auto to = [this](http::Response (Parts::*handle)(http::Request&)) {
    return [this, handle](http::Request& request) { return (parts_.get()->*handle)(request); };
  };
  const auto most = static_cast<std::size_t>(parts_->options.limits.max_bytes);
  std::vector<http::Route> routes{
      {"POST", "/submissions", http::Body::streamed, most, to(&Parts::submit)},
      {"POST", "/checks", http::Body::streamed, most, to(&Parts::check)},
      {"GET", "/submissions/{id}", http::Body::none, 0, to(&Parts::submission)},
      {"GET", "/uploads/{id}", http::Body::none, 0, to(&Parts::upload)},
      {"GET", "/wanted", http::Body::none, 0, to(&Parts::wanted)},
  };
  const auto document = share_folder() / "schemas/api/openapi.json";
  routes.push_back({"GET", "/openapi.json", http::Body::none, 0, [document](http::Request&) -> http::Response {
                      std::ifstream in(document, std::ios::binary);
                      return {.content_type = "application/vnd.oai.openapi+json;version=3.1",
                              .body = {std::istreambuf_iterator<char>(in), {}}};
                    }});
  return routes;
}

}  // namespace answerable::service
