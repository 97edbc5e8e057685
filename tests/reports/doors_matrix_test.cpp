// Every door, every role and nobody, on what is one's own, another person's and another council's: what the table says
// is what the real server answers to real sessions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "reports/service/doors.hpp"
#include "tests/reports/monitoring_probes.hpp"
#include "tests/reports/people_world.hpp"

namespace answerable::service::testing {
namespace {

using access::Role;

constexpr std::array all_targets{Whose::own, Whose::another_persons, Whose::another_councils};

std::string_view named(Whose whose) {
  switch (whose) {
    case Whose::own:
      return "own";
    case Whose::another_persons:
      return "another person's";
    case Whose::another_councils:
      return "another council's";
  }
  return "";
}

class DoorsMatrix : public ::testing::Test {
 protected:
  struct Cast {
    std::int32_t account{}, colleague{}, abroad{};  ///< a colleague of the same role; one in the other council
  };

  void SetUp() override {
    for (const Role role : access::all_roles) cast_[role] = cast(role);
    assign(Role::contract_monitoring_officer, "agreement", "S79-REVIEWS");
    assign(Role::complaints_officer, "complaint", "C-25-7");
  }
  /// What is theirs to look after, in either council.
  void assign(Role role, const char* kind, const char* reference) {
    const Cast& who = cast_.at(role);
    access::assign(world.door, "905", who.account, kind, reference);
    access::assign(world.door, "905", who.colleague, kind, reference);
    access::assign(world.door, "912", who.abroad, kind, reference);
  }

  Cast cast(Role role) {
    const auto organisation =
        access::of_provider(role) ? std::optional<std::string>("ods:RH5") : std::optional<std::string>{};
    const auto one = [&](const std::string& who, const char* council) {
      return world.account(fmt::format("{}-{}@example.org", who, access::word(role)), {grant(role)}, council,
                           organisation);
    };
    return {one("own", "905"), one("colleague", "905"), one("abroad", "912")};
  }
  static access::Grant grant(Role role) {
    return role == Role::outside_reader ? reader_of("C-25-7", london_day(now()) + std::chrono::days{2}) : only(role);
  }

  std::int32_t of(Role role, Whose whose) {
    const Cast& who = cast_.at(role);
    return whose == Whose::own ? who.account : whose == Whose::another_persons ? who.colleague : who.abroad;
  }
  static const char* council_of(Whose whose) { return whose == Whose::another_councils ? "912" : "905"; }

  static std::string_view purpose(Role role) {
    if (role == Role::contract_monitoring_officer) return "monitoring";
    return role == Role::auditor ? "audit" : "complaint";
  }
  /// Ada is who the role's work is about, Bea is somebody else, and Cy is the other council's.
  static const char* number_of(Whose whose) {
    return whose == Whose::own ? "9990000018" : whose == Whose::another_persons ? "9990000026" : "9990000034";
  }
  std::int32_t person(Whose whose) { return world.subject("nhs-number", number_of(whose), council_of(whose)); }
  void open_ada(const std::string& token, Role role) {
    EXPECT_EQ(
        world.post(token, "/people/open", fmt::format("identifier=9990000018&purpose={}&reference=R-1", purpose(role)))
            .status,
        303)
        << access::word(role);
  }
  std::string what(Role role) { return role == Role::auditor ? "disposal" : "set-aside"; }
  std::string finding(const char* council) {
    static constexpr pg::Statement one{
        "test.finding",
        "SELECT f.finding FROM answerable.finding f JOIN answerable.subject s USING (authority, subject)"
        " WHERE authority = $1 AND f.agreement = 'S79-REVIEWS' AND s.type = 'person' LIMIT 1"};
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    const auto row = transaction.run_one(one, council);
    return engine::format_finding(row.int64(0, 0));
  }
  std::int64_t asked_by(Role role, Whose whose) {
    static constexpr pg::Statement ask{
        "test.ask",
        "INSERT INTO answerable.approval (authority, what, about, reason, asked_by) VALUES ($1, $2, 'x', 'why', $3) "
        "RETURNING approval"};
    pg::Transaction transaction(world.owner, pg::Access::read_write);
    const auto number = transaction.run_one(ask, council_of(whose), what(role), of(role, whose)).int64(0, 0);
    transaction.commit();
    return number;
  }

