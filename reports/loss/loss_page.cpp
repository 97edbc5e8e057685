#include "reports/loss/loss_page.hpp"

#include <fmt/format.h>

#include "audit/engine/rule.hpp"
#include "reports/loss/loss_parts.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {

using namespace render;

namespace {

std::string title_of(const loss::LostPayments& lost) {
  return fmt::format("Direct payments {}{}, {}", lost.plan.empty() ? "" : fmt::format("for plan {} ", lost.plan),
                     lost.cut ? "cut" : "stopped", words(lost.when));
}

Table reading_table(const loss::Reading& reading, const std::string& which) {
  Table table{
      .caption = fmt::format("{}: {}", which,
                             reading.lost.days() == 0
                                 ? "no day lost"
                                 : fmt::format("{} to {}, {}", words(reading.lost.first), words(reading.lost.last),
                                               count_of(reading.lost.days(), "day", "days"))),
      .columns = {{"From", 1.2},
                  {"To", 1.2},
                  {"Days", 0.6, Column::Align::right},
                  {"Amount", 1, Column::Align::right},
                  {"Term", 4}}};
  for (const auto& term : reading.terms) {
    const bool dated = term.days.first <= term.days.last;
    table.rows.push_back(
        {.cells = {{dated ? words(term.days.first) : ""},
                   {dated ? words(term.days.last) : ""},
                   {std::to_string(term.days.days())},
                   {term.kind == loss::Term::Kind::not_known ? "not known" : loss::pounds(term.amount)},
                   {term_words(term)}},
         .kind = term.kind == loss::Term::Kind::not_known ? Row::Kind::gap : Row::Kind::normal});
  }
  const auto total = [&](const std::string& amount, const char* what) {
    table.rows.push_back({.cells = {{""}, {""}, {""}, {amount}, {what}}, .kind = Row::Kind::total});
  };
  const auto known = [](std::optional<loss::Pennies> sum) {
    return sum ? loss::pounds(*sum) : std::string("not known");
  };
  if (reading.charges > 0) {
    total(known(reading.payments), "Lost payments");
    total(loss::pounds(reading.charges), "Charges for care not given");
  }
  total(known(reading.sum()), "Sum of the lines above, never below nothing");
  return table;
}

bool alike(const loss::Reading& a, const loss::Reading& b) {
  return a.lost.first == b.lost.first && a.lost.last == b.lost.last && a.sum() == b.sum();
}

std::string answer(const loss::LostPayments& lost) {
  const auto low = lost.lowest.sum(), high = lost.highest.sum();
  const auto days = lost.lowest.lost.days() == lost.highest.lost.days()
                        ? count_of(lost.highest.lost.days(), "day", "days")
                        : fmt::format("{} to {} days", lost.lowest.lost.days(), lost.highest.lost.days());
  if (!high) {
    const auto none = lost.highest.days_without_rate, all = lost.highest.lost.days();
    return fmt::format("{}: the sum is not known, because no weekly rate is held for {} of the {} that may be lost.",
                       title_of(lost), none == all ? "any" : std::to_string(none), count_of(all, "day", "days"));
  }
  return fmt::format("{}: {}, for {}.", title_of(lost), sum_words(low, high), days);
}

Callout head() {
  Callout out{.kind = Callout::Kind::note, .title = "A calculation aid, not a determination."};
  out.body.push_back(
      Paragraph{{"It works out sums from what records say, as if each stop or cut had been wrong. Whether it was is "
                 "for people to decide. "
                 "Whether it is owed is for the council, the ombudsman or a court."}});
  out.body.push_back(
      Paragraph{{fmt::format("Reckoned as row rem.lostdp of the legal catalogue says, for the quantifiable loss of the "
                             "ombudsman's Guidance on Remedies. {}.",
                             engine::sentence(engine::Confidence::unverified))}});
  return out;
}

void add_rules(Blocks& blocks) {
  blocks.push_back(Heading{3, "How it is reckoned", {}});
  BulletList list;
  for (const char* text : {"A weekly sum for some days is the sum times the days, over seven. Each line is reckoned "
                           "exactly and rounded once, to the nearest "
                           "penny; the sums add up the rounded lines. Nothing else is rounded.",
                           "The rate is the net one: what the council was to pay, less the person's contribution, as "
                           "it was then in force. A rate in force when "
                           "payments stopped is carried on until a record or the officer gives the next.",
                           "Both days of a period are counted. The day from which payments are taken up, support "
                           "begins or needs end is not lost any more; the "
                           "day on which a decision is made, or the person dies, still is.",
                           "Dates known to the month or year are read both ways: the lowest reading begins as late and "
                           "ends as early as the records allow, the "
                           "highest begins as early and ends as late.",
                           "A decision on eligibility ends the loss only where its reasons and the assessment or "
                           "review behind it are evidenced.",
                           "Direct payments that run beside each other for different plans, each with an agreement or "
                           "first payment of its own, are worked out apart and added up. All others are taken as one "
                           "direct payment, and all are where the officer enters a rate.",
                           "Support begun after the stop is taken to be in its place: where it was for other needs, "
                           "it is none."})
    list.items.push_back({text});
  blocks.push_back(list);
  blocks.push_back(Heading{3, "What no sum here covers", {}});
  BulletList not_here;
  for (const char* text :
       {"Distress, harm, and time and trouble: no figure is proposed. There is no tariff in law, each person affected "
        "is weighed apart, and the "
        "ombudsman's guidance gives no figure that could be worked out from records.",
        "The other head: where the family paid for care instead, what the receipts show is the loss; where the family "
        "cared, a symbolic sum for "
        "the support lost, for which no figure is proposed. Neither is awarded for hours for which lost payments are "
        "awarded.",
        "Payee: usually the person, or the direct payment account. Distress goes to each person affected, apart.",
        "Hours of care not given are shown with what they would have cost. That is no sum owed to the person, and it "
        "is not added to lost "
        "payments: the same hours are not counted twice."})
    not_here.items.push_back({text});
  blocks.push_back(not_here);
}

}  // namespace

