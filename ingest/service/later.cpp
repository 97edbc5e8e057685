#include "ingest/service/later.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "ingest/http/problem.hpp"
#include "ingest/http/virus_scanner.hpp"
#include "ingest/pg/pool.hpp"
#include "ingest/service/readers.hpp"
#include "ingest/service/spool.hpp"

namespace answerable::service {
namespace {

[[noreturn]] void later(std::string detail, int seconds = 10) {
  throw http::Problem{.status = 503,
                      .type = "urn:answerable:problem:later",
                      .title = "Not now",
                      .detail = std::move(detail),
                      .headers = {{"Retry-After", std::to_string(seconds)}}};
}

http::Response ask(const http::Route& door, http::Request& request, Log& log) {
  try {
    return door.handle(request);
  } catch (const pg::AllInUse&) {
    later("Every line to the database is in use. Send it again in a moment.");
  } catch (const ReadersBusy&) {
    later("Other files are being read. Send it again in a moment.", 20);
  } catch (const NoRoom& error) {
    log.error("no-room", error);
    later("There is no room to take files in at the moment. Nothing was stored: send it again later.", 60);
  } catch (const http::ScannerAway& error) {
    log.error("scanner-away", error);
    later("Documents cannot be scanned for viruses at the moment. Nothing was stored: send it again later.", 60);
  } catch (const pg::InDoubt& error) {
    log.error("commit-in-doubt", error);
    later("Whether the file was stored is not known: send the same file again, and you get its receipt.");
  } catch (const pg::Error& error) {
    log.error("database", error);
    // 53: out of disk or memory; 57, 58: the server stops or has trouble; 08: it is away; 40: done again it may
    // succeed.
    static constexpr std::array<std::string_view, 5> passing{"08", "40", "53", "57", "58"};
    const bool passes = error.connection_lost() || std::ranges::any_of(passing, [&](std::string_view start) {
                          return error.sqlstate.starts_with(start);
                        });
    if (!passes) throw;
    later("The database cannot do this at the moment. Nothing was stored: send it again later.", 30);
  }
}

}  // namespace

http::Route unless_later(http::Route door, Log& log) {
  http::Route wrapped = door;
  wrapped.handle = [door = std::move(door), &log](http::Request& request) { return ask(door, request, log); };
  return wrapped;
}

}  // namespace answerable::service
