#include "ingest/http/answer_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace answerable::http {

void Sender::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::chrono::milliseconds earned{sent_ * 1000 / limits_.slowest};
    const std::size_t some =
        connection_.write(bytes, std::min(Clock::now() + limits_.silence, start_ + limits_.silence + earned));
    sent_ += some;
    bytes.remove_prefix(some);
  }
}

AnswerWriter::AnswerWriter(Sender& sender, bool chunked) : sender_(sender), chunked_(chunked) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

int AnswerWriter::sync() {
  const std::string_view bytes(pbase(), static_cast<std::size_t>(pptr() - pbase()));
  if (bytes.empty()) return 0;
  if (chunked_) sender_.send(fmt::format("{:x}\r\n", bytes.size()));
  sender_.send(bytes);
  if (chunked_) sender_.send("\r\n");
  written_ += bytes.size();
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return 0;
}

AnswerWriter::int_type AnswerWriter::overflow(int_type c) {
  sync();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

void AnswerWriter::finish() {
  sync();
  if (chunked_) sender_.send("0\r\n\r\n");
}

}  // namespace answerable::http
