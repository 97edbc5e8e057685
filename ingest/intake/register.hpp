#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ingest/digest.hpp"
#include "ingest/intake/key_map.hpp"
#include "ingest/parsed.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::intake {

/// The subject of records that were disposed of: nobody.
inline constexpr std::int32_t disposed_of = 0;

/// A record that is held, or an identifier and whom or what it names.
struct Known {
  std::int64_t number{-1};  ///< -1: not known
  std::int32_t subject{};
  std::int16_t kind{};  ///< see Register::kind; identifiers have none
  bool exists() const { return number >= 0; }
};

/// What an agreement says of itself, in every version that has not been corrected away.
struct AgreementTerms {
  struct Version {
    std::int64_t number{};
    Happened from;
    std::optional<Happened> until;
  };
  std::vector<Version> versions;
  std::vector<std::pair<std::int64_t, Happened>> revoked;  ///< number of the record that says so
  std::set<std::string> parties;                           ///< "ods:RH5": who is named as party, and who sent it
};

/// What is held for one council, as one file's judging needs it: asked for by the batch, remembered for the next
/// records. What the file itself brings is added as it goes.
class Register {
 public:
  /// \param transaction must outlive this
  /// \param remember_all for checking, where what the file brings is in no table: nothing is ever forgotten
  Register(pg::Transaction& transaction, std::string authority, bool remember_all);

  /// Forgets what can be asked again, when it has become much; whether it did. Between batches only.
  bool make_room();

  /// Says what will be asked for; fetch() then gets it all in a few questions.
  void want_record(const std::string& sender, const std::string& id);
  void want_identifier(const std::string& scheme, const std::string& value);
  void fetch();

  /// \pre wanted and fetched. Not known: exists() is false
  Known record(const Key& key) const;
  Known identifier(const Key& key) const;
  void add(const Key& key, const Known& known);

  Keyer& keys() { return keys_; }
  std::int16_t kind(const std::string& name);
  const std::string& kind_name(std::int16_t kind) const { return kinds_[static_cast<std::size_t>(kind)]; }

  /// Asks for the terms of an agreement that is held. \pre its identifier was wanted and fetched
  void learn_agreement(const std::string& reference);
  /// As learnt, and as this file added. No terms when it is not held.
  const AgreementTerms& agreement(const std::string& reference) const;
  /// What an agreement record of this file adds. `number` may be provisional.
  void add_agreement(const std::string& reference, const std::string& sender, const ParsedRecord& record,
                     std::int64_t number);

  /// The organisation's number; nothing when none is held.
  std::optional<std::int32_t> organisation(std::string_view key) const;
  void add_organisation(const std::string& key, std::int32_t number);

  /// SHA-256 of the bodies of these records.
  std::map<std::int64_t, Digest> bodies(const std::vector<std::int64_t>& numbers);

 private:
  struct Name {
    std::string text;
    Key key;
  };
  const Known& find(const Key& key) const;
  void want(std::map<std::string, std::vector<Name>>& wanted, const std::string& space, const std::string& name,
            Key key);
  void fetch_records(const std::string& sender, const std::vector<Name>& names);
  void fetch_identifiers(const std::string& scheme, const std::vector<Name>& names);
  bool has_records(const std::string& sender, std::int32_t number);

  pg::Transaction& transaction_;
  std::string authority_;
  bool remember_all_;
  bool complete_{true};  ///< nothing has been forgotten: what the file brought is all in known_
  Keyer keys_;
  KeyMap<Known> known_;
  std::map<std::string, std::vector<Name>> wanted_records_, wanted_identifiers_;
  std::map<std::string, bool> had_records_;  ///< before this file, by sender
  std::vector<std::string> kinds_;
  std::map<std::string, std::int16_t, std::less<>> kind_numbers_;
  std::map<std::string, AgreementTerms> agreements_;
  std::map<std::string, std::int32_t, std::less<>> organisations_;
};

}  // namespace answerable::intake
