#include "audit/ledger/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "ingest/base64.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::ledger {

std::string format_checkpoint(const Checkpoint& checkpoint) {
  const auto line = [](std::string_view text) {
    if (text.empty() || text.find('\n') != text.npos)
      throw std::invalid_argument("a checkpoint's origin and extensions are lines of text that are not empty");
    return text;
  };
  std::string text = fmt::format("{}\n{}\n{}\n", line(checkpoint.origin), checkpoint.size, base64(checkpoint.root));
  for (const std::string& extension : checkpoint.extensions) text += fmt::format("{}\n", line(extension));
  return text;
}

std::uint64_t parse_size(std::string_view text, std::string_view what) {
  std::int64_t size = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc{} || end != text.data() + text.size() || size < 0 || std::to_string(size) != text)
    throw Malformed(
        fmt::format("{} is '{}': expected a whole number in decimal, without leading zeros, at most "
                    "9223372036854775807",
                    what, xml::shortened(text, 40)));
  return static_cast<std::uint64_t>(size);
}

Checkpoint parse_checkpoint(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) throw Malformed("the checkpoint's last line has no line feed at its end");
    if (end == 0) throw Malformed(fmt::format("line {} of the checkpoint is empty", lines.size() + 1));
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (lines.size() < 3)
    throw Malformed(
        fmt::format("the checkpoint has {} lines: expected origin, size and root, a line each", lines.size()));
  const auto root = parse_base64_digest(lines[2]);
  if (!root)
    throw Malformed(fmt::format("the checkpoint's root (line 3) is '{}': expected 32 bytes in base64",
                                xml::shortened(lines[2], 60)));
  return {std::string{lines[0]},
          parse_size(lines[1], "the checkpoint's size (line 2)"),
          *root,
          {lines.begin() + 3, lines.end()}};
}

SignedCheckpoint open_checkpoint(std::string_view signed_note, const Trust& trust) {
  SignedCheckpoint opened;
  opened.note = parse_note(signed_note);
  opened.checkpoint = parse_checkpoint(opened.note.text);
  if (opened.checkpoint.origin != trust.origin)
    throw NotVerified(fmt::format("this is a checkpoint of '{}', not of '{}'",
                                  xml::shortened(opened.checkpoint.origin, 200), trust.origin));
  opened.log = verify_note(opened.note, trust.log);
  opened.witnesses = verify_note(opened.note, trust.witnesses, trust.quorum);
  return opened;
}

}  // namespace answerable::ledger
