#include "reports/service/people_doors.hpp"

#include "ingest/locations.hpp"
#include "reports/service/doors.hpp"
#include "reports/service/guard.hpp"

namespace answerable::service {
namespace {

constexpr std::size_t connections = 8;

std::vector<std::filesystem::path> schemas_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  const auto kinds = xml::Kinds::load(folder);
  for (const auto& kind : kinds.all()) files.push_back(kind.schema());
  return files;
}

}  // namespace

struct PeopleDoors::Parts {
  Parts(std::string conninfo, std::string door, const PeopleOptions& options, Log& log)
      : hall{.reports{std::move(conninfo), "people's doors", "answerable_reports", connections},
             .door{std::move(door), "people's doors, door", "answerable_door", connections},
             .kinds = xml::Kinds::load(share_folder() / "schemas"),
             .schemas = xml::SchemaModel(schemas_in(share_folder() / "schemas")),
             .share = share_folder(),
             .assets = Assets::load(share_folder()),
             .rules = RuleShelf(hall.kinds),
             .options = options,
             .log = log,
             .sending = Sending(options.intake)},
        guard(hall) {}

  Hall hall;
  PeopleGuard guard;
};

PeopleDoors::PeopleDoors(std::string conninfo, std::string door, const PeopleOptions& options, Log& log)
    : parts_(std::make_unique<Parts>(std::move(conninfo), std::move(door), options, log)) {}

PeopleDoors::~PeopleDoors() = default;

std::vector<http::Route> PeopleDoors::routes() {
  std::vector<http::Route> routes;
  for (const Door& door : doors()) routes.push_back(parts_->guard.route(door));
  return routes;
}

http::Response PeopleDoors::problem_page(const http::Problem& problem, const http::Request& request) {
  return parts_->guard.problem_page(problem, request);
}

bool PeopleDoors::ready() {
  return parts_->hall.reports.answers();
}

}  // namespace answerable::service
