#include "reports/demo/generator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include "reports/render/xml.hpp"

namespace answerable::demo {
namespace {

using std::chrono::days;

/// splitmix64: small, and the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  /// From low to high, both possible.
  int between(int low, int high) { return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1)); }
  bool chance(double p) { return static_cast<double>(next() >> 11) * 0x1.0p-53 < p; }
  template <std::size_t N>
  std::string pick(const std::array<const char*, N>& from) {
    return from[next() % N];
  }

 private:
  std::uint64_t state_;
};

constexpr std::array first_names{"Amina",   "Brian", "Carol", "Dev",   "Edith", "Farah", "George", "Hilda",
                                 "Imran",   "Joan",  "Keith", "Lena",  "Moses", "Nora",  "Oliver", "Priya",
                                 "Queenie", "Ruth",  "Stan",  "Tessa", "Umar",  "Vera",  "Wanda",  "Yusuf"};
constexpr std::array last_names{"Abbot",  "Birch",     "Coates", "Dunmore", "Elwood", "Fenn",    "Garside",
                                "Hollis", "Ivers",     "Jessop", "Kettle",  "Larkin", "Mottram", "Nuttall",
                                "Orme",   "Pallister", "Quill",  "Ramsden", "Sallow", "Tranter"};
constexpr std::array needs{
    "Washing and dressing in the morning and at night",  "Preparing and eating a cooked meal, and drinking enough",
    "Keeping the home clean and safe to move about in",  "Getting out, meeting people and using local facilities",
    "Taking medicines on time and keeping appointments", "Managing post, bills and visits from professionals"};
constexpr std::array views{"Says that mornings are hardest and wants the same worker where possible",
                           "Wants to keep going to the luncheon club on Tuesdays and to see her sister",
                           "Would rather have fewer, longer visits, and no visit before eight",
                           "Feels safer since the rail was fitted; worried about the winter",
                           "Asks for letters in large print and for his daughter to be told of every change"};

std::string nhs_number(int index) {
  for (std::uint64_t n = 999'100'000U + static_cast<unsigned>(index) * 2U;; ++n) {
    const std::string nine = std::to_string(n);
    int sum = 0;
    for (int i = 0; i < 9; ++i) sum += (nine[static_cast<std::size_t>(i)] - '0') * (10 - i);
    const int check = (11 - sum % 11) % 11;
    // An index has two numbers to choose from; should neither have a check digit, the next index's are further on.
    if (check != 10) return nine + std::to_string(check);
  }
}

struct Node {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;
  std::vector<Node> children;

  Node& add(Node child) {
    children.push_back(std::move(child));
    return *this;
  }
  Node& add(std::string child, std::string value) { return add(Node{std::move(child), {}, std::move(value), {}}); }
  Node& set(std::string attribute, std::string value) {
    attributes.emplace_back(std::move(attribute), std::move(value));
    return *this;
  }
};

void write(render::XmlWriter& out, const Node& node) {
  out.open(node.name);
  for (const auto& [name, value] : node.attributes) out.attribute(name, value);
  if (!node.text.empty()) out.text(node.text);
  for (const Node& child : node.children) write(out, child);
  out.close();
}

struct Sender {
  const char *scheme, *code, *name, *prefix, *agreement, *system;
};
constexpr Sender council{"cassr", "999", "Demonstration Council", "DC", "", "Council case management system 7.2"};
constexpr Sender trust{"ods", "R9Z",     "Demonstration Partnership NHS Trust",
                       "DPT", "S75-DPT", "Trust patient record system 4.1"};
constexpr Sender agency{"cqc-provider", "1-1000000401", "Larkfield Assessment Service",
                        "LAS",          "S79-LAS",      "Agency records 2.0"};
constexpr std::array senders{&council, &trust, &agency};
/// Agreements begin with the story.
constexpr const char* council_wide = "all";

Node organisation(const char* element, const Sender& who) {
  Node node{element, {}, who.name, {}};
  node.set("scheme", who.scheme).set("code", who.code);
  return node;
}

struct Record {
  const Sender* sender;
  Day recorded;
  Node node;
};

/// The first of a month, three years before the end.
Day began(const Scale& scale) {
  const std::chrono::year_month_day end{scale.to};
  return Day{(end.year() - std::chrono::years{3}) / end.month() / 1};
}

