#include "audit/ledger/sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "audit/events/event.hpp"
#include "audit/ledger/leaves.hpp"
#include "audit/ledger/proof_file.hpp"
#include "ingest/json_text.hpp"

namespace answerable::ledger {
namespace {

constexpr pg::Statement one_at_a_time{"ledger.one_at_a_time",
                                      "SELECT pg_advisory_xact_lock(hashtext('answerable.seal'), hashtext($1))"};
/// append_leaves' own lock: nothing else gets in line until the transaction ends.
constexpr pg::Statement hold_the_line{"ledger.hold_the_line",
                                      "SELECT pg_advisory_xact_lock(hashtext('answerable.to_ledger'), hashtext($1))"};
constexpr pg::Statement open_ledger{"ledger.open",
                                    "SELECT ledger FROM answerable.ledger WHERE authority = $1 AND closed_at IS NULL"};
constexpr pg::Statement begin_ledger{
    "ledger.begin",
    "INSERT INTO answerable.ledger (authority, ledger, opened_at) VALUES ($1, $2, statement_timestamp())"};
constexpr pg::Statement end_ledger{
    "ledger.end",
    "UPDATE answerable.ledger SET closed_at = statement_timestamp() WHERE authority = $1 AND ledger = $2"};
constexpr pg::Statement end_of_tree{
    "ledger.end_of_tree",
    "SELECT s.first + t.count FROM answerable.ledger_segment s JOIN answerable.to_ledger t ON t.authority = s.authority"
    " AND t.place = s.place WHERE s.authority = $1 AND s.ledger = $2 ORDER BY s.first DESC LIMIT 1"};
constexpr pg::Statement add_segment{
    "ledger.add_segment",
    "INSERT INTO answerable.ledger_segment (authority, place, ledger, first) VALUES ($1, $2, $3, $4)"};
constexpr pg::Statement put_tile{
    "ledger.put_tile",
    "INSERT INTO answerable.ledger_tile (authority, ledger, level, tile, hashes) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (authority, ledger, level, tile) DO UPDATE SET hashes = EXCLUDED.hashes"};
constexpr pg::Statement get_tile{"ledger.get_tile",
                                 "SELECT hashes FROM answerable.ledger_tile WHERE authority = $1 AND ledger = $2 AND "
                                 "level = $3 AND tile = $4"};
constexpr pg::Statement add_checkpoint{
    "ledger.add_checkpoint",
    "INSERT INTO answerable.checkpoint (authority, ledger, size, root, note, signed_at)"
    " VALUES ($1, $2, $3, $4, $5, statement_timestamp())"};
constexpr pg::Statement add_proof{"ledger.add_receipt_proof",
                                  "INSERT INTO answerable.receipt_proof (authority, submission, proof) VALUES ($1, "
                                  "$2, $3)"};
// The open ledger may be new and have none yet: then the one before.
constexpr pg::Statement kept_checkpoints{
    "ledger.checkpoints",
    "SELECT c.ledger, c.size, c.root, c.note || coalesce((SELECT string_agg(s.line, '' ORDER BY s.received_at, "
    "s.witness)"
    " FROM answerable.cosignature s WHERE s.authority = c.authority AND s.ledger = c.ledger AND s.size = c.size), ''),"
    " c.signed_at FROM answerable.checkpoint c WHERE c.authority = $1 AND ($2 = 0 OR c.ledger = $2)"
    " AND ($3 < 0 OR c.size = $3) ORDER BY c.ledger, c.size"};
constexpr pg::Statement newest_checkpoint{
    "ledger.newest_checkpoint",
    "SELECT ledger, size FROM answerable.checkpoint WHERE authority = $1 AND ($2 = 0 OR ledger = $2)"
    " AND ($3 < 0 OR size = $3) ORDER BY ledger DESC, size DESC LIMIT 1"};
constexpr pg::Statement keys_used{
    "ledger.keys", "SELECT public_key FROM answerable.ledger_key WHERE authority = $1 ORDER BY since, event"};
constexpr pg::Statement add_key{
    "ledger.add_key",
    "INSERT INTO answerable.ledger_key (authority, public_key, since, event) VALUES ($1, $2, statement_timestamp(), "
    "$3)"};

template <class Array>
Array array_in(std::span<const std::byte> bytes) {
  Array array{};
  if (bytes.size() != array.size()) throw std::runtime_error("a hash or key in the database has not its length");
  std::ranges::copy(bytes, array.begin());
  return array;
}

KeptCheckpoint checkpoint_in(const pg::Result& rows, int row) {
  return {.ledger = rows.int32(row, 0),
          .size = rows.int64(row, 1),
          .root = array_in<Digest>(rows.bytes(row, 2)),
          .note = std::string(rows.text(row, 3)),
          .signed_at = rows.instant(row, 4)};
}

/// One council's tree, for as long as it is being added to.
class Sequencer {
 public:
  Sequencer(pg::Transaction& transaction, const std::string& authority, std::span<const StoredKey> keys)
      : transaction_(transaction), authority_(authority), keys_(keys) {
    transaction_.run(one_at_a_time, authority_);
    const auto open = transaction_.run(open_ledger, authority_);
    if (open.rows() == 0) transaction_.run(begin_ledger, authority_, std::int32_t{1});
    go_on(open.rows() == 0 ? 1 : open.int32(0, 0));
  }