  Probe person_probe(const std::string& token, Role role, Whose whose, const std::string& page) {
    if (whose == Whose::own) open_ada(token, role);
    return {fmt::format("/people/{}{}", person(whose), page), "", whose == Whose::own ? 200 : 403};
  }
  Probe opening_probe(Role role, Whose whose) {
    const auto bound = role == Role::contract_monitoring_officer || role == Role::outside_reader;
    const bool opens = whose == Whose::own || (whose == Whose::another_persons && !bound);
    return {"/people/open", fmt::format("identifier={}&purpose={}&reference=R-1", number_of(whose), purpose(role)),
            opens ? 303 : 403};
  }
  Probe account_probe(Role role, Whose whose, const std::string& action, const std::string& form, int own) {
    return {fmt::format("/accounts/{}/{}", of(role, whose), action), form,
            whose == Whose::own                ? own
            : whose == Whose::another_councils ? 404
            : action == "link"                 ? 200
                                               : 303};
  }
  Probe session_probe(Role role, Whose whose) {
    world.token_of(of(role, whose), council_of(whose));
    static constexpr pg::Statement newest{"test.newest", "SELECT max(session) FROM answerable.session"};
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return {fmt::format("/account/sessions/{}/end", transaction.run_one(newest).int64(0, 0)), "",
            whose == Whose::own ? 200 : 404};  // asked to show once more who they are
  }