/// Makes the people's stories one after another.
class Story {
 public:
  /// \param single the council sends everything itself, naming who did it
  Story(const Scale& scale, bool single) : scale_{scale}, from_{began(scale)}, dice_{scale.seed}, single_{single} {}

  void tell() {
    agreements();
    reports(trust.agreement, trust);
    for (int i = 0; i < scale_.people; ++i) person(i);
    std::stable_sort(records_.begin(), records_.end(),
                     [](const Record& a, const Record& b) { return a.recorded < b.recorded; });
  }

  std::vector<Record>& records() { return records_; }
  std::vector<Planted>& planted() { return planted_; }

 private:
  Node begin(const char* element, const char* kind, const Sender& sender) {
    performer_ = &sender;
    Node node{element, {}, "", {}};
    node.set("xmlns", fmt::format("urn:answerable:{}:1", kind))
        .set("id", fmt::format("{}-{}-{:06}", sender.prefix, kind, ++serial_));
    return node;
  }
  static Node& about(Node& node, const std::string& nhs) {
    Node who{"person", {}, nhs, {}};
    who.set("scheme", "nhs-number");
    return node.add(std::move(who));
  }
  Node& written(Node& node, Day on, const char* role) {
    Node by{"performedBy", {}, "", {}};
    if (single_ && performer_ != &council) by.add(organisation("organisation", *performer_));
    by.add("worker", fmt::format("W-{:03}", dice_.between(1, 180))).add("role", role);
    node.add(std::move(by));
    if (single_ && *performer_->agreement) node.add("agreement", performer_->agreement);
    Node source{"source", {}, "", {}};
    source.add("system", performer_->system)
        .add("document", fmt::format("{} entry {}-{:04}", role, iso(on), dice_.between(1, 9999)));
    return node.add("recorded", iso(on)).add(std::move(source));
  }
  static Node evidence(const char* item, const char* is, Day created) {
    Node node{"evidence", {}, "", {}};
    return node.add("item", item).add("state", "present").add("is", is).add("created", iso(created));
  }
  static Node missing(const char* item) {
    Node node{"evidence", {}, "", {}};
    return node.add("item", item).add("state", "not-supplied");
  }
  static Node took_part(const char* who) {
    Node node{"involvement", {}, "", {}};
    return node.add("who", who).add("state", "attended");
  }
  static Node copy_to(const char* who, Day on) {
    Node node{"copy", {}, "", {}};
    return node.add("to", who)
        .add("on", iso(on))
        .add("how", "by post, in the format asked for")
        .add("delivery", "sent");
  }
  /// Points at a record of the same sender. Another's comes in a file of its own, perhaps later, and is not pointed at.
  Node& refer(Node& node, const char* element, const std::string& id, const Sender& from, const Sender& to) const {
    return &from == &to || single_ ? node.add(element, id) : node;
  }
  std::string store(Node node, const Sender& sender, Day recorded) {
    std::string id = node.attributes[1].second;
    records_.push_back({&sender, recorded, std::move(node)});
    return id;
  }
  void plant(const char* rule, const std::string& subject, std::string what) {
    planted_.push_back({rule, subject, std::move(what)});
  }

  void agreement(const Sender& with, const char* type, const char* functions) {
    Node node = begin("agreement", "agreement", council);
    node.add("reference", with.agreement)
        .add("type", type)
        .add(organisation("party", with))
        .add("functions", functions);
    node.add("extent", council_wide).add("from", iso(from_));
    if (std::string_view{type} == "s79") node.add("to", iso(scale_.to + days{365}));
    node.add("signed", iso(from_ - days{20})).add("version", "1");
    if (std::string_view{type} == "s75")
      node.add("heads", "aims payments functions persons staff duration review variation monitoring");
    node.add("monitoring", "yes")
        .add("monitoringClause",
             "Reports each quarter on assessments and reviews due and done; records open to the council at two days' "
             "notice.");
    if (std::string_view{type} == "s75") node.add("reports", "quarterly annual").add("reportDueDays", "30");
    node.add(evidence("agreement", "agreement", from_ - days{20}));
    store(std::move(node), council, from_);
  }
  void agreements() {
    agreement(trust, "s75", "assessment eligibility care-planning review direct-payments");
    agreement(agency, "s79", "assessment review");
    for (int month = 10; months_on(from_, month) <= scale_.to; month += 10) visit(agency, months_on(from_, month));
  }
  void visit(const Sender& to, Day on) {
    Node node = begin("monitoring", "monitoring", council);
    node.add("reference", to.agreement)
        .add("visited", iso(on))
        .add("findings", "Ten case files read: assessments and reviews there, dated and signed.");
    store(std::move(node), council, on);
  }

