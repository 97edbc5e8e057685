#include "audit/loss/loss.hpp"

#include "audit/loss/held.hpp"
#include "audit/loss/payments.hpp"
#include "audit/loss/services.hpp"

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

}  // namespace answerable::loss