  /// A page of a complaint: of one's own, about somebody whose record one has opened; of a colleague's; of none here.
  Probe case_probe(const std::string& key, const std::string& token, Whose whose) {
    if (whose == Whose::own) open_ada(token, Role::complaints_officer);
    const std::string reference = whose == Whose::own               ? "C-25-7"
                                  : whose == Whose::another_persons ? "C-25-8"
                                                                    : "C-99-9";
    static const std::map<std::string, Probe> doors{
        {"GET ", {"", "", 200}},
        {"GET /record", {"/record", "", 200}},
        {"POST /record", {"/record", "what=acknowledged&on-day=5&on-month=2&on-year=2025", 303}},
        {"GET /form/{form}", {"/form/remedy", "", 200}},
        {"POST /form/{form}", {"/form/remedy", "do=more", 200}},
        {"POST /heads", {"/heads", "words=x", 303}},
        {"POST /heads/{head}", {"/heads/1", "do=drop", 303}},
        {"POST /parts", {"/parts", "body=ods:RH5&words=x&due-day=1&due-month=2&due-year=2040", 303}},
        {"GET /chronology", {"/chronology", "", 200}},
        {"GET /reply", {"/reply", "", 200}},
        {"POST /drafts", {"/drafts", "piece=conclusions&words=x", 303}},
        {"GET /loss", {"/loss", "", 200}},
        {"GET /ombudsman", {"/ombudsman", "", 200}},
        {"GET /bundle", {"/bundle", "", 200}},
        {"POST /bundle", {"/bundle", "why=x", 303}},
        {"POST /bundle/{approval}", {"/bundle/1", "", 404}},
        {"POST /keep-back", {"/keep-back", "do=show&item=1", 303}}};
    const auto space = key.find(' ');
    const auto behind = key.substr(space + 1 + std::string_view("/complaints/{case}").size());
    auto probe = doors.at(key.substr(0, space + 1) + behind);
    probe.path = "/complaints/" + reference + probe.path;
    if (whose != Whose::own) probe.status = 404;
    return probe;
  }
  /// A part of Ada's complaint asked of the trust, or of another body, or in the other council.
  std::int64_t part_asked(Whose whose) {
    static constexpr pg::Statement ask{
        "test.ask_part",
        "INSERT INTO answerable.complaint_part (authority, reference, subject, body, words, due, by, event) VALUES ($1,"
        " 'C-25-7', $2, $3, 'Why?', '2040-01-01', $4, 0) RETURNING part"};
    const auto about = person(Whose::own);
    pg::Transaction transaction(world.owner, pg::Access::read_write);
    const auto number =
        transaction
            .run_one(ask, council_of(whose), about, whose == Whose::another_persons ? "ods:RXX" : "ods:RH5",
                     of(Role::complaints_officer, whose))
            .int64(0, 0);
    transaction.commit();
    return number;
  }
  /// What a reader asked for in Ada's complaint, in Bea's, in the other council's.
  std::int64_t evidence_wanted(Whose whose) {
    static constexpr pg::Statement ask{
        "test.want_evidence",
        "INSERT INTO answerable.evidence_request (authority, reference, subject, words, by, event) VALUES ($1, $2, $3,"
        " 'The notes', $4, 0) RETURNING request"};
    const auto about = person(Whose::own);
    pg::Transaction transaction(world.owner, pg::Access::read_write);
    const auto number = transaction
                            .run_one(ask, council_of(whose), whose == Whose::another_persons ? "C-25-8" : "C-25-7",
                                     about, of(Role::outside_reader, whose))
                            .int64(0, 0);
    transaction.commit();
    return number;
  }
  /// What a trust sent is its own; what the council sent, or anybody to another council, is not there for it.
  Probe sent_probe(Whose whose, const std::string& page) {
    return {fmt::format("/sent/{}{}",
                        whose == Whose::own               ? 2
                        : whose == Whose::another_persons ? 1
                                                          : 99,
                        page),
            "", whose == Whose::own ? 200 : 404};
  }
  Probe held_probe(Whose whose, int own) {
    static constexpr pg::Statement hold{
        "test.hold",
        "INSERT INTO answerable.held_record (authority, held, submission, kind, id, position, line, bytes) SELECT $1, "
        "(SELECT coalesce(max(held), 0) + 1 FROM answerable.held_record), $2, 'review', NULL, 0, 1, '<a/>' RETURNING "
        "held"};
    pg::Transaction transaction(world.owner, pg::Access::read_write);
    const std::int64_t submission = whose == Whose::another_persons ? 1 : 2;
    const auto number = transaction.run_one(hold, council_of(whose), submission).int64(0, 0);
    transaction.commit();
    return {fmt::format("/held/{}", number), "as=xml&record-xml=nonsense", whose == Whose::own ? own : 404};
  }
  Probe request_probe(Whose whose, int own) {
    static constexpr pg::Statement ask{
        "test.request",
        "INSERT INTO answerable.request (authority, letter, asked_of, agreement, what, account, asked_by, until, event)"
        " VALUES ($1, 0, $2, '', 'x', $3, 'y', '2099-01-01', 0) RETURNING request"};
    pg::Transaction transaction(world.owner, pg::Access::read_write);
    const auto number = transaction
                            .run_one(ask, council_of(whose), whose == Whose::another_persons ? "ods:XX1" : "ods:RH5",
                                     of(Role::contract_monitoring_officer, whose))
                            .int64(0, 0);
    transaction.commit();
    return {fmt::format("/to-do/{}", number), "words=", whose == Whose::own ? own : 404};
  }