  static Day months_on(Day from, int months) {
    const std::chrono::year_month_day start{from};
    return Day{(start.year() / start.month() / 1) + std::chrono::months{months}};
  }
  void report(const char* reference_to, const Sender& by, const char* frequency, Day from, Day to, double miss) {
    if (to + days{28} > scale_.to) return;
    if (dice_.chance(miss))
      return plant("s75.report", reference_to,
                   fmt::format("no {} report for the period from {}", frequency, iso(from)));
    Node node = begin("agreementReport", "agreement-report", by);
    node.add("reference", reference_to)
        .add("frequency", frequency)
        .add("periodFrom", iso(from))
        .add("periodTo", iso(to));
    node.add("received", iso(to + days{21})).add("covers", "functions reviews complaints");
    Node considered{"considered", {}, "", {}};
    node.add(std::move(considered.add("on", iso(to + days{27})).add("by", "partnership board")));
    store(std::move(node), by, to + days{27});
  }
  void reports(const char* reference_to, const Sender& by) {
    for (int month = 0; months_on(from_, month + 3) <= scale_.to; month += 3) {
      report(reference_to, by, "quarterly", months_on(from_, month), months_on(from_, month + 3) - days{1},
             scale_.report_missing);
    }
    for (int month = 0; months_on(from_, month + 12) <= scale_.to; month += 12) {
      report(reference_to, by, "annual", months_on(from_, month), months_on(from_, month + 12) - days{1}, 0);
    }
  }

  struct Life {
    std::string nhs;
    const Sender* worker;  ///< who assesses and reviews
    bool payment;
    std::string plan, payment_record;
  };

  void person(int index) {
    Life life{nhs_number(index), senders[static_cast<std::size_t>(dice_.between(0, 9) < 5 ? 0 : dice_.between(1, 2))],
              dice_.chance(0.4), "", ""};
    const int span = static_cast<int>((scale_.to - from_).count());
    const Day start = from_ + days{dice_.between(5, std::max(6, span * 2 / 3))};
    const std::string name = dice_.pick(first_names) + " " + dice_.pick(last_names);

    Node who = begin("person", "person", council);
    about(who, life.nhs);
    Node number{"identifier", {}, fmt::format("{}", 500000 + index), {}};
    who.add(std::move(number.set("scheme", "council")));
    who.add("name", name)
        .add("dateOfBirth", fmt::format("{}", dice_.between(1931, 2003)))
        .add("isCarer", "no")
        .add("registered", iso(start));
    store(std::move(who), council, start);

    const Day assessed = start + days{dice_.between(10, 35)};
    const std::string assessment = assess(life, assessed);
    const Day decided = assessed + days{dice_.between(1, 6)};
    const std::string determination = determine(life, assessment, decided, true);
    const Day agreed = decided + days{dice_.between(3, 14)};
    life.plan = plan(life, determination, agreed, false, "");
    if (life.payment)
      start_payment(life, agreed + days{7});
    else
      start_service(life, agreed + days{dice_.between(1, 6)});
    const auto last = reviews(life, agreed);
    if (last && dice_.chance(0.12)) life.payment ? stop_payment(life, *last) : cut(life, *last);
    if (dice_.chance(0.08)) complain(life, agreed + days{dice_.between(40, 400)});
  }

