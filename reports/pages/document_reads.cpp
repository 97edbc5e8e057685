#include "reports/pages/document_parts.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {

void add_reads(render::Blocks& blocks, const Trail& trail) {
  using namespace render;
  blocks.push_back(Heading{2, "Who has read this record", {}});
  Table table{.caption = "Reads of this record by people, oldest first",
              .columns = {{"When", 2.2}, {"Who", 2.4}, {"What for", 1.8}, {"What was asked for", 2.6}}};
  table.when_empty = "No read is on the ledger from before the newest record used here came in.";
  table.rows.add([&trail](const auto& use) {
    for (const auto& it : trail.reads)
      use({.cells = {{moment_words(it.at)}, {it.by}, {capital(code_words(it.purpose))}, {it.what}}});
  });
  blocks.push_back(std::move(table));
  blocks.push_back(
      Paragraph{{"Reads since the newest record used here came in are on the ledger too, and are shown once "
                 "further records have come: so that this trail, asked for again, is the same. What was "
                 "read past this system, in copies or in the database itself, is not known to it."}});
}

}  // namespace answerable::pages
