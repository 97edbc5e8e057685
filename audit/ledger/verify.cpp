#include "audit/ledger/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "audit/ledger/finding_fields.hpp"
#include "audit/ledger/leaves.hpp"
#include "audit/ledger/walked.hpp"
#include "ingest/json_text.hpp"

namespace answerable::ledger {
namespace {

constexpr pg::Statement ledgers_of{"verify.ledgers",
                                   "SELECT ledger FROM answerable.ledger WHERE authority = $1 ORDER BY ledger"};
constexpr pg::Statement tiles_above{
    "verify.tiles_above",
    "COPY (SELECT level, tile, hashes FROM answerable.ledger_tile WHERE authority = current_setting('answerable.p1')"
    " AND ledger = current_setting('answerable.p2')::int AND level > 0 ORDER BY level, tile) TO STDOUT (FORMAT "
    "binary)"};
constexpr pg::Statement keep{
    "verify.keep",
    "INSERT INTO answerable.verification (authority, at, ledger, size, differences) VALUES ($1, $2, $3, $4, $5)"};

/// The leaf hashes as the tree keeps them, read in order.
class KeptHashes {
 public:
  explicit KeptHashes(TileSource source) : source_(std::move(source)) {}
  /// Nothing where the tree keeps none.
  std::optional<Digest> at(std::int64_t index) {
    const auto tile = static_cast<std::uint64_t>(index) / tile_width;
    if (!tile_ || *tile_ != tile) {
      hashes_ = source_(0, tile);
      tile_ = tile;
    }
    const auto place = static_cast<std::size_t>(index) % tile_width;
    if (place >= hashes_.size()) return std::nullopt;
    return hashes_[place];
  }

 private:
  TileSource source_;
  std::optional<std::uint64_t> tile_;
  std::vector<Digest> hashes_;
};

/// Goes through one ledger from its first leaf to its last.
class Walk {
 public:
  /// \param before the last checkpoint of the ledger before, which this one's first leaf must hold; "": none was
  Walk(pg::Transaction& transaction, pg::Connection& beside, const std::string& authority, int ledger,
       bool newest_ledger, std::string before, const VerifyOptions& options, Verification& result, Walked& walked,
       const std::function<void()>& one_more)
      : transaction_(transaction),
        beside_(beside, pg::Access::read_only),
        authority_(authority),
        ledger_(ledger),
        newest_ledger_(newest_ledger),
        before_(std::move(before)),
        options_(options),
        result_(result),
        walked_(walked),
        one_more_(one_more),
        kept_(tile_source(beside_, authority, ledger)),
        signed_(walked.checkpoints[ledger]) {}

  /// The newest checkpoint of this ledger.
  const std::string& last_note() const { return last_note_; }

  void go() {
    read_checkpoints();
    const auto segments = segments_of(transaction_, authority_, ledger_);
    result_.ledgers.push_back({ledger_, 0, static_cast<std::int64_t>(signed_.size())});
    for (const auto& segment : segments) {
      if (segment.kind == "record") walked_.records.push_back({ledger_, segment.key, segment.count, segment.first});
      if (segment.first != index_) {
        differ({.index = index_,
                .what = "the order of leaves",
                .found = fmt::format("next is leaf {}", segment.first),
                .expected = fmt::format("leaf {}", index_)});
        return;  // nothing behind it can be compared with its place
      }
      try {
        each_leaf(transaction_, authority_, segment, [&](const Leaf& leaf) { take(segment, leaf); });
      } catch (const pg::Error&) {
        throw;
      } catch (const std::runtime_error& problem) {
        differ({.index = index_,
                .what = fmt::format("{} from number {} on", segment.kind, segment.key),
                .found = problem.what()});
        // The tree keeps the hashes of what is gone: the rest can still be compared.
        while (index_ < segment.first + segment.count) append(kept_.at(index_).value_or(Digest{}), std::nullopt);
      }
    }
    result_.ledgers.back().leaves = index_;
    last_note_ = signed_.empty() ? "" : signed_.back().note;
    for (const auto& checkpoint : signed_)
      if (checkpoint.size > index_)
        differ({.what = fmt::format("checkpoint {}", checkpoint.size),
                .found = fmt::format("{} leaves", index_),
                .expected = fmt::format("{} leaves: the end of the ledger is gone", checkpoint.size)});
    for (const auto& [size, root] : apart_)
      if (size > index_)
        differ({.what = "the checkpoint kept apart",
                .found = fmt::format("{} leaves", index_),
                .expected = fmt::format("{} leaves: the database is older than what was signed", size)});
    compare_upper_tiles();
  }

 private:
  void differ(Difference difference) {
    difference.ledger = ledger_;
    walked_.date(difference);
    result_.differences.push_back(std::move(difference));
  }

