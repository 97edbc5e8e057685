#include "reports/service/provider/delivery.hpp"

#include <fmt/format.h>

#include <random>

#include "reports/pages/wording.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/submissions.hpp"

namespace answerable::service::provider_desk {

http::Response after_taking(const Visit& visit, const Taken& taken, std::optional<std::int64_t> mends) {
  if (!taken.repeated) {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    note_sending(transaction, taken.submission, mends);
    transaction.commit();
  }
  const std::string path = fmt::format("/sent/{}", taken.submission);
  if (taken.repeated) return done(visit, path, "This very file was taken in before: nothing was stored twice.");
  if (taken.held > 0)
    return done(visit, path,
                pages::capital(fmt::format("{} stored; {} held until mended.",
                                           pages::count_of(taken.stored, "record is", "records are"),
                                           pages::count_of(taken.held, "is", "are"))));
  return done(visit, path,
              pages::capital(fmt::format("{} stored.", pages::count_of(taken.stored, "record is", "records are"))));
}

std::string fresh_number(std::string_view prefix) {
  std::random_device random;
  std::string day = iso(london_day(now()));
  std::erase(day, '-');
  return fmt::format("{}-{}-{:08x}", prefix, day, random());
}

std::string receipt_name(const Visit& visit, std::int64_t submission) {
  return intake::ReceiptId{visit.actor().authority, submission}.text();
}

}  // namespace answerable::service::provider_desk
