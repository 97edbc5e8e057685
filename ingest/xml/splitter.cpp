#include "ingest/xml/splitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace answerable::xml {
namespace {

constexpr std::size_t block = 256 << 10;  // little is left over behind a chunk, to be moved to the front

bool space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}
bool ends_name(char c) {
  return space(c) || c == '>' || c == '/' || c == '=';
}

/// What may end a name or begin something else: all other bytes of a tag are run over.
constexpr std::array<bool, 256> special_in_tag = [] {
  std::array<bool, 256> table{};
  for (const unsigned char c : {' ', '\n', '\t', '\r', '>', '/', '=', '<', '"', '\''}) table[c] = true;
  return table;
}();

std::string_view name_in(std::string_view tag) {
  const std::size_t from = tag.starts_with("</") ? 2 : 1;
  std::size_t to = from;
  while (to < tag.size() && !ends_name(tag[to])) ++to;
  return tag.substr(from, to - from);
}

std::string_view prefix_of(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view{} : name.substr(0, colon);
}

std::string_view local_of(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// The value of an attribute as written in a complete tag or declaration; nothing when it is not there.
std::optional<std::string_view> attribute_in(std::string_view tag, std::string_view wanted) {
  std::size_t i = 0;
  while (i < tag.size() && !space(tag[i])) ++i;
  while (i < tag.size()) {
    while (i < tag.size() && space(tag[i])) ++i;
    const auto from = i;
    while (i < tag.size() && !ends_name(tag[i])) ++i;
    const auto name = tag.substr(from, i - from);
    while (i < tag.size() && tag[i] != '"' && tag[i] != '\'' && tag[i] != '>') ++i;
    if (i >= tag.size() || tag[i] == '>') return std::nullopt;
    const auto end = tag.find(tag[i], i + 1);
    if (end == std::string_view::npos) return std::nullopt;
    if (name == wanted) return tag.substr(i + 1, end - i - 1);
    i = end + 1;
  }
  return std::nullopt;
}

std::string lower(std::string_view text) {
  std::string to(text);
  std::transform(to.begin(), to.end(), to.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return to;
}

}  // namespace

Splitter::Splitter(Source source, SplitCaps caps) : source_(std::move(source)), caps_(caps), token_cap_(caps.head) {}

bool Splitter::fill() {
  if (end_ || bad_) return false;
  if (buffer_.size() < used_ + block) buffer_.resize(used_ + block);
  const auto got = source_(buffer_.data() + used_, buffer_.size() - used_);
  end_ = got == 0;
  used_ += got;
  const auto good = checker_.check(slice(checked_, used_));
  if (ascii_only_) {
    const auto bytes = slice(checked_, checked_ + good);
    const auto high =
        std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
    bad_ = high != bytes.end();
    checked_ += static_cast<std::size_t>(high - bytes.begin());
  } else {
    checked_ += good;
  }
  bad_ = bad_ || checker_.found() != Utf8Checker::Found::good || (end_ && checked_ != used_);
  return got != 0;
}

void Splitter::refuse(std::size_t offset, std::string code, std::string problem, std::string expected, std::string mend,
                      std::string sent) const {
  auto position = base_;
  position.advance(slice(0, offset));
  throw Refusal{{.severity = Severity::error,
                 .code = std::move(code),
                 .line = position.line,
                 .column = position.column,
                 .record_id = {},
                 .field = {},
                 .sent = std::move(sent),
                 .problem = std::move(problem),
                 .expected = std::move(expected),
                 .mend = std::move(mend)}};
}

void Splitter::refuse_end(std::string_view inside) const {
  if (bad_) {
    const auto byte = fmt::format("the byte {:02X}", static_cast<unsigned char>(buffer_[checked_]));
    if (ascii_only_) {
      refuse(checked_, "encoding.not-ascii", "The file says that it is ASCII, and here is a character that is not.",
             "Letters, digits and signs of ASCII only.",
             "Write encoding=\"UTF-8\" in the first line, and save the file as UTF-8.", byte);
    }
    if (checker_.found() == Utf8Checker::Found::not_xml) {
      refuse(checked_, "xml.character", "Here is a control character, which XML does not allow.",
             "Printable characters, spaces, tabs and line ends.",
             "Have the exporting system remove control characters; they often come from pasted text.", byte);
    }
    refuse(checked_, "encoding.not-utf-8", "The file is not UTF-8: these bytes are no character.",
           "A file saved as UTF-8.",
           "Save or export the file again with encoding UTF-8. A file from Windows is often Windows-1252: convert it "
           "first.",
           byte);
  }
  refuse(used_, "xml.not-well-formed", fmt::format("The file ends inside {}: it has been cut off.", inside),
         "A whole file, to its last end tag.",
         "Export and send the file again; compare its size with the one you sent.");
}

/// Position behind `closer`, reading on as needed.
std::size_t Splitter::find_end(std::size_t begin, std::size_t from, std::string_view closer, std::string_view what) {
  for (;;) {
    const auto found = slice(0, checked_).find(closer, from);
    if (found != std::string_view::npos) return found + closer.size();
    if (checked_ - begin > token_cap_ + block) return checked_;
    from = std::max(from, checked_ - std::min(checked_, closer.size() - 1));
    if (!fill()) refuse_end(what);
  }
}

Splitter::Lexeme Splitter::lex() {
  const auto begin = at_;
  while (checked_ - begin < 9 && fill()) {
  }
  if (begin == checked_) {
    if (bad_) refuse_end("the file");
    return {Token::end_of_file, begin, begin};
  }
  if (buffer_[begin] != '<') {
    std::size_t from = begin;
    for (;;) {
      const auto found = slice(0, checked_).find('<', from);
      if (found != std::string_view::npos) return {Token::text, begin, found};
      from = checked_;
      if (checked_ - begin > token_cap_ || !fill()) return {Token::text, begin, checked_};
    }
  }
  const auto ahead = slice(begin, checked_);
  if (ahead.size() > 1 && ahead[1] != '!' && ahead[1] != '?') return lex_tag(begin);
  if (ahead.starts_with("<!--")) return {Token::other, begin, find_end(begin, begin + 4, "-->", "a comment")};
  if (ahead.starts_with("<![CDATA[")) return {Token::text, begin, find_end(begin, begin + 9, "]]>", "a CDATA section")};
  if (ahead.starts_with("<?"))
    return {Token::other, begin, find_end(begin, begin + 2, "?>", "a processing instruction")};
  if (ahead.starts_with("<!") && lower(ahead.substr(0, 9)) == "<!doctype") {
    refuse(begin, "xml.doctype",
           "The file has a DOCTYPE. It is refused, because a DOCTYPE can make a reader open other files or use up its "
           "memory.",
           "A file without a DOCTYPE.", "Take the DOCTYPE line out, and everything in its square brackets.",
           "<!DOCTYPE");
  }
  if (ahead.starts_with("<!")) {
    refuse(begin, "xml.not-well-formed", "After <! there is neither a comment nor a CDATA section.",
           "<!-- a comment --> or <![CDATA[text]]>.", "Write a < that is text as &lt;.", shortened(ahead, 9));
  }
  return lex_tag(begin);
}

/// The quote that ends the value begun by the one at `open`; checked_ when the caps are passed before.
std::size_t Splitter::find_quote(std::size_t begin, std::size_t open) {
  for (auto from = open + 1;;) {
    const auto seen = slice(0, checked_);
    const auto quote = seen.find(buffer_[open], from);
    const auto less = seen.substr(0, quote).find('<', from);
    if (less != std::string_view::npos) {
      refuse(less, "xml.not-well-formed", "A < stands in an attribute's value.",
             "A value between two equal quotes, with < written as &lt;.",
             "Write &lt; instead, or add the quote that should have ended the value before.",
             shortened(slice(open + 1, less + 1), 60));
    }
    if (quote != std::string_view::npos) return quote;
    from = checked_;
    if (checked_ - begin > token_cap_ + block) return checked_;
    if (!fill()) refuse_end("an attribute's quotes");
  }
}

Splitter::Lexeme Splitter::lex_tag(std::size_t begin) {
  const bool closing = slice(begin, checked_).starts_with("</");
  int attributes = 0;
  std::size_t name = begin + (closing ? 2 : 1);
  for (auto i = name;;) {
    if (i >= checked_) {
      if (checked_ - begin > token_cap_ + block) return {Token::start_tag, begin, checked_};
      if (!fill()) refuse_end("a tag");
      continue;
    }
    const char c = buffer_[i];
    if (c == '>') {
      const bool empty = buffer_[i - 1] == '/' && i - 1 > begin;
      return {closing ? Token::end_tag : empty ? Token::empty_tag : Token::start_tag, begin, i + 1};
    }
    if (c == '<') {
      refuse(i, "xml.not-well-formed", "A < stands inside a tag that has not been closed.", "A > before the next <.",
             "Close the tag before it with >, or write a < that is text as &lt;.", shortened(slice(begin, i + 1), 60));
    }
    if (c == '"' || c == '\'') {
      if (++attributes > caps_.attributes) {
        refuse(begin, "cap.attributes", fmt::format("This element has more than {} attributes.", caps_.attributes),
               fmt::format("At most {} attributes on an element.", caps_.attributes),
               "Take out the attributes the schema does not know.");
      }
      const auto found = find_quote(begin, i);
      if (found >= checked_) return {Token::start_tag, begin, checked_};
      i = name = found + 1;
      continue;
    }
    if (ends_name(c)) {
      name = ++i;
      continue;
    }
    while (i < checked_ && !special_in_tag[static_cast<unsigned char>(buffer_[i])]) ++i;
    if (i - name > caps_.name) {
      refuse(begin, "cap.name", fmt::format("A name is longer than {} characters.", caps_.name),
             fmt::format("Names of at most {} characters.", caps_.name), "Use the names of the schema.",
             shortened(slice(name, i), 60));
    }
  }
}

void Splitter::read_declaration() {
  while (checked_ < 200 && fill()) {
  }
  const auto raw = slice(0, used_);
  if (used_ == 0) {
    refuse(0, "file.empty", "The file is empty.", "A submission.", "Export the file again.");
  }
  if (raw.starts_with("\xFE\xFF") || raw.starts_with("\xFF\xFE") || (used_ > 1 && (raw[0] == '\0' || raw[1] == '\0'))) {
    refuse(0, "encoding.not-utf-8", "The file is UTF-16 or UTF-32.", "A file saved as UTF-8.",
           "Save or export the file again with encoding UTF-8.");
  }
  if (slice(0, checked_).starts_with("\xEF\xBB\xBF")) at_ = 3;
  const auto start = slice(at_, checked_);
  if (!start.starts_with("<?xml") || start.size() < 6 || !space(start[5])) return;
  const auto end = start.find("?>");
  if (end == std::string_view::npos) return;  // found to be ill-formed when it is lexed
  const auto declaration = start.substr(0, end + 2);
  const auto version = attribute_in(declaration, "version");
  if (version && *version != "1.0") {
    refuse(at_, "xml.version", "The file says that it is another version of XML than 1.0.", "XML 1.0.",
           "Write version=\"1.0\" in the first line.", shortened(*version, 60));
  }
  if (const auto encoding = attribute_in(declaration, "encoding")) {
    const auto name = lower(*encoding);
    if (name == "us-ascii") {
      ascii_only_ = true;
      const auto bytes = slice(0, checked_);
      const auto high =
          std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
      bad_ = bad_ || high != bytes.end();
      checked_ = static_cast<std::size_t>(high - bytes.begin());
    } else if (name != "utf-8") {
      refuse(at_, "encoding.not-utf-8", "The file says that its encoding is another than UTF-8.",
             "encoding=\"UTF-8\", or us-ascii.",
             "Save or export the file as UTF-8, and let its first line say encoding=\"UTF-8\".",
             shortened(*encoding, 60));
    }
  }
}

void Splitter::read_head() {
  read_declaration();
  std::vector<std::pair<std::string, std::string>> namespaces;  // of the root element: prefix, uri
  const auto uri_of = [&](std::string_view tag) -> std::string {
    const auto prefix = prefix_of(name_in(tag));
    const auto declared = attribute_in(tag, prefix.empty() ? std::string("xmlns") : fmt::format("xmlns:{}", prefix));
    if (declared) return std::string(*declared);
    for (const auto& [its_prefix, uri] : namespaces) {
      if (its_prefix == prefix) return uri;
    }
    return {};
  };
  for (;;) {
    const auto lexeme = lex();
    if (lexeme.end > caps_.head && is_submission_) {
      refuse(0, "cap.head", fmt::format("What comes before the first record is larger than {} bytes.", caps_.head),
             "A header, and little else, before the records.", "Take long comments out from before the records.");
    }
    if (lexeme.token == Token::end_of_file) {
      if (depth_ > 0) refuse_end(fmt::format("the element {}", root_name_));
      refuse(0, "xml.not-well-formed", "The file holds no element.", "A submission.", "Export the file again.");
    }
    at_ = lexeme.end;
    const auto tag = slice(lexeme.begin, lexeme.end);
    if (lexeme.token == Token::end_tag) {
      if (--depth_ > 0) continue;
      break;
    }
    if (lexeme.token != Token::start_tag && lexeme.token != Token::empty_tag) {
      if (depth_ == 0 && lexeme.token == Token::text && !std::all_of(tag.begin(), tag.end(), space))
        break;  // for the parser to refuse
      if (depth_ == 0 && lexeme.end > caps_.head) break;
      continue;
    }
    const auto name = name_in(tag);
    if (depth_ == 0) {
      root_name_ = name;
      is_submission_ = local_of(name) == "submission" && uri_of(tag) == submission_ns;
      if (!is_submission_) break;
      const auto prefix = prefix_of(name);
      namespaces.emplace_back(prefix, submission_ns);
      if (!prefix.empty()) {
        if (const auto other = attribute_in(tag, "xmlns")) namespaces.emplace_back("", *other);
      }
    }
    if (depth_ == 1 && local_of(name) == "records" && uri_of(tag) == submission_ns) {
      has_records_ = lexeme.token == Token::start_tag;
      records_name_ = name;
      break;
    }
    if (lexeme.token == Token::start_tag) {
      if (++depth_ > caps_.depth) {
        refuse(lexeme.begin, "cap.depth", fmt::format("Elements stand more than {} deep.", caps_.depth),
               fmt::format("At most {} elements inside one another.", caps_.depth), "Use the elements of the schema.");
      }
    } else if (depth_ == 0) {
      break;
    }
  }
  if (!is_submission_) return;
  head_ = slice(0, at_);
  closing_ = fmt::format("</{}></{}>", records_name_, root_name_);
  auto behind = base_;
  behind.advance(head_);
  drop_before(at_, behind);
  if (has_records_) {
    depth_ = 2;
    token_cap_ = caps_.record;
  } else {
    read_tail();
  }
}

void Splitter::drop_before(std::size_t offset, const Position& there) {
  base_ = there;
  std::memmove(buffer_.data(), buffer_.data() + offset, used_ - offset);
  used_ -= offset;
  checked_ -= offset;
  at_ -= offset;
}

std::optional<Chunk> Splitter::next() {
  if (!is_submission_ || !has_records_) return std::nullopt;
  Chunk chunk{base_, records_, {}, {}};
  auto here = base_;
  std::size_t done = 0, start = 0;  // end of the last record; start of the one we are in
  const auto close_record = [&](std::size_t end) {
    here.advance(slice(done, start));
    chunk.records.push_back({static_cast<std::uint32_t>(start - done), static_cast<std::uint32_t>(end - start), here});
    here.advance(slice(start, end));
    done = end;
    ++records_;
  };
  for (;;) {
    const auto lexeme = lex();
    if (lexeme.end - done > caps_.record) {
      refuse(depth_ > 2 ? start : done, "cap.record",
             fmt::format("A record, or what stands between two records, is larger than {} bytes.", caps_.record),
             fmt::format("Records of at most {} bytes each.", caps_.record),
             "Check that each record is closed with its own end tag; send large documents by their SHA-256 without "
             "content.");
    }
    if (lexeme.token == Token::end_of_file)
      refuse_end(depth_ > 2 ? "a record" : fmt::format("the element {}", records_name_));
    if (lexeme.token == Token::end_tag && depth_ == 2) {
      at_ = lexeme.begin;
      has_records_ = false;
      break;
    }
    at_ = lexeme.end;
    if (lexeme.token == Token::text || lexeme.token == Token::other) continue;
    if (lexeme.token == Token::end_tag) {
      if (--depth_ == 2) close_record(lexeme.end);
    } else {
      if (depth_ == 2) start = lexeme.begin;
      if (lexeme.token == Token::empty_tag) {
        if (depth_ == 2) close_record(lexeme.end);
      } else if (++depth_ > caps_.depth) {
        refuse(lexeme.begin, "cap.depth", fmt::format("Elements stand more than {} deep.", caps_.depth),
               fmt::format("At most {} elements inside one another.", caps_.depth), "Use the elements of the schema.");
      }
    }
    if (depth_ == 2 && done >= caps_.chunk) break;
  }
  chunk.bytes = slice(0, done);
  drop_before(done, here);
  if (!has_records_) read_tail();
  if (chunk.records.empty()) return std::nullopt;
  return chunk;
}

void Splitter::read_tail() {
  tail_start_ = base_;
  while (used_ <= caps_.head + caps_.record && fill()) {
  }
  if (bad_) refuse_end("the file");
  // Lexed once for what the parser never gets to see, or is not trusted with.
  token_cap_ = used_;
  for (auto lexeme = lex(); lexeme.token != Token::end_of_file; lexeme = lex()) at_ = lexeme.end;
  if (used_ > caps_.head + caps_.record) {
    refuse(0, "cap.tail", "What comes behind the last record is too large.", "Little but end tags behind the records.",
           "Take long comments out from behind the records.");
  }
  tail_ = slice(0, used_);
}

std::optional<std::string> Splitter::whole() {
  while (used_ <= caps_.record && fill()) {
  }
  if (bad_) refuse_end("the file");
  if (used_ > caps_.record) return std::nullopt;
  int deep = 0;
  at_ = slice(0, checked_).starts_with("\xEF\xBB\xBF") ? 3 : 0;
  token_cap_ = used_;
  for (auto lexeme = lex(); lexeme.token != Token::end_of_file; lexeme = lex()) {
    at_ = lexeme.end;
    deep += lexeme.token == Token::start_tag ? 1 : lexeme.token == Token::end_tag ? -1 : 0;
    if (deep > caps_.depth) {
      refuse(lexeme.begin, "cap.depth", fmt::format("Elements stand more than {} deep.", caps_.depth),
             fmt::format("At most {} elements inside one another.", caps_.depth), "Use the elements of the schema.");
    }
  }
  return std::string(slice(0, used_));
}

}  // namespace answerable::xml
