#include "reports/render/pdf_flow.hpp"
#include "reports/render/pdf_geometry.hpp"

namespace answerable::render {

Paginator::Paginator(std::function<void(const PageContent&)> use) : use_(std::move(use)), y_(body_top) {}

void Paginator::add(Slice fragment) {
  if (!chain_.empty() && (!chain_.back().keep_with_next || fragment.starts_page)) place_chain();
  chain_.push_back(std::move(fragment));
}

void Paginator::finish() {
  if (!chain_.empty()) place_chain();
  use_(page_);
}

void Paginator::place_chain() {
  const Slice& first = chain_.front();
  const double height = chain_height();
  const bool fits = y_ + first.space_before + height <= body_bottom;
  if (!page_.empty() && (first.starts_page || (!fits && height <= body_height))) turn(first);
  for (Slice& fragment : chain_) place(std::move(fragment));
  chain_.clear();
}

double Paginator::chain_height() const {
  double height = 0;
  for (const Slice& fragment : chain_)
    height += fragment.height + (&fragment == &chain_.front() ? 0 : fragment.space_before);
  return height;
}

void Paginator::place(Slice fragment) {
  if (!page_.empty() && y_ + fragment.space_before + fragment.height > body_bottom) turn(fragment);
  if (!page_.empty()) y_ += fragment.space_before;
  const double height = fragment.height;
  page_.push_back({std::move(fragment), y_, false});
  y_ += height;
}

void Paginator::turn(const Slice& next) {
  use_(page_);
  page_.clear();
  y_ = body_top;
  if (next.header == nullptr) return;
  page_.push_back({*next.header, y_, true});
  y_ += next.header->height;
}

}  // namespace answerable::render
