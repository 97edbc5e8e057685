#include <fmt/format.h>

#include <algorithm>

#include "reports/pages/gathering.hpp"
#include "reports/pages/line_index.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {
namespace {

/// Longer than this between an act and word of it is said on the line.
constexpr int remarkable_days = 28;

struct AttributeWords {
  explicit AttributeWords(const engine::Vocabulary& vocabulary)
      : case_reference(vocabulary.find("case")),
        is(vocabulary.find("is")),
        title(vocabulary.find("title")),
        author(vocabulary.find("author")),
        offered_as(vocabulary.find("offered-as")),
        sha256(vocabulary.find("sha256")) {}
  engine::Word case_reference, is, title, author, offered_as, sha256;
};

Attributes attributes_of(const engine::Entry& entry, const engine::Vocabulary& vocabulary) {
  Attributes attributes;
  for (const auto& [name, value] : entry.attributes) attributes.emplace_back(vocabulary.text(name), value);
  return attributes;
}

/// Dates may be no more exact than a year: any reading on which an instrument covers the act is taken.
engine::Standing standing(const Gathering& gathering, const engine::Entry& entry, const engine::RecordRow& record,
                          const std::string& performer, engine::Word function) {
  const auto on = [&](Day day) {
    return gathering.agreements.standing(record.agreement, performer, function, day, gathering.timeline->subject);
  };
  const auto at_last = on(entry.when.last);
  if (at_last.valid() || entry.when.first == entry.when.last) return at_last;
  const auto at_first = on(entry.when.first);
  return at_first.valid() ? at_first : at_last;
}

Line line_of(const Gathering& gathering, const Trail& trail, const engine::Entry& entry, const AttributeWords& words) {
  const auto& record = gathering.timeline->record(entry);
  const auto& vocabulary = gathering.catalogue->vocabulary();
  Line line;
  line.source = source_of(gathering, trail.authority, record);
  line.ordinal = entry.ordinal;
  line.act = vocabulary.text(entry.act);
  line.says = gathering.speech->says(record.kind, record.version, line.act, attributes_of(entry, vocabulary));
  line.when = entry.when;
  line.until = entry.until;
  line.actor = gathering.party(entry.performer);
  if (const auto function = gathering.catalogue->function_of(entry.act); function != 0) {
    const auto how = engine::attribute(gathering.organisations, line.actor.key,
                                       standing(gathering, entry, record, line.actor.key, function), entry.when.last,
                                       code_words(vocabulary.text(function)), true);
    line.answers = {how.accountable, how.accountable_name};
    if (line.actor.key != how.accountable) line.agreement = how.agreement;
    line.answering = how.note;
  }
  if (const auto days = (record.received_on - entry.when.last).count(); days > remarkable_days) {
    line.days_later = static_cast<int>(days);
  }
  line.corrects = record.corrects;
  if (engine::corrected(record, trail.horizon)) line.corrected_by = record.corrected_by;
  line.planned = entry.when.first > trail.horizon.as_of;
  line.case_reference = entry.value(words.case_reference);
  return line;
}

/// The last day on which an act can have happened: not after the record that tells of it was received.
Day latest(const Happened& when, bool planned, Day received_on) {
  return planned ? when.last : std::max(when.first, std::min(when.last, received_on));
}

/// Whether one who looks from a day sees the act: it has happened, or was known to be planned.
bool visible(const engine::Entry& entry, const engine::RecordRow& record, Day as_of) {
  return entry.when.first <= as_of || (record.received_on <= as_of && entry.when.first > record.received_on);
}

}  // namespace

Source source_of(const Gathering& gathering, const std::string& authority, const engine::RecordRow& record) {
  return {.record = record.number,
          .record_id = std::string(record.id),
          .kind = std::string(record.kind),
          .version = record.version,
          .sender = gathering.party(record.sender),
          .submission = fmt::format("S{}-{}", authority, record.submission),
          .received_on = record.received_on,
          .document = std::string(record.source),
          .worker = std::string(record.worker),
          .role = std::string(record.role)};
}

Day latest(const Line& line) {
  return latest(line.when, line.planned, line.source.received_on);
}

