#pragma once

#include <unistd.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "audit/engine/judge.hpp"
#include "audit/engine/rule_reader.hpp"
#include "ingest/xml/document.hpp"

/// Timelines and rules written by hand.
namespace answerable::engine::testing {

inline Day day(std::string_view text) {
  return parse_day(text).value();
}
inline Happened happened(std::string_view text) {
  return parse_happened(text).value();
}

inline std::filesystem::path schemas() {
  return std::filesystem::path(ANSWERABLE_SOURCE) / "schemas";
}
inline Calendar calendar() {
  return Calendar::read(Catalogue::read(schemas() / "codes" / "bank-holidays.csv").bytes, "bank-holidays.csv");
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::int32_t council = 1, trust = 2, provider = 3;

/// One subject's records, one act each unless told otherwise. Numbers are given in order, from 0.
class Story {
 public:
  explicit Story(SubjectType type = SubjectType::person, std::int32_t subject = 7) : type_(type), subject_(subject) {}

  /// \return the record's number
  std::int64_t act(std::string_view when, std::string_view act, Pairs attributes = {}, std::int32_t by = council,
                   std::string_view agreement = "", std::string_view until = "") {
    RecordRow record;
    record.number = next_++;
    record.kind = "test";
    record.id = keep("R-" + std::to_string(record.number));
    record.performer = by;
    record.agreement = keep(std::string(agreement));
    record.received_on = day("2026-01-01");
    records_.push_back(record);
    return also(record.number, when, act, std::move(attributes), by, until);
  }
  /// A further act of the same record.
  std::int64_t also(std::int64_t number, std::string_view when, std::string_view act, Pairs attributes = {},
                    std::int32_t by = council, std::string_view until = "") {
    acts_.push_back({number, static_cast<std::int16_t>(acts_.size()), std::string(act), happened(when),
                     until.empty() ? std::nullopt : std::optional{happened(until)}, by, std::move(attributes)});
    return number;
  }
  void corrects(std::int64_t number, std::int64_t earlier) { record(number).corrects = earlier; }
  void recorded(std::int64_t number, std::string_view when) { record(number).recorded = happened(when); }
  void received(std::int64_t number, std::string_view on) { record(number).received_on = day(on); }
  void sent_by(std::int64_t number, std::int32_t organisation) { record(number).sender = organisation; }

  struct Proof {
    std::string item{}, state{"present"}, is{}, covers{}, created{}, reason{}, document{};
  };
  /// Evidence that a record carries for itself, or (with said_by) that another offers for it.
  void proof(std::int64_t target, const Proof& proof, std::int64_t said_by = -1) {
    proofs_.push_back({target, said_by < 0 ? target : said_by, proof});
  }

  /// \param words the catalogue's; words met here are added
  SubjectTimeline timeline(Vocabulary& words) {
    entries_.clear();
    evidence_.clear();
    values_.clear();
    rows_ = records_;
    for (const auto& act : acts_) {
      auto& values = values_.emplace_back();
      for (const auto& [name, value] : act.attributes) values.push_back({words.add(name), value});
      Entry entry;
      entry.number = act.number;
      entry.ordinal = act.ordinal;
      entry.act = words.add(act.act);
      entry.when = act.when;
      entry.until = act.until;
      entry.performer = act.by;
      entry.attributes = values;
      entries_.push_back(entry);
    }
    std::int16_t ordinal = 0;
    for (const auto& [target, said_by, proof] : proofs_) {
      EvidenceRow row;
      row.number = said_by;
      row.ordinal = ordinal++;
      row.target = target;
      row.item = words.add(proof.item);
      for (const auto state : {EvidenceState::present, EvidenceState::absent, EvidenceState::not_supplied,
                               EvidenceState::contradicted, EvidenceState::created_late, EvidenceState::not_applicable})
        if (word(state) == proof.state) row.state = state;
      row.is_a = keep(proof.is);
      row.covers = keep(proof.covers);
      row.reason = keep(proof.reason);
      row.document = keep(proof.document);
      if (!proof.created.empty()) row.created = happened(proof.created);
      evidence_.push_back(row);
    }
    arrange(rows_, entries_, evidence_);
    SubjectTimeline out;
    out.subject = subject_;
    out.type = type_;
    out.records = rows_;
    out.entries = entries_;
    out.evidence = evidence_;
    return out;
  }

  std::int64_t size() const { return next_; }
  void skip_numbers(std::int64_t count) { next_ += count; }

 private:
  struct Act {
    std::int64_t number;
    std::int16_t ordinal;
    std::string act;
    Happened when;
    std::optional<Happened> until;
    std::int32_t by;
    Pairs attributes;
  };
  struct Said {
    std::int64_t target, said_by;
    Proof proof;
  };
  RecordRow& record(std::int64_t number) {
    for (auto& row : records_)
      if (row.number == number) return row;
    throw std::logic_error("no such record in the story");
  }
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  SubjectType type_;
  std::int32_t subject_;
  std::int64_t next_{0};
  std::vector<RecordRow> records_, rows_;
  std::vector<Act> acts_;
  std::vector<Said> proofs_;
  std::vector<Entry> entries_;
  std::vector<EvidenceRow> evidence_;
  std::deque<std::vector<AttributeValue>> values_;
  std::deque<std::string> texts_;
};

inline Organisations organisations() {
  Organisations all;
  all.authority = "905";
  all.council_name = "Somerset";
  all.by_number = {{council, {council, "cassr", "905", "Somerset"}},
                   {trust, {trust, "ods", "RH5", "Somerset Partnership"}},
                   {provider, {provider, "cqc-provider", "1-1000000001", "Fernlea Home Care"}}};
  return all;
}

/// A catalogue of one rule, valid by the grammar: the text between its title and its examples.
inline Catalogue catalogue_of(const std::string& editions, const std::string& subject = "person",
                              const std::string& function = "review") {
  const auto file = std::filesystem::temp_directory_path() / ("answerable-rule-" + std::to_string(::getpid()) + ".xml");
  const std::string example =
      "<example name=\"x\" as-of=\"2024-01-01\" outcome=\"met\"><sent by=\"council\" on=\"2024-01-01\"><x "
      "xmlns=\"urn:x\"/></sent></example>";
  std::ofstream(file) << "<rule xmlns=\"urn:answerable:rule:1\" id=\"test.rule\" subject=\"" << subject
                      << "\" function=\"" << function << "\"><title>The duty.</title><because>It matters.</because>"
                      << editions << example << example << "</rule>";
  Vocabulary words;
  const std::vector<std::filesystem::path> grammar{schemas() / "rule" / "1" / "rule.xsd"};
  std::vector<Rule> rules{read_rule(xml::load_document(file, grammar), words)};
  std::filesystem::remove(file);
  return Catalogue(std::move(rules), std::move(words), calendar());
}
/// One edition, in force for ever, with one duty.
inline Catalogue duty(const std::string& inside, const std::string& subject = "person",
                      const std::string& regimes = "") {
  return catalogue_of("<edition from=\"1990-01-01\" force=\"statute\" confidence=\"verified\"" +
                          (regimes.empty() ? "" : " regimes=\"" + regimes + "\"") +
                          "><source>An Act</source><duty id=\"main\">" + inside +
                          "<says outcome=\"breached\">Missing: {missing}.</says></duty></edition>",
                      subject);
}

/// Everything needed to judge one story after another.
struct Court {
  Catalogue catalogue;
  Organisations bodies{organisations()};
  Agreements agreements{};
  Easements easements{};
  Policies policies{};

  explicit Court(Catalogue the_catalogue) : catalogue(std::move(the_catalogue)) {}

  /// What agreements a story of an agreement makes.
  void under(Story& story) {
    const auto timeline = story.timeline(catalogue.vocabulary());
    agreements = Agreements(catalogue.vocabulary(), {&timeline, 1}, {day("2026-01-01"), 1000},
                            [](std::string_view) { return std::optional<std::int32_t>(7); });
  }
  Context context(std::string_view as_of, std::int64_t known_at = 1000) const {
    return {&catalogue, &agreements, &bodies, &easements, &policies, {day(as_of), known_at}};
  }

  struct Verdict {
    Outcome outcome;
    std::string state;
    std::optional<Day> due, flagged, next;
    std::int32_t late, gap;
    std::int64_t trigger, step;
    std::string actor, agreement;
    std::int32_t occurrence;
    bool operator==(const Verdict&) const = default;
  };
  std::vector<Verdict> verdicts(Story& story, std::string_view as_of, std::int64_t known_at = 1000) {
    const auto timeline = story.timeline(catalogue.vocabulary());
    Judge judge(context(as_of, known_at));
    std::vector<Verdict> out;
    for (const auto& j : judge(timeline).judgements)
      out.push_back({j.outcome, std::string(j.state), j.due, j.flagged_since, j.next_change, j.late_days, j.gap_days,
                     j.trigger->number, j.step ? j.step->number : -1, std::string(j.actor), std::string(j.agreement),
                     j.occurrence});
    return out;
  }
  /// The only verdict. \throws std::logic_error when there are none or several
  Verdict verdict(Story& story, std::string_view as_of, std::int64_t known_at = 1000) {
    const auto all = verdicts(story, as_of, known_at);
    if (all.size() != 1) throw std::logic_error(std::to_string(all.size()) + " judgements where one was expected");
    return all.front();
  }
};

}  // namespace answerable::engine::testing
