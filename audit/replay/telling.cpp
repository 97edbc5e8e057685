#include "audit/replay/telling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "audit/replay/cast.hpp"
#include "audit/replay/fill.hpp"

namespace answerable::replay {
namespace {

using xml::Element;

class Teller {
 public:
  Teller(const Chronology& chronology, const Mapping& mapping, const CouncilNames& councils)
      : case_(chronology), mapping_(mapping), councils_(councils) {}

  Told run() {
    told_.notes = case_.not_told;
    choose_days();
    cast_.emplace(case_, mapping_, councils_, start_, [this](std::string sentence) { note(std::move(sentence)); });
    told_.authority = cast_->council().code;
    std::set<std::string, std::less<>> before;
    int complaints = 0;
    std::vector<const CaseEvent*> earlier;
    for (const auto& person : case_.people) {
      said_.push_back(split_words(person.relation));
      for (auto& word : split_words(person.id)) ids_.insert(std::move(word));
    }
    for (const auto& event : case_.events) {
      if (event.when.first > told_.as_of) {
        note(fmt::format("events[{}] ({}, {}): after the decision, so left out", event.index, event.kind,
                         iso(event.when)));
        continue;
      }
      if (event.kind == "complaint_received") ++complaints;
      complaint_ = fmt::format("COMPLAINT-{}", std::max(complaints, 1));
      tell(event, before, earlier);
      if (!told_.only_said.contains(event.index)) before.insert(event.kind);
      said_.push_back(split_words(event.detail));
      earlier.push_back(&event);
    }
    assemble();
    for (const auto& person : cast_->people()) told_.people.emplace(person.nhs, person.id);
    for (const auto& [id, party] : cast_->parties())
      told_.parties.emplace(party.organisation.scheme + ':' + party.organisation.code, id);
    return std::move(told_);
  }

 private:
  /// A record that runs on through several events.
  struct Running {
    std::string id, shortfall;
    std::vector<Element> children;
  };
  struct Record {
    Day received{};
    std::string sender;  ///< party id; "" for the council
    std::string xml;
    std::size_t event{};
  };

  void note(std::string sentence) { told_.notes.push_back(std::move(sentence)); }

  /// "MB says" is as much somebody's account as "X says": people go by the ids that the case gives them.
  std::vector<std::string> with_people_named(std::vector<std::string> words) const {
    for (auto& word : words)
      if (word.size() > 1 && ids_.contains(word)) word = "x";
    return words;
  }

  void choose_days() {
    Day first = Day::max(), last = Day::min();
    for (const auto& event : case_.events) {
      first = std::min(first, event.when.first);
      last = std::max(last, event.when.last);
    }
    if (case_.events.empty()) first = last = case_.decided ? case_.decided->first : parse_day("2015-04-01").value();
    told_.as_of = case_.decided ? case_.decided->first : last;
    if (!case_.decided)
      note(fmt::format("no day of decision is given; judged as of {}, the end of the last event", iso(told_.as_of)));
    const std::chrono::year_month_day begins{std::min(first, told_.as_of)};
    start_ = Day{begins.year() / 1 / 1};
  }

