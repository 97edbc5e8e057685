#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "reports/pages/data.hpp"
#include "reports/pages/document.hpp"
#include "reports/pages/trail.hpp"
#include "reports/render/html.hpp"
#include "reports/render/pdf.hpp"

namespace answerable::pages {

std::vector<std::filesystem::path> write(const Trail& trail, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder)) {
    throw std::runtime_error(fmt::format("{} cannot be made a folder. Name another with --output.", folder.string()));
  }
  std::vector<std::filesystem::path> files;
  const auto file = [&](const char* name, const auto& fill) {
    const auto path = folder / name;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    fill(out);
    out.close();
    if (!out)
      throw std::runtime_error(
          fmt::format("{} cannot be written. Is there room, and may you write there?", path.string()));
    files.push_back(path);
  };
  const auto page = document(trail);
  file("trail.html", [&](std::ostream& out) { out << render::html(page); });
  file("trail.pdf", [&](std::ostream& out) { out << render::pdf(page); });
  file("chronology.csv", [&](std::ostream& out) { write_chronology_csv(trail, out); });
  file("findings.csv", [&](std::ostream& out) { write_findings_csv(trail, out); });
  file("trail.xml", [&](std::ostream& out) { write_xml(trail, out); });
  return files;
}

}  // namespace answerable::pages
