#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/bundle/documents.hpp"
#include "reports/bundle/exhibits.hpp"
#include "reports/bundle/kept_words.hpp"
#include "reports/bundle/pieces.hpp"
#include "reports/bundle/redaction_request.hpp"

namespace answerable::pg {
class Transaction;
}
namespace answerable::xml {
class Kinds;
}

namespace answerable::bundle {

/// What is asked to be kept back is not there, or cannot be.
struct RedactionRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Keeps back the same things in a record's bytes, in what was sent with it, and in everything said of it. Without a
/// request it keeps back one thing only: in agreements the numbers of the other people they name.
class Redaction {
 public:
  /// \param trail of the person the bundle is about
  explicit Redaction(const pages::Trail& trail);

  /// Adds what was asked for. Reads the records it names, and documents sent within records.
  /// \throws RedactionRefused when a record or field named is not among the exhibits, or can only be kept back whole
  void ask(pg::Transaction& transaction, const RedactionRequest& request, const Exhibits& exhibits,
           const xml::Kinds& kinds);

  /// Whether anything was asked for.
  bool asked() const { return request_.has_value(); }
  const KeptWords& words() const { return words_; }
  std::optional<Reason> withheld(std::int64_t record) const;
  bool withholds_records() const { return !records_.empty(); }

  struct Shown {
    Cover cover;
    std::optional<EmbeddedDocument> document;  ///< to be shown as a file of its own
  };
  /// What may be shown of a record. `exhibit.redacted` is set, and what is kept back is noted for redactions.csv.
  /// \param body must outlive the answer
  Shown show(Exhibit& exhibit, std::string_view body);
  /// Takes it out of everything a trail says.
  void apply(pages::Trail& trail);
  /// The same for one text made from records.
  void apply(std::string& text);

  /// Once everything was shown. \throws RedactionRefused naming what was asked to be kept back and was nowhere
  void require_that_all_was_there() const;
  /// In how many places words were kept back in what is said of the records.
  std::size_t replaced() const { return replaced_; }
  bool anything() const { return !notes_.empty(); }
  void write_csv(std::ostream& out) const;

 private:
  struct Note {
    std::string exhibit, record, field, how;
    Reason reason;
    bool asked;
  };
  struct FieldAsked {
    std::string path, value;
    Reason reason;
    std::size_t item;
  };
  struct RecordAsked {
    Reason reason;
    std::size_t item;
  };
  void ask_person(pg::Transaction& transaction, const KeepPerson& person, Reason reason, std::size_t item);
  void ask_record(std::string_view body, Reason reason, std::size_t item);
  void ask_field(const Exhibit& exhibit, std::string_view body, const KeepField& field,
                 const RedactionRequest::Item& of, std::size_t item, const xml::Kinds& kinds);
  void withhold(pages::Trail& trail);
  void note(Exhibit& exhibit, std::string field, std::string how, Reason reason, bool asked);
  void found(std::size_t item);

  std::string authority_;
  std::set<std::string> own_numbers_, own_names_;  ///< of the person the bundle is about; names folded
  std::optional<RedactionRequest> request_;
  KeptWords words_;
  std::map<std::int64_t, RecordAsked> records_;
  std::map<std::int64_t, std::vector<FieldAsked>> fields_;
  std::map<std::int64_t, Reason> contents_;  ///< documents whose content is kept back
  std::set<std::size_t> found_;
  std::vector<Note> notes_;
  std::size_t replaced_{};
};

const render::CsvTable& redactions_table();

}  // namespace answerable::bundle
