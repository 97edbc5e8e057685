// The one joined reply: what each head is answered, what other bodies answered, and the parts the law asks for.
#include <fmt/format.h>

#include <algorithm>

#include "reports/pages/wording.hpp"
#include "reports/service/complaints/case_file.hpp"
#include "reports/service/complaints/case_frame.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/work.hpp"

namespace answerable::service {
namespace {

constexpr std::size_t longest_draft = 40'000;

Fragment draft_form(const Visit& visit, const Complaint& complaint, const Work& work, const std::string& piece,
                    const std::string& label, Fragment hint, int rows) {
  Fragment fields = hidden_field("piece", piece);
  std::string id = "draft-" + piece;
  std::ranges::replace(id, ' ', '-');
  fields += Fragment(components::Textarea{.name = "words",
                                          .label = {label, components::LabelSize::s},
                                          .hint = std::move(hint),
                                          .value = std::string(work.draft(piece)),
                                          .rows = rows,
                                          .id = id});
  fields += Fragment(components::Button{
      .text = "Keep this draft", .kind = components::Button::Kind::secondary, .hidden = "of " + label});
  return post_form(visit, case_path(complaint.reference, "drafts"), fields);
}

components::TaskList required_parts(const Complaint& complaint, const Work& work) {
  components::TaskList list{.tasks = {}, .id_prefix = "reply-part"};
  for (const auto& part : reply_parts) {
    const bool there = !work.draft(part.piece).empty();
    list.tasks.push_back(
        {std::string(part.title),
         there ? Fragment("Drafted") : Fragment(components::Tag{"Missing", components::TagColour::red}),
         "#draft-" + std::string(part.piece), std::string(part.hint)});
  }
  const auto unanswered = std::ranges::count_if(work.parts, [](const Part& part) { return !part.reply; });
  if (!work.parts.empty())
    list.tasks.push_back(
        {"Answers of other bodies",
         unanswered == 0 ? Fragment("All there")
                         : Fragment(components::Tag{fmt::format("{} missing", unanswered), components::TagColour::red}),
         case_path(complaint.reference)});
  return list;
}

/// The reply as it stands, to be read in one piece and copied into the letter.
Fragment joined_reply(const Work& work, const std::map<std::string, std::string>& bodies) {
  std::string text;
  const auto add = [&](std::string_view title, std::string_view words) {
    if (!words.empty()) text += fmt::format("{}\n\n{}\n\n", title, words);
  };
  add(reply_parts[0].title, work.draft(reply_parts[0].piece));
  for (const auto& head : work.heads)
    add(fmt::format("Head {}: {}", head.number, head.words), work.draft(fmt::format("head {}", head.number)));
  for (const auto& part : work.parts)
    if (part.reply) {
      const auto body = bodies.find(part.body);
      add(fmt::format("What {} answered", body == bodies.end() ? part.body : body->second), *part.reply);
    }
  for (std::size_t i = 1; i < reply_parts.size(); ++i) add(reply_parts[i].title, work.draft(reply_parts[i].piece));
  if (text.empty()) return components::Paragraph{"Nothing has been drafted."};
  return components::Preformatted{text};
}

/// A piece that there is: one of the reply's parts, or the answer to a head or a question.
bool is_piece(const std::string& piece, const Work& work, const std::vector<std::string>& questions) {
  if (std::ranges::find(reply_parts, piece, &ReplyPart::piece) != reply_parts.end()) return true;
  if (std::ranges::find(questions, piece) != questions.end()) return true;
  return std::ranges::any_of(work.heads,
                             [&](const Head& head) { return piece == fmt::format("head {}", head.number); });
}

}  // namespace

http::Response case_reply(Visit& visit) {
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
    const auto work = work_on(transaction, open.complaint.reference);
    Page page = case_page(visit, open.complaint, "reply");
    Pieces pieces;
    pieces.says(
        "A written response, signed by the responsible person or somebody they authorised, has to hold these parts "
        "(SI 2009/309 reg 14(2); seen only in a sister regulation of the same drafting).");
    pieces.add(required_parts(open.complaint, work));
    for (const auto& part : reply_parts)
      pieces.add(draft_form(visit, open.complaint, work, std::string(part.piece), std::string(part.title),
                            std::string(part.hint), 5));
    if (!work.heads.empty()) pieces.heading("Answers to the heads");
    for (const auto& head : work.heads)
      pieces.add(draft_form(visit, open.complaint, work, fmt::format("head {}", head.number),
                            fmt::format("Answer to head {}", head.number), head.words, 5));
    pieces.heading("The reply as it stands")
        .add(joined_reply(work, bodies(transaction, visit.actor().authority, open.complaint)));
    if (work.missing_of_reply().empty())
      pieces.add(components::Button{.text = "Put the reply on record",
                                    .href = case_path(open.complaint.reference, "record?what=responded")});
    else
      pieces.says("When no part is missing it can be put on record as sent.");
    page.add(pieces.all());
    return std::move(page).answer();
  });
}

http::Response write_case_draft(Visit& visit) {
  const auto piece = visit.field("piece"), words = visit.field("words");
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    const auto& reference = open.complaint.reference;
    pg::Transaction transaction(connection, pg::Access::read_write);
    const auto questions = question_pieces(case_records(transaction, visit.actor().authority, open.complaint));
    if (words.size() > longest_draft || !is_piece(piece, work_on(transaction, reference), questions))
      return page_of_problem(visit, 422, "This draft cannot be kept",
                             "It belongs to no part of the reply, no head and no question of this complaint, or it is "
                             "longer than 40,000 letters. Go back: what you wrote is still there.");
    write_draft(transaction, reference, piece, words);
    transaction.commit();
    return see_other(case_path(reference, piece.starts_with("question ") ? "ombudsman" : "reply"));
  });
}

}  // namespace answerable::service