  /// \throws std::out_of_range for a door that nobody has said here what to expect of: a new one is not forgotten
  Probe probe(const Door& door, const std::string& token, Role role, Whose whose) {
    const std::string key = fmt::format("{} {}", door.method, door.path);
    if (auto sent =
            monitoring_probe(world, key, role, whose, {.own = cast_.at(role).account, .target = of(role, whose)}))
      return *sent;
    if (key == "POST /account/sessions/{session}/end") return session_probe(role, whose);
    if (key == "POST /people/open") return opening_probe(role, whose);
    if (key == "GET /people/{subject}") return person_probe(token, role, whose, "");
    if (key == "GET /people/{subject}/trail") return person_probe(token, role, whose, "/trail");
    if (key == "GET /people/{subject}/reads") return person_probe(token, role, whose, "/reads");
    if (key == "POST /approvals/{approval}")
      return {fmt::format("/approvals/{}", asked_by(role, whose)), "decision=approved",
              whose == Whose::another_persons ? 303 : 403};
    if (key == "POST /approvals") {
      const auto about = role == Role::auditor ? std::to_string(person(Whose::own)) : finding(council_of(whose));
      return {"/approvals", fmt::format("what={}&about={}&reason=why", what(role), about),
              role != Role::auditor && whose == Whose::another_councils ? 422 : 303};
    }
    if (key.find(" /complaints/{case}") != key.npos) return case_probe(key, token, whose);
    if (key == "POST /parts/{part}")
      return {fmt::format("/parts/{}", part_asked(whose)), "words=It+was+done.", whose == Whose::own ? 303 : 404};
    if (key == "POST /evidence/{request}")
      return {fmt::format("/evidence/{}", evidence_wanted(whose)), "words=Here.&case=C-25-7",
              whose == Whose::own ? 303 : 404};
    if (key == "POST /assignments")
      return {"/assignments",
              fmt::format("kind=complaint&reference=C-25-7&account={}", of(Role::complaints_officer, whose)),
              whose == Whose::another_councils ? 422 : 303};
    if (key == "POST /accounts")
      return {"/accounts", fmt::format("name=New&email=new{}@example.org&role=auditor", ++made_), 200};
    if (key == "GET /accounts/{account}")
      return {fmt::format("/accounts/{}", of(role, whose)), "", whose == Whose::another_councils ? 404 : 200};
    if (key == "POST /accounts/{account}/role")
      return account_probe(role, whose, "role", "role=administrator&do=give", 422);
    if (key == "POST /accounts/{account}/disabled") return account_probe(role, whose, "disabled", "disabled=no", 422);
    if (key == "POST /accounts/{account}/name") return account_probe(role, whose, "name", "name=Made%20Up", 303);
    if (key == "POST /accounts/{account}/second-factor/remove")
      return account_probe(role, whose, "second-factor/remove", "", 422);
    if (key == "POST /accounts/{account}/single-sign-on/untie")
      return account_probe(role, whose, "single-sign-on/untie", "", 422);
    if (key == "POST /accounts/{account}/link") return account_probe(role, whose, "link", "", 200);
    if (key == "GET /sent/{submission}") return sent_probe(whose, "");
    if (key == "GET /sent/{submission}/faults.csv") return sent_probe(whose, "/faults.csv");
    if (key == "GET /sent/{submission}/receipt") return sent_probe(whose, "/receipt");
    if (key == "GET /held/{held}") return held_probe(whose, 200);
    if (key == "POST /held/{held}") return held_probe(whose, 422);
    if (key == "GET /to-do/{request}") return request_probe(whose, 200);
    if (key == "POST /to-do/{request}") return request_probe(whose, 422);
    static const std::map<std::string, Probe> plain{
        {"GET /to-do", {"/to-do", "", 200}},
        {"GET /send", {"/send", "", 200}},
        {"POST /send", {"/send", "do=send", 422}},
        {"GET /send/waiting/{upload}", {"/send/waiting/0123456789abcdef0123456789abcdef", "", 404}},
        {"GET /sent", {"/sent", "", 200}},
        {"GET /held", {"/held", "", 200}},
        {"GET /scorecard", {"/scorecard", "", 200}},
        {"GET /forms", {"/forms", "", 200}},
        {"GET /forms/{kind}", {"/forms/review", "", 200}},
        {"POST /forms/{kind}", {"/forms/review", "do=more", 200}},
        {"GET /visits", {"/visits", "", 200}},
        {"POST /visits", {"/visits", "do=more", 200}},
        {"GET /guide/rules", {"/guide/rules", "", 200}},
        {"GET /guide/schemas", {"/guide/schemas", "", 200}},
        {"GET /guide/schemas/{kind}", {"/guide/schemas/review", "", 200}},
        {"GET /", {"/", "", 200}},
        {"GET /assets/{file}", {"/assets/answerable.css", "", 404}},
        {"GET /assets/colour/{file}", {"/assets/colour/1d70b8.css", "", 200}},
        {"GET /.well-known/security.txt", {"/.well-known/security.txt", "", 200}},
        {"GET /privacy", {"/privacy", "", 200}},
        {"GET /accessibility", {"/accessibility", "", 200}},
        {"GET /sign-in", {"/sign-in", "", 200}},
        {"POST /sign-in", {"/sign-in", "council=905&email=nobody@example.org&password=wrong", 422}},
        {"POST /sign-out", {"/sign-out", "", 303}},
        {"GET /link", {"/link", "", 200}},
        {"POST /link", {"/link", "code=none&password=x&again=x", 422}},
        {"GET /account", {"/account", "", 200}},
        {"GET /account/second-factor", {"/account/second-factor", "", 200}},
        {"POST /account/second-factor", {"/account/second-factor", "password=wrong", 422}},
        {"POST /account/password", {"/account/password", "password=wrong&new=x&again=y", 422}},
        {"POST /account/second-factor/confirm", {"/account/second-factor/confirm", "code=1", 422}},
        {"GET /people/open", {"/people/open", "", 200}},
        {"GET /reading", {"/reading", "", 200}},
        {"GET /security-events", {"/security-events", "", 200}},
        {"GET /security-events.csv", {"/security-events.csv", "", 200}},
        {"GET /approvals", {"/approvals", "", 200}},
        {"GET /accounts", {"/accounts", "", 200}},
        {"GET /scorecard", {"/scorecard", "", 200}},
        {"GET /search", {"/search", "", 200}},
        {"POST /search", {"/search", "words=Ada", 200}},
        {"POST /search/records", {"/search/records", "within=x", 422}},
        {"GET /complaints", {"/complaints", "", 200}},
        {"GET /complaints.csv", {"/complaints.csv", "", 200}},
        {"GET /complaints-report", {"/complaints-report", "", 200}},
        {"GET /complaints-report.csv", {"/complaints-report.csv", "", 200}},
        {"POST /complaints-report/lessons", {"/complaints-report/lessons", "kind=improvement&year=2024&words=x", 303}},
        {"GET /complaints-register", {"/complaints-register", "", 200}},
        {"POST /complaints-register", {"/complaints-register", "reference=C-1", 422}},
        {"GET /parts", {"/parts", "", 200}},
        {"GET /evidence", {"/evidence", "", 200}},
        {"POST /evidence", {"/evidence", "words=The+notes", 303}},
        {"GET /assignments", {"/assignments", "", 200}},
        {"GET /look", {"/look", "", 200}},
        {"POST /look", {"/look", "name=A+council&colour=1d70b8", 303}},
    };
    return plain.at(key);
  }