  std::string assess(const Life& life, Day on) {
    Node node = begin("assessment", "assessment", *life.worker);
    written(about(node, life.nhs), on, "social worker")
        .add("type", "needs")
        .add("started", iso(on - days{3}))
        .add("completed", iso(on))
        .add("method", "face-to-face");
    for (int i = 0; i < 2; ++i) {
      Node need{"need", {}, "", {}};
      node.add(std::move(need.add("description", dice_.pick(needs)).add("outcomeWanted", dice_.pick(views))));
    }
    node.add("conclusion", "Needs help that family cannot give; what would help was talked through and written down.");
    if (dice_.chance(scale_.not_involved))
      plant("assess.involve", life.nhs, "nobody shown to have taken part in the assessment");
    else
      node.add(took_part("adult"));
    if (dice_.chance(scale_.assessment_not_shared))
      plant("assess.record", life.nhs, "no written record of the assessment given to the adult");
    else
      node.add(copy_to("adult", on + days{5}));
    node.add(evidence("assessment-record", "assessment-record", on))
        .add(evidence("discussion-notes", "discussion-note", on));
    return store(std::move(node), *life.worker, on);
  }

  /// The agency may assess and review but not determine: that is done by the council then.
  static const Sender& decider(const Life& life) { return life.worker == &agency ? council : *life.worker; }

  std::string determine(const Life& life, const std::string& assessment, Day on, bool may_fail) {
    const Sender& by = decider(life);
    Node node = begin("eligibilityDetermination", "eligibility-determination", by);
    written(about(node, life.nhs), on, "team manager").add("for", "adult");
    refer(node, "assessment", assessment, by, *life.worker);
    node.add("determined", iso(on))
        .add("criteria", "care-act-2015")
        .add("eligible", "yes")
        .add("fromImpairment", "yes");
    for (const char* area : {"nutrition", "personal-hygiene", "community"}) {
      Node outcome{"unmetOutcome", {}, "", {}};
      node.add(std::move(outcome.add("area", area)));
    }
    node.add("impactOnWellBeing", "yes").add("carerDisregarded", "yes");
    if (may_fail && dice_.chance(scale_.reasons_missing)) {
      plant("elig.reasons", life.nhs, "no written reasons for the eligibility determination");
      plant("records.decision", life.nhs, "eligibility decided with no reasons on record");
      if (&by != &council)
        plant("deleg.guidance.evidence", life.nhs, "the trust cannot show the determination, and was not asked");
      node.add(missing("eligibility-reasons"));
    } else {
      node.add(
          "reasons",
          "Unable to achieve three outcomes without help; the effect on daily life and family ties is significant.");
      node.add(copy_to("adult", on + days{3})).add(evidence("eligibility-reasons", "eligibility-record", on));
    }
    return store(std::move(node), by, on);
  }

  std::string plan(const Life& life, const std::string& determination, Day on, bool revision,
                   const std::string& replaces) {
    const Sender& by = decider(life);
    Node node = begin("careAndSupportPlan", "care-and-support-plan", by);
    written(about(node, life.nhs), on, "social worker")
        .add("type", "care-and-support")
        .add("version", revision ? "2" : "1")
        .add("revision", revision ? "yes" : "no");
    if (revision) node.add("replaces", replaces);
    node.add("determination", determination)
        .add("agreed", iso(on))
        .add("personAgreed", "yes")
        .add("personViews", dice_.pick(views))
        .add("from", iso(on));
    for (int i = 0; i < 2; ++i) {
      Node need{"need", {}, "", {}};
      node.add(std::move(need.add("description", dice_.pick(needs))
                             .add("eligible", "yes")
                             .add("howMet", life.payment ? "By direct payment" : "By the home-care service")));
    }
    node.add("hoursPerWeek", std::to_string(dice_.between(4, 21))).add("directPayment", life.payment ? "yes" : "no");
    node.add(took_part("adult"));
    if (!revision && dice_.chance(scale_.plan_not_shared))
      plant("plan.copy", life.nhs, "no copy of the plan given to the adult");
    else
      node.add(copy_to("adult", on + days{4}));
    node.add(evidence("plan", "care-and-support-plan", on));
    node.add("note",
             "Read through together before it was agreed. What could be met by direct payment was explained, with the "
             "help there is to manage one.");
    return store(std::move(node), by, on);
  }

