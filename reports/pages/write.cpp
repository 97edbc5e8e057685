#include <ostream>

#include "reports/pages/data.hpp"
#include "reports/pages/document.hpp"
#include "reports/pages/folder.hpp"
#include "reports/pages/trail.hpp"
#include "reports/render/html.hpp"
#include "reports/render/pdf.hpp"

namespace answerable::pages {

std::vector<std::filesystem::path> write(const Trail& trail, const std::filesystem::path& folder_path) {
  Folder folder(folder_path);
  const auto page = document(trail);
  folder.file("trail.html", [&](std::ostream& out) { render::html(page, out); });
  folder.file("trail.pdf", [&](std::ostream& out) { render::pdf(page, out); });
  folder.file("chronology.csv", [&](std::ostream& out) { write_chronology_csv(trail, out); });
  folder.file("findings.csv", [&](std::ostream& out) { write_findings_csv(trail, out); });
  folder.file("trail.xml", [&](std::ostream& out) { write_xml(trail, out); });
  return folder.files();
}

}  // namespace answerable::pages