  /// Takes in what waits; how many leaves.
  std::int64_t take_waiting() {
    const auto before = tree_->size();
    for (auto& segment : segments_waiting(transaction_, authority_)) {
      segment.first = static_cast<std::int64_t>(tree_->size());
      std::size_t untold = 0;
      each_hash(transaction_, authority_, segment, [&](const Digest& hash) {
        tree_->append(hash);
        if (++untold % kept_together == 0) full_.push_back(tree_->take());
      });
      transaction_.run(add_segment, authority_, segment.place, std::int32_t{ledger_}, segment.first);
      for (const auto& tiles : full_) put(tiles);
      full_.clear();
      put(tree_->take());
      if (segment.kind == "submission") submissions_.emplace_back(segment.key, segment.first);
    }
    return static_cast<std::int64_t>(tree_->size() - before);
  }

  void sign() {
    const auto size = static_cast<std::int64_t>(tree_->size());
    if (size == 0) return;
    const auto newest = transaction_.run(newest_checkpoint, authority_, std::int32_t{ledger_}, std::int64_t{-1});
    if (newest.rows() > 0 && newest.int64(0, 1) == size) return;
    const auto name = origin(authority_, ledger_);
    Note note{format_checkpoint({.origin = name, .size = tree_->size(), .root = tree_->root()}), {}};
    for (const auto& key : keys_) note.signatures.push_back(ledger::sign({name, key.key}, note.text));
    const auto text = format_note(note);
    transaction_.run(add_checkpoint, authority_, std::int32_t{ledger_}, size, std::span<const std::byte>(tree_->root()),
                     text);
    TileReader tiles(tile_source(transaction_, authority_, ledger_));
    for (const auto& [submission, index] : submissions_) {
      ProofFile proof{.index = static_cast<std::uint64_t>(index)};
      proof.path = inclusion_proof(proof.index, tree_->size(), std::ref(tiles));
      proof.checkpoint = text;
      transaction_.run(add_proof, authority_, submission, format_proof(proof));
    }
    submissions_.clear();
  }

  void close() {
    if (tree_->size() == 0) throw std::invalid_argument("the ledger is empty: there is nothing to close");
    transaction_.run(hold_the_line, authority_);
    events::append(transaction_, authority_, "ledger-closed", {}, JsonText().number("ledger", ledger_).take());
    take_waiting();
    sign();
    const auto last = find_checkpoint(transaction_, authority_, ledger_).value();
    transaction_.run(end_ledger, authority_, std::int32_t{ledger_});
    transaction_.run(begin_ledger, authority_, std::int32_t{ledger_ + 1});
    go_on(ledger_ + 1);
    events::append(transaction_, authority_, "ledger-opened", {},
                   JsonText().number("ledger", ledger_).text("previous", last.note).take());
    take_waiting();
    sign();
  }

  int ledger() const { return ledger_; }

 private:
  static constexpr std::size_t kept_together = 1 << 16;

  void go_on(int ledger) {
    ledger_ = ledger;
    const auto end = transaction_.run(end_of_tree, authority_, std::int32_t{ledger});
    tree_.emplace(end.rows() == 0 ? 0 : static_cast<std::uint64_t>(end.int64(0, 0)),
                  tile_source(transaction_, authority_, ledger));
  }

  void put(const std::vector<Tile>& tiles) {
    for (const Tile& tile : tiles)
      transaction_.run(put_tile, authority_, std::int32_t{ledger_}, static_cast<std::int16_t>(tile.level),
                       static_cast<std::int64_t>(tile.index), std::as_bytes(std::span(tile.hashes)));
  }

