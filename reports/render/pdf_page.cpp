#include "reports/render/pdf_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/render/pdf_geometry.hpp"

namespace answerable::render {

void PdfPage::in(StructureTree::Element element) {
  if (open_ == element) return;
  if (element == StructureTree::artifact) {
    end();
    content_ += "/Artifact BMC\n";
  } else {
    in(tree_.type(element), tree_.add_content(element));
  }
  open_ = element;
}

void PdfPage::in(std::string_view type, std::size_t stretch) {
  end();
  fmt::format_to(std::back_inserter(content_), "/{} << /MCID {} >> BDC\n", type, stretch);
  open_ = unnamed;
}

void PdfPage::end() {
  if (open_) content_ += "EMC\n";
  open_.reset();
}

void PdfPage::fill(const Rectangle& area, const Colour& colour) {
  set(filling_, colour, "rg\n");
  rectangle(area);
  content_ += "f\n";
}

void PdfPage::frame(const Rectangle& area, const Colour& colour, double width) {
  set(stroking_, colour, "RG\n");
  number(width);
  content_ += "w\n";
  rectangle(area);
  content_ += "S\n";
}

void PdfPage::dash(const Rectangle& area, const Colour& colour, double width) {
  const double right = area.x + area.width;
  const double bottom = area.y + area.height;
  set(stroking_, colour, "RG\n");
  number(width);
  content_ += "w\n";
  for (const double y : {area.y + width / 2, bottom - width / 2}) dash_side(area.x, y, right, y, width);
  for (const double x : {area.x + width / 2, right - width / 2}) dash_side(x, area.y, x, bottom, width);
  content_ += "[] 0 d\n";
}

/// A whole number of dashes and gaps, with half a dash at either end: so corners are closed, and all alike.
void PdfPage::dash_side(double from_x, double from_y, double to_x, double to_y, double width) {
  const double length = to_x - from_x + to_y - from_y;
  const double period = length / std::max(std::round(length / (width * 5 + 1.5)), 1.0);
  content_ += '[';
  number(period * 0.6);
  number(period * 0.4);
  content_ += "] ";
  number(period * 0.3);
  content_ += "d ";
  place(from_x, from_y);
  content_ += "m ";
  place(to_x, to_y);
  content_ += "l S\n";
}

void PdfPage::show(std::string_view glyphs, double x, double baseline, const Colour& colour) {
  set(filling_, colour, "rg\n");
  content_ += "BT ";
  place(x, baseline);
  content_ += "Td ";
  content_ += glyphs;
  content_ += "ET\n";
}

void PdfPage::number(double value) {
  append_number(content_, value);
  content_ += ' ';
}

void PdfPage::place(double x, double y) {
  number(x);
  number(page_height - y);
}

void PdfPage::rectangle(const Rectangle& area) {
  place(area.x, area.y + area.height);
  number(area.width);
  number(area.height);
  content_ += "re ";
}

void PdfPage::set(std::optional<Colour>& current, const Colour& colour, std::string_view operation) {
  if (current == colour) return;
  current = colour;
  for (const double part : {colour.red, colour.green, colour.blue}) number(part);
  content_ += operation;
}

}  // namespace answerable::render