  void read_checkpoints() {
    auto keys = known_keys(transaction_, authority_, ledger_);
    if (!options_.trusted.empty()) {
      keys.clear();
      for (const auto& key : options_.trusted)
        keys.push_back({origin(authority_, ledger_), SignatureType::ed25519, key});
    }
    const Trust trust{.origin = origin(authority_, ledger_), .log = keys};
    for (auto& kept : checkpoints(transaction_, authority_, ledger_)) {
      const auto what = fmt::format("checkpoint {}", kept.size);
      try {
        const auto opened = open_checkpoint(kept.note, trust).checkpoint;
        if (opened.size != static_cast<std::uint64_t>(kept.size))
          differ({.what = what,
                  .field = "size",
                  .found = std::to_string(kept.size),
                  .expected = std::to_string(opened.size)});
        if (opened.root != kept.root)
          differ({.what = what, .field = "root", .found = hex(kept.root), .expected = hex(opened.root)});
        kept.root = opened.root;
        kept.size = static_cast<std::int64_t>(opened.size);
        signed_.push_back(std::move(kept));
      } catch (const std::runtime_error& problem) {  // Malformed and NotVerified
        differ({.what = what,
                .field = "signature",
                .found = problem.what(),
                .expected = "signed by a key of the council"});
      }
    }
    // A ledger signed anew by a stranger's key would list that key itself.
    if (!signed_.empty())
      for (const auto& key : options_.held) try {
          (void)open_checkpoint(signed_.back().note,
                                {.origin = trust.origin, .log = {{trust.origin, SignatureType::ed25519, key}}});
        } catch (const std::runtime_error& problem) {
          if (newest_ledger_)
            differ({.what = fmt::format("checkpoint {}", signed_.back().size),
                    .field = "signature",
                    .found = problem.what(),
                    .expected = "signed by the key that is held here"});
        }
    for (const auto& note : options_.kept_apart) try {
        const auto opened = parse_checkpoint(parse_note(note).text);
        if (opened.origin != trust.origin) continue;
        (void)open_checkpoint(note, trust);
        apart_.emplace_back(static_cast<std::int64_t>(opened.size), opened.root);
      } catch (const std::runtime_error& problem) {
        differ({.what = "the checkpoint kept apart",
                .field = "signature",
                .found = problem.what(),
                .expected = "signed by a key of the council"});
      }
  }

  void append(const Digest& kept, const std::optional<Digest>& made) {
    tree_.append(kept);
    rows_.append(made.value_or(kept));
    ++index_;
    one_more_();
    while (next_signed_ < signed_.size() && signed_[next_signed_].size <= index_) {
      const auto& checkpoint = signed_[next_signed_++];
      if (checkpoint.size == index_ && tree_.root() != checkpoint.root)
        differ(
            {.what = fmt::format("checkpoint {}", checkpoint.size),
             .field = "root",
             .found = hex(tree_.root()) +
                      (rows_.root() == checkpoint.root ? ", by the tiles; the rows give the root that was signed" : ""),
             .expected = hex(checkpoint.root)});
    }
    for (const auto& [size, root] : apart_)
      if (size == index_ && tree_.root() != root)
        differ({.what = "the checkpoint kept apart",
                .field = "root",
                .found = hex(tree_.root()),
                .expected = hex(root) + ": another history than the one that was signed"});
    if (index_ % static_cast<std::int64_t>(tile_width) == 0) take_tiles();
  }

  void take_tiles() {
    for (auto& tile : tree_.take())
      if (tile.level > 0) upper_[{tile.level, tile.index}] = std::move(tile.hashes);
  }

  void take(const Segment& segment, const Leaf& leaf) {
    if (index_ == 0 && !before_.empty()) {
      // Only its text: witnesses may have cosigned since.
      const auto last = parse_note(before_).text;
      std::string named;
      append_json_string(named, last);
      if (leaf.content.find(std::string_view(named).substr(1, named.size() - 2)) == std::string_view::npos)
        differ({.index = 0,
                .what = "the first leaf",
                .field = "the ledger before",
                .found = std::string(leaf.content),
                .expected = last});
    }
    const auto kept = kept_.at(index_);
    const auto what = describe(authority_, segment.kind, leaf);
    if (!kept) {
      differ({.index = index_,
              .what = what,
              .field = "leaf hash",
              .found = "nothing: a tile is short",
              .expected = hex(leaf.hash)});
    } else if (*kept != leaf.hash) {
      if (leaf.stored && *leaf.stored == *kept) {
        differ({.index = index_,
                .what = what,
                .field = "bytes, salt, or a column of its leaf",
                .found = hex(leaf.hash),
                .expected = hex(*kept)});
      } else {
        if (segment.kind == "finding" && leaf.salt)
          walked_.findings.push_back({result_.differences.size(), std::string(leaf.content)});
        differ({.index = index_,
                .what = what,
                .field = leaf.stored && *leaf.stored == leaf.hash ? "leaf hash in the tree" : "content",
                .found = hex(leaf.hash),
                .expected = hex(*kept)});
      }
    } else if (leaf.stored && *leaf.stored != leaf.hash) {
      differ({.index = index_, .what = what, .field = "leaf", .found = hex(*leaf.stored), .expected = hex(leaf.hash)});
    }
    append(kept.value_or(leaf.hash), leaf.hash);
  }