  void start_payment(Life& life, Day on) {
    const Sender& by = decider(life);
    Node node = begin("directPayment", "direct-payment", by);
    written(about(node, life.nhs), on, "direct payments officer")
        .add("plan", life.plan)
        .add("limb", "own-capacity")
        .add("firstPaid", iso(on));
    Node rate{"rate", {}, "", {}};
    node.add(std::move(rate.add("from", iso(on))
                           .add("weekly", fmt::format("{}.{:02}", dice_.between(60, 320), dice_.between(0, 99)))));
    node.add(evidence("payment-record", "payment-ledger", on));
    life.payment_record = store(std::move(node), by, on);
  }

  void start_service(const Life& life, Day on) {
    Node node = begin("service", "service", council);
    refer(written(about(node, life.nhs), on, "broker"), "plan", life.plan, council, decider(life))
        .add("type", "home-care");
    node.add(organisation("provider", agency))
        .add("hoursPerWeek", std::to_string(dice_.between(4, 21)))
        .add("started", iso(on))
        .add("contingencyPlan", "yes");
    store(std::move(node), council, on);
  }

  enum class Proof { full, none, letter };
  void review(const Life& life, const char* type, Day due, Day started, std::optional<Day> completed, Proof proof,
              bool changed = false) {
    Node node = begin("review", "review", *life.worker);
    const Day on = completed.value_or(started);
    written(about(node, life.nhs), on, "reviewing officer")
        .add("type", life.payment ? fmt::format("{} direct-payment", type) : type);
    refer(node, "plan", life.plan, *life.worker, decider(life)).add("due", iso(due)).add("started", iso(started));
    if (completed) {
      node.add("completed", iso(*completed)).add("changed", changed ? "yes" : "no");
      node.add("outcome",
               changed ? "Needs have changed; reassessment asked for."
                       : fmt::format("Seen on {} at {}.{:02}. {}; {}. No change.", words(on), dice_.between(9, 16),
                                     dice_.between(0, 59), dice_.pick(views), dice_.pick(needs)));
      node.add(took_part("adult"));
      if (proof == Proof::full)
        node.add(evidence("review-record", "review-record", on).add("covers", "needs risks support timing funding"));
      if (proof == Proof::letter) node.add(evidence("review-record", "clinic-letter", on));
      if (proof == Proof::none) node.add(missing("review-record"));
      node.add(evidence("discussion-notes", "discussion-note", on));
      node.add("note",
               "Held at home. What is going well, what is not, and what should change was talked through line by line "
               "against the plan; "
               "the risks were gone over again, and who to ring out of hours was left on a card by the telephone.");
    }
    store(std::move(node), *life.worker, on);
  }

  /// All reviews up to the end of the story. Returns the day of the last, or nothing where a planted fault ended them.
  std::optional<Day> reviews(const Life& life, Day agreed) {
    Day last = agreed;
    const Day initial = agreed + days{dice_.between(42, 54)};
    bool missing_first = false;
    if (agreed + days{56} < scale_.to) {
      if (dice_.chance(scale_.initial_review_missing)) {
        missing_first = true;
        plant("review.initial", life.nhs, "no review within eight weeks of the plan");
        if (life.payment && agreed + days{200} < scale_.to)
          plant("dp.review.first", life.nhs, "no review of the payments within six months");
      } else {
        review(life, "initial", agreed + days{56}, initial, initial, Proof::full);
        last = initial;
      }
    }
    while (true) {
      const Day due = Day{std::chrono::year_month_day{last} + std::chrono::years{1}};
      const Day on = due - days{dice_.between(5, 60)};
      // Another review, before support is cut, would make up for the one that is missing.
      if (due >= scale_.to) return missing_first && last == agreed ? std::nullopt : std::optional(last);
      if (dice_.chance(scale_.review_missing)) return overdue(life, agreed, last, "no review within 12 months");
      if (dice_.chance(scale_.review_unfinished)) {
        review(life, "plan", due, on, std::nullopt, Proof::none);
        return overdue(life, agreed, last, "review started and never finished");
      }
      const bool none = dice_.chance(scale_.review_without_evidence);
      const bool letter = !none && dice_.chance(scale_.letter_for_review);
      review(life, "plan", due, on, on, none ? Proof::none : letter ? Proof::letter : Proof::full);
      if (none && life.worker != &council)
        plant("deleg.guidance.evidence", life.nhs, "the body that reviewed cannot show it, and was not asked");
      if (none || letter) {
        // The payments' first, though late: from it the next one is counted.
        if (life.payment && last == agreed && Day{std::chrono::year_month_day{on} + std::chrono::years{1}} < scale_.to)
          plant("dp.review.annual", life.nhs, "no review of the payments within a year of the first");
        return overdue(life, agreed, last, none ? "review with no evidence" : "clinic letter offered as the review");
      }
      last = on;
    }
  }
  /// The story's reviews end here, so that each planted fault stands alone.
  std::optional<Day> overdue(const Life& life, Day agreed, Day last, const char* what) {
    plant("review.annual", life.nhs, what);
    if (life.payment && last > agreed) plant("dp.review.annual", life.nhs, what);
    return std::nullopt;
  }

