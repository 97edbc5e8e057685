#include "audit/ledger/receipt_file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audit/ledger/leaves.hpp"
#include "audit/ledger/proof_file.hpp"
#include "audit/ledger/sequence.hpp"

namespace answerable::ledger {
namespace {

constexpr pg::Statement placed{
    "receipt.placed",
    "SELECT t.place, t.kind, t.key, t.count, t.format, coalesce(s.ledger, 0), coalesce(p.proof, '') FROM "
    "answerable.to_ledger t LEFT JOIN answerable.ledger_segment s ON s.authority = t.authority AND s.place = t.place"
    " LEFT JOIN answerable.receipt_proof p ON p.authority = t.authority AND p.submission = t.key"
    " WHERE t.authority = $1 AND t.kind = 'submission' AND t.key = $2"};

}  // namespace

ReceiptFile receipt_file(pg::Transaction& transaction, const intake::ReceiptId& id) {
  const auto row = transaction.run(placed, id.authority, id.submission);
  if (row.rows() == 0) throw std::runtime_error(fmt::format("there is no receipt {}", id.text()));
  const Segment segment{.place = row.int64(0, 0),
                        .kind = std::string(row.text(0, 1)),
                        .key = row.int64(0, 2),
                        .count = row.int64(0, 3),
                        .format = row.int16(0, 4)};
  ReceiptFile file{.state = "received", .text = {}};
  std::string proof(row.text(0, 6));
  if (!proof.empty()) {
    file.state = "sequenced";
    auto parsed = parse_proof(proof);
    const auto size = parse_checkpoint(parse_note(parsed.checkpoint).text).size;
    const auto kept = find_checkpoint(transaction, id.authority, row.int32(0, 5), static_cast<std::int64_t>(size));
    if (kept && kept->note != parsed.checkpoint) {
      file.state = "published";
      parsed.checkpoint = kept->note;
      proof = format_proof(parsed);
    }
  }
  each_leaf(transaction, id.authority, segment, [&](const Leaf& leaf) {
    const auto content = nlohmann::json::parse(leaf.content);
    const auto text = [&](const char* name) { return content.at(name).get<std::string>(); };
    file.text = fmt::format(
        "answerable-receipt/1\nreceipt {}\nstate {}\nsha256 {}\nbytes {}\nreceived {}\nsender {}\nmessage {}\n"
        "records {} stored, {} held, {} held already\nsalt {}\ncontent {}\n\n{}",
        id.text(), file.state, text("sha256"), content.at("bytes").get<std::int64_t>(), text("received_at"),
        text("sender"), text("message_id"), content.at("stored").get<std::int64_t>(),
        content.at("held").get<std::int64_t>(), content.at("already_held").get<std::int64_t>(), hex(leaf.salt.value()),
        leaf.content, leaf.text);
  });
  if (!proof.empty()) file.text += '\n' + proof;
  return file;
}

}  // namespace answerable::ledger
