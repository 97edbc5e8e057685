#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audit/engine/lexicon.hpp"
#include "audit/engine/rule_words.hpp"

namespace answerable::engine {
namespace {

using Json = nlohmann::ordered_json;

std::size_t columns(std::string_view text) {
  // Continuation bytes of UTF-8 take no column; the rules' texts hold nothing wide or combining.
  std::size_t n = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++n;
  return n;
}

std::string plain(Outcome outcome) {
  return lexicon::spaced(word(outcome));
}

std::string plain(const std::vector<Outcome>& all) {
  std::vector<std::string> names;
  for (const auto outcome : all) names.push_back(plain(outcome));
  return lexicon::capital(lexicon::either(names));
}

class Writer {
 public:
  explicit Writer(int width) : width_(width) {}

  std::string write(const RuleWords& rule) {
    out_ = wrapped(rule.title, rule.id + "  ", width_) + wrapped(rule.because, "", width_);
    for (const auto& edition : rule.editions) write(edition, rule);
    out_ += "\nExamples\n";
    for (const auto& example : rule.examples)
      out_ +=
          wrapped(fmt::format("{}: on {} it comes to {}{}", lexicon::capital(example.name), words(example.judged_on),
                              plain(example.outcome), example.state.empty() ? "" : fmt::format(" ({})", example.state)),
                  "  - ", width_);
    return std::move(out_);
  }

 private:
  void line(std::string_view label, std::string_view text) {
    if (!text.empty()) out_ += wrapped(text, fmt::format("  {:<15}", label), width_);
  }

  void write(const RuleWords::Edition& edition, const RuleWords& rule) {
    out_ += '\n';
    line("Law", edition.source);
    line("Its force", lexicon::sentence(lexicon::capital(edition.force_words)));
    line("How sure", edition.confidence_words);
    line("Note", edition.caveat);
    line("In force", edition.in_force);
    line("For", edition.people.empty() ? "" : lexicon::sentence(lexicon::capital(edition.people)));
    line("Judged on", rule.subject);
    line("Who answers", rule.answers);
    for (const auto& duty : edition.duties) {
      out_ += edition.duties.size() == 1 ? "\n" : fmt::format("\nDuty: {}\n", lexicon::spaced(duty.id));
      for (const auto& point : duty.points) {
        out_ += wrapped(point.label + ':', "  ", width_);
        for (const auto& text : point.texts) out_ += wrapped(text, point.texts.size() == 1 ? "    " : "    - ", width_);
      }
      out_ += "  What we then say:\n";
      for (const auto& said : duty.says)
        out_ += wrapped(fmt::format("{}: {}", plain(said.outcomes), said.text), "    - ", width_);
    }
  }

  int width_;
  std::string out_;
};

Json maybe(const std::optional<Day>& day) {
  return day ? Json(iso(*day)) : Json(nullptr);
}

}  // namespace

std::string wrapped(std::string_view text, const std::string& first, int width) {
  const std::string indent(columns(first), ' ');
  std::string out, line = first;
  bool empty = true;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    if (!empty && columns(line) + 1 + columns(word) > static_cast<std::size_t>(width)) {
      out += line + '\n';
      line = indent;
      empty = true;
    }
    if (!empty) line += ' ';
    line += word;
    empty = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + line + '\n';
}

std::string text(const RuleWords& words, int width) {
  return Writer(width).write(words);
}

Json json(const RuleWords& rule) {
  Json out{{"id", rule.id},
           {"title", rule.title},
           {"because", rule.because},
           {"area", rule.area},
           {"area_title", rule.area_title},
           {"judged_on", rule.subject},
           {"function", rule.function},
           {"answers", rule.answers},
           {"editions", Json::array()},
           {"examples", Json::array()}};
  for (const auto& edition : rule.editions) {
    Json one{{"from", iso(edition.from)},
             {"to", maybe(edition.to)},
             {"people", edition.people},
             {"source", edition.source},
             {"force", word(edition.force)},
             {"force_words", edition.force_words},
             {"confidence", word(edition.confidence)},
             {"confidence_words", edition.confidence_words},
             {"caveat", edition.caveat},
             {"duties", Json::array()}};
    for (const auto& duty : edition.duties) {
      Json points = Json::array(), says = Json::array();
      for (const auto& point : duty.points)
        points.push_back({{"key", point.key}, {"label", point.label}, {"texts", point.texts}});
      for (const auto& said : duty.says) {
        Json names = Json::array();
        for (const auto outcome : said.outcomes) names.push_back(word(outcome));
        says.push_back({{"outcomes", std::move(names)}, {"text", said.text}});
      }
      one["duties"].push_back({{"id", duty.id}, {"points", std::move(points)}, {"says", std::move(says)}});
    }
    out["editions"].push_back(std::move(one));
  }
  for (const auto& example : rule.examples)
    out["examples"].push_back({{"name", example.name},
                               {"outcome", word(example.outcome)},
                               {"state", example.state},
                               {"duty", example.duty},
                               {"judged_on", iso(example.judged_on)}});
  return out;
}

}  // namespace answerable::engine