  void compare_upper_tiles() {
    take_tiles();
    auto rows = transaction_.copy_out(tiles_above, authority_, std::int32_t{ledger_});
    while (rows.next()) {
      const std::pair at{static_cast<int>(rows.int16(0)), static_cast<std::uint64_t>(rows.int64(1))};
      const auto expected = upper_.extract(at);
      const auto what = fmt::format("tile {}/{}", at.first, at.second);
      if (expected.empty() || !std::ranges::equal(std::as_bytes(std::span(expected.mapped())), rows.bytes(2)))
        differ({.what = what,
                .field = "hashes",
                .found = hex(rows.bytes(2)).substr(0, 64) + " …",
                .expected = expected.empty() ? "no such tile" : "those of the tiles below"});
    }
    for (const auto& [at, hashes] : upper_)
      differ({.what = fmt::format("tile {}/{}", at.first, at.second), .found = "nothing", .expected = "a tile"});
  }

  pg::Transaction& transaction_;
  pg::Transaction beside_;
  const std::string& authority_;
  int ledger_;
  bool newest_ledger_;
  std::string before_, last_note_;
  const VerifyOptions& options_;
  Verification& result_;
  Walked& walked_;
  const std::function<void()>& one_more_;
  KeptHashes kept_;
  std::vector<KeptCheckpoint>& signed_;
  std::vector<std::pair<std::int64_t, Digest>> apart_;
  std::size_t next_signed_{};
  TileBuilder tree_;
  Frontier rows_;
  std::map<std::pair<int, std::uint64_t>, std::vector<Digest>> upper_;  ///< a 256th of the leaves
  std::int64_t index_{};
};

constexpr pg::Statement sequenced_in_all{
    "verify.sequenced",
    "SELECT coalesce(sum(t.count), 0)::bigint FROM answerable.ledger_segment s JOIN answerable.to_ledger t"
    " ON t.authority = s.authority AND t.place = s.place WHERE s.authority = $1"};

}  // namespace

Verification verify_ledgers(pg::Connection& connection, const Another& another, xml::FileReader& reader,
                            const std::string& authority, const VerifyOptions& options) {
  Verification result;
  Walked walked;
  {
    pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
    const auto all = transaction.run_one(sequenced_in_all, authority).int64(0, 0);
    std::int64_t done = 0;
    const std::function<void()> one_more = [&] {
      if ((++done % 4096 == 0 || done == all) && options.progress) options.progress(done, all);
    };
    const auto ledgers = transaction.run(ledgers_of, authority);
    auto beside = another();
    std::string before;
    for (int i = 0; i < ledgers.rows(); ++i) {
      Walk walk(transaction, beside, authority, ledgers.int32(i, 0), i + 1 == ledgers.rows(), before, options, result,
                walked, one_more);
      walk.go();
      before = walk.last_note();
    }
    for (const auto& segment : segments_waiting(transaction, authority)) result.waiting += segment.count;
  }
  FindingFields fields(connection, authority);
  for (const auto& finding : walked.findings)
    if (auto wrong = fields.wrong(finding.content)) {
      auto& difference = result.differences[finding.difference];
      difference.field = std::move(wrong->fields);
      difference.found = std::move(wrong->found);
      difference.expected = std::move(wrong->expected);
    }
  std::ranges::sort(walked.records, {}, &Walked::Records::key);
  const auto read = compare_facts(connection, another, reader, authority, [&](WrongFact&& wrong) {
    Difference difference{.what = fmt::format("record {}", wrong.record),
                          .field = std::move(wrong.field),
                          .found = std::move(wrong.found),
                          .expected = std::move(wrong.expected)};
    walked.place(wrong.record, difference);
    result.differences.push_back(std::move(difference));
  });
  result.records = read.records;
  result.facts = read.rows;
  return result;
}

void keep_verification(pg::Connection& connection, const std::string& authority, const Verification& verification) {
  if (verification.ledgers.empty()) return;
  pg::Transaction transaction(connection, pg::Access::read_write);
  transaction.run(keep, authority, now(), std::int32_t{verification.ledgers.back().ledger},
                  verification.ledgers.back().leaves, static_cast<std::int64_t>(verification.differences.size()));
  transaction.commit();
}

}  // namespace answerable::ledger
