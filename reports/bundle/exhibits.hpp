#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/pages/trail.hpp"
#include "reports/render/csv_table.hpp"

namespace answerable::pg {
class Transaction;
}

namespace answerable::bundle {

/// A record that a bundle shows, under the number by which its pages name it.
struct Exhibit {
  std::string number;   ///< "EX-001"
  std::string path;     ///< "exhibits/EX-001.xml"
  std::string what;     ///< "Review, December 2013"
  std::string content;  ///< path of the document that was sent within it; "" for none
  std::int64_t record{};
  std::string kind;
  int version{};
  std::string id;  ///< the sender's own
  pages::Party sender;
  std::int64_t submission{};
  std::string receipt;  ///< "S905-12"
  Day received_on{};
  std::int64_t corrects{-1};
  bool of_person{};            ///< otherwise an agreement, what came under it, or a policy
  std::string sha256;          ///< of the file as it is in the bundle
  std::string content_sha256;  ///< likewise
  bool redacted{};
};
void pack(pages::Packer& packer, const Exhibit& exhibit);
void unpack(pages::Unpacker& unpacker, Exhibit& exhibit);

using Exhibits = pages::Rows<Exhibit>;

/// The person's records in the order of their numbers; behind them the agreements used, with what was received about
/// them, and the council's policies in force at some time from the first act to the day looked from.
Exhibits exhibits(pg::Transaction& transaction, const pages::Trail& trail, std::int32_t subject);

/// Says what each is, in the words of the trail.
void describe(Exhibits& exhibits, const pages::Trail& trail);

/// Finds exhibits by their records. The list has to outlive it, and each to stay in its place.
class ExhibitIndex {
 public:
  explicit ExhibitIndex(const Exhibits& exhibits);
  /// Nothing when the record is no exhibit.
  std::optional<Exhibit> find(std::int64_t record) const;
  std::optional<std::size_t> place(std::int64_t record) const;

 private:
  const Exhibits* exhibits_;
  std::vector<std::pair<std::int64_t, std::uint32_t>> places_;  ///< by record
};

/// The stored bytes of records, some at a time, by number.
void each_body(pg::Transaction& transaction, const std::string& authority, std::span<const std::int64_t> records,
               const std::function<void(std::int64_t record, std::string_view body)>& use);

const render::CsvTable& exhibits_table();
void write_exhibits_csv(const Exhibits& exhibits, std::ostream& out);

}  // namespace answerable::bundle
