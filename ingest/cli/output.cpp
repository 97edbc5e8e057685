#include "ingest/cli/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace answerable::cli {

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    throw std::runtime_error("the output could not be written");
}

void print_at_once(const std::string& text) {
  print(text);
  if (std::fflush(stdout) != 0) throw std::runtime_error("the output could not be written");
}

void print_json(const nlohmann::ordered_json& document) {
  print(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
}

std::string printable(const std::string& text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool c1 = c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c1) {
      out += "\xef\xbf\xbd";
      ++i;
    } else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
      out += "\xef\xbf\xbd";
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t sign = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > sign + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

ProgressBar::ProgressBar(std::string label, std::uint64_t total)
    : label_(std::move(label)),
      total_(total),
      terminal_(::isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + std::chrono::milliseconds(500)) {}

void ProgressBar::show(std::uint64_t amount) {
  if (!terminal_) return;
  const auto at = std::chrono::steady_clock::now();
  const bool ends = shown_ && total_ != 0 && amount >= total_;
  if (at < next_ && !ends) return;
  next_ = at + std::chrono::milliseconds(100);
  shown_ = true;
  constexpr std::size_t width = 40;
  if (total_ == 0) {
    fmt::print(stderr, "\r{}  {} MB\033[K", label_, amount / 1'000'000);
    return;
  }
  const auto done = std::min<std::uint64_t>(amount, total_);
  fmt::print(stderr, "\r{}  [{:<{}}] {:3}%\033[K", label_, std::string(done * width / total_, '#'), width,
             done * 100 / total_);
}

ProgressBar::~ProgressBar() {
  if (shown_) fmt::print(stderr, "\r\033[K");
}

}  // namespace answerable::cli