Rows<ChronologyRow> lines(const Gathering& gathering, Trail& trail) {
  const AttributeWords words(gathering.catalogue->vocabulary());
  std::vector<const engine::Entry*> shown;
  for (const auto& entry : gathering.timeline->entries) {
    if (entry.number < 0) continue;
    if (!visible(entry, gathering.timeline->record(entry), trail.horizon.as_of)) {
      ++trail.left_out;
      continue;
    }
    shown.push_back(&entry);
  }
  std::ranges::stable_sort(shown, {}, [&](const engine::Entry* entry) {
    const bool planned = entry->when.first > trail.horizon.as_of;
    return std::tuple(latest(entry->when, planned, gathering.timeline->record(*entry).received_on), entry->when.first,
                      entry->number, entry->ordinal);
  });
  Rows<ChronologyRow> out;
  for (const auto* entry : shown) out.push_back(line_of(gathering, trail, *entry, words));
  return out;
}

Rows<EvidenceItem> evidence(const Gathering& gathering, const Trail& trail, const LineIndex& index) {
  const auto& vocabulary = gathering.catalogue->vocabulary();
  Rows<EvidenceItem> out;
  std::vector<std::tuple<Day, std::int64_t, std::int64_t, std::size_t>> order;
  for (const auto& row : gathering.timeline->evidence) {
    const auto& said_by = gathering.timeline->records[row.record];
    const auto* target = gathering.timeline->find(row.target);
    EvidenceItem item{.target = row.target,
                      .said_by = row.number,
                      .target_says = {},
                      .target_when = {},
                      .item = std::string(vocabulary.text(row.item)),
                      .state = row.state,
                      .is_a = std::string(row.is_a),
                      .document = std::string(row.document),
                      .covers = std::string(row.covers),
                      .reason = std::string(row.reason),
                      .created = row.created,
                      .searched_by = std::string(row.searched_by),
                      .searched_where = std::string(row.searched_where),
                      .searched_terms = std::string(row.searched_terms),
                      .searched_on = row.searched_on,
                      .sender = gathering.party(said_by.sender)};
    item.superseded =
        engine::corrected(said_by, trail.horizon) || (target != nullptr && engine::corrected(*target, trail.horizon));
    if (const auto line = index.find(row.target)) {
      item.target_says = line->says;
      item.target_when = line->when;
    } else if (target != nullptr) {
      item.target_says = gathering.speech->title(target->kind, target->version);
      item.target_when = {target->received_on, target->received_on, Precision::day};
    }
    order.emplace_back(item.target_when.first, item.target, item.said_by, out.size());
    out.push_back(item);
  }
  std::ranges::sort(order);
  std::vector<std::size_t> places;
  for (const auto& it : order) places.push_back(std::get<3>(it));
  out.reorder(places);
  return out;
}

Rows<DocumentHeld> documents(const Gathering& gathering, const Trail& trail) {
  const auto& vocabulary = gathering.catalogue->vocabulary();
  const AttributeWords words(vocabulary);
  const auto created = vocabulary.find("document.created");
  Rows<DocumentHeld> out;
  for (const auto& entry : gathering.timeline->entries) {
    const auto& record = gathering.timeline->record(entry);
    if (created == 0 || entry.act != created || !visible(entry, record, trail.horizon.as_of)) continue;
    out.push_back({.record = record.number,
                   .title = std::string(entry.value(words.title)),
                   .is_a = std::string(entry.value(words.is)),
                   .author = std::string(entry.value(words.author)),
                   .offered_as = std::string(entry.value(words.offered_as)),
                   .sha256 = std::string(entry.value(words.sha256)),
                   .created = entry.when,
                   .sender = gathering.party(record.sender),
                   .received_on = record.received_on});
  }
  return out;
}

std::vector<Undated> undated(const Gathering& gathering, const Trail& trail) {
  std::set<std::int64_t> dated;
  for (const auto& entry : gathering.timeline->entries) dated.insert(entry.number);
  std::vector<Undated> out;
  for (const auto& record : gathering.timeline->records) {
    if (dated.contains(record.number)) continue;
    out.push_back(
        {source_of(gathering, trail.authority, record), gathering.speech->title(record.kind, record.version)});
  }
  return out;
}

}  // namespace answerable::pages
