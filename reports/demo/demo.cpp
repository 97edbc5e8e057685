#include "reports/demo/demo.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <ostream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "audit/engine/store.hpp"
#include "audit/ledger/judge_bundle.hpp"
#include "audit/ledger/kept_apart.hpp"
#include "audit/ledger/keys.hpp"
#include "audit/ledger/sequence.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/xml/kinds.hpp"
#include "reports/bundle/bundle.hpp"
#include "reports/pages/gather.hpp"

namespace answerable::demo {
namespace {

namespace fs = std::filesystem;

/// A decided case that ships as submissions, and whose trail is worth reading.
struct Shown {
  const char *folder, *title, *authority, *nhs_number, *case_reference;
  Day as_of;  ///< the day the decision was published
};
constexpr std::array shown{
    Shown{"origin-somerset-2015", "The origin case: Somerset, payments stopped in December 2013", "905", "9990000018",
          "COMP-15-114", Day{std::chrono::year{2015} / 10 / 8}},
    Shown{"salford-2019", "Salford: a plan not reviewed from 2013 to 2019", "309", "9990000034", "",
          Day{std::chrono::year{2019} / 8 / 29}},
};
constexpr const char* generated_authority = "999";

/// Noon is the same day in London all year.
Instant noon(Day day) {
  return Instant{day} + std::chrono::hours{12};
}

/// The private server started by root runs as another user, who must be able to come in: where the output folder does
/// not let it, the database goes to /var/tmp.
fs::path database_folder(const fs::path& output) {
  if (::geteuid() == 0) {
    for (fs::path folder = fs::absolute(output); folder.has_relative_path(); folder = folder.parent_path()) {
      if (fs::exists(folder) && (fs::status(folder).permissions() & fs::perms::others_exec) == fs::perms::none) {
        return "/var/tmp/answerable-demo";
      }
    }
  }
  return fs::absolute(output) / "data";
}

class Demonstration {
 public:
  Demonstration(const Settings& settings, std::ostream& progress)
      : settings_{settings},
        progress_{progress},
        data_{fresh(settings.data.empty() ? database_folder(settings.output) : settings.data)},
        database_{pg::Database::open(std::nullopt, data_)},
        kinds_{xml::Kinds::load(share_folder() / "schemas")} {}

  Result run() {
    const auto start = std::chrono::steady_clock::now();
    result_.data = data_;
    fs::create_directories(settings_.output);
    take_in();
    audit();
    trails();
    seal();
    std::ofstream(data_ / demonstration_mark) << "Everything in this folder is made up.\n";
    result_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(result_);
  }

 private:
  static fs::path fresh(const fs::path& folder) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
  }

  void submit(xml::FileReader& reader, pg::Connection& connection, std::istream& file, const std::string& name,
              Day received) {
    intake::Options options;
    options.received_at = noon(received);
    const auto answer = intake::submit(connection, reader, file, options);
    const auto* receipt = std::get_if<intake::Receipt>(&answer);
    if (receipt == nullptr || receipt->held > 0) {
      const auto& faults = receipt != nullptr ? receipt->faults : std::get<intake::Refusal>(answer).faults;
      const auto worst = std::ranges::find(faults, Severity::error, &Fault::severity);
      throw std::runtime_error(fmt::format(
          "The demonstration file {} is not taken in whole: {}", name,
          worst == faults.end() ? "no reason given" : fmt::format("line {}: {}", worst->line, worst->problem)));
    }
    ++result_.files;
    result_.records += receipt->stored;
  }

  void take_in() {
    progress_ << "Taking in the demonstration records ..." << std::endl;
    pg::Connection connection{database_.conninfo(), "demo intake", "answerable_ingest"};
    xml::FileReader reader{kinds_, xml::Limits{}};
    for (const Shown& one : shown) {
      std::vector<fs::path> files;
      for (const auto& entry : fs::directory_iterator(share_folder() / "schemas/demonstration" / one.folder))
        files.push_back(entry.path());
      std::ranges::sort(files);
      for (const fs::path& file : files) {
        std::ifstream in{file, std::ios::binary};
        submit(reader, connection, in, file.filename().string(),
               parse_day(file.filename().string().substr(0, 10)).value());
      }
    }
    if (settings_.people == 0) return;
    Scale scale;
    scale.people = settings_.people;
    scale.to = settings_.as_of;
    generated_ = generate(scale);
    for (const File& file : generated_.files) {
      std::istringstream in{file.xml};
      submit(reader, connection, in, file.name, file.received);
    }
  }

