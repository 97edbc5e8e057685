#include "reports/render/pdf_flow.hpp"
#include "reports/render/pdf_geometry.hpp"

namespace answerable::render {
namespace {

class Paginator {
 public:
  explicit Paginator(const Flow& flow) : flow_(flow), pages_(1) {}

  std::vector<PageContent> run() {
    for (std::size_t first = 0; first < flow_.fragments.size();) {
      const std::size_t end = chain_end(first);
      const bool page_is_used = !pages_.back().empty();
      const bool asked = flow_.fragments[first].starts_page && page_is_used;
      if (asked || (page_is_used && !fits(first, end) && chain_height(first, end) <= body_height))
        turn(flow_.fragments[first]);
      for (; first < end; ++first) place(flow_.fragments[first]);
    }
    return std::move(pages_);
  }

 private:
  std::size_t chain_end(std::size_t first) const {
    std::size_t end = first + 1;
    while (end < flow_.fragments.size() && flow_.fragments[end - 1].keep_with_next && !flow_.fragments[end].starts_page)
      ++end;
    return end;
  }

  double chain_height(std::size_t first, std::size_t end) const {
    double height = 0;
    for (std::size_t i = first; i < end; ++i)
      height += flow_.fragments[i].height + (i == first ? 0 : flow_.fragments[i].space_before);
    return height;
  }

  bool fits(std::size_t first, std::size_t end) const {
    return y_ + flow_.fragments[first].space_before + chain_height(first, end) <= body_bottom;
  }

  void place(const Slice& fragment) {
    if (!pages_.back().empty() && y_ + fragment.space_before + fragment.height > body_bottom) turn(fragment);
    if (!pages_.back().empty()) y_ += fragment.space_before;
    pages_.back().push_back({&fragment, y_, false});
    y_ += fragment.height;
  }

  void turn(const Slice& next) {
    pages_.emplace_back();
    y_ = body_top;
    if (next.header == Slice::none) return;
    const Slice& header = flow_.headers[static_cast<std::size_t>(next.header)];
    pages_.back().push_back({&header, y_, true});
    y_ += header.height;
  }

  const Flow& flow_;
  std::vector<PageContent> pages_;
  double y_ = body_top;
};

}  // namespace

std::vector<PageContent> paginate(const Flow& flow) {
  return Paginator(flow).run();
}

}  // namespace answerable::render
