#include "audit/ledger/leaf_text.hpp"

#include <algorithm>
#include <array>

#include "audit/ledger/lines.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::ledger {
namespace {

constexpr std::array<std::string_view, 22> event_kinds{"ledger-opened",
                                                       "ledger-closed",
                                                       "key",
                                                       "rule-set",
                                                       "council-rule",
                                                       "decision",
                                                       "read",
                                                       "reminder",
                                                       "bundle",
                                                       "hold",
                                                       "disposal",
                                                       "request",
                                                       "reply",
                                                       "reply-decision",
                                                       "action-plan",
                                                       "escalation",
                                                       "complaint-link",
                                                       "sample",
                                                       "sending",
                                                       "account",
                                                       "complaint-part",
                                                       "evidence-request"};

bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit) && (text.size() == 1 || text.front() != '0');
}

/// "S905-12", "H905-3"
bool is_numbered(std::string_view text, std::string_view letter, std::string_view authority) {
  return take(text, letter) && take(text, authority) && take(text, "-") && is_number(text);
}

/// "F-XXXX-XXXX-XXXX/7"
bool is_step(std::string_view text) {
  constexpr std::string_view form = "F-XXXX-XXXX-XXXX/";
  if (text.size() < form.size() || !is_number(text.substr(form.size()))) return false;
  return std::ranges::equal(form, text.substr(0, form.size()),
                            [](char f, char c) { return f == 'X' ? is_digit(c) || (c >= 'A' && c <= 'Z') : f == c; });
}

bool is_event(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  return std::ranges::find(event_kinds, text.substr(0, slash)) != event_kinds.end() && slash < text.size() &&
         is_number(text.substr(slash + 1));
}

/// "review/1"
bool is_kind(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  const auto kind = text.substr(0, slash);
  return !kind.empty() && kind.front() >= 'a' && kind.front() <= 'z' &&
         std::ranges::all_of(kind, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; }) &&
         slash < text.size() && is_number(text.substr(slash + 1)) && text.substr(slash + 1) != "0";
}

bool is_something_else(std::string_view what, std::string_view authority) {
  std::string_view rest = what;
  if (take(rest, "submission ") || take(rest, "faults ")) return is_numbered(rest, "S", authority);
  if (take(rest, "held ")) return is_numbered(rest, "H", authority);
  if (take(rest, "run ")) return is_number(rest);
  if (take(rest, "finding ")) return is_step(rest);
  return take(rest, "event ") && is_event(rest);
}

/// Takes the lines of a leaf.
class Reader {
 public:
  explicit Reader(std::string_view text) : lines_("the leaf", text) {}

  std::string_view line() { return lines_.next(); }
  std::string_view value(std::string_view name) {
    std::string_view line = lines_.next();
    require(take(line, name) && take(line, " ") && !line.empty(), name);
    return line;
  }
  void require(bool holds, std::string_view wanted) const {
    if (!holds) lines_.expected(wanted);
  }
  void end() const {
    if (!lines_.rest().empty()) lines_.refuse("something stands behind the commitment");
  }

 private:
  Lines lines_;
};

}  // namespace

LeafText parse_leaf_text(std::string_view text) {
  if (xml::Utf8Checker{}.check(text) != text.size()) throw Malformed("the leaf is not text in UTF-8");
  Reader in(text);
  LeafText leaf;
  const std::string_view first = in.line();
  leaf.format = first == "answerable-leaf/1" ? 1 : 2;
  in.require(leaf.format == 1 || first == "answerable-leaf/2", "answerable-leaf/2");
  leaf.authority = in.value("authority");
  leaf.what = in.line();
  std::string_view number = leaf.what;
  const bool is_record = take(number, "number ");
  if (is_record) {
    in.require(is_number(number), "a number without leading zeros");
    leaf.what = number;
    in.require(is_kind(in.value("record")), "record, kind/version");
    const auto sender = in.value("sender");
    in.require(sender.find(':') > 0 && sender.find(':') < sender.size() - 1, "sender, scheme:code");
    (void)in.value("id");
    in.require(is_numbered(in.value("submission"), "S", leaf.authority),
               "submission, S, the council's code, - and a number");
  } else {
    in.require(leaf.format == 2 && is_something_else(leaf.what, leaf.authority), "number, or what the leaf is of");
  }
  leaf.at = in.value(is_record ? "received" : "at");
  const auto at = parse_instant(leaf.at);
  in.require(at && iso(*at) == leaf.at, "a time in UTC with six decimals");
  const auto hash = in.value("commitment");
  const auto commitment = parse_digest(hash);
  in.require(commitment && hex(*commitment) == hash, "commitment and 64 hexadecimal digits");
  leaf.commitment = *commitment;
  in.end();
  return leaf;
}

}  // namespace answerable::ledger