  void audit() {
    progress_ << "Judging them against the law ..." << std::endl;
    pg::Connection connection{database_.conninfo(), "demo audit", "answerable_audit"};
    auto catalogue = engine::Catalogue::load(kinds_);
    std::vector<std::string> authorities;
    {
      pg::Transaction transaction{connection, pg::Access::read_only};
      authorities = engine::LedgerReader::authorities(transaction);
    }
    for (const std::string& authority : authorities) {
      const auto report = engine::audit(connection, catalogue, authority, settings_.as_of);
      for (const auto& [outcome, count] : report.outcomes) {
        if (engine::needs_attention(outcome)) result_.findings += count;
      }
    }
    if (settings_.people > 0) compare(connection);
  }

  /// By rule and subject: a rule raised for a person in whose story no such fault was planted is told apart.
  void compare(pg::Connection& connection) {
    pg::Transaction transaction{connection, pg::Access::read_only, pg::Isolation::repeatable_read};
    engine::Vocabulary words;
    const engine::LedgerReader ledger{transaction, generated_authority, words};
    std::map<std::pair<std::string, std::int32_t>, std::string> raised;
    for (const engine::Finding& finding : engine::findings(transaction, generated_authority, {})) {
      if (engine::needs_attention(finding.outcome) || finding.outcome == engine::Outcome::met_late) {
        raised.try_emplace({finding.rule, finding.subject}, finding.sentence);
      }
    }
    std::set<std::pair<std::string, std::int32_t>> planted;
    for (const Planted& fault : generated_.planted) {
      const auto subject = ledger.find_subject("", fault.subject);
      if (!planted.emplace(fault.rule, subject.value_or(0)).second) continue;
      ++result_.comparison.planted;
      if (subject && raised.contains({fault.rule, *subject}))
        ++result_.comparison.found;
      else
        result_.comparison.missed.push_back(fmt::format("{} for {}: {}", fault.rule, fault.subject, fault.what));
    }
    for (const auto& [key, sentence] : raised) {
      if (!planted.contains(key))
        result_.comparison.unplanted.push_back(fmt::format("{} for subject {}: {}", key.first, key.second, sentence));
    }
  }

  void trails() {
    progress_ << "Writing the audit trails ..." << std::endl;
    pg::Connection connection{database_.conninfo(), "demo trails", "answerable_desk"};
    auto catalogue = engine::Catalogue::load(kinds_);
    for (const Shown& one : shown) {
      std::optional<std::int32_t> subject;
      {
        pg::Transaction transaction{connection, pg::Access::read_only};
        engine::Vocabulary words;
        subject = engine::LedgerReader{transaction, one.authority, words}.find_subject("nhs-number", one.nhs_number);
      }
      const auto trail = pages::gather(connection, catalogue, kinds_,
                                       {one.authority, subject.value(), one.case_reference, one.as_of, std::nullopt});
      Trail written{fmt::format("{} (as of {})", one.title, words(one.as_of)), settings_.output / one.folder, {}};
      pages::write(trail, written.folder);
      for (const auto& finding : trail.findings) {
        if (engine::needs_attention(finding.why.outcome))
          written.findings.push_back(
              {finding.why.rule, std::string{engine::word(finding.why.outcome)}, finding.why.sentence});
      }
      result_.trails.push_back(std::move(written));
    }
  }

