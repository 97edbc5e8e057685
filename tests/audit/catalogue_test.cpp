// The rules that ship, checked against each other and against what records can say.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "audit/engine/catalogue.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/document.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::engine {
namespace {

using Names = std::set<std::string, std::less<>>;

class CatalogueTest : public ::testing::Test {
 protected:
  static const xml::Kinds& kinds() {
    static const xml::Kinds all = xml::Kinds::load(share_folder() / "schemas");
    return all;
  }
  static const Catalogue& catalogue() {
    static const Catalogue all = Catalogue::load(kinds());
    return all;
  }

  /// The words a simple type of schemas/common allows.
  static Names allowed(const std::string& type) {
    static const xml::Element common = xml::load_document(share_folder() / "schemas/common/1/common.xsd", {});
    Names words;
    for (const auto* simple : common.all("simpleType"))
      if (simple->value("name") == type) collect_enumerations(*simple, words);
    return words;
  }

  /// What an entry of this act may carry.
  static const Names& attributes_of(const std::string& act) {
    static const auto all = [] {
      std::map<std::string, Names> by_act;
      for (const auto& kind : kinds().all()) {
        const auto add = [&](const std::string& name,
                             std::initializer_list<const std::vector<xml::AttributeRule>*> lists) {
          for (const auto* list : lists)
            for (const auto& attribute : *list) by_act[name].insert(attribute.name);
          for (const auto& who : allowed("capacity")) by_act[name].insert("involved." + who);
        };
        for (const auto& entry : kind.entries) add(entry.act, {&kind.attributes, &entry.attributes});
        if (kind.copies.empty()) continue;
        add(kind.copies, {&kind.attributes});
        by_act[kind.copies].insert({"to", "how", "delivery", "asked-for"});
      }
      by_act["regime.entered"] = {"regime"};
      return by_act;
    }();
    static const Names none;
    const auto found = all.find(act);
    return found == all.end() ? none : found->second;
  }

  static std::string text(Word word) { return std::string(catalogue().vocabulary().text(word)); }

  template <class Use>
  static void each_duty(const Use& use) {
    for (const auto& rule : catalogue().rules())
      for (const auto& edition : rule.editions)
        for (const auto& duty : edition.duties) {
          SCOPED_TRACE(fmt::format("{} from {}: duty {}", rule.id, iso(edition.from), duty.id));
          use(rule, duty);
        }
  }

  /// Every choice of entries a duty makes, its trigger's first, and every need of evidence.
  struct Parts {
    std::vector<const ActPattern*> acts;
    std::vector<const EvidenceNeed*> evidence;
    std::vector<const ValueNeed*> values;
  };
  static Parts parts(const Duty& duty) {
    Parts out;
    const auto acts = [&](const Acts& list) {
      for (const auto& pattern : list) out.acts.push_back(&pattern);
    };
    const auto step = [&](const Step& one) {
      acts(one.acts);
      for (const auto& need : one.evidence) out.evidence.push_back(&need);
    };
    acts(duty.when);
    for (const auto& exception : duty.unless) acts(exception.acts);
    if (const auto* follow = std::get_if<Follow>(&duty.pattern)) {
      for (const auto& each : follow->steps) step(each);
      for (const auto& pause : follow->pauses) {
        acts(pause.from);
        acts(pause.to);
      }
      if (follow->extended_by) out.acts.push_back(&*follow->extended_by);
      acts(follow->before);
      acts(follow->progress);
    } else if (const auto* precede = std::get_if<Precede>(&duty.pattern)) {
      for (const auto& each : precede->steps) step(each);
    } else if (const auto* accompany = std::get_if<Accompany>(&duty.pattern)) {
      for (const auto& need : accompany->needs) {
        if (const auto* evidence = std::get_if<EvidenceNeed>(&need)) out.evidence.push_back(evidence);
        if (const auto* value = std::get_if<ValueNeed>(&need)) out.values.push_back(value);
        if (const auto* entry = std::get_if<Step>(&need)) step(*entry);
      }
    } else if (const auto* recur = std::get_if<Recur>(&duty.pattern)) {
      step(recur->step);
      acts(recur->progress);
    } else if (const auto* absent = std::get_if<Absent>(&duty.pattern)) {
      acts(absent->then);
    } else if (const auto* cover = std::get_if<Cover>(&duty.pattern)) {
      step(cover->step);
      acts(cover->ended_by);
    } else if (const auto* schedule = std::get_if<Schedule>(&duty.pattern)) {
      step(schedule->step);
    }
    return out;
  }

  static Names trigger_acts(const Duty& duty) {
    Names acts;
    for (const auto& pattern : duty.when)
      for (const Word act : pattern.acts) acts.insert(text(act));
    return acts;
  }

