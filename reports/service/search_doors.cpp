// Search: numbers, people by name, bodies and agreements, words of the law; each within what whoever asks may see. It
// opens nothing: somebody who was found is opened for a purpose, as always.
#include <fmt/format.h>

#include <algorithm>

#include "audit/engine/identity.hpp"
#include "ingest/identifiers.hpp"
#include "ingest/intake/receipt.hpp"
#include "reports/pages/rule_guide.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/pieces.hpp"
#include "reports/service/doors.hpp"
#include "reports/service/links.hpp"
#include "reports/service/people/words_form.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement people_named{"search.people", "SELECT subject, name FROM answerable.search_people($1)"};
constexpr pg::Statement bodies_named{
    "search.bodies",
    "SELECT scheme || ':' || code, name FROM answerable.organisation WHERE authority = $1"
    " AND (strpos(lower(name), lower($2)) > 0 OR lower(code) = lower($2)) ORDER BY name, code LIMIT 21"};
constexpr pg::Statement agreements_named{
    "search.agreements",
    "SELECT value FROM answerable.identifier WHERE authority = $1 AND scheme = 'agreement'"
    " AND strpos(lower(value), lower($2)) > 0 ORDER BY value LIMIT 21"};
constexpr pg::Statement finding_numbered{
    "search.finding",
    "SELECT coalesce(sentence, ''), rule FROM answerable.finding WHERE authority = $1 AND finding = $2"};
constexpr pg::Statement submission_numbered{
    "search.submission", "SELECT received_at FROM answerable.submission WHERE authority = $1 AND submission = $2"};
constexpr pg::Statement my_case{"search.case", "SELECT reference FROM answerable.my_cases() WHERE reference = $1"};

constexpr std::size_t most_of_a_kind = 20;
constexpr std::size_t longest_search = 200;

/// What was found of one kind.
struct FoundGroup {
  std::string title;
  std::vector<Fragment> items{};
  std::string more{};  ///< said below
};

/// Leads there when there is such a page for whoever asks; else it is only said.
Fragment led_to(const Visit& visit, std::string text, std::string_view door_path, std::string target) {
  const bool open = std::ranges::any_of(doors(), [&](const Door& door) {
    return door.method == "GET" && door.path == door_path && door.who.admits(visit.actor());
  });
  return open ? Fragment(components::Link{std::move(text), std::move(target)}) : Fragment(text);
}

std::string more_than(const FoundGroup& group) {
  return group.items.size() < most_of_a_kind ? "" : "There are more. Add a word or letters.";
}

FoundGroup by_number(const Visit& visit, pg::Transaction& transaction, const std::string& sought) {
  FoundGroup group{"By number"};
  const auto& authority = visit.actor().authority;
  std::string bare = sought;
  std::erase(bare, ' ');
  const auto may_open = [&](std::string_view scheme, const std::string& value, const std::string& words) {
    const auto subject = access::find_person(transaction, scheme, value);
    if (subject)
      group.items.push_back(led_to(visit, words, "/people/open", fmt::format("/people/open?person={}", *subject)));
  };
  const bool digits = bare.size() == 10 && std::ranges::all_of(bare, [](char c) { return c >= '0' && c <= '9'; });
  if (digits && !check_identifier("nhs-number", bare)) may_open("nhs-number", bare, "A person of that NHS number");
  may_open("council", bare, "A person of that council number");
  if (transaction.run(my_case, bare).rows() == 1)
    group.items.push_back(led_to(visit, fmt::format("Complaint {}", bare), "/complaints/{case}", case_path(bare)));
  else
    may_open("case", bare, "The person a complaint of that reference is about");
  if (const auto finding = engine::parse_finding(bare)) {
    const auto row = transaction.run(finding_numbered, authority, *finding);
    if (row.rows() == 1) {
      const auto number = engine::format_finding(*finding);
      group.items.push_back(
          led_to(visit, fmt::format("Finding {}: {}", number, row.text(0, 0).empty() ? row.text(0, 1) : row.text(0, 0)),
                 "/findings/{finding}", "/findings/" + number));
    }
  }
  if (const auto receipt = intake::parse_receipt_id(bare); receipt && receipt->authority == authority) {
    const auto row = transaction.run(submission_numbered, authority, receipt->submission);
    if (row.rows() == 1)
      group.items.push_back(led_to(visit,
                                   fmt::format("File {}, received {}", bare, words(london_day(row.instant(0, 0)))),
                                   "/sent/{submission}", fmt::format("/sent/{}", receipt->submission)));
  }
  return group;
}