  void tell(const CaseEvent& event, const std::set<std::string, std::less<>>& before,
            const std::vector<const CaseEvent*>& earlier) {
    const Party* party = cast_->party(event.actor);
    const auto* actor = cast_->person(event.actor);
    Facts facts;
    facts.evidence = event.evidence;
    facts.actor = party   ? (party->council                   ? "council"
                             : party->told->kind == "council" ? "other_council"
                                                              : party->told->kind)
                  : actor ? actor->role
                          : "council";
    facts.words = with_people_named(split_words(event.detail));
    facts.said = said_;
    facts.told = before;
    facts.day = event.when.last;

    Values values;
    values.event = &event;
    values.earlier = &earlier;
    values.complaint = complaint_;
    values.start = start_;
    values.council = cast_->council();
    values.performer = party ? party->organisation : cast_->council();
    values.other = {"local", "another-body", "another body"};
    for (const auto& told : case_.parties)
      if (const auto* one = cast_->party(told.id); !one->council) {
        values.other = one->organisation;
        break;
      }
    values.capacity = mapping_.capacity(facts.actor);
    if (values.capacity.empty()) values.capacity = "other";

    const EventKind* kind = mapping_.kind(event.kind);
    if (kind == nullptr) {
      note(fmt::format("events[{}]: there is no kind of event called \"{}\"", event.index, event.kind));
      kind = mapping_.kind("other");
    }
    // A person's word against the body's record is a claim, and no contradiction of its papers.
    const bool accounted = mapping_.accounted(facts.words);
    const bool disputed = facts.evidence == "contradicted" && accounted;
    if (disputed) facts.evidence = "recorded";
    const auto whole_line = facts.words;
    if (!kind->hears) facts.words = mapping_.told_as_fact(std::move(facts.words), facts.evidence != "not_stated");
    facts.claimed = mapping_.claimed(*kind, facts, party == nullptr && actor != nullptr);
    const bool less = mapping_.allows(event.kind) && allowances_.fall(event.subject, event.detail);
    facts.falls = less || tells_a_fall(event.detail);
    facts.months = longest_months(facts.words);
    facts.evidence = mapping_.evidence(event.kind, facts);
    const bool free_words = event.kind == "contact" || event.kind == "other";
    auto said = accounted || facts.claimed || free_words ? mapping_.lists(whole_line) : std::set<std::string>{};
    if (disputed) said.insert("disputed");
    mark(event, facts, std::move(said));
    if (facts.claimed && !kind->claims && facts.evidence == "not_stated") {
      note(fmt::format("events[{}] ({}): not sent: only somebody's word", event.index, event.kind));
      told_.only_said.insert(event.index);
    } else {
      emit(event, *kind, facts, values, party, 0);
    }
    for (const auto& [about, also] : mapping_.also(facts))
      for (const auto* subject : cast_->subjects(event, about))
        send(event, *also, *subject, facts, values, party, "not-recorded");
  }

  /// Keeps what went wrong by a line's own mark, by somebody's account, or in a note's free words.
  void mark(const CaseEvent& event, const Facts& facts, std::set<std::string> said) {
    const bool marked = facts.evidence == "missing" || facts.evidence == "late" || facts.evidence == "contradicted";
    for (const auto* subject : cast_->subjects(event, About::as_told)) {
      if (marked) told_.marks.push_back({subject->id, event.when, {}});
      if (!said.empty()) told_.marks.push_back({subject->id, event.when, said});
    }
  }

  void emit(const CaseEvent& event, const EventKind& kind, Facts& facts, const Values& values, const Party* party,
            int depth) {
    for (const auto* subject : cast_->subjects(event, kind.about)) {
      facts.subject = subject->role == "person" ? "person" : "carer";
      const auto* becomes = mapping_.choose(kind, facts);
      if (becomes == nullptr || depth > 4) {
        note(fmt::format("events[{}] ({}): the mapping has no record for it", event.index, event.kind));
      } else if (!becomes->as.empty()) {
        return emit(event, *mapping_.kind(becomes->as), facts, values, party, depth + 1);
      } else if (!becomes->nothing.empty()) {
        note(fmt::format("events[{}] ({}): not sent: {}", event.index, event.kind, becomes->nothing));
      } else {
        send(event, *becomes, *subject, facts, values, party, kind.missing);
      }
    }
  }

