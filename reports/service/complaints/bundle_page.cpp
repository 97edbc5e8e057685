// The bundle of a complaint: what it keeps back, who approved it, and its making. Who asks for one does not approve it.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "ingest/access/approvals.hpp"
#include "ingest/http/problem.hpp"
#include "reports/bundle/bundle.hpp"
#include "reports/bundle/reason.hpp"
#include "reports/bundle/redaction.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/complaints/case_frame.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/work.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/scratch_file.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement approved_bundle{
    "case_bundle.approved",
    "SELECT b.ledger, b.size, b.as_of, b.made_for, b.tagmanifest FROM answerable.approval p"
    " LEFT JOIN answerable.complaint_bundle b ON b.authority = p.authority AND b.approval = p.approval"
    " WHERE p.approval = $1 AND p.what = 'bundle' AND p.about = $2 AND p.decision = 'approved'"};
constexpr pg::Statement bundle_noted{"case_bundle.note",
                                     "SELECT answerable.note_bundle($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};

/// The bundle as it was made before for the same approval.
struct MadeBefore {
  int ledger{};
  std::int64_t size{};
  Day as_of{};
  std::string made_for;
  Digest tagmanifest{};
};

struct BundlePlan {
  bundle::Request request;
  ledger::KeptCheckpoint checkpoint;
  std::optional<MadeBefore> before;
};

std::optional<MadeBefore> made_before(const pg::Result& row) {
  if (row.is_null(0, 0)) return std::nullopt;
  MadeBefore before{.ledger = row.int32(0, 0),
                    .size = row.int64(0, 1),
                    .as_of = row.day(0, 2),
                    .made_for = std::string(row.text(0, 3))};
  std::ranges::copy(row.bytes(0, 4), before.tagmanifest.begin());
  return before;
}

/// \throws Problem when nobody approved it, or the ledger has no checkpoint yet
BundlePlan plan_of(const Visit& visit, pg::Transaction& transaction, const Complaint& complaint,
                   std::int64_t approval) {
  const auto row = transaction.run(approved_bundle, approval, complaint.reference);
  if (row.rows() != 1)
    throw http::Problem{.status = 404,
                        .title = "There is no such bundle",
                        .detail = "No bundle of that number was asked for and approved for this complaint."};
  BundlePlan plan{.request = {.about = {.authority = visit.actor().authority,
                                        .subject = complaint.subject,
                                        .case_reference = complaint.reference,
                                        .as_of = {},
                                        .known_at = {}},
                              .keep_back = keeping_back(transaction, approval),
                              .by = fmt::format("{} <{}>", visit.actor().name, visit.actor().email),
                              .purpose = "complaint"},
                  .checkpoint = {},
                  .before = made_before(row)};
  const auto found = plan.before ? ledger::find_checkpoint(transaction, visit.actor().authority, plan.before->ledger,
                                                           plan.before->size)
                                 : ledger::find_checkpoint(transaction, visit.actor().authority);
  if (!found)
    throw http::Problem{.status = 409,
                        .title = "The ledger is not signed yet",
                        .detail =
                            "A bundle is proved by a signed checkpoint, and there is none yet. The audit service "
                            "signs one within minutes of new records; try again then."};
  plan.checkpoint = *found;
  plan.request.about.as_of = plan.before ? plan.before->as_of : london_day(found->signed_at);
  if (plan.before) plan.request.by = plan.before->made_for;
  return plan;
}

void note(pg::Connection& connection, const BundlePlan& plan, const bundle::Made& made, std::int64_t approval) {
  if (plan.before) {
    if (plan.before->tagmanifest == made.sha256) return;
    throw http::Problem{.status = 409,
                        .title = "This bundle can no longer be made",
                        .detail =
                            "It would not be the same as the one that was issued: the program or the rules have "
                            "changed since. Ask for a new one."};
  }
  pg::Transaction transaction(connection, pg::Access::read_write);
  if (!access::use_approval(transaction, approval))
    throw http::Problem{.status = 403,
                        .title = "This bundle is not yours to make",
                        .detail = "Whoever asked for it or approved it makes it, once. Nothing was issued."};
  const auto& under = plan.checkpoint;
  const bool noted =
      transaction
          .run_one(bundle_noted, approval, made.number, under.ledger, under.size, plan.request.about.as_of,
                   plan.request.by, made.sha256, ledger::origin(plan.request.about.authority, under.ledger),
                   made.exhibits, made.redacted)
          .boolean(0, 0);
  if (!noted)
    throw http::Problem{.status = 409,
                        .title = "Somebody made this bundle at the same moment",
                        .detail = "Load the page again, and fetch it there."};
  transaction.commit();
}

http::Response handed_over(const std::shared_ptr<ScratchFile>& file, const std::string& name) {
  return {.content_type = "application/zip",
          .headers = {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"", name)},
                      {"Content-Length", std::to_string(std::filesystem::file_size(file->path()))}},
          .write = [file](std::ostream& out) { out << std::ifstream(file->path(), std::ios::binary).rdbuf(); }};
}

