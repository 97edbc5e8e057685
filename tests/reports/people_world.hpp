#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/store.hpp"
#include "ingest/access/accounts.hpp"
#include "ingest/access/acting.hpp"
#include "ingest/access/secret.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/access/totp.hpp"
#include "ingest/http/server.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/administration.hpp"
#include "ingest/pg/pool.hpp"
#include "ingest/service/intake_doors.hpp"
#include "ingest/xml/file_reader.hpp"
#include "reports/service/people_doors.hpp"
#include "tests/support/database.hpp"
#include "tests/support/raw_http.hpp"

namespace answerable::service::testing {

struct PageAnswer {
  int status{};
  std::string head, body;

  /// "" when there is none.
  std::string field(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == head.npos) return "";
    const auto from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }
  /// What stands between two texts, the first time.
  std::string between(const std::string& before, const std::string& after) const {
    const auto at = body.find(before);
    if (at == body.npos) return "";
    const auto from = at + before.size();
    return body.substr(from, body.find(after, from) - from);
  }
};

inline PageAnswer parse_answer(const std::string& all) {
  const auto end = all.find("\r\n\r\n");
  if (end == all.npos || all.size() < 12) throw std::runtime_error("no answer");
  return {std::stoi(all.substr(9, 3)), all.substr(0, end + 2), all.substr(end + 4)};
}

/// A request as a browser would make it. \param fields further head fields, each ended by \r\n
inline std::string page_request(const std::string& method, const std::string& path, const std::string& fields = "",
                                const std::string& form = "") {
  std::string request =
      fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}", method, path, fields);
  if (method == "POST")
    request += fmt::format("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", form.size());
  return request + "\r\n" + form;
}

/// Two councils, whose records came in through the real intake and were judged by the real rules, and the doors for
/// people over a real server. In 905 a trust reviews Ada's plan under S79-REVIEWS and cannot show it, and C-25-7 is her
/// complaint; Bea is known to the council alone, and C-25-8 is hers. In 912 there is one of
/// each, and Cy, whose number nobody has in 905.
class PeopleWorld {
 public:
  static constexpr std::uint64_t large = 256 << 10;  ///< bytes of a file that is taken in later