  /// Signs the ledgers, and hands the origin case over as an ombudsman would get it.
  void seal() {
    progress_ << "Signing the ledger and sealing the origin case's bundle ..." << std::endl;
    const ledger::Keys keys{fs::absolute(settings_.keys.empty() ? settings_.output / "keys" : settings_.keys)};
    pg::Connection audit{database_.conninfo(), "demo ledger", "answerable_audit"};
    std::vector<std::string> authorities;
    {
      pg::Transaction transaction{audit, pg::Access::read_only};
      authorities = engine::LedgerReader::authorities(transaction);
    }
    const Shown& one = shown.front();
    std::optional<ledger::KeptCheckpoint> under;
    for (const std::string& authority : authorities) {
      const auto sealed = ledger::seal(audit, authority, keys.of_or_first(authority));
      if (sealed.checkpoint)
        ledger::keep_apart(keys.folder(), authority, sealed.checkpoint->ledger, sealed.checkpoint->note);
      if (authority == one.authority) under = sealed.checkpoint;
    }
    pg::Connection reports{database_.conninfo(), "demo bundle", "answerable_desk"};
    auto catalogue = engine::Catalogue::load(kinds_);
    bundle::Request request{};
    request.about.authority = one.authority;
    request.about.case_reference = one.case_reference;
    request.about.as_of = one.as_of;
    request.purpose = "complaint";
    {
      pg::Transaction transaction{reports, pg::Access::read_only};
      engine::Vocabulary words;
      request.about.subject =
          engine::LedgerReader{transaction, one.authority, words}.find_subject("nhs-number", one.nhs_number).value();
    }
    const auto file = settings_.output / "origin.zip";
    bundle::make_bundle(reports, catalogue, kinds_, request, under.value(), file);
    const auto judged = ledger::judge_bundle(file);
    if (!judged.holds())
      throw std::runtime_error(fmt::format("The bundle {} does not hold: {}: {}", file.string(),
                                           judged.findings.front().path, judged.findings.front().problem));
    result_.bundle = {file, judged.files, judged.leaves, judged.contents};
  }

  const Settings& settings_;
  std::ostream& progress_;
  fs::path data_;
  pg::Database database_;
  xml::Kinds kinds_;
  Council generated_;
  Result result_;
};

/// At most `width` characters; what is cut off is shown to be.
std::string shortened(const std::string& text, std::size_t width) {
  if (text.size() <= width) return text;
  const auto space = text.rfind(' ', width - 1);
  return text.substr(0, space == text.npos ? width : space) + " …";
}

/// One line a rule: how many findings, and the first in its own words.
void print(const Trail& trail, std::ostream& out) {
  std::vector<std::pair<const Trail::Finding*, int>> rules;
  for (const Trail::Finding& finding : trail.findings) {
    const auto at = std::ranges::find(rules, finding.rule, [](const auto& rule) { return rule.first->rule; });
    if (at == rules.end())
      rules.emplace_back(&finding, 1);
    else
      ++at->second;
  }
  out << fmt::format("\n{}: {} findings need attention\n", trail.title, trail.findings.size());
  for (const auto& [first, count] : rules)
    out << fmt::format("  {:>2} {:<25}{:<15}{}\n", count, first->rule, first->outcome, shortened(first->sentence, 91));
  out << fmt::format("  trail: {}/trail.html, trail.pdf, trail.xml, chronology.csv, findings.csv\n",
                     trail.folder.string());
}

}  // namespace

Result run(const Settings& settings, std::ostream& progress) {
  return Demonstration{settings, progress}.run();
}

void print(const Result& result, const Settings& settings, std::ostream& out) {
  out << fmt::format(
      "\nTook in {} files, {} records; every person in them is made up. {} findings need attention. {:.1f} s.\n",
      result.files, result.records, result.findings, result.seconds);
  for (const Trail& trail : result.trails) print(trail, out);
  out << fmt::format("  sealed bundle: {}, {} files, {} leaves of the signed ledger proved: everything holds\n",
                     result.bundle.file.string(), result.bundle.files, result.bundle.leaves);
  if (settings.people > 0) {
    const Comparison& c = result.comparison;
    out << fmt::format(
        "\nA generated council of {} people: {} faults planted, {} found, {} missed, {} raised that were not "
        "planted.\n",
        settings.people, c.planted, c.found, c.missed.size(), c.unplanted.size());
  }
  out << fmt::format(
      "\nLook further: build/bin/answerable findings --data {0}\n              build/bin/answerable people --data "
      "{0}\nSee the pages:  build/bin/answerable serve --demo --data {0}\n",
      result.data.string());
}

}  // namespace answerable::demo
