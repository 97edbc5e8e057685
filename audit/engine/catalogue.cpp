#include "audit/engine/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <stdexcept>

#include "audit/engine/rule_reader.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/document.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::engine {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
  return {std::istreambuf_iterator<char>(in), {}};
}

[[noreturn]] void refuse(const Rule& rule, const std::string& why) {
  throw std::runtime_error(fmt::format("rule {}: {}", rule.id, why));
}

/// Every act a duty names, wherever it names it.
void each_act(const Duty& duty, const std::function<void(Word)>& use) {
  const auto acts = [&](const Acts& all) {
    for (const auto& pattern : all)
      for (const Word act : pattern.acts) use(act);
  };
  const auto steps = [&](const std::vector<Step>& all) {
    for (const auto& step : all) acts(step.acts);
  };
  acts(duty.when);
  for (const auto& exception : duty.unless) acts(exception.acts);
  std::visit(
      [&](const auto& pattern) {
        using P = std::decay_t<decltype(pattern)>;
        if constexpr (std::is_same_v<P, Follow>) {
          steps(pattern.steps);
          for (const auto& pause : pattern.pauses) {
            acts(pause.from);
            acts(pause.to);
          }
          if (pattern.extended_by) acts({*pattern.extended_by});
          acts(pattern.before);
          acts(pattern.progress);
        } else if constexpr (std::is_same_v<P, Precede>) {
          steps(pattern.steps);
        } else if constexpr (std::is_same_v<P, Accompany>) {
          for (const auto& need : pattern.needs)
            if (const auto* step = std::get_if<Step>(&need)) acts(step->acts);
        } else if constexpr (std::is_same_v<P, Recur>) {
          acts(pattern.step.acts);
          acts(pattern.progress);
        } else if constexpr (std::is_same_v<P, Absent>) {
          acts(pattern.then);
        } else if constexpr (std::is_same_v<P, Cover>) {
          acts(pattern.step.acts);
          acts(pattern.ended_by);
        } else if constexpr (std::is_same_v<P, Schedule>) {
          acts(pattern.step.acts);
        }
      },
      duty.pattern);
}

/// Every clock of a duty. \param ours whether the council may set its number
void each_clock(const Duty& duty, const std::function<void(const Clock&, bool ours)>& use) {
  const auto maybe = [&](const std::optional<Clock>& clock, bool ours) {
    if (clock) use(*clock, ours);
  };
  std::visit(
      [&](const auto& pattern) {
        using P = std::decay_t<decltype(pattern)>;
        if constexpr (std::is_same_v<P, Follow> || std::is_same_v<P, Absent>) maybe(pattern.within, true);
        if constexpr (std::is_same_v<P, Precede>) {
          maybe(pattern.within, false);
          maybe(pattern.lead, true);
        }
        if constexpr (std::is_same_v<P, Accompany>)
          for (const auto& need : pattern.needs)
            if (const auto* recorded = std::get_if<RecordedNeed>(&need)) use(recorded->within, true);
        if constexpr (std::is_same_v<P, Recur>) {
          maybe(pattern.first, true);
          use(pattern.within, true);
        }
        if constexpr (std::is_same_v<P, Schedule>) use(pattern.every, false);
      },
      duty.pattern);
}

void check(const Rule& rule, const std::set<Word>& acts, const Vocabulary& vocabulary) {
  for (std::size_t i = 0; i < rule.editions.size(); ++i) {
    const auto& edition = rule.editions[i];
    if (edition.to && *edition.to < edition.from)
      refuse(rule, fmt::format("the edition from {} ends before it begins", iso(edition.from)));
    std::set<std::string> ids;
    for (const auto& duty : edition.duties) {
      if (!ids.insert(duty.id).second)
        refuse(rule, fmt::format("the edition from {} has two duties called {}", iso(edition.from), duty.id));
      each_act(duty, [&](Word act) {
        if (!acts.contains(act))
          refuse(rule,
                 fmt::format("no record kind gives the act {}; see the entries of schemas/records/*/*/timeline.xml",
                             vocabulary.text(act)));
      });
      each_clock(duty, [&](const Clock& clock, bool ours) {
        if (clock.value == 0 && clock.policy.empty())
          refuse(rule, fmt::format("a clock of the duty {} has neither value= nor policy=", duty.id));
        if (!clock.policy.empty() && !ours)
          refuse(rule, fmt::format("in the duty {} every= and precede's within= take no policy=", duty.id));
      });
      if (const auto* follow = std::get_if<Follow>(&duty.pattern); follow && follow->by && follow->within)
        refuse(rule, fmt::format("the duty {} has both within and by", duty.id));
      if (const auto* absent = std::get_if<Absent>(&duty.pattern);
          absent && absent->until_recorded && (absent->within || absent->then.empty()))
        refuse(rule, fmt::format("in the duty {} until= needs then, and takes no within", duty.id));
    }
    for (std::size_t j = 0; j < i; ++j) {
      const auto& other = rule.editions[j];
      const bool regimes_meet = edition.regimes == 0 || other.regimes == 0 || (edition.regimes & other.regimes) != 0;
      const bool dates_meet = (!other.to || edition.from <= *other.to) && (!edition.to || other.from <= *edition.to);
      if (regimes_meet && dates_meet)
        refuse(rule, fmt::format("the editions from {} and from {} are in force together; end the earlier one with to=",
                                 iso(other.from), iso(edition.from)));
    }
  }
}

