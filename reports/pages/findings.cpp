#include "reports/pages/findings.hpp"

#include <cstring>
#include <type_traits>

namespace answerable::pages {
namespace {

using engine::Explanation;

/// Goes through everything a finding says, in an order of its own: what is said in many in the same words, what is said
/// of one, and what is no text.
template <class Visitor, class Event>
void visit_event(Visitor& visit, Event& it) {
  visit.shared(it.part, it.kind, it.act, it.performer, it.performer_name);
  visit.own(it.record_id, it.text);
  visit.plain(it.record, it.version, it.when, it.received_on);
}

template <class Visitor, class Evidence>
void visit_evidence(Visitor& visit, Evidence& it) {
  visit.shared(it.item, it.state, it.is_a, it.covers);
  visit.own(it.document, it.reason, it.text);
  visit.plain(it.counts, it.created, it.record);
}

template <class Visitor, class Any>
void visit_finding(Visitor& visit, Any& finding) {
  auto& why = finding.why;
  auto& how = why.attribution;
  visit.shared(finding.about, why.rule, why.duty, why.title, why.because, why.state, why.severity, why.source,
               why.force, why.confidence, why.confidence_words, why.caveat, why.regime, how.actor, how.actor_name,
               how.accountable, how.accountable_name, how.agreement, how.instrument, how.law, how.note);
  visit.own(why.finding, why.sentence);
  visit.plain(why.outcome, why.edition_from, why.edition_to, why.due, why.flagged_since, why.next_change, why.horizon,
              how.in_force, how.covers_function);
  visit.each(why.events, [&](auto& it) { visit_event(visit, it); });
  visit.each(why.evidence, [&](auto& it) { visit_evidence(visit, it); });
  for (auto* lines : {&why.clock, &why.not_found, &why.notes}) visit.each(*lines, [&](auto& it) { visit.own(it); });
  visit.each(why.exceptions, [&](auto& it) { visit.shared(it); });
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