  pg::Transaction& transaction_;
  const std::string& authority_;
  std::span<const StoredKey> keys_;
  int ledger_{};
  std::optional<TileBuilder> tree_;
  std::vector<std::vector<Tile>> full_;
  std::vector<std::pair<std::int64_t, std::int64_t>> submissions_;  ///< and the index of each one's leaf
};

/// In a transaction of its own, so that the line is held for a moment only.
void register_keys(pg::Connection& connection, const std::string& authority, std::span<const StoredKey> keys) {
  if (keys.empty()) throw std::invalid_argument("there is no key to sign the ledger with");
  pg::Transaction transaction(connection, pg::Access::read_write);
  transaction.run(one_at_a_time, authority);
  const auto rows = transaction.run(keys_used, authority);
  std::vector<PublicKey> used;
  for (int i = 0; i < rows.rows(); ++i) used.push_back(array_in<PublicKey>(rows.bytes(i, 0)));
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    const PublicKey bytes = key->key.public_key();
    if (std::ranges::find(used, bytes) != used.end()) continue;
    const auto event = events::append(transaction, authority, "key", {},
                                      JsonText().text("public_key", hex(bytes)).text("algorithm", "Ed25519").take());
    transaction.run(add_key, authority, std::span<const std::byte>(bytes), event);
  }
  transaction.commit();
}

}  // namespace

std::string origin(const std::string& authority, int ledger) {
  return fmt::format("answerable/{}/{}", authority, ledger);
}

Sealed seal(pg::Connection& connection, const std::string& authority, std::span<const StoredKey> keys) {
  register_keys(connection, authority, keys);
  pg::Transaction transaction(connection, pg::Access::read_write);
  Sequencer sequencer(transaction, authority, keys);
  Sealed sealed{.added = sequencer.take_waiting(), .checkpoint = {}};
  sequencer.sign();
  sealed.checkpoint = find_checkpoint(transaction, authority);
  transaction.commit();
  return sealed;
}

Sealed close_ledger(pg::Connection& connection, const std::string& authority, std::span<const StoredKey> keys) {
  register_keys(connection, authority, keys);
  pg::Transaction transaction(connection, pg::Access::read_write);
  Sequencer sequencer(transaction, authority, keys);
  Sealed sealed{.added = sequencer.take_waiting(), .checkpoint = {}};
  sequencer.close();
  sealed.checkpoint = find_checkpoint(transaction, authority);
  transaction.commit();
  return sealed;
}

std::optional<KeptCheckpoint> find_checkpoint(pg::Transaction& transaction, const std::string& authority, int ledger,
                                              std::optional<std::int64_t> size) {
  const auto newest =
      transaction.run(newest_checkpoint, authority, std::int32_t{ledger}, size.value_or(std::int64_t{-1}));
  if (newest.rows() == 0) return std::nullopt;
  return checkpoint_in(transaction.run_one(kept_checkpoints, authority, newest.int32(0, 0), newest.int64(0, 1)), 0);
}

std::vector<KeptCheckpoint> checkpoints(pg::Transaction& transaction, const std::string& authority, int ledger) {
  const auto rows = transaction.run(kept_checkpoints, authority, std::int32_t{ledger}, std::int64_t{-1});
  std::vector<KeptCheckpoint> all;
  for (int i = 0; i < rows.rows(); ++i) all.push_back(checkpoint_in(rows, i));
  return all;
}

std::vector<VerifierKey> known_keys(pg::Transaction& transaction, const std::string& authority, int ledger) {
  const auto rows = transaction.run(keys_used, authority);
  std::vector<VerifierKey> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({origin(authority, ledger), SignatureType::ed25519, array_in<PublicKey>(rows.bytes(i, 0))});
  return all;
}

TileSource tile_source(pg::Transaction& transaction, const std::string& authority, int ledger) {
  return [&transaction, authority, ledger](int level, std::uint64_t index) {
    const auto row = transaction.run(get_tile, authority, std::int32_t{ledger}, static_cast<std::int16_t>(level),
                                     static_cast<std::int64_t>(index));
    std::vector<Digest> hashes;
    if (row.rows() == 0) return hashes;
    const auto bytes = row.bytes(0, 0);
    for (std::size_t at = 0; at + Digest{}.size() <= bytes.size(); at += Digest{}.size())
      hashes.push_back(array_in<Digest>(bytes.subspan(at, Digest{}.size())));
    return hashes;
  };
}

}  // namespace answerable::ledger