  /// \param need_second_factor nobody has to set one up, unless that is what is tested
  explicit PeopleWorld(bool single_sign_on = true, std::vector<access::Role> need_second_factor = {})
      : owner(database_.conninfo(), "test"),
        door(as("answerable_door"), "test"),
        intake_({.conninfo = as("answerable_ingest"),
                 .door = as("answerable_door"),
                 .authority = {},
                 .spool = folder_ / "spool",
                 .large = large,
                 .need_second_factor = need_second_factor},
                log_, metrics_),
        way_in_({.addresses = {"127.0.0.1:0"}}, http::Router(intake_.routes())),
        doors_(as("answerable_reports"), as("answerable_door"),
               {.security_contact = "mailto:security@example.org",
                .intake = "http://" + way_in_.address(),
                .single_sign_on = single_sign_on,
                .need_second_factor = std::move(need_second_factor)},
               log_),
        server_({.addresses = {"127.0.0.1:0"}, .unix_socket = socket()}, http::Router(doors_.routes()),
                {.failed = [](const std::exception& error) { ADD_FAILURE() << error.what(); },
                 .problem_page = [this](const auto& problem,
                                        const auto& request) { return doors_.problem_page(problem, request); }}) {
    const auto kinds = xml::Kinds::load(share_folder() / "schemas");
    auto catalogue = engine::Catalogue::load(kinds);
    xml::Limits limits;
    limits.workers = 1;
    xml::FileReader reader(kinds, limits);
    pg::Connection ingest(database_.conninfo(), "tests", "answerable_ingest");
    pg::Connection audit(database_.conninfo(), "tests", "answerable_audit");
    for (const char* council : {"905", "912"}) {
      send(ingest, reader, council, council_records(council));
      send(ingest, reader, council, trust_records, true);
      if (std::string_view(council) == "912") send(ingest, reader, council, only_abroad);
      engine::audit(audit, catalogue, council, parse_day("2026-01-01").value());
    }
  }
  ~PeopleWorld() {
    std::fclose(log_file_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  PeopleWorld(const PeopleWorld&) = delete;
  PeopleWorld& operator=(const PeopleWorld&) = delete;

  /// What the service has put into its log so far.
  std::string logged() const {
    std::ifstream in(folder_ / "log");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Where the intake answers.
  std::string way_in() const { return "http://" + way_in_.address(); }
  const std::string& owner_conninfo() const { return database_.conninfo(); }
  std::string as(const char* role) const { return database_.conninfo() + " user=" + role; }

  std::int32_t account(const std::string& email, std::vector<access::Grant> roles, const char* authority = "905",
                       std::optional<std::string> organisation = {}) {
    return access::add_account(door, {.authority = authority,
                                      .email = email,
                                      .name = "Made Up",
                                      .organisation = std::move(organisation),
                                      .roles = std::move(roles)});
  }
  std::string token_of(std::int32_t number, const char* authority = "905") {
    return access::sign_in_by_link(door, authority, number).token;
  }
  std::int32_t subject(const std::string& scheme, const std::string& value, const char* authority = "905") {
    static constexpr pg::Statement of{
        "test.subject",
        "SELECT subject FROM answerable.identifier WHERE authority = $1 AND scheme = $2 AND value = $3"};
    pg::Transaction transaction(owner, pg::Access::read_only);
    return transaction.run_one(of, authority, scheme, value).int32(0, 0);
  }
  void script(const std::string& sql) {
    pg::Transaction transaction(owner, pg::Access::read_write);
    pg::Administration(owner).run_script("test", sql);
    transaction.commit();
  }

  /// Further records of council 905, through the real intake, judged as of the day. \param trust  the trust sends them
  void take_in(const std::string& records, bool trust, const char* as_of) {
    const auto kinds = xml::Kinds::load(share_folder() / "schemas");
    auto catalogue = engine::Catalogue::load(kinds);
    xml::Limits limits;
    limits.workers = 1;
    xml::FileReader reader(kinds, limits);
    pg::Connection ingest(database_.conninfo(), "tests", "answerable_ingest");
    pg::Connection audit(database_.conninfo(), "tests", "answerable_audit");
    send(ingest, reader, "905", records, trust);
    engine::audit(audit, catalogue, "905", parse_day(as_of).value());
  }

  PageAnswer ask(const std::string& method, const std::string& path, const std::string& fields = "",
                 const std::string& form = "") const {
    return parse_answer(answerable::testing::raw_exchange(server_.port(), page_request(method, path, fields, form)));
  }
  /// The head of a POST, and nothing after it.
  PageAnswer announce(const std::string& path, const std::string& fields) const {
    return parse_answer(answerable::testing::raw_exchange(
        server_.port(), fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                                    "application/x-www-form-urlencoded\r\n{}\r\n",
                                    path, fields)));
  }
  /// A form with a file in it.
  PageAnswer upload(const std::string& token, const std::string& path,
                    const std::vector<std::pair<std::string, std::string>>& fields, const std::string& field,
                    const std::string& file) const {
    const std::string between = "--a-boundary\r\nContent-Disposition: form-data; name=\"";
    std::string body = fmt::format("{}csrf\"\r\n\r\n{}\r\n", between, access::csrf_token(token));
    for (const auto& [name, value] : fields) body += fmt::format("{}{}\"\r\n\r\n{}\r\n", between, name, value);
    body += fmt::format("{}{}\"; filename=\"a file.xml\"\r\nContent-Type: text/plain\r\n\r\n{}\r\n--a-boundary--\r\n",
                        between, field, file);
    return parse_answer(answerable::testing::raw_exchange(
        server_.port(), fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}Content-Type: "
                                    "multipart/form-data; boundary=a-boundary\r\nContent-Length: {}\r\n\r\n{}",
                                    path, cookie(token), body.size(), body)));
  }
  PageAnswer ask_by_socket(const std::string& method, const std::string& path, const std::string& fields = "",
                           const std::string& form = "") const {
    answerable::testing::RawConnection line(socket());
    line.send(page_request(method, path, fields, form));
    return parse_answer(line.rest());
  }
  static std::string cookie(const std::string& token) { return "Cookie: answerable=" + token + "\r\n"; }
  static std::string csrf(const std::string& token) { return "csrf=" + access::csrf_token(token); }
  PageAnswer get(const std::string& token, const std::string& path) const { return ask("GET", path, cookie(token)); }
  PageAnswer post(const std::string& token, const std::string& path, const std::string& form = "") const {
    return ask("POST", path, cookie(token), csrf(token) + "&" + form);
  }