Fragment kept_back_words(const KeptBack& it) {
  if (it.what == "person") return fmt::format("Everything that names {}", it.name);
  if (it.what == "record") return fmt::format("Record {} of {}", it.id, it.sender);
  return fmt::format("{} in record {} of {}", it.path, it.id, it.sender);
}

void add_keeping_back(Pieces& pieces, const Visit& visit, const Complaint& complaint, const Work& work) {
  components::Table table{.caption = "What it keeps back",
                          .columns = {{"What"}, {"Why"}, {"Change"}},
                          .rows = {},
                          .when_empty = "Nothing: the bundle will hold everything."};
  const auto path = case_path(complaint.reference, "keep-back");
  for (const auto& it : work.kept_back)
    table.rows.push_back(
        {kept_back_words(it),
         std::string(bundle::meaning(bundle::parse_reason(it.reason).value_or(bundle::Reason::third_party))),
         post_button(visit, path, fmt::format("Show item {} again", it.number),
                     {{"do", "show"}, {"item", std::to_string(it.number)}})});
  pieces.add(table);
  Fragment fields = components::Radios{.name = "what",
                                       .legend = "Keep back",
                                       .items = {{"person", "Somebody else, wherever they are named"},
                                                 {"record", "A whole record"},
                                                 {"field", "One field of a record"}}};
  fields += Fragment(components::TextInput{
      .name = "name", .label = "Their name, as the records spell it", .hint = "Of somebody else."});
  fields += Fragment(components::TextInput{.name = "sender",
                                           .label = "Who sent the record",
                                           .hint = "Of a record or field, as exhibits.csv has it: ods:RH5",
                                           .width = components::TextInput::Width::w20});
  fields += Fragment(components::TextInput{.name = "id",
                                           .label = "The record’s number at the sender",
                                           .hint = "Of a record or field: REV-1",
                                           .width = components::TextInput::Width::w20});
  fields += Fragment(components::TextInput{.name = "path",
                                           .label = "The field",
                                           .hint = "Of a field: review/outcome",
                                           .width = components::TextInput::Width::w20});
  components::Select why{.name = "reason", .label = "Why", .options = {{"", "Choose one"}}};
  for (const auto word : bundle::reason_words)
    why.options.push_back({std::string(word), std::string(bundle::meaning(*bundle::parse_reason(word)))});
  fields += Fragment(why);
  fields += Fragment(components::Button{"Keep this back", components::Button::Kind::secondary});
  pieces.add(components::Details{"Keep something back", post_form(visit, path, fields)});
}

Fragment bundle_state(const Visit& visit, const Complaint& complaint, const BundleAsked& it) {
  if (!it.decision) return "Waits for somebody else to approve it";
  if (*it.decision == "refused") return fmt::format("Refused by {}", it.decided_by.value_or("somebody"));
  Fragment out = it.number ? fmt::format("Made: {}", *it.number)
                           : fmt::format("Approved by {}", it.decided_by.value_or("somebody"));
  out += post_button(
      visit, case_path(complaint.reference, fmt::format("bundle/{}", it.approval)),
      it.number ? fmt::format("Fetch {} again", *it.number) : fmt::format("Make bundle {} and fetch it", it.approval));
  return out;
}