Measure read_measure(const xml::Element& e, const Digest& digest) {
  Measure measure{std::string(e.value("id")),
                  std::string(e.value("act")),
                  std::string(e.child_text("title")),
                  std::string(e.child_text("caveat")),
                  {},
                  std::string(e.child_text("compare")),
                  std::string(e.child_text("select")),
                  digest};
  for (const auto* attribute : e.all("attribute")) measure.attributes.emplace_back(attribute->value("name"));
  return measure;
}

}  // namespace

Catalogue::Catalogue(std::vector<Rule> rules, Vocabulary vocabulary, Calendar calendar)
    : rules_(std::move(rules)),
      vocabulary_(std::move(vocabulary)),
      calendar_(std::move(calendar)),
      regime_words_(vocabulary_) {
  std::sort(rules_.begin(), rules_.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  triggers_.resize(vocabulary_.size());
  for (std::uint16_t r = 0; r < rules_.size(); ++r)
    for (std::uint16_t e = 0; e < rules_[r].editions.size(); ++e)
      for (std::uint16_t d = 0; d < rules_[r].editions[e].duties.size(); ++d) {
        std::set<Word> acts;
        for (const auto& pattern : rules_[r].editions[e].duties[d].when)
          acts.insert(pattern.acts.begin(), pattern.acts.end());
        for (const Word act : acts) triggers_[act].push_back({r, e, d});
      }
}

Catalogue::File Catalogue::read(const fs::path& file) {
  std::string bytes = read_file(file);
  const Digest digest = sha256(as_bytes(bytes));
  return {file.stem().string(), digest, std::move(bytes)};
}

std::vector<Catalogue::File> Catalogue::shipped() {
  std::vector<File> files;
  for (const auto& item : fs::directory_iterator(share_folder() / "rules"))
    if (item.path().extension() == ".xml") files.push_back(read(item.path()));
  for (const auto& item : fs::directory_iterator(share_folder() / "measures"))
    if (item.path().extension() == ".xml") {
      files.push_back(read(item.path()));
      files.back().id.insert(0, measure_prefix);
    }
  files.push_back(read(share_folder() / "schemas" / "codes" / (std::string(calendar_id) + ".csv")));
  return files;
}

Catalogue Catalogue::load(const xml::Kinds& kinds) {
  return from(shipped(), kinds);
}

Catalogue Catalogue::from(std::vector<File> files, const xml::Kinds& kinds) {
  Vocabulary vocabulary;
  std::set<Word> acts{vocabulary.add("regime.entered")};
  std::vector<std::pair<Word, Word>> functions;
  for (const auto& kind : kinds.all()) {
    const Word function = vocabulary.add(kind.function);
    const auto add = [&](const std::string& act) {
      acts.insert(vocabulary.add(act));
      functions.emplace_back(vocabulary.add(act), function);
    };
    for (const auto& entry : kind.entries) add(entry.act);
    if (!kind.copies.empty()) add(kind.copies);
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.id < b.id; });
  const auto schemas = share_folder() / "schemas";
  const std::array grammars{schemas / "rule" / "1" / "rule.xsd", schemas / "measure" / "1" / "measure.xsd"};
  const xml::DocumentReader reader(grammars);
  std::vector<Measure> measures;
  for (const auto& file : files) {
    if (!file.id.starts_with(measure_prefix)) continue;
    measures.push_back(read_measure(reader.parse(file.bytes, file.id + ".xml"), file.digest));
    if (measure_prefix.size() + measures.back().id.size() != file.id.size() || !file.id.ends_with(measures.back().id))
      throw std::runtime_error(fmt::format("{}.xml: the measure calls itself {}; a measure's file is named by its id",
                                           file.id, measures.back().id));
    acts.insert(vocabulary.add(measures.back().act));
  }
  std::vector<Rule> rules;
  Calendar calendar;
  std::string listing;
  for (const auto& file : files) {
    listing += fmt::format("{} {}\n", file.id, hex(file.digest));
    if (file.id == calendar_id) {
      calendar = Calendar::read(file.bytes, file.id + ".csv");
      continue;
    }
    if (file.id.starts_with(measure_prefix)) continue;
    rules.push_back(read_rule(reader.parse(file.bytes, file.id + ".xml"), vocabulary));
    const Rule& rule = rules.back();
    if (rule.id != file.id)
      throw std::runtime_error(
          fmt::format("{}.xml: the rule calls itself {}; a rule's file is named by its id", file.id, rule.id));
    if (rules.size() > 1 && rules[rules.size() - 2].id == rule.id)
      throw std::runtime_error(fmt::format("{}.xml: there is a rule of this id already", file.id));
    check(rule, acts, vocabulary);
  }
  Catalogue catalogue(std::move(rules), std::move(vocabulary), std::move(calendar));
  catalogue.measures_ = std::move(measures);
  catalogue.files_ = std::move(files);
  catalogue.digest_ = sha256(as_bytes(listing));
  for (const auto& [act, function] : functions) catalogue.set_function(act, function);
  return catalogue;
}

const Rule* Catalogue::find(std::string_view id) const {
  const auto found = std::lower_bound(rules_.begin(), rules_.end(), id,
                                      [](const Rule& rule, std::string_view wanted) { return rule.id < wanted; });
  return found != rules_.end() && found->id == id ? &*found : nullptr;
}

std::span<const DutyRef> Catalogue::triggered_by(Word act) const {
  return act < triggers_.size() ? std::span<const DutyRef>{triggers_[act]} : std::span<const DutyRef>{};
}

void Catalogue::set_function(Word act, Word function) {
  if (functions_.size() <= act) functions_.resize(static_cast<std::size_t>(act) + 1);
  functions_[act] = function;
}

}  // namespace answerable::engine