 private:
  static void collect_enumerations(const xml::Element& element, Names& words) {
    if (element.name == "enumeration") words.insert(std::string(element.value("value")));
    for (const auto& child : element.children) collect_enumerations(child, words);
  }
};

TEST_F(CatalogueTest, holds_the_first_rules) {
  for (const auto* id :
       {"assess.record",     "assess.involve",   "elig.determine",  "elig.reasons",     "plan.copy",
        "review.initial",    "review.annual",    "review.involve",  "review.change",    "change.no_cut_without",
        "dp.review.first",   "dp.review.annual", "dp.stop.must",    "dp.stop.may",      "dp.stop.meetneeds",
        "old.assess",        "old.elig",         "old.review",      "old.dp.stop",      "old.dp.fallback",
        "deleg.attribution", "s75.instrument",   "s75.report",      "s75.liability",    "ombuds.behalf",
        "compl.redirect",    "compl.ack",        "compl.sixmonths", "records.decision", "regime.trans.review"})
    EXPECT_NE(catalogue().find(id), nullptr) << id;
}

TEST_F(CatalogueTest, every_duty_has_an_example_that_meets_it_and_one_that_does_not) {
  each_duty([](const Rule& rule, const Duty& duty) {
    bool meets = false, fails = false;
    for (const auto& example : rule.examples) {
      if (!example.duty.empty() && example.duty != duty.id) continue;
      // What should never happen, or never follow, is kept by nothing but an exception or by waiting.
      const auto* absent = std::get_if<Absent>(&duty.pattern);
      const bool never_met = absent && !absent->within && !absent->until_recorded;
      meets |= example.outcome == Outcome::met || never_met;
      fails |= needs_attention(example.outcome) || example.outcome == Outcome::met_late;
    }
    EXPECT_TRUE(meets);
    EXPECT_TRUE(fails);
  });
  for (const auto& rule : catalogue().rules())
    for (const auto& example : rule.examples) {
      if (example.duty.empty()) continue;
      const bool known = std::any_of(rule.editions.begin(), rule.editions.end(), [&](const Edition& edition) {
        return std::any_of(edition.duties.begin(), edition.duties.end(),
                           [&](const Duty& duty) { return duty.id == example.duty; });
      });
      EXPECT_TRUE(known) << rule.id << ": example of a duty it does not have: " << example.duty;
    }
}

TEST_F(CatalogueTest, names_no_attribute_that_no_record_gives) {
  each_duty([](const Rule&, const Duty& duty) {
    for (const auto* pattern : parts(duty).acts)
      for (const Word act : pattern->acts) {
        for (const auto& where : pattern->where)
          EXPECT_TRUE(attributes_of(text(act)).contains(text(where.attribute)))
              << text(act) << ' ' << text(where.attribute);
        for (const auto* in : {&pattern->same, &pattern->differs})
          for (const Word name : in->attributes)
            EXPECT_TRUE(attributes_of(text(act)).contains(text(name))) << text(act) << ' ' << text(name);
        for (const auto& where : pattern->where)
          for (const auto* bound : {&where.at_least, &where.below})
            if (*bound && (*bound)->attribute) {
              EXPECT_TRUE(attributes_of(text(act)).contains(text((*bound)->attribute)))
                  << text(act) << ' ' << text((*bound)->attribute);
            }
      }
    for (const auto& act : trigger_acts(duty)) {
      for (const auto* value : parts(duty).values)
        EXPECT_TRUE(attributes_of(act).contains(text(value->attribute))) << act << ' ' << text(value->attribute);
      if (const auto* schedule = std::get_if<Schedule>(&duty.pattern)) {
        EXPECT_TRUE(attributes_of(act).contains(text(schedule->due))) << act;
      }
    }
  });
}

TEST_F(CatalogueTest, asks_only_for_evidence_that_can_be_given) {
  const auto items = allowed("evidenceItem"), documents = allowed("documentType"), coverage = allowed("coverage");
  ASSERT_FALSE(items.empty());
  each_duty([&](const Rule&, const Duty& duty) {
    for (const auto* need : parts(duty).evidence) {
      EXPECT_TRUE(items.contains(text(need->item))) << text(need->item);
      for (const auto& is : need->is) EXPECT_TRUE(documents.contains(is)) << is;
      for (const auto& covers : need->covers) EXPECT_TRUE(coverage.contains(covers)) << covers;
    }
  });
}

TEST_F(CatalogueTest, has_words_for_every_outcome_but_error) {
  each_duty([](const Rule&, const Duty& duty) {
    for (std::size_t i = 0; i < outcomes; ++i) {
      const auto outcome = static_cast<Outcome>(i);
      if (outcome == Outcome::error) continue;
      EXPECT_FALSE(duty.says[i].empty()) << word(outcome);
    }
  });
}

TEST_F(CatalogueTest, fills_its_sentences_from_what_there_is) {
  const Names plain{"trigger", "trigger.date", "due",   "step",        "step.date", "late",  "gap",
                    "missing", "state",        "actor", "accountable", "agreement", "period"};
  each_duty([&](const Rule&, const Duty& duty) {
    for (const auto& says : duty.says)
      for (auto open = says.find('{'); open != std::string::npos; open = says.find('{', open + 1)) {
        const auto name = says.substr(open + 1, says.find('}', open) - open - 1);
        constexpr std::string_view prefix = "attribute:";
        if (!name.starts_with(prefix)) {
          EXPECT_TRUE(plain.contains(name)) << says;
          continue;
        }
        for (const auto& act : trigger_acts(duty))
          EXPECT_TRUE(attributes_of(act).contains(name.substr(prefix.size()))) << act << ": " << says;
      }
  });
}

TEST_F(CatalogueTest, says_what_it_is_not_sure_of) {
  for (const auto& rule : catalogue().rules())
    for (const auto& edition : rule.editions) {
      if (edition.confidence == Confidence::verified) continue;
      EXPECT_FALSE(edition.caveat.empty()) << rule.id << " from " << iso(edition.from);
    }
}

}  // namespace
}  // namespace answerable::engine