  /// Everything the law asks for before support is cut: review, reassessment, determination, plan.
  void prepare(Life& life, Day on) {
    review(life, "unplanned", on - days{40}, on - days{40}, on - days{38}, Proof::full, true);
    const std::string assessment = assess_quietly(life, on - days{32});
    const std::string determination = determine(life, assessment, on - days{26}, false);
    life.plan = plan(life, determination, on - days{18}, true, life.plan);
  }
  std::string assess_quietly(const Life& life, Day on) {
    const Scale stated = scale_;
    scale_.not_involved = scale_.assessment_not_shared = 0;
    std::string id = assess(life, on);
    scale_ = stated;
    return id;
  }

  void stop_payment(Life& life, Day last) {
    const bool bad = dice_.chance(scale_.payment_stopped_without_review);
    const Day on = last + days{bad ? dice_.between(200, 260) : dice_.between(75, 120)};
    if (on + days{5} > scale_.to) return;
    if (bad)
      plant("dp.stop.may", life.nhs, "direct payment stopped with no review before it");
    else
      prepare(life, on);
    const Sender& by = decider(life);
    Node node = begin("directPayment", "direct-payment", by);
    written(about(node, life.nhs), on, "direct payments officer")
        .add("continues", life.payment_record)
        .add("limb", "own-capacity");
    Node notice{"notice", {}, "", {}};
    node.add(std::move(notice.add("on", iso(on - days{14}))
                           .add("to", "adult")
                           .add("how", "by post")
                           .add("delivery", "sent")
                           .add("stops", iso(on))
                           .add("days", "14")
                           .add("reason", "Records of spending were asked for twice and not shown")));
    Node stop{"stopped", {}, "", {}};
    stop.add("on", iso(on))
        .add("decided", iso(on - days{14}))
        .add("ground", "condition-breached")
        .add("condition", "Payments are kept in an account of their own");
    stop.add("reason", "Records of spending could not be shown; support arranged by the council instead")
        .add("noticeGiven", "yes")
        .add("noticeDays", "14")
        .add("alternativeChecked", "yes");
    node.add(std::move(stop)).add(evidence("decision-reasons", "decision-record", on - days{14}));
    store(std::move(node), by, on);
    start_service(life, on + days{1});
  }

  void cut(Life& life, Day last) {
    const Day on = last + days{dice_.between(75, 120)};
    if (on + days{5} > scale_.to) return;
    const bool bad = dice_.chance(scale_.cut_without_review);
    if (bad)
      plant("change.no_cut_without", life.nhs, "hours cut with no review before it");
    else
      prepare(life, on);
    const Sender& by = decider(life);
    Node node = begin("supportChange", "support-change", by);
    written(about(node, life.nhs), on, "social worker").add("direction", "reduction").add("reason", "reassessed");
    node.add("decided", iso(on - days{15})).add("effective", iso(on));
    for (const auto& [element, hours] : {std::pair{"before", "14"}, std::pair{"after", "10"}}) {
      Node support{element, {}, "", {}};
      node.add(std::move(support.add("hoursPerWeek", hours)));
    }
    node.add("reasons", "Managing mornings without help since the rail was fitted.");
    node.add(took_part("adult"))
        .add(copy_to("adult", on - days{14}))
        .add(evidence("decision-reasons", "decision-record", on - days{15}));
    store(std::move(node), by, on);
  }

