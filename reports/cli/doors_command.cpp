#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "reports/cli/report_commands.hpp"
#include "reports/service/doors.hpp"

namespace answerable::cli {
namespace {

std::string who(const service::Who& who) {
  if (!who.signed_in) return "anybody";
  if (who.roles.empty()) return "whoever is signed in";
  std::string roles;
  for (const auto role : who.roles) roles += fmt::format("{}{}", roles.empty() ? "" : ", ", access::word(role));
  return roles;
}

nlohmann::ordered_json json(const service::Door& door) {
  nlohmann::ordered_json roles = nlohmann::ordered_json::array();
  for (const auto role : door.who.roles) roles.push_back(access::word(role));
  return {{"method", door.method}, {"path", door.path}, {"signed_in", door.who.signed_in}, {"roles", std::move(roles)}};
}

int list_doors(const Common& common) {
  if (common.json) {
    nlohmann::ordered_json document = nlohmann::ordered_json::array();
    for (const auto& door : service::doors()) document.push_back(json(door));
    print_json(document);
    return done;
  }
  std::string out;
  for (const auto& door : service::doors())
    out += fmt::format("{:<5}{:<44}{}\n", door.method, door.path, who(door.who));
  print(out);
  return done;
}

}  // namespace

void add_doors_command(Program& program) {
  program.add("doors", "Lists the pages for people and who may open them", list_doors);
}

}  // namespace answerable::cli
