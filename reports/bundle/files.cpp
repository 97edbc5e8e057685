#include "reports/bundle/files.hpp"

#include <fmt/format.h>

#include <ostream>
#include <stdexcept>
#include <streambuf>
#include <vector>

namespace answerable::bundle {
namespace {

/// Hands on what is written, in large pieces.
class Pieces : public std::streambuf {
 public:
  explicit Pieces(std::function<void(std::string_view)> use) : use_(std::move(use)), buffer_(64 * 1024) {
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }

 protected:
  int_type overflow(int_type c) override {
    sync();
    if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
    return traits_type::not_eof(c);
  }
  int sync() override {
    use_({pbase(), static_cast<std::size_t>(pptr() - pbase())});
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    return 0;
  }

 private:
  std::function<void(std::string_view)> use_;
  std::vector<char> buffer_;
};

/// A file of ours, the same in every bundle, or one in whose bytes no words can be looked for.
bool need_not_be_searched(const std::string& path) {
  return path.starts_with("rules/") || path == "VERIFY.html" || path == "verify.py" || path == "trail.xsd" ||
         path.ends_with(".pdf") ||
         (path.find("-content.") != std::string::npos && !path.ends_with(".txt") && !path.ends_with(".csv"));
}

}  // namespace

Digest Files::add(const std::string& path, std::string_view bytes) {
  return write(path, [&](std::ostream& out) { out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())); });
}

Digest Files::write(const std::string& path, const std::function<void(std::ostream&)>& fill) {
  const bool searched = !need_not_be_searched(path);
  KeptWords::Search search(kept_back_);
  bag_.begin("data/" + path);
  Pieces pieces([&](std::string_view piece) {
    if (searched) search.look_at(piece);
    bag_.write(as_bytes(piece));
  });
  std::ostream out(&pieces);
  out.exceptions(std::ios::badbit);  // so that what the bag throws comes through
  fill(out);
  out.flush();
  if (search.finish()) {
    throw std::runtime_error(
        fmt::format("No bundle was made: {} would still show words that were asked to be kept back. "
                    "This is a fault of ours; please report it.",
                    path));
  }
  ++count_;
  return bag_.end();
}

}  // namespace answerable::bundle
