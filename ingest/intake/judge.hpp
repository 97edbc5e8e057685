#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ingest/intake/keys.hpp"
#include "ingest/intake/register.hpp"
#include "ingest/parsed.hpp"

namespace answerable::intake {

/// Where an id or identifier stands while a file is judged.
struct Found {
  enum class State {
    known,   ///< stored, or about to be
    parked,  ///< in a record of this file that itself waits for another
    held,    ///< in a record of this file that is held
    absent   ///< nowhere so far
  };
  State state{State::absent};
  Known known;             ///< of a parked one as far as it is judged: kind; subject when not 0
  std::uint32_t parked{};  ///< which
  int line{};              ///< of a held one
};

/// A question whose answer may still come in this file: asked at its end, when the name is still unknown.
struct LaterQuestion {
  Fault fault;
  std::string sender;                ///< of the record it names; "" when it names a person, agreement or case
  std::vector<IdentifierRef> names;  ///< any of these: the record's id as value, or identifiers
};

/// What the checks of one record against the others come to.
struct Judgement {
  std::vector<Fault> faults;
  std::vector<LaterQuestion> questions;
  bool error{};
  bool waits{};  ///< for something that may still come in this file; the rest is then worth nothing
  std::vector<std::uint32_t> leans_on;  ///< parked records: held when one of them is

  std::int32_t subject{};  ///< 0: a new one is to be made
  std::optional<Found> corrects;
  std::vector<std::optional<Found>> targets;  ///< parallel to the record's evidence; nothing: the record itself
};

/// What is true of the whole file.
struct FileContext {
  Envelope envelope;
  std::string sender;       ///< "ods:RH5"
  std::string council_gss;  ///< the receiving council by its other name
};

/// Checks a record against the others of its file and against what is held. Shape, values and the order of dates are
/// the parser's business (ingest/xml).
class Judge {
 public:
  using Look = std::function<Found(const Key&)>;

  /// \param known, file must outlive this
  Judge(Register& known, const FileContext& file, Look look);

  /// Says what judging this record will ask the register for.
  void want(const ParsedRecord& record);

  /// Has the register learn the terms of the agreements that judging this record looks at. Judging itself asks the
  /// database nothing: its connection may be at work meanwhile.
  /// \pre what it wants was fetched
  void learn(const ParsedRecord& record);

  /// \pre what it wants was fetched and learnt
  /// \param last nothing more will come in this file
  /// \param place among the parked records, when it is one
  Judgement judge(const ParsedRecord& record, bool last, std::optional<std::uint32_t> place = std::nullopt);

  /// "held-by" fault of a record that leans on a held one.
  static Fault leaning_fault(const ParsedRecord& record, const std::string& on_id, int on_line);

  /// The identifier as it is stored: a sender's own numbers carry the sender.
  IdentifierRef stored(const IdentifierRef& sent) const;
  const std::string& agreement_of(const ParsedRecord& record) const;

 private:
  struct Work;
  Found look_identifier(const IdentifierRef& stored_identifier) const;
  void judge_subject(Work& work);
  void judge_defined_subject(Work& work);
  void judge_agreement_record(Work& work, const Found& reference);
  void judge_cases(Work& work);
  void judge_agreement(Work& work);
  void judge_dates_of_agreement(Work& work, const std::string& reference);
  void judge_corrects(Work& work);
  void judge_corrected_subject(Work& work);
  void judge_references(Work& work);
  void judge_reference(Work& work, const ParsedReference& reference);
  Found look_person(const ParsedReference& reference) const;
  void judge_targets(Work& work);
  void judge_period(Work& work);
  std::string sender_of(const ParsedRecord& record, const std::string& id) const;

  Register& known_;
  const FileContext& file_;
  Look look_;
  std::set<std::string> asked_parties_;  ///< agreements of which the sender was already asked whether it is a party
};

}  // namespace answerable::intake