 private:
  std::filesystem::path socket() const { return folder_ / "people.sock"; }
  static std::filesystem::path make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "answerable-people-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return name;
  }

  static std::string council_records(const std::string& council) {
    constexpr const char* ada = R"(<person scheme="nhs-number">9990000018</person>)";
    constexpr const char* bea = R"(<person scheme="nhs-number">9990000026</person>)";
    const auto complaint = [&](const char* id, const char* whose, const char* reference) {
      return fmt::format(
          R"(<complaint xmlns="urn:answerable:complaint:1" id="{}">{}<reference>{}</reference><from>carer</from><complainant>Cy Example</complainant>
<concerns>council-function</concerns><about>review</about><received><on>2025-02-03</on><by scheme="cassr" code="{}">A council</by></received></complaint>)",
          id, whose, reference, council);
    };
    return fmt::format(
               R"(<agreement xmlns="urn:answerable:agreement:1" id="AGR-1"><reference>S79-REVIEWS</reference><type>s79</type>
<party scheme="ods" code="RH5">A trust</party><functions>review</functions><extent>all</extent><from>2023-04-01</from></agreement>
<person xmlns="urn:answerable:person:1" id="PER-1">{0}<name>Ada Example</name></person>
<person xmlns="urn:answerable:person:1" id="PER-2">{1}<name>Bea Example</name></person>
<careAndSupportPlan xmlns="urn:answerable:care-and-support-plan:1" id="PLN-1">{0}<type>care-and-support</type><agreed>2023-06-01</agreed><copy><to>adult</to><on>2023-06-05</on></copy></careAndSupportPlan>)",
               ada, bea) +
           complaint("COMP-1", ada, "C-25-7") + complaint("COMP-2", bea, "C-25-8");
  }
  static constexpr const char* only_abroad =
      R"(<person xmlns="urn:answerable:person:1" id="PER-3"><person scheme="nhs-number">9990000034</person><name>Cy Example</name></person>)";
  static constexpr const char* trust_records =
      R"(<review xmlns="urn:answerable:review:1" id="REV-1"><person scheme="nhs-number">9990000018</person><type>plan</type><completed>2024-09</completed><outcome>No change.</outcome>
<evidence><item>review-record</item><state>not-supplied</state></evidence></review>)";

  void send(pg::Connection& connection, xml::FileReader& reader, const std::string& council, const std::string& records,
            bool trust = false) {
    std::istringstream file(fmt::format(
        R"(<submission xmlns="urn:answerable:submission:1"><header><messageId>M-{}</messageId>{}<authority scheme="cassr" code="{}">A council</authority>{}
<createdAt>2025-03-01T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>{}</records></submission>)",
        ++messages_,
        trust ? R"(<sender scheme="ods" code="RH5">A trust</sender>)"
              : fmt::format(R"(<sender scheme="cassr" code="{}">A council</sender>)", council),
        council, trust ? "<agreement>S79-REVIEWS</agreement>" : "", records));
    const auto answer = intake::submit(connection, reader, file, {});
    const auto* receipt = std::get_if<intake::Receipt>(&answer);
    if (receipt == nullptr || receipt->held != 0) throw std::runtime_error("the world's records were not taken in");
  }

  answerable::testing::TestDatabase database_;
  std::filesystem::path folder_{make_folder()};
  Metrics metrics_;
  int messages_{};
  std::FILE* log_file_{std::fopen((folder_ / "log").c_str(), "w")};
  Log log_{"reports", log_file_};

 public:
  pg::Connection owner, door;

 private:
  IntakeDoors intake_;
  http::Server way_in_;
  PeopleDoors doors_;
  http::Server server_;
};

/// The code that an authenticator app shows, with some seconds left in which it holds.
inline std::string code_of_app(std::span<const std::byte> secret) {
  const auto left = [] { return 30 - std::chrono::floor<std::chrono::seconds>(now().time_since_epoch()).count() % 30; };
  if (left() < 4) std::this_thread::sleep_for(std::chrono::seconds{left()});
  return access::totp_code(secret, access::totp_step(now()));
}

inline access::Grant only(access::Role role) {
  return {.role = role};
}
inline access::Grant reader_of(const char* reference, Day until) {
  return {.role = access::Role::outside_reader, .case_reference = reference, .until = until};
}

}  // namespace answerable::service::testing
