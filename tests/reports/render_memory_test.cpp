// A document is never held whole, nor is what is made of it: memory does not grow with its length.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <ostream>
#include <streambuf>

#include "reports/render/document.hpp"
#include "reports/render/html.hpp"
#include "reports/render/pdf.hpp"

namespace answerable::render {
namespace {

/// Forgets what is written, and notes how much memory is in use while it is.
class Gauge : public std::streambuf {
 public:
  std::size_t highest() const { return highest_; }
  std::size_t written() const { return written_; }

 protected:
  int_type overflow(int_type c) override {
    ++written_;
    return traits_type::not_eof(c);
  }
  std::streamsize xsputn(const char*, std::streamsize count) override {
    highest_ = std::max(highest_, ::mallinfo2().uordblks);
    written_ += static_cast<std::size_t>(count);
    return count;
  }

 private:
  std::size_t highest_{}, written_{};
};

Document with_rows(int rows) {
  Document document;
  document.title = "T";
  document.blocks.push_back(Contents{});
  document.blocks.push_back(Heading{2, "Chronology", ""});
  Table table{.caption = "What happened", .columns = {{"Happened"}, {"What", 4}, {"Who", 2}, {"Record"}}};
  table.rows.add([rows](const auto& use) {
    for (int i = 0; i < rows; ++i)
      use({.cells = {{fmt::format("{} May 2013", i)},
                     {fmt::format("Plan sent, for the {}th time, and not answered.", i)},
                     {"Example NHS Trust"},
                     {link_to(fmt::format("record {}", i), fmt::format("#record-{}", i))}},
           .anchor = fmt::format("record-{}", i)});
  });
  document.blocks.push_back(std::move(table));
  return document;
}

template <class Render>
double bytes_a_row(Render render, int fewer, int more) {
  const auto highest = [&](int rows) {
    Gauge gauge;
    std::ostream out(&gauge);
    const std::size_t before = ::mallinfo2().uordblks;
    render(with_rows(rows), out);
    EXPECT_GT(gauge.written(), static_cast<std::size_t>(rows) * 50);
    return static_cast<double>(gauge.highest()) - static_cast<double>(before);
  };
  highest(fewer);  // what is kept for the next time, of fonts above all
  return (highest(more) - highest(fewer)) / (more - fewer);
}

TEST(RenderMemory, OfAPageOnlyItsAnchorsStay) {
  EXPECT_LT(bytes_a_row([](const Document& document, std::ostream& out) { html(document, out); }, 1'000, 20'000), 150);
}

TEST(RenderMemory, OfAPaperOnlyAnchorsPagesAndPlacesStay) {
  EXPECT_LT(bytes_a_row([](const Document& document, std::ostream& out) { pdf(document, out); }, 1'000, 4'000), 1'000);
}

}  // namespace
}  // namespace answerable::render