  void send(const CaseEvent& event, const Becomes& becomes, const Person& subject, Facts facts, Values values,
            const Party* party, const std::string& missing) {
    facts.subject = subject.role == "person" ? "person" : "carer";
    values.subject = subject.id;
    values.complaint = fmt::format("{}-{}", complaint_, subject.nhs);
    for (const auto& record_template : becomes.element->children) {
      const auto* order = own(record_template, "continues");
      Running* running = order ? &running_[{record_template.name, values.complaint, subject.id}] : nullptr;
      if (running && !goes_on(record_template, *running, list_of(*order))) *running = {};
      values.continuing = running && !running->id.empty();
      auto filled = fill(record_template, mapping_, facts, values);
      if (!filled) continue;
      std::string shortfall = shortfall_of(*filled, facts, missing);
      const auto id = fmt::format("E{}-{}", event.index, ++records_made_);
      filled->attributes.emplace_back("id", id);
      if (running) {
        if (values.continuing) {
          filled->attributes.emplace_back("corrects", running->id);
          if (shortfall.empty()) shortfall = running->shortfall;
          go_on(*filled, *running, list_of(*order));
        }
        *running = {id, shortfall, filled->children};
      }
      if (!shortfall.empty()) told_.marks.push_back({subject.id, event.when, {}});
      dress(*filled, subject, values, shortfall);
      const bool by_party = !running && party && !party->agreement.empty();
      records_.push_back({std::min(event.when.last, told_.as_of), by_party ? party->told->id : "",
                          xml::serialise(*filled), event.index});
    }
  }

  /// What the sender itself says was wrong: the template's own word, or what the evidence speaks of; "" for nothing.
  static std::string shortfall_of(Element& record, const Facts& facts, const std::string& missing) {
    if (const auto own_word = std::ranges::find(record.children, "shortfall", &Element::name);
        own_word != record.children.end()) {
      std::string word = own_word->text;
      record.children.erase(own_word);
      return word;
    }
    return facts.evidence == "late"           ? "late"
           : facts.evidence == "contradicted" ? "disputed"
           : facts.evidence == "missing"      ? missing
                                              : "";
  }

  /// Whether what the template says can come after all that the record said so far. A second concern after an enquiry
  /// begins a record of its own.
  static bool goes_on(const Element& record_template, const Running& before, const std::vector<std::string>& order) {
    const auto place = [&](const Element& e) { return std::ranges::find(order, e.name) - order.begin(); };
    const auto is_step = [](const Element& e) { return e.child("on") || e.child("started") || e.child("granted"); };
    for (const auto& now : record_template.children)
      for (const auto& old : before.children) {
        const bool again = now.name == old.name && own(now, "anew") != nullptr;
        const bool backwards = is_step(now) && own(now, "first") == nullptr && is_step(old) &&
                               place(now) < place(old) && old.name != "told";
        if (again || backwards) return false;
      }
    return true;
  }

  /// Keeps what the record said so far: an element said anew takes its place, what may be said more than once is added.
  static void go_on(Element& record, const Running& before, const std::vector<std::string>& order) {
    for (const auto& old : before.children) {
      const bool more_than_once = old.name == "told" || old.name == "evidence";
      if (more_than_once || record.child(old.name) == nullptr) record.children.push_back(old);
    }
    std::ranges::stable_sort(record.children, {},
                             [&](const Element& e) { return std::ranges::find(order, e.name) - order.begin(); });
  }

  /// Puts at the record's beginning what every record about a person begins with.
  static void dress(Element& record, const Person& subject, const Values& values, const std::string& shortfall) {
    std::vector<Element> header;
    header.push_back(leaf(record.ns, "person", subject.nhs));
    header.back().attributes.emplace_back("scheme", "nhs-number");
    Element performed = leaf(record.ns, "performedBy", "");
    performed.children.push_back(leaf(record.ns, "organisation", values.performer.name));
    performed.children.back().attributes = {{"scheme", values.performer.scheme}, {"code", values.performer.code}};
    header.push_back(std::move(performed));
    if (!shortfall.empty() && record.name != "person") header.push_back(leaf(record.ns, "shortfall", shortfall));
    record.children.insert(record.children.begin(), header.begin(), header.end());
  }

