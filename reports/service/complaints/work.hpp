#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/pg/connection.hpp"
#include "reports/bundle/redaction_request.hpp"

/// What a complaints team works with beside the records (schemas/database/0010-complaints.sql). On connections that act
/// for somebody; what is not theirs to see is not there, and what is not theirs to do is not done and answers nothing.
namespace answerable::service {

/// What a head rests on.
struct Tie {
  std::string what;   ///< finding | record | party
  std::string about;  ///< the finding's number, the record's number on the ledger, scheme:code
};

/// A matter complained of.
struct Head {
  int number{};
  std::string words;
  std::vector<Tie> ties{};
};

/// A part of a complaint that another body is asked to answer.
struct Part {
  std::int64_t number{};
  std::string reference, body, words;
  std::string asked_by;  ///< "" where their name is not for whoever asks
  Day due{};
  Instant asked_at{};
  std::optional<std::string> reply{};
  std::optional<Instant> replied_at{};
};

/// Something to be kept back from a bundle.
struct KeptBack {
  std::int64_t number{};
  std::string what;  ///< person | record | field
  std::string sender{}, id{}, path{}, name{}, reason{};
};

/// A bundle that was asked for, and what became of that.
struct BundleAsked {
  std::int64_t approval{};
  std::string reason, asked_by;
  Instant asked_at{};
  std::optional<std::string> decision, decided_by;
  std::optional<std::string> number;  ///< B-6F2A91C4, once it was made
};

/// What a written response must contain (SI 2009/309 reg 14(2)): the words of schemas/records/complaint, what they
/// mean, and what is asked for on the page.
struct ReplyPart {
  std::string_view piece, title, hint;
};
inline constexpr std::array reply_parts{
    ReplyPart{"how-considered", "How the complaint was considered",
              "Who looked into it, whom they asked, and what they read."},
    ReplyPart{"conclusions", "Conclusions", "What was found on each head, and on what evidence."},
    ReplyPart{"action", "Whether anything has to be done", "Any matter for which action is needed."},
    ReplyPart{"action-taken", "What has been done or will be",
              "Each action, who does it and by when; or that none is needed."},
    ReplyPart{"ombudsman-right", "The right to go to the ombudsman",
              "That the complainant may ask the Local Government and Social Care Ombudsman to look at it, and how."}};

struct Work {
  std::vector<Head> heads;
  std::map<std::string, std::string, std::less<>> drafts;  ///< the newest of each piece
  std::vector<Part> parts;
  std::vector<KeptBack> kept_back;
  std::vector<BundleAsked> bundles;  ///< newest first

  std::string_view draft(std::string_view piece) const;
  /// The parts of the reply that have no words yet.
  std::vector<ReplyPart> missing_of_reply() const;
};
/// Of a complaint that is open to whoever the connection acts for.
Work work_on(pg::Transaction& transaction, const std::string& reference);

std::optional<int> add_head(pg::Transaction& transaction, const std::string& reference, const std::string& words);
bool drop_head(pg::Transaction& transaction, const std::string& reference, int head);
bool tie_head(pg::Transaction& transaction, const std::string& reference, int head, const Tie& tie);
bool untie_head(pg::Transaction& transaction, const std::string& reference, int head, const Tie& tie);
bool write_draft(pg::Transaction& transaction, const std::string& reference, const std::string& piece,
                 const std::string& words);
/// On the ledger too.
std::optional<std::int64_t> ask_part(pg::Transaction& transaction, const std::string& reference,
                                     const std::string& body, const std::string& words, Day due);
/// By a manager of the body that was asked; on the ledger too.
bool reply_part(pg::Transaction& transaction, std::int64_t part, const std::string& words);
/// Those asked of whoever the connection acts for, a provider's manager: the unanswered first.
std::vector<Part> parts_asked_of_us(pg::Transaction& transaction);

bool keep_back(pg::Transaction& transaction, const std::string& reference, const KeptBack& what);
bool show_again(pg::Transaction& transaction, const std::string& reference, std::int64_t item);
/// What was kept back when a bundle was asked for, in the form the bundle takes it; nothing when that was nothing.
std::optional<bundle::RedactionRequest> keeping_back(pg::Transaction& transaction, std::int64_t approval);

}  // namespace answerable::service
