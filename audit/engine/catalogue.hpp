#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "audit/engine/calendar.hpp"
#include "audit/engine/regime.hpp"
#include "audit/engine/rule.hpp"
#include "ingest/digest.hpp"

namespace answerable::xml {
class Kinds;
}

namespace answerable::engine {

/// A duty that an act may trigger.
struct DutyRef {
  std::uint16_t rule{}, edition{}, duty{};
};

/// A question about many records at once; what it finds stands as entries of one act on the timelines of those it
/// names.
struct Measure {
  std::string id, act, title, caveat;
  std::vector<std::string> attributes;
  std::string compare, select;  ///< as schemas/measure/1/measure.xsd says
  Digest digest{};              ///< of its file
};

/// The rules in force, ready to judge. Constant while judging, so that any number of threads may share it.
class Catalogue {
 public:
  /// A rule, a measure (its id begins with `measure_prefix`) or (with the id `calendar_id`) the bank holidays:
  /// everything that decides how records are judged.
  struct File {
    std::string id;
    Digest digest{};
    std::string bytes;
  };
  static constexpr std::string_view calendar_id = "bank-holidays", measure_prefix = "measures/";

  /// \throws std::runtime_error when it cannot be read
  static File read(const std::filesystem::path& file);
  /// What ships with the program: share_folder()'s rules and measures, and schemas/codes/bank-holidays.csv.
  static std::vector<File> shipped();
  /// Loads files against share_folder()'s schemas/rule/1/rule.xsd and schemas/measure/1/measure.xsd.
  /// \throws xml::Invalid or std::runtime_error, naming the file: an id that is not the file's name, an act no record
  ///   kind gives, two editions of a rule that overlap for one regime, a duty id met twice in an edition
  static Catalogue from(std::vector<File> files, const xml::Kinds& kinds);
  /// Loads what ships with the program.
  static Catalogue load(const xml::Kinds& kinds);
  /// For rules made by hand.
  Catalogue(std::vector<Rule> rules, Vocabulary vocabulary, Calendar calendar);

  std::span<const Rule> rules() const { return rules_; }
  std::span<const Measure> measures() const { return measures_; }
  /// Null when there is none.
  const Rule* find(std::string_view id) const;
  const Vocabulary& vocabulary() const { return vocabulary_; }
  /// Reading a ledger adds the words it meets; that changes no rule.
  Vocabulary& vocabulary() { return vocabulary_; }
  const Calendar& calendar() const { return calendar_; }
  const RegimeWords& regime_words() const { return regime_words_; }
  std::span<const File> files() const { return files_; }
  /// SHA-256 over the lines "id sha256-in-hex\n", sorted by id.
  const Digest& digest() const { return digest_; }

  /// The duties whose `when` names the act.
  std::span<const DutyRef> triggered_by(Word act) const;
  /// The function that an act exercises; 0 for none.
  Word function_of(Word act) const { return act < functions_.size() ? functions_[act] : Word{}; }
  void set_function(Word act, Word function);

 private:
  std::vector<Rule> rules_;
  std::vector<Measure> measures_;
  Vocabulary vocabulary_;
  Calendar calendar_;
  RegimeWords regime_words_;
  std::vector<File> files_;
  Digest digest_{};
  std::vector<std::vector<DutyRef>> triggers_;  ///< by act
  std::vector<Word> functions_;                 ///< by act
};

}  // namespace answerable::engine