  void complain(const Life& life, Day on) {
    if (on + days{200} > scale_.to) return;
    const std::string reference_to = fmt::format("C-{:05}", ++complaints_);
    Node node = begin("complaint", "complaint", council);
    about(node, life.nhs)
        .add("recorded", iso(on))
        .add("reference", reference_to)
        .add("from", "adult")
        .add("concerns", "council-function")
        .add("about", "review");
    Node received{"received", {}, "", {}};
    node.add(std::move(received.add("on", iso(on)).add(organisation("by", council)).add("how", "letter")));
    Node head{"head", {}, "", {}};
    node.add(std::move(head.add("words", "Nobody came back to me about my review.")));
    if (life.worker != &council && dice_.chance(scale_.complaint_sent_away)) {
      Node away{"redirected", {}, "", {}};
      away.add("on", iso(on + days{1}))
          .add(organisation("from", council))
          .add(organisation("to", *life.worker))
          .add("consent", "yes")
          .add("receivedByThem", iso(on + days{3}));
      node.add(std::move(away));
      plant("compl.redirect", life.nhs, "a complaint for the council to answer was sent away");
    }
    const bool late = dice_.chance(scale_.acknowledged_late);
    Node acknowledged{"acknowledged", {}, "", {}};
    node.add(std::move(acknowledged.add("on", iso(on + days{late ? 16 : 1}))));
    if (late) plant("compl.ack", life.nhs, "acknowledged after more than three working days");
    if (dice_.chance(scale_.complaint_unanswered)) {
      plant("compl.sixmonths", life.nhs, "no answer within six months");
    } else {
      Node answer{"responded", {}, "", {}};
      answer.add("on", iso(on + days{dice_.between(20, 150)}))
          .add("to", "adult")
          .add("parts", "how-considered conclusions action action-taken ombudsman-right");
      node.add(std::move(answer));
    }
    store(std::move(node), council, on + days{199});
  }

  Scale scale_;
  Day from_;
  Dice dice_;
  bool single_;
  const Sender* performer_ = &council;
  int serial_ = 0;
  int complaints_ = 0;
  std::vector<Record> records_;
  std::vector<Planted> planted_;
};

void write_head(render::XmlWriter& out, const Sender& sender, const std::string& message, Day made) {
  out.open("submission").attribute("xmlns", "urn:answerable:submission:1");
  out.open("header").element("messageId", message);
  write(out, organisation("sender", sender));
  write(out, organisation("authority", council));
  if (*sender.agreement) out.element("agreement", sender.agreement);
  out.element("createdAt", iso(made) + "T08:00:00Z").element("sourceSystem", sender.system).close();
  out.open("records");
}

/// Days since the story began, in quarters of a year.
int quarter(Day from, Day on) {
  return static_cast<int>((on - from).count() / 91);
}

}  // namespace

Council generate(const Scale& scale) {
  const Day from = began(scale);
  Story story{scale, false};
  story.tell();
  Council made;
  made.people = scale.people;
  made.records = static_cast<std::int64_t>(story.records().size());
  made.planted = std::move(story.planted());

  std::map<std::pair<int, std::size_t>, std::vector<const Record*>> batches;
  for (const Record& record : story.records()) {
    const auto sender = std::ranges::find(senders, record.sender) - senders.begin();
    batches[{quarter(from, record.recorded), static_cast<std::size_t>(sender)}].push_back(&record);
  }
  for (const auto& [key, batch] : batches) {
    const Sender& sender = *senders[key.second];
    const Day received = std::min(scale.to, from + days{91 * (key.first + 1) + 7 + static_cast<int>(key.second)});
    const std::string message = fmt::format("{}-{}-{}", sender.prefix, iso(received), key.first + 1);
    std::ostringstream text;
    render::XmlWriter out{text};
    write_head(out, sender, message, received - days{1});
    for (const Record* record : batch) write(out, record->node);
    out.close().close().finish();
    made.files.push_back({fmt::format("{}-{}.xml", iso(received), sender.prefix), received, std::move(text).str()});
  }
  return made;
}

File generate_single(const Scale& scale) {
  Story story{scale, true};
  story.tell();
  std::ostringstream text;
  render::XmlWriter out{text};
  const Day received = scale.to + days{7};
  write_head(out, council, "DC-ALL-1", received);
  for (Record& record : story.records()) write(out, record.node);
  out.close().close().finish();
  return {"all.xml", received, std::move(text).str()};
}

}  // namespace answerable::demo