FoundGroup people_of(const Visit& visit, pg::Transaction& transaction, const std::string& sought) {
  FoundGroup group{"People"};
  const auto rows = transaction.run(people_named, sought);
  for (int row = 0; row < rows.rows() && group.items.size() < most_of_a_kind; ++row)
    group.items.push_back(led_to(visit, std::string(rows.text(row, 1)), "/people/open",
                                 fmt::format("/people/open?person={}", rows.int32(row, 0))));
  group.more = more_than(group);
  return group;
}

FoundGroup bodies_and_agreements(const Visit& visit, pg::Transaction& transaction, const std::string& sought) {
  FoundGroup group{"Bodies and agreements"};
  const auto& authority = visit.actor().authority;
  const auto bodies = transaction.run(bodies_named, authority, sought);
  for (int row = 0; row < bodies.rows() && group.items.size() < most_of_a_kind; ++row)
    group.items.push_back(led_to(visit, fmt::format("{} ({})", bodies.text(row, 1), bodies.text(row, 0)),
                                 "/providers/{organisation}", "/providers/" + url_part(bodies.text(row, 0))));
  const auto agreements = transaction.run(agreements_named, authority, sought);
  for (int row = 0; row < agreements.rows() && group.items.size() < most_of_a_kind; ++row)
    group.items.push_back(led_to(visit, fmt::format("Agreement {}: its findings", agreements.text(row, 0)), "/findings",
                                 "/findings?agreement=" + url_part(agreements.text(row, 0))));
  group.more = more_than(group);
  return group;
}

bool holds(std::string_view text, std::string_view part) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return !std::ranges::search(text, part, {}, lower, lower).empty();
}

FoundGroup law_of(const Visit& visit, const engine::Catalogue& rules, const std::string& sought) {
  FoundGroup group{"Law"};
  for (const auto& rule : rules.rules()) {
    if (!holds(rule.title, sought) && !holds(rule.because, sought) && rule.id != sought) continue;
    if (group.items.size() == most_of_a_kind) break;
    group.items.push_back(led_to(visit, fmt::format("{} ({})", rule.title, rule.id), "/guide/rules",
                                 "/guide/rules#" + pages::rule_anchor(rule.id)));
  }
  group.more = more_than(group);
  return group;
}

std::vector<FoundGroup> found_by(Visit& visit, const std::string& sought) {
  const auto records = visit.records();
  // Names that came in since the last search are read first.
  pg::Transaction transaction(*records, pg::Access::read_write);
  const auto rules = visit.hall.rules.lend(transaction, visit.actor().authority);
  std::vector<FoundGroup> found{by_number(visit, transaction, sought), people_of(visit, transaction, sought),
                                bodies_and_agreements(visit, transaction, sought), law_of(visit, *rules, sought)};
  transaction.commit();
  std::erase_if(found, [](const FoundGroup& group) { return group.items.empty(); });
  return found;
}

Fragment search_form(const Visit& visit, const std::string& sought, std::string error) {
  Fragment fields = components::TextInput{
      .name = "words",
      .label = "Search for",
      .hint =
          "An NHS number, a complaint, finding or receipt by its number; a person’s name; a provider or agreement; "
          "words of the law.",
      .error = std::move(error),
      .value = sought};
  fields += Fragment(components::Button{"Search"});
  // Sent as a form, so that no name or number of anybody stands in an address, and in no log of a proxy.
  return post_form(visit, "/search", fields);
}

}  // namespace

http::Response show_search(Visit& visit) {
  Page page(visit, "Search");
  page.add(search_form(visit, "", ""));
  add_words_form(page, visit, {});
  return std::move(page).answer();
}

http::Response search(Visit& visit) {
  auto sought = visit.field("words");
  sought.erase(0, std::min(sought.find_first_not_of(' '), sought.size()));
  sought.erase(sought.find_last_not_of(' ') + 1);
  Page page(visit, "Search");
  if (sought.size() < 2 || sought.size() > longest_search) {
    const std::string fault = "Write at least two letters or digits, and at most 200.";
    page.errors({{fault, "words"}});
    page.add(search_form(visit, sought, fault));
    return std::move(page).answer();
  }
  const auto found = found_by(visit, sought);
  page.add(search_form(visit, sought, ""));
  if (found.empty()) page.paragraph("Nothing that you may see was found.");
  for (const auto& group : found) {
    page.heading(group.title);
    page.add(components::List{.items = group.items});
    if (!group.more.empty()) page.paragraph(group.more);
  }
  return std::move(page).answer();
}

}  // namespace answerable::service
