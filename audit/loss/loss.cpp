#include "audit/loss/loss.hpp"

#include <algorithm>
#include <stdexcept>

#include "audit/engine/ledger_reader.hpp"
#include "audit/loss/held.hpp"
#include "audit/loss/payments.hpp"
#include "audit/loss/services.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::loss {

Loss work_out(const engine::SubjectTimeline& timeline, const engine::Vocabulary& vocabulary,
              const engine::Organisations& organisations, engine::Horizon horizon, const Question& question) {
  const Held held(timeline, vocabulary, organisations, horizon);
  Loss out{.authority = organisations.authority,
           .council = organisations.council_name,
           .horizon = horizon,
           .question = question};
  out.payments = lost_payments(held, question, out.shown);
  out.care = missed_care(held, question, out.missing);
  out.support = lost_support(held, question, out.shown);
  return out;
}

Loss work_out(pg::Connection& connection, const std::string& authority, std::int32_t subject, Day as_of,
              std::optional<std::int64_t> known_at, const Question& question) {
  pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  engine::Vocabulary vocabulary;
  const engine::LedgerReader reader(transaction, authority, vocabulary);
  const engine::Horizon horizon{as_of, std::min(known_at.value_or(reader.size()), reader.size())};
  const auto batch = reader.subject(subject, horizon.known_at);
  if (batch.timelines().empty() || batch.timelines()[0].records.empty()) {
    throw std::runtime_error(
        "Nothing was held about this person at that time. Ask for a later --known-at, or leave it out.");
  }
  return work_out(batch.timelines()[0], vocabulary, reader.organisations(), horizon, question);
}

}  // namespace answerable::loss
