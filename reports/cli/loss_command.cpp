#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/cli/reading.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "reports/cli/report_commands.hpp"
#include "reports/cli/whom.hpp"
#include "reports/loss/loss_page.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/terminal.hpp"

namespace answerable::cli {
namespace {

struct LossOptions {
  std::string person, from, to, as_of, known_at, authority;
  std::vector<std::string> rates;
  Reading reading;
};

Day parse_option(const char* option, const std::string& text) {
  if (const auto day = parse_day(text)) return *day;
  throw Failure(usage, fmt::format("{}: '{}' is no day. Expected: a day that exists, as 2013-12-05.", option, text));
}

/// "98.36" or "98.36@2014-04-07"
loss::EnteredRate parse_rate(const std::string& text) {
  const auto at = text.find('@');
  const auto weekly = loss::parse_pounds(text.substr(0, at));
  if (!weekly) {
    throw Failure(
        usage,
        fmt::format(
            "--weekly-rate: '{}' is no sum of money. Expected: pounds and pence a week without sign or comma, as "
            "98.36 or 98.36@2014-04-07.",
            text.substr(0, at)));
  }
  loss::EnteredRate out{.weekly = *weekly};
  if (at != std::string::npos) out.from = parse_option("--weekly-rate", text.substr(at + 1));
  return out;
}

loss::Question parse_question(const LossOptions& options) {
  loss::Question out;
  if (!options.from.empty()) out.from = parse_option("--from", options.from);
  if (!options.to.empty()) out.to = parse_option("--to", options.to);
  if (out.from && out.to && *out.to < *out.from)
    throw Failure(usage, fmt::format("--to: '{}' lies before --from {}. Expected: the last day, on or after the first.",
                                     options.to, options.from));
  for (const auto& text : options.rates) {
    const auto rate = parse_rate(text);
    if (std::ranges::find(out.rates, rate.from, &loss::EnteredRate::from) != out.rates.end())
      throw Failure(usage, fmt::format("--weekly-rate: '{}' is the second rate {}. Expected: one rate for a day; say "
                                       "from which day each holds, as "
                                       "AMOUNT@2014-04-07.",
                                       text, rate.from ? "from that day" : "without a day"));
    out.rates.push_back(rate);
  }
  return out;
}

int work_out(const Common& common, const LossOptions& options) {
  const auto identifier = parse_person(options.person);
  const auto question = parse_question(options);
  const Day as_of = options.as_of.empty() ? london_day(now()) : parse_as_of(options.as_of);
  std::optional<std::variant<std::int64_t, Instant>> known;
  if (!options.known_at.empty()) known = parse_known_at(options.known_at);
  const auto database = open_database(common);
  pg::Connection connection(database.conninfo(), "reports", "answerable_desk");
  const auto found = find_one(connection, identifier, options.authority);
  std::optional<std::int64_t> known_at;
  if (known) known_at = known_number(connection, found.council.authority, *known);
  options.reading.note(connection, found.council.authority, found.subject, "loss");
  const auto loss = loss::work_out(connection, found.council.authority, found.subject, as_of, known_at, question);
  if (common.json) {
    print_json(pages::loss_json(loss));
    return done;
  }
  print(printable(fmt::format("{}, {}, as of {}, {} known.\n", pages::identifier_words(identifier), loss.council,
                              words(as_of), pages::count_of(loss.horizon.known_at, "record", "records"))));
  print(render::text(pages::loss_blocks(loss)));
  return done;
}

}  // namespace

void add_loss_command(Program& program) {
  const auto options = std::make_shared<LossOptions>();
  auto& command =
      program.add("loss", "Works out lost direct payments and lost care, every term shown: an aid, no determination",
                  [options](const Common& common) { return work_out(common, *options); });
  command.add_option("--person", options->person, "NHS number, council:NUMBER or sender:SCHEME:CODE/NUMBER")
      ->type_name("ID")
      ->required();
  command
      .add_option("--from", options->from,
                  "First day to count: narrows the records' dates, or settles one they leave open")
      ->type_name("DATE");
  command.add_option("--to", options->to, "Last day to count, likewise")->type_name("DATE");
  command
      .add_option(
          "--weekly-rate", options->rates,
          "What was to be paid a week, net of the person's contribution; from DATE on, in place of what records say")
      ->type_name("AMOUNT[@DATE]");
  command.add_option("--as-of", options->as_of, "Look from this day (default: today)")->type_name("DATE");
  command
      .add_option("--known-at", options->known_at,
                  "Use only the first N records, or those received by a moment or the end of a day")
      ->type_name("N|TIME");
  command.add_option("--authority", options->authority, "Council's code, where more than one holds the person")
      ->type_name("CODE");
  options->reading.add_to(command);
}

}  // namespace answerable::cli
