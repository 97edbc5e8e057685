#include "reports/pages/findings.hpp"

#include <cstring>
#include <type_traits>

namespace answerable::pages {
namespace {

// Each goes through all there is: what is said in many in the same words, what is said of one, and what is no text. The
// bindings name every member, so that one more cannot be forgotten here.
template <class Visitor, class Event>
void visit_event(Visitor& visit, Event& event) {
  auto& [part, record, record_id, kind, version, act, when, performer, performer_name, received_on, text] = event;
  visit.shared(part, kind, act, performer, performer_name);
  visit.own(record_id, text);
  visit.plain(record, version, when, received_on);
}

template <class Visitor, class Evidence>
void visit_evidence(Visitor& visit, Evidence& evidence) {
  auto& [counts, item, state, is_a, document, covers, reason, created, record, text] = evidence;
  visit.shared(item, state, is_a, covers);
  visit.own(document, reason, text);
  visit.plain(counts, created, record);
}

template <class Visitor, class Attribution>
void visit_attribution(Visitor& visit, Attribution& attribution) {
  auto& [actor, actor_name, accountable, accountable_name, agreement, instrument, in_force, covers_function, law,
         note] = attribution;
  visit.shared(actor, actor_name, accountable, accountable_name, agreement, instrument, law, note);
  visit.plain(in_force, covers_function);
}

template <class Visitor, class Any>
void visit_finding(Visitor& visit, Any& finding) {
  auto& [why, about] = finding;
  auto& [id, rule, duty, title, because, outcome, state, sentence, severity, source, force, confidence,
         confidence_words, caveat, regime, edition_from, edition_to, due, flagged_since, next_change, clock, events,
         not_found, evidence, exceptions, notes, attribution, horizon] = why;
  visit.shared(about, rule, duty, title, because, state, severity, source, force, confidence, confidence_words, caveat,
               regime);
  visit.own(id, sentence);
  visit.plain(outcome, edition_from, edition_to, due, flagged_since, next_change, horizon);
  visit.each(events, [&](auto& it) { visit_event(visit, it); });
  visit.each(evidence, [&](auto& it) { visit_evidence(visit, it); });
  for (auto* lines : {&clock, &not_found, &notes}) visit.each(*lines, [&](auto& it) { visit.own(it); });
  visit.each(exceptions, [&](auto& it) { visit.shared(it); });
  visit_attribution(visit, attribution);
}

class Packer {
 public:
  explicit Packer(std::function<std::uint32_t(const std::string&)> place_of) : place_of_(std::move(place_of)) {}
  std::string take() { return {out_.begin(), out_.end()}; }  // no larger than it has to be

  void shared(const auto&... texts) { (plain(place_of_(texts)), ...); }
  void own(const auto&... texts) { (put(texts), ...); }
  void plain(const auto&... values) { (put_plain(values), ...); }
  void each(const auto& values, const auto& visit) {
    plain(static_cast<std::uint32_t>(values.size()));
    for (const auto& value : values) visit(value);
  }

 private:
  void put(const std::string& text) {
    plain(static_cast<std::uint32_t>(text.size()));
    out_ += text;
  }
  template <class T>
  void put_plain(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::function<std::uint32_t(const std::string&)> place_of_;
  std::string out_;
};

class Unpacker {
 public:
  Unpacker(std::string_view packed, const std::vector<std::string>& words) : rest_(packed), words_(words) {}

  void shared(auto&... texts) { ((texts = words_[taken<std::uint32_t>()]), ...); }
  void own(auto&... texts) { ((texts = take(taken<std::uint32_t>())), ...); }
  void plain(auto&... values) { ((values = taken<std::remove_reference_t<decltype(values)>>()), ...); }
  void each(auto& values, const auto& visit) {
    values.resize(taken<std::uint32_t>());
    for (auto& value : values) visit(value);
  }

 private:
  std::string_view take(std::size_t size) {
    const auto out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  template <class T>
  T taken() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::string_view rest_;
  const std::vector<std::string>& words_;
};

}  // namespace

Findings::Findings(std::initializer_list<Finding> findings) {
  for (const auto& it : findings) push_back(it);
}

std::string Findings::pack(const Finding& finding) {
  Packer packer([this](const std::string& text) {
    const auto [place, is_new] = places_.try_emplace(text, static_cast<std::uint32_t>(words_.size()));
    if (is_new) words_.push_back(text);
    return place->second;
  });
  visit_finding(packer, finding);
  return packer.take();
}

Finding Findings::operator[](std::size_t index) const {
  Finding out;
  Unpacker unpacker(packed_[index], words_);
  visit_finding(unpacker, out);
  return out;
}

void Findings::change(const std::function<void(Finding&)>& change) {
  for (std::size_t i = 0; i < size(); ++i) {
    Finding it = (*this)[i];
    change(it);
    packed_[i] = pack(it);
  }
}

void Findings::reorder(std::span<const std::size_t> order) {
  std::vector<std::string> out;
  out.reserve(order.size());
  for (const auto index : order) out.push_back(std::move(packed_[index]));
  packed_ = std::move(out);
}

}  // namespace answerable::pages
