#include "reports/service/monitoring/request_parts.hpp"

#include <fmt/format.h>

#include "reports/pages/wording.hpp"
#include "reports/service/monitoring/page_parts.hpp"

namespace answerable::service {

std::string reply_words(const monitoring::Reply& reply) {
  return reply.receipt.empty()
             ? reply.words
             : fmt::format("{} Evidence came as submission {}.", pages::sentence(reply.words), reply.receipt);
}

render::Fragment request_tag(const monitoring::Request& request, Day today) {
  if (request.accepted()) return ui::Tag{"Explanation accepted", ui::TagColour::teal};
  if (request.undecided()) return ui::Tag{"Reply to decide", ui::TagColour::purple};
  if (request.until < today) return ui::Tag{"Answer " + lateness_words(request.until, today), ui::TagColour::red};
  return ui::Tag{request.replies.empty() ? "Waiting for an answer" : "Asked again, waiting for an answer",
                 ui::TagColour::blue};
}

}  // namespace answerable::service
