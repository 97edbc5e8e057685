#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/not_checked.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"
#include "reports/cli/report_commands.hpp"
#include "reports/pages/rule_guide.hpp"
#include "reports/render/document.hpp"

namespace answerable::cli {
namespace {

int write_guide(const Common& common, const std::string& folder) {
  const auto catalogue = engine::Catalogue::load(xml::Kinds::load(share_folder() / "schemas"));
  const auto not_checked = engine::read_not_checked();
  const auto files = pages::write_rule_guide(pages::rule_guide(catalogue, not_checked), folder);
  if (common.json) {
    nlohmann::ordered_json document{{"catalogue", hex(catalogue.digest())},
                                    {"rules", catalogue.rules().size()},
                                    {"not_checked", not_checked.size()},
                                    {"files", nlohmann::ordered_json::array()}};
    for (const auto& file : files) document["files"].push_back(file.string());
    print_json(document);
    return done;
  }
  std::string out = fmt::format("{} rules in plain words; {} parts of the law not checked.\n", catalogue.rules().size(),
                                not_checked.size());
  for (const auto& file : files) out += fmt::format("{}\n", file.string());
  print(out);
  return done;
}

}  // namespace

void add_guide_command(Program& program) {
  const auto folder = std::make_shared<std::string>();
  program
      .add("guide", "Writes all rules in plain words as a web page and a printable guide",
           [folder](const Common& common) { return write_guide(common, *folder); })
      .add_option("--output", *folder, "Folder for the files; made when absent")
      ->type_name("DIR")
      ->required();
}

}  // namespace answerable::cli