void add_payments(Blocks& blocks, const loss::LostPayments& lost, Day as_of) {
  blocks.push_back(Heading{3, title_of(lost), {}});
  DefinitionList list;
  list.entries.push_back({"Told by", {records_words(lost.records)}});
  list.entries.push_back(
      {"Rests on",
       {lost.rests_on.empty() ? "no review or decision that the records name" : records_words(lost.rests_on)}});
  list.entries.push_back(
      {"First day lost",
       {fmt::format("{}.{}", span_words(lost.start), lost.start_note.empty() ? "" : " " + lost.start_note)}});
  list.entries.push_back({"Sum", {strong(sum_words(lost.lowest.sum(), lost.highest.sum()))}});
  blocks.push_back(list);
  blocks.push_back(ends_table(lost.ends, lost.running, as_of));
  if (alike(lost.lowest, lost.highest)) {
    blocks.push_back(reading_table(lost.highest, "Working"));
  } else {
    blocks.push_back(reading_table(lost.lowest, "Lowest reading"));
    blocks.push_back(reading_table(lost.highest, "Highest reading"));
  }
  for (const auto& note : lost.notes) blocks.push_back(Paragraph{{note}});
  if (!lost.missing.empty()) {
    blocks.push_back(Heading{4, "Evidence that would settle it", {}});
    blocks.push_back(missing_list(lost.missing));
  }
  const auto add_list = [&](const char* heading, bool evidence) {
    BulletList list_of;
    for (const auto& it : lost.shown)
      if ((it.kind == loss::Shown::Kind::evidence) == evidence) list_of.items.push_back({shown_words(it)});
    if (list_of.items.empty()) return;
    blocks.push_back(Heading{4, heading, {}});
    blocks.push_back(list_of);
  };
  add_list(lost.cut ? "Evidence missing for the cut" : "Evidence missing for the stop", true);
  add_list("Also held, and not counted", false);
}

std::vector<Block> loss_blocks(const loss::Loss& loss) {
  Blocks blocks;
  blocks.push_back(Heading{2, "What was lost, worked out", {}});
  blocks.push_back(head());
  blocks.push_back(Heading{3, "In short", {}});
  BulletList answers;
  for (const auto& it : loss.payments) answers.items.push_back({answer(it)});
  if (loss.payments.empty())
    answers.items.push_back({"No stop or cut of direct payments is held that could be worked out."});
  if (const auto all = loss.sums(); loss.payments.size() > 1 && all.highest)
    answers.items.push_back({fmt::format("All of these together: {}.", sum_words(all.lowest, all.highest))});
  std::int64_t least = 0, open = 0;
  for (const auto& it : loss.care) {
    least += it.lost.minutes + it.cut_short.minutes;
    open += it.open.minutes;
  }
  const auto hours = [](std::int64_t minutes) { return hours_words(loss::share(minutes, 100, 60)); };
  if (!loss.care.empty()) {
    answers.items.push_back(
        {fmt::format("Care planned and not given: {}.",
                     open == 0 ? hours(least) : fmt::format("{} to {}", hours(least), hours(least + open)))});
  }
  if (!loss.support.empty())
    answers.items.push_back({capital(count_of(static_cast<std::int64_t>(loss.support.size()),
                                              "end, cut or interruption", "ends, cuts or interruptions")) +
                             " of support with no sound review held before."});
  blocks.push_back(answers);
  for (const auto& it : loss.payments) add_payments(blocks, it, loss.horizon.as_of);
  add_services(blocks, loss);
  if (!loss.shown.empty()) {
    blocks.push_back(Heading{3, "Held and not worked out", {}});
    BulletList list;
    for (const auto& it : loss.shown) list.items.push_back({shown_words(it)});
    blocks.push_back(list);
  }
  add_rules(blocks);
  return blocks;
}

}  // namespace answerable::pages