  std::string envelope(const Submission& submission, std::size_t number,
                       const std::vector<const std::string*>& records) const {
    const Party* party = submission.sender.empty() ? nullptr : cast_->party(submission.sender);
    const auto& sender = party ? party->organisation : cast_->council();
    const std::string ns = "urn:answerable:submission:1";
    Element header = leaf(ns, "header", "");
    header.children.push_back(leaf(ns, "messageId", fmt::format("REPLAY-{}", number)));
    header.children.push_back(leaf(ns, "sender", sender.name));
    header.children.back().attributes = {{"scheme", sender.scheme}, {"code", sender.code}};
    header.children.push_back(leaf(ns, "authority", cast_->council().name));
    header.children.back().attributes = {{"scheme", cast_->council().scheme}, {"code", cast_->council().code}};
    if (party) header.children.push_back(leaf(ns, "agreement", party->agreement));
    header.children.push_back(leaf(ns, "createdAt", iso(submission.received) + "T09:00:00Z"));
    header.children.push_back(leaf(ns, "sourceSystem", "answerable replay"));
    std::string file = "<submission xmlns=\"urn:answerable:submission:1\">\n" + xml::serialise(header) + "<records>\n";
    for (const auto* record : records) file += *record;
    return file + "</records></submission>\n";
  }

  void assemble() {
    std::ranges::stable_sort(records_, {}, &Record::received);
    const Day first = records_.empty() ? told_.as_of : records_.front().received;
    // The council knows the people, its own arrangements and its policy before anybody acts.
    std::vector<std::string> known;
    for (const auto& person : cast_->people()) known.push_back(cast_->record(person));
    for (const auto& [id, party] : cast_->parties())
      if (party.arrangement) known.push_back(cast_->record(party));
    Values values;
    values.start = start_;
    values.council = cast_->council();
    std::size_t number = 0;
    for (const auto& policy : mapping_.policies())
      if (auto filled = fill(policy, mapping_, {}, values)) {
        filled->attributes.emplace_back("id", fmt::format("POLICY-{}", ++number));
        known.push_back(xml::serialise(*filled));
      }
    std::vector<const std::string*> texts;
    for (const auto& text : known) texts.push_back(&text);
    add(Submission{first, "", "", {}}, texts);
    for (std::size_t i = 0; i < records_.size();) {
      std::map<std::string, std::vector<const Record*>> of_the_day;
      const Day day = records_[i].received;
      for (; i < records_.size() && records_[i].received == day; ++i)
        of_the_day[records_[i].sender].push_back(&records_[i]);
      for (const auto& [sender, records] : of_the_day) {
        Submission submission{day, sender, "", {}};
        texts.clear();
        for (const auto* record : records) {
          texts.push_back(&record->xml);
          submission.events.push_back(record->event);
        }
        add(std::move(submission), texts);
      }
    }
  }

  void add(Submission submission, const std::vector<const std::string*>& records) {
    submission.xml = envelope(submission, told_.submissions.size() + 1, records);
    told_.submissions.push_back(std::move(submission));
  }

  const Chronology& case_;
  const Mapping& mapping_;
  const CouncilNames& councils_;
  Told told_;
  std::optional<Cast> cast_;
  Day start_{};
  std::vector<Record> records_;
  std::map<std::tuple<std::string, std::string, std::string>, Running> running_;  ///< by kind, person and complaint
  std::vector<std::vector<std::string>> said_;  ///< what the people's relations and the lines so far say
  std::set<std::string> ids_;                   ///< the people's, as split_words() gives words
  Allowances allowances_;
  std::string complaint_;
  int records_made_{};
};

}  // namespace

Told tell(const Chronology& chronology, const Mapping& mapping, const CouncilNames& councils) {
  return Teller(chronology, mapping, councils).run();
}

}  // namespace answerable::replay