http::Response bundle_page(Visit& visit, std::vector<components::ErrorSummary::Error> errors) {
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
    const auto work = work_on(transaction, open.complaint.reference);
    Pieces pieces;
    pieces.says(
        "One sealed file for the ombudsman or a court: the chronology with its gaps, every record as it was sent, "
        "tables, "
        "receipts and proofs, to be checked without any software of ours.");
    add_keeping_back(pieces, visit, open.complaint, work);
    pieces.heading("Ask for it");
    Fragment fields =
        components::Textarea{.name = "why",
                             .label = "What it is for",
                             .hint = "Somebody else approves it. It keeps back what stands above when you ask.",
                             .rows = 3};
    fields += Fragment(components::Button{"Ask for a bundle"});
    pieces.add(post_form(visit, case_path(open.complaint.reference, "bundle"), fields));
    components::Table asked{.caption = "Bundles asked for",
                            .columns = {{"Number", true}, {"What for"}, {"Asked"}, {"Where it stands"}},
                            .rows = {},
                            .wide = true,
                            .when_empty = "None has been asked for."};
    for (const auto& it : work.bundles)
      asked.rows.push_back({std::to_string(it.approval), it.reason,
                            fmt::format("{} by {}", words(london_day(it.asked_at)), it.asked_by),
                            bundle_state(visit, open.complaint, it)});
    pieces.add(asked);
    Page page = case_page(visit, open.complaint, "bundle");
    if (!errors.empty()) page.errors(errors);
    page.add(pieces.all());
    return std::move(page).answer();
  });
}

}  // namespace

http::Response case_bundle(Visit& visit) {
  return bundle_page(visit, {});
}

http::Response ask_case_bundle(Visit& visit) {
  const auto why = visit.field("why");
  if (why.empty()) return bundle_page(visit, {{"Say what the bundle is for.", "why"}});
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    pg::Transaction transaction(connection, pg::Access::read_write);
    access::ask_approval(transaction, {.what = access::ApprovalOf::bundle,
                                       .about = open.complaint.reference,
                                       .subject = open.complaint.subject,
                                       .reason = why});
    transaction.commit();
    return done(visit, case_path(open.complaint.reference, "bundle"),
                "The bundle was asked for. Somebody else has to approve it.");
  });
}

http::Response change_kept_back(Visit& visit) {
  if (visit.field("do") != "show") {
    const auto what = visit.field("what");
    const bool person = what == "person", field = what == "field", record = what == "record";
    if (!person && !field && !record) return bundle_page(visit, {{"Choose what is to be kept back.", "what"}});
    if (person && visit.field("name").empty())
      return bundle_page(visit, {{"Give the name that is to be kept back.", "name"}});
    if (!person && visit.field("sender").find(':') == std::string::npos)
      return bundle_page(visit, {{"Give who sent the record, as ods:RH5.", "sender"}});
    if (!person && visit.field("id").empty())
      return bundle_page(visit, {{"Give the record’s number at the sender.", "id"}});
    if (field && visit.field("path").empty())
      return bundle_page(visit, {{"Give the field, as review/outcome.", "path"}});
    if (!bundle::parse_reason(visit.field("reason")))
      return bundle_page(visit, {{"Choose why it is to be kept back.", "reason"}});
  }
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    pg::Transaction transaction(connection, pg::Access::read_write);
    if (visit.field("do") == "show") {
      show_again(transaction, open.complaint.reference, number_in<std::int64_t>(visit.field("item")).value_or(0));
    } else {
      KeptBack it{.what = visit.field("what"), .reason = visit.field("reason")};
      if (it.what == "person") it.name = visit.field("name");
      if (it.what != "person") it.sender = visit.field("sender");
      if (it.what != "person") it.id = visit.field("id");
      if (it.what == "field") it.path = visit.field("path");
      keep_back(transaction, open.complaint.reference, it);
    }
    transaction.commit();
    return see_other(case_path(open.complaint.reference, "bundle"));
  });
}

http::Response make_case_bundle(Visit& visit) {
  const auto approval = number_in<std::int64_t>(visit.request.parameters.at("approval")).value_or(0);
  std::string refused;
  auto answer = in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) -> http::Response {
    const auto plan = [&] {
      pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
      return plan_of(visit, transaction, open.complaint, approval);
    }();
    const auto file = std::make_shared<ScratchFile>("bundle.zip");
    auto& rules = *open.rules;
    try {
      const auto made =
          bundle::make_bundle(connection, rules, visit.hall.kinds, plan.request, plan.checkpoint, file->path());
      note(connection, plan, made, approval);
      return handed_over(file, fmt::format("{}.zip", made.number));
    } catch (const bundle::RedactionRefused& why) {
      refused = why.what();
      return {};
    }
  });
  return refused.empty() ? std::move(answer) : bundle_page(visit, {{refused}});
}

}  // namespace answerable::service