  PageAnswer knock(const Door& door, const Probe& probe, const std::string& token, bool with_csrf = true) {
    const std::string fields = token.empty() ? "" : PeopleWorld::cookie(token);
    const std::string form = token.empty() || !with_csrf ? probe.form : PeopleWorld::csrf(token) + "&" + probe.form;
    return world.ask(std::string(door.method), probe.path, fields, form);
  }
  /// PostgreSQL numbers transactions that change something, and no others.
  std::int64_t next_transaction() {
    static constexpr pg::Statement next{"test.next", "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"};
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return transaction.run_one(next).int64(0, 0);
  }
  /// Some tries: the server looks after its tables now and then.
  bool changes_nothing(const Door& door, const Probe& sent, const std::string& token) {
    for (int i = 0; i < 5; ++i) {
      const auto before = next_transaction();
      knock(door, sent, token);
      if (next_transaction() == before) return true;
    }
    return false;
  }
  /// Whatever fills the path of a door that shuts before it is looked at.
  static Probe any_probe(const Door& door) {
    std::string path(door.path);
    for (auto at = path.find('{'); at != path.npos; at = path.find('{')) path.replace(at, path.find('}') - at + 1, "1");
    return {path, "", 0};
  }
  /// Failures to sign in count for the whole machine, and what was opened stays open.
  void start_anew() { world.script("DELETE FROM answerable.sign_in_failure; DELETE FROM answerable.purpose"); }

