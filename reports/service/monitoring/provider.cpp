#include "reports/service/monitoring/provider.hpp"

#include <algorithm>
#include <map>
#include <ranges>

#include "audit/engine/ledger_reader.hpp"
#include "ingest/intake/receipt.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/monitoring/asking.hpp"

namespace answerable::monitoring {
namespace {

constexpr int newest_submissions = 20;
constexpr int quarters_shown = 12;

constexpr pg::Statement monitored_organisations{
    "monitoring.organisations", "SELECT organisation, key, name, received_at FROM answerable.last_sent()"};
constexpr pg::Statement known_organisations{
    "monitoring.organisation_numbers",
    "SELECT scheme || ':' || code, organisation, name FROM answerable.organisation WHERE authority = $1"};
constexpr pg::Statement one_organisation{
    "monitoring.organisation",
    "SELECT scheme || ':' || code, name FROM answerable.organisation WHERE authority = $1 AND organisation = $2"};
constexpr pg::Statement newest_sent{
    "monitoring.submissions",
    "SELECT submission, received_at, stored::bigint, held::bigint, already_held::bigint FROM answerable.submission"
    " WHERE authority = $1 AND sender = $2 ORDER BY submission DESC LIMIT $3"};
/// Every agreement's functions, as its record says them.
constexpr pg::Statement functions_said{
    "monitoring.functions",
    "SELECT e.number, coalesce(e.attributes::json->>'functions', '') FROM answerable.identifier i"
    " JOIN answerable.record r ON r.authority = i.authority AND r.subject = i.subject"
    " JOIN answerable.entry e ON e.authority = r.authority AND e.number = r.number"
    " WHERE i.authority = $1 AND i.scheme = 'agreement' AND e.act = 'agreement.made'"};
constexpr pg::Statement last_sent_by{"monitoring.last_sent",
                                     "SELECT received_at FROM answerable.last_sent() WHERE organisation = $1"};

/// "review, care planning and assessment", from "review care-planning assessment"
std::string functions_words(std::string_view list) {
  std::vector<std::string> words;
  for (const auto part : std::views::split(list, ' '))
    if (!part.empty()) words.push_back(pages::code_words({part.begin(), part.end()}));
  return pages::list_words(words);
}

}  // namespace

std::vector<ProviderRow> providers(pg::Transaction& transaction, const std::string& authority) {
  std::map<std::string, ProviderRow> by_key;
  const auto monitored = transaction.run(monitored_organisations);
  for (int i = 0; i < monitored.rows(); ++i) {
    ProviderRow row{
        monitored.int32(i, 0), std::string(monitored.text(i, 1)), std::string(monitored.text(i, 2)), {}, {}};
    if (!monitored.is_null(i, 3)) row.last_sent = monitored.instant(i, 3);
    by_key.emplace(row.key, std::move(row));
  }
  const auto stand = standings(transaction);
  const auto known = transaction.run(known_organisations, authority);
  for (int i = 0; i < known.rows(); ++i) {
    const auto found = stand.find(std::string(known.text(i, 0)));
    if (found == stand.end()) continue;
    auto& row = by_key[found->first];
    row = {known.int32(i, 1), found->first, std::string(known.text(i, 2)), row.last_sent, found->second};
  }
  // The council itself is no provider.
  by_key.erase("cassr:" + authority);
  std::vector<ProviderRow> all;
  for (auto& [key, row] : by_key) all.push_back(std::move(row));
  std::ranges::stable_sort(all, {}, [](const ProviderRow& row) {
    const auto share = row.standing.as_it_stands();
    return share.known() ? share.value() : 2;
  });
  return all;
}

std::vector<AgreementLine> agreements(pg::Transaction& transaction, const std::string& authority, Day today) {
  engine::Vocabulary vocabulary;
  const engine::LedgerReader reader(transaction, authority, vocabulary);
  const auto all = reader.agreements(reader.size());
  std::map<std::int64_t, std::string> functions;
  const auto said = transaction.run(functions_said, authority);
  for (int i = 0; i < said.rows(); ++i) functions.emplace(said.int64(i, 0), said.text(i, 1));
  std::vector<AgreementLine> lines;
  for (const auto& one : all.all())
    lines.push_back({.reference = one.reference,
                     .type = one.type,
                     .functions = functions_words(functions[one.number]),
                     .extent = one.extent,
                     .monitoring = one.monitoring,
                     .reports = one.reports,
                     .parties = one.parties,
                     .from = one.from,
                     .until = one.until,
                     .revoked = one.revoked,
                     .in_force = one.in_force(today),
                     .record = one.number});
  return lines;
}

std::optional<Provider> provider(pg::Transaction& transaction, const std::string& authority, std::int32_t organisation,
                                 Day today) {
  const auto row = transaction.run(one_organisation, authority, organisation);
  if (row.rows() != 1) return std::nullopt;
  Provider it{.organisation = organisation, .key = std::string(row.text(0, 0)), .name = std::string(row.text(0, 1))};
  it.agreements = agreements(transaction, authority, today);
  std::erase_if(it.agreements, [&](const AgreementLine& line) {
    return std::ranges::find(line.parties, it.key) == line.parties.end();
  });
  const auto sent = transaction.run(last_sent_by, organisation);
  if (sent.rows() == 1 && !sent.is_null(0, 0)) it.last_sent = sent.instant(0, 0);
  const auto submissions = transaction.run(newest_sent, authority, organisation, std::int64_t{newest_submissions});
  for (int i = 0; i < submissions.rows(); ++i)
    it.submissions.push_back({intake::ReceiptId{authority, submissions.int64(i, 0)}.text(), submissions.instant(i, 1),
                              submissions.int64(i, 2), submissions.int64(i, 3), submissions.int64(i, 4)});
  it.card = scorecard(transaction, it.key);
  it.trend = trend(transaction, authority, it.key, today, quarters_shown);
  it.reviews = reviews(transaction, authority, it.key, today);
  it.asked = requests(transaction, authority, {.asked_of = it.key, .limit = 1}, today).total;
  it.unanswered_and_late =
      requests(transaction, authority, {.asked_of = it.key, .waiting = RequestState::answer_overdue, .limit = 1}, today)
          .total;
  return it;
}

}  // namespace answerable::monitoring
