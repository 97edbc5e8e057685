#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ingest/access/role.hpp"
#include "ingest/http/route.hpp"
#include "ingest/service/log.hpp"

namespace answerable::service {

/// What whoever runs the pages decides.
struct PeopleOptions {
  std::string security_contact{};  ///< whom to tell of a weakness: a URI for security.txt; "" leaves that out
  std::string intake{};            ///< where what is sent from the pages goes, as http::Question has it
  bool single_sign_on{};           ///< believe whom the proxy on the Unix socket says it is (apache-openidc.md)
  /// Who has one of these sets up a second factor before anything else; who comes by single sign-on has shown one to
  /// the provider, or is let in nowhere.
  std::vector<access::Role> need_second_factor{access::all_roles.begin(), access::all_roles.end()};
};

/// The doors for people: who they are, findings, people's trails, approvals, accounts. Answers as long as this lives.
class PeopleDoors {
 public:
  /// \param conninfo logs in as answerable_reports \param door as answerable_door
  /// \param log is told who came in, and who was not let in, by the account's number; outlives this
  PeopleDoors(std::string conninfo, std::string door, const PeopleOptions& options, Log& log);
  PeopleDoors(const PeopleDoors&) = delete;
  PeopleDoors& operator=(const PeopleDoors&) = delete;
  ~PeopleDoors();

  std::vector<http::Route> routes();
  /// A problem that arose before any door, as a page when a browser asks.
  http::Response problem_page(const http::Problem& problem, const http::Request& request);
  /// Whether the database answers. \throws pg::Error
  bool ready();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace answerable::service