  PeopleWorld world;
  std::map<Role, Cast> cast_;
  int made_{};
};

bool is_for(const Door& door, Role role) {
  return !door.who.signed_in || door.who.roles.empty() ||
         std::ranges::find(door.who.roles, role) != door.who.roles.end();
}

TEST_F(DoorsMatrix, EveryRoleAtEveryDoorIsAnsweredAsTheTableSays) {
  int asked = 0;
  for (const Door& door : doors()) {
    for (const Role role : access::all_roles) {
      for (const Whose whose : all_targets) {
        start_anew();
        const std::string token = world.token_of(of(role, Whose::own));
        const bool admitted = is_for(door, role);
        Probe sent = admitted ? probe(door, token, role, whose) : any_probe(door);
        if (!admitted) sent.status = 403;
        const auto before = next_transaction();
        const auto answer = knock(door, sent, token);
        if (door.method == "GET" && answer.status < 400 && next_transaction() != before) {
          EXPECT_TRUE(changes_nothing(door, sent, token)) << sent.path << ": what is only asked for changes something";
        }
        const auto to = answer.field("Location");
        EXPECT_TRUE(to.empty() || (to.starts_with("/") && !to.starts_with("//"))) << to << " leads elsewhere";
        EXPECT_EQ(answer.status, sent.status)
            << door.method << ' ' << sent.path << " as " << access::word(role) << ", " << named(whose) << "\n"
            << sent.form << "\n"
            << answer.body;
        ++asked;
      }
    }
  }
  EXPECT_EQ(asked, static_cast<int>(doors().size() * access::all_roles.size() * all_targets.size()));
}

TEST_F(DoorsMatrix, NobodyComesInUnlessTheDoorIsForAnybody) {
  for (const Door& door : doors()) {
    start_anew();
    const auto sent = door.who.signed_in ? any_probe(door) : probe(door, "", Role::auditor, Whose::own);
    const auto answer = knock(door, sent, "");
    const int expected = !door.who.signed_in ? sent.status : door.method == "POST" ? 401 : 303;
    EXPECT_EQ(answer.status, expected) << door.method << ' ' << sent.path;
    if (expected == 303) {
      EXPECT_EQ(answer.field("Location"), "/sign-in");
    }
    // A token that was never given is nobody's.
    if (door.who.signed_in) {
      EXPECT_EQ(knock(door, sent, std::string(64, 'a')).status, expected) << door.path;
    }
  }
}

TEST_F(DoorsMatrix, AFormWithoutTheSessionsTokenDoesNothing) {
  int asked = 0;
  for (const Door& door : doors()) {
    if (door.method != "POST" || !door.who.signed_in) continue;
    EXPECT_TRUE(door.csrf) << door.path << ": a form that changes something wants the token";
    for (const Role role : access::all_roles) {
      if (!is_for(door, role)) continue;
      const std::string token = world.token_of(of(role, Whose::own));
      const auto sent = probe(door, token, role, Whose::another_persons);
      EXPECT_EQ(knock(door, sent, token, false).status, 403) << door.path << " as " << access::word(role);
      const std::string other = world.token_of(of(role, Whose::another_persons));
      const auto answer =
          world.ask("POST", sent.path, PeopleWorld::cookie(token), PeopleWorld::csrf(other) + "&" + sent.form);
      EXPECT_EQ(answer.status, 403) << door.path << ": another session's token";
      EXPECT_EQ(world.get(token, "/account").status, 200) << "the session still stands";
      ++asked;
    }
  }
  EXPECT_GT(asked, 40);
}

TEST_F(DoorsMatrix, WhatADoorDoesNotTakeIsRefused) {
  for (const Door& door : doors()) {
    const auto answer = world.ask("DELETE", any_probe(door).path);
    EXPECT_EQ(answer.status, 405) << door.path;
    EXPECT_THAT(answer.field("Allow"), ::testing::HasSubstr(std::string(door.method)));
    if (door.body_cap == 0) continue;
    // Told by the head alone: nobody has to send so much to be refused.
    const auto announced = fmt::format("Content-Length: {}\r\n", door.body_cap + 1);
    EXPECT_EQ(world.announce(any_probe(door).path, announced).status, 413) << door.path;
  }
}

}  // namespace
}  // namespace answerable::service::testing
