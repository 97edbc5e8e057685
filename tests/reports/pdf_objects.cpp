#include "tests/reports/pdf_objects.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace answerable::render {
namespace {

using nlohmann::json;

std::string decoded_base64(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned held = 0;
  int bits = 0;
  for (const char c : text.substr(0, text.find('='))) {
    held = held << 6 | static_cast<unsigned>(letters.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<char>(held >> bits & 0xFF));
  }
  return out;
}

json qpdf_json(const std::string& bytes) {
  const auto path = std::filesystem::temp_directory_path() / fmt::format("answerable-objects-{}.pdf", ::getpid());
  std::ofstream(path, std::ios::binary) << bytes;
  std::FILE* pipe = ::popen(
      fmt::format("qpdf --json=2 --json-stream-data=inline --decode-level=generalized {}", path.string()).c_str(), "r");
  std::string output;
  std::array<char, 65536> part{};
  for (std::size_t n = 0; (n = std::fread(part.data(), 1, part.size(), pipe)) > 0;) output.append(part.data(), n);
  const int status = ::pclose(pipe);
  std::filesystem::remove(path);
  if (status != 0) throw std::runtime_error("qpdf finds fault with the file");
  return json::parse(output).at("qpdf").at(1);
}

const json nothing;

class Tokens {
 public:
  explicit Tokens(std::string_view content) : rest_(content) {}

  std::vector<PdfOperation> run() {
    using Kind = PdfOperation::Operand::Kind;
    std::vector<PdfOperation> out;
    PdfOperation next;
    while (skip_space()) {
      const char c = rest_.front();
      if (c == '[' || c == ']') {
        rest_.remove_prefix(1);
      } else if (c == '(') {
        next.operands.push_back({Kind::string, literal()});
      } else if (rest_.starts_with("<<")) {
        next.operands.push_back({Kind::dictionary, take(rest_.find(">>") + 2)});
      } else if (c == '<') {
        next.operands.push_back({Kind::string, hexadecimal()});
      } else if (c == '/') {
        next.operands.push_back({Kind::name, take(rest_.find_first_of(" \n\r\t[]<>()/", 1))});
      } else {
        const std::string word = take(rest_.find_first_of(" \n\r\t[]<>()/"));
        if (std::string_view("+-.0123456789").find(c) != std::string_view::npos) {
          next.operands.push_back({Kind::number, word});
        } else {
          next.name = word;
          out.push_back(std::exchange(next, {}));
        }
      }
    }
    return out;
  }

 private:
  bool skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n\r\t\f"), rest_.size()));
    return !rest_.empty();
  }

  std::string take(std::size_t length) {
    const std::string out(rest_.substr(0, length));
    rest_.remove_prefix(out.size());
    return out;
  }

  std::string literal() {
    std::string out;
    int depth = 0;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      char c = rest_[i];
      if (c == '(' && depth++ == 0) continue;
      if (c == ')' && --depth == 0) {
        rest_.remove_prefix(i + 1);
        return out;
      }
      if (c != '\\') {
        out.push_back(c);
        continue;
      }
      c = rest_[++i];
      if (c >= '0' && c <= '7') {
        int code = 0;
        for (int n = 0; n < 3 && rest_[i] >= '0' && rest_[i] <= '7'; ++n) code = code * 8 + (rest_[i++] - '0');
        --i;
        out.push_back(static_cast<char>(code));
      } else if (c != '\n') {
        constexpr std::string_view named = "nrtbf";
        const auto which = named.find(c);
        out.push_back(which == std::string_view::npos ? c : "\n\r\t\b\f"[which]);
      }
    }
    throw std::runtime_error("a string has no end");
  }

  std::string hexadecimal() {
    std::string digits = take(rest_.find('>') + 1);
    std::erase_if(digits, [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) == 0; });
    std::string out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
      out.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    return out;
  }

  std::string_view rest_;
};

}  // namespace

PdfObjects::PdfObjects(const std::string& file) : bytes(file), objects(qpdf_json(file)) {}

const json& PdfObjects::at(const json& value) const {
  const std::string* text = value.get_ptr<const std::string*>();
  if (!text || !text->ends_with(" R") || text->find_first_not_of("0123456789 R") != std::string::npos) return value;
  const auto found = objects.find("obj:" + *text);
  if (found == objects.end()) return nothing;
  return found->contains("stream") ? found->at("stream").at("dict") : found->at("value");
}

const json& PdfObjects::at(const json& dictionary, std::string_view key) const {
  if (!dictionary.is_object()) return nothing;
  const auto found = dictionary.find(key);
  return found == dictionary.end() ? nothing : at(*found);
}

std::string PdfObjects::stream(const json& reference) const {
  if (reference.is_array()) {
    std::string all;
    for (const auto& part : reference) all += stream(part) + '\n';
    return all;
  }
  const auto found = reference.is_string() ? objects.find("obj:" + reference.get<std::string>()) : objects.end();
  if (found == objects.end() || !found->contains("stream")) throw std::runtime_error("a stream is not there");
  return decoded_base64(found->at("stream").at("data").get_ref<const std::string&>());
}

std::vector<std::string> PdfObjects::pages() const {
  std::vector<std::string> out;
  // One flat list is written.
  for (const auto& page : at(at(at(trailer(), "/Root"), "/Pages"), "/Kids")) out.push_back(page);
  return out;
}

std::vector<PdfOperation> operations(std::string_view content) {
  return Tokens(content).run();
}

TrueType::TrueType(std::string bytes) : bytes_(std::move(bytes)), glyphs_(two(table("maxp") + 4)) {}

std::uint16_t TrueType::two(std::size_t at) const {
  if (at + 2 > bytes_.size()) throw std::runtime_error("a font program ends too early");
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes_[at]) << 8 |
                                    static_cast<unsigned char>(bytes_[at + 1]));
}

/// 0 when there is none of that tag.
std::size_t TrueType::table(std::string_view tag) const {
  for (std::size_t i = 0; i < two(4); ++i) {
    const std::size_t entry = 12 + 16 * i;
    if (bytes_.compare(entry, 4, tag) == 0) return static_cast<std::size_t>(two(entry + 8)) << 16 | two(entry + 10);
  }
  return 0;
}

double TrueType::width(int glyph) const {
  const int metrics = two(table("hhea") + 34);
  const int entry = std::min(glyph, metrics - 1);
  return two(table("hmtx") + 4 * static_cast<std::size_t>(entry)) * 1000.0 / two(table("head") + 18);
}

}  // namespace answerable::render
