// A random sample of cases for a deep audit, which anybody can draw again.
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/csv.hpp"
#include "reports/service/monitoring/finding_list.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/monitoring/page_parts.hpp"
#include "reports/service/monitoring/sample.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

constexpr int largest_sample = 200;

/// What the form sent, and what is wrong with it.
struct DrawForm {
  std::string agreement, size, seed;
  std::string agreement_fault{}, size_fault{}, seed_fault{};

  bool good() const { return agreement_fault.empty() && size_fault.empty() && seed_fault.empty(); }
};

/// "council's number 500120", from council:500120
std::string number_words(const std::string& identifier) {
  const auto colon = identifier.find(':');
  return colon == identifier.npos
             ? identifier
             : pages::identifier_words({identifier.substr(0, colon), identifier.substr(colon + 1)});
}

std::string fresh_seed() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

http::Response samples_page(const Visit& visit, const DrawForm& form) {
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  Page page(visit, "Samples for a deep audit");
  std::vector<ui::ErrorSummary::Error> errors;
  if (!form.agreement_fault.empty()) errors.push_back({form.agreement_fault, "agreement"});
  if (!form.size_fault.empty()) errors.push_back({form.size_fault, "size"});
  if (!form.seed_fault.empty()) errors.push_back({form.seed_fault, "seed"});
  if (!errors.empty()) page.errors(std::move(errors));
  page.paragraph(
      "Cases are drawn by a seed from everybody with a record under an agreement. The seed and the cases go on "
      "the ledger, so that nobody draws until they like what comes, and anybody can draw again.");
  ui::Select agreement{.name = "agreement",
                       .label = "Agreement",
                       .options = {{"", "Choose one"}},
                       .chosen = form.agreement,
                       .error = form.agreement_fault};
  for (const auto& reference : monitoring::finding_choices(transaction, council, {}).agreements)
    agreement.options.push_back({reference, reference});
  page.add(post_form(
      visit, "/samples",
      render::joined(
          {agreement,
           ui::TextInput{.name = "size",
                         .label = "How many cases?",
                         .hint = fmt::format("At most {}", largest_sample),
                         .error = form.size_fault,
                         .value = form.size,
                         .width = ui::TextInput::Width::w4,
                         .inputmode = "numeric"},
           ui::TextInput{.name = "seed",
                         .label = "Seed",
                         .hint = "Any words: the date and a throw of dice in front of the provider, say. Left "
                                 "empty, one is made.",
                         .error = form.seed_fault,
                         .value = form.seed,
                         .width = ui::TextInput::Width::w20},
           ui::Button{.text = "Draw"}})));
  ui::Table table{.caption = "Drawn so far",
                  .columns = {{"Sample"}, {"Agreement"}, {"Seed"}, {"Cases", true}, {"Drawn by"}, {"When"}},
                  .rows = {},
                  .wide = true};
  for (const auto& one : monitoring::samples(transaction, council))
    table.rows.push_back({ui::Link{fmt::format("Sample {}", one.number), fmt::format("/samples/{}", one.number)},
                          one.agreement, one.seed, std::to_string(one.cases.size()), one.by, day_of_words(one.at)});
  page.add(table);
  return std::move(page).answer();
}

monitoring::Sample sample_in(const Visit& visit, pg::Transaction& transaction) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("sample"));
  auto found = number ? monitoring::sample(transaction, visit.actor().authority, *number) : std::nullopt;
  if (!found) throw http::Problem{.status = 404, .detail = "There is no sample of that number that you may see."};
  return std::move(*found);
}

/// As one word of a POSIX shell.
std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

http::Response samples(Visit& visit) {
  return samples_page(visit, {});
}

http::Response draw_sample(Visit& visit) {
  DrawForm form{visit.field("agreement"), visit.field("size"), visit.field("seed")};
  const auto size = number_in<int>(form.size);
  if (form.agreement.empty()) form.agreement_fault = "Choose an agreement";
  if (!size || *size < 1 || *size > largest_sample)
    form.size_fault = fmt::format("The number of cases must be between 1 and {}", largest_sample);
  if (form.seed.size() > 200) form.seed_fault = "The seed must have at most 200 characters";
  if (!form.good()) return samples_page(visit, form);
  const auto number = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    const auto drawn =
        monitoring::draw(transaction, form.agreement, form.seed.empty() ? fresh_seed() : form.seed, *size);
    transaction.commit();
    return drawn;
  }();
  if (!number) {
    form.agreement_fault = "There is no such agreement that you monitor";
    return samples_page(visit, form);
  }
  return done(visit, fmt::format("/samples/{}", *number), "The sample was drawn.");
}

http::Response sample(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto it = sample_in(visit, transaction);
  Page page(visit, fmt::format("Sample {}", it.number));
  page.under({{"Samples", "/samples"}});
  ui::SummaryList list;
  list.rows.push_back({"Seed", it.seed});
  list.rows.push_back({"Population", fmt::format("Everybody with a record under {} among the records numbered below {}",
                                                 it.agreement, it.known_at)});
  list.rows.push_back({"Drawn", fmt::format("{} cases by {}, {}", it.cases.size(), it.by, pages::time_words(it.at))});
  page.add(list);
  ui::Table table{.caption = "Cases, in the order drawn",
                  .columns = {{"Case"}, {"SHA-256 of seed/case"}, {"Number"}, {"Open"}},
                  .rows = {},
                  .wide = true,
                  .when_empty = "Nobody has a record under that agreement."};
  for (const auto& one : monitoring::sample_cases(transaction, it.number))
    table.rows.push_back(
        {std::to_string(one.number), hex(monitoring::case_hash(it.seed, one.number)), number_words(one.identifier),
         ui::Link{"Open the record", fmt::format("/people/open?person={}&reference=Sample+{}", one.number, it.number),
                  "of case " + std::to_string(one.number)}});
  page.add(table);
  page.heading("To draw it again");
  page.paragraph(
      fmt::format("For each case of the population take the SHA-256 of the seed, a slash and the case’s number, and "
                  "sort: the first {} are the sample. With stock tools, beside the file of the population:",
                  it.cases.size()));
  page.add(
      ui::Preformatted{fmt::format("SEED={}\ntail -n +2 population.csv | cut -d, -f1 | while read -r n; do\n  echo "
                                   "\"$(printf '%s' \"$SEED/$n\" | sha256sum | "
                                   "cut -d' ' -f1) $n\"\ndone | sort | head -n {}",
                                   shell_quoted(it.seed), it.cases.size())});
  page.paragraph(ui::Link{"The population as CSV", fmt::format("/samples/{}/population.csv", it.number)});
  return std::move(page).answer();
}

/// Putting a large council's people in the seed's order takes a moment: the file begins meanwhile.
http::Response sample_csv(Visit& visit) {
  const auto it = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    return sample_in(visit, transaction);
  }();
  auto response = csv_answer("population.csv", "");
  response.write = [it, &pool = visit.hall.reports, token = visit.member.value().token](std::ostream& out) {
    render::Csv csv(out, {"case", "sha256", "drawn"});
    out.flush();
    const Records records(pool, token);
    pg::Transaction transaction(*records, pg::Access::read_only);
    std::size_t place = 0;
    for (const auto number : monitoring::population(transaction, it.number))
      csv.row({std::to_string(number), hex(monitoring::case_hash(it.seed, number)),
               place++ < it.cases.size() ? "yes" : "no"});
  };
  return response;
}

}  // namespace answerable::service
