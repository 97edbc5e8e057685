#include "audit/ledger/keeping.hpp"

#include <fmt/format.h>

#include <limits>

#include "audit/ledger/kept_apart.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/file_reader.hpp"

namespace answerable::ledger {

std::vector<StoredKey> signing_keys(pg::Connection& connection, const Keys& keys, const std::string& authority) {
  auto all = keys.of(authority);
  if (!all.empty()) return all;
  pg::Transaction transaction(connection, pg::Access::read_only);
  if (find_checkpoint(transaction, authority))
    throw KeyMissing(
        fmt::format("The key that signs the ledger of council {} is not in {}. Put it back from its "
                    "backup, or name its folder with --keys. If it is lost for good, `answerable "
                    "ledger key --lost` makes another; tell everybody who has the old one.",
                    authority, keys.folder().string()));
  return keys.of_or_first(authority);
}

Sealed seal_and_keep(pg::Connection& connection, const Keys& keys, const std::string& authority) {
  const auto signing = signing_keys(connection, keys, authority);
  auto sealed = seal(connection, authority, signing);
  if (sealed.checkpoint) keep_apart(keys.folder(), authority, sealed.checkpoint->ledger, sealed.checkpoint->note);
  return sealed;
}

xml::Limits no_limits() {
  xml::Limits limits;
  limits.max_records = std::numeric_limits<std::uint64_t>::max();
  limits.max_bytes = std::numeric_limits<std::uint64_t>::max();
  limits.max_time = std::chrono::hours{24};
  return limits;
}

Verification verify_and_keep(pg::Connection& connection, const Another& another, xml::FileReader& reader,
                             const Keys& keys, const std::string& authority,
                             const std::function<void(std::int64_t, std::int64_t)>& progress) {
  VerifyOptions options;
  options.kept_apart = read_kept_apart(keys.folder(), authority);
  for (const auto& key : keys.of(authority)) options.held.push_back(key.key.public_key());
  options.progress = progress;
  auto result = verify_ledgers(connection, another, reader, authority, options);
  result.kept_apart = options.kept_apart.size();
  keep_verification(connection, authority, result);
  return result;
}

}  // namespace answerable::ledger
