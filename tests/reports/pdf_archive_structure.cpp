#include <fmt/format.h>

#include <algorithm>

#include "tests/reports/pdf_archive_parts.hpp"

namespace answerable::render {
namespace {

using nlohmann::json;

/// What may lie directly inside of what (ISO 32000-1, 14.8.4), of the types we write; elsewhere "MC" stands for marked
/// content and "OBJR" for an annotation.
const std::map<std::string, std::set<std::string>> parts_of{
    {"Document", {"H1", "H2", "H3", "H4", "P", "L", "Table", "TOC", "Div"}},
    {"Div", {"H2", "H3", "H4", "P", "L", "Table", "TOC", "Div"}},
    {"H1", {"MC", "Link"}},
    {"H2", {"MC", "Link"}},
    {"H3", {"MC", "Link"}},
    {"H4", {"MC", "Link"}},
    {"P", {"MC", "Link"}},
    {"L", {"LI"}},
    {"LI", {"Lbl", "LBody"}},
    {"Lbl", {"MC", "Link"}},
    {"LBody", {"MC", "Link"}},
    {"Table", {"Caption", "THead", "TBody"}},
    {"Caption", {"MC", "Link"}},
    {"THead", {"TR"}},
    {"TBody", {"TR"}},
    {"TR", {"TH", "TD"}},
    {"TH", {"MC", "Link"}},
    {"TD", {"MC", "Link"}},
    {"TOC", {"TOCI"}},
    {"TOCI", {"Reference"}},
    {"Reference", {"MC", "Link"}},
    {"Link", {"MC", "OBJR"}},
};

class Structure {
 public:
  Structure(const PdfObjects& pdf, const std::map<std::string, PageMarks>& marks, Violations& found)
      : pdf_(pdf), marks_(marks), found_(found) {}

  void run() {
    const json& catalogue = pdf_.at(pdf_.trailer(), "/Root");
    if (!found_.unless(catalogue.contains("/StructTreeRoot"), "6.7.3.3: no structure tree")) return;
    const json& root = pdf_.at(catalogue, "/StructTreeRoot");
    found_.unless(!root.contains("/RoleMap"), "6.7.3.4: types are mapped, which is not looked into");
    read_parents(root);
    visit(root.at("/K"), catalogue.at("/StructTreeRoot"), "");
    found_.unless(headings_[1] == 1, "32000-1 14.8.4.3.2: not one heading of level 1");
    for (const auto& [page, marks] : marks_) {
      for (const auto& [number, type] : marks)
        found_.unless(placed_.contains({page, number}), "6.7.3: a mark is not in the tree: " + type);
    }
    for (const auto& page : pdf_.pages()) {
      for (const auto& annotation : pdf_.at(pdf_.at(page), "/Annots"))
        found_.unless(annotations_.contains(annotation.get<std::string>()), "6.7.3: a link is not in the tree");
    }
  }

 private:
  void read_parents(const json& root) {
    const json& numbers = pdf_.at(pdf_.at(root, "/ParentTree"), "/Nums");
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) parents_[numbers[i].get<int>()] = numbers[i + 1];
    found_.unless(std::ranges::all_of(
                      parents_, [&](const auto& entry) { return entry.first < pdf_.at(root, "/ParentTreeNextKey"); }),
                  "32000-1 14.7.4.4: the next key of the parent tree is taken");
  }

  /// Gives the element's type.
  std::string visit(const json& reference, const json& parent, const std::string& parent_type) {
    const json& element = pdf_.at(reference);
    const std::string type = element.at("/S").get<std::string>().substr(1);
    const auto parts = parts_of.find(type);
    if (!found_.unless(parts != parts_of.end(), "6.7.3.4: a type that is not looked into: " + type)) return type;
    found_.unless(element.at("/P") == parent, "32000-1 14.7.2: an element names another parent");
    found_.unless(!parent_type.empty() || type == "Document",
                  "32000-1 14.8.4.2: the tree does not begin with Document");
    if (type.size() == 2 && type[0] == 'H') check_heading(type[1] - '0');
    if (type == "TH") check_scope(element, parent_type);

    std::vector<std::string> inside;
    for (const auto& child : pdf_.at(element, "/K")) inside.push_back(visit_child(child, element, reference, type));
    for (const auto& part : inside)
      found_.unless(parts->second.contains(part), fmt::format("32000-1 14.8.4: {} directly inside of {}", part, type));
    if (type == "Link")
      found_.unless(std::ranges::count(inside, "OBJR") > 0, "32000-1 14.8.4.4.2: a link leads nowhere");
    if (type == "LI")
      found_.unless(inside == std::vector<std::string>{"Lbl", "LBody"}, "32000-1 14.8.4.3.3: a list item");
    if (type == "TR") row_lengths_.push_back(inside.size());
    if (type == "Table") {
      found_.unless(inside == std::vector<std::string>{"Caption", "THead", "TBody"},
                    "32000-1 14.8.4.3.4: a table's parts");
      found_.unless(std::ranges::adjacent_find(row_lengths_, std::not_equal_to<>{}) == row_lengths_.end(),
                    "32000-1 14.8.4.3.4: a table's rows differ in length");
      row_lengths_.clear();
    }
    return type;
  }

  std::string visit_child(const json& child, const json& parent, const json& element, const std::string& type) {
    if (child.is_number()) return visit_content(parent.at("/Pg"), child.get<int>(), element, type);
    const json& dictionary = pdf_.at(child);
    if (dictionary.value("/Type", "") == "/MCR")
      return visit_content(dictionary.at("/Pg"), dictionary.at("/MCID").get<int>(), element, type);
    if (dictionary.value("/Type", "") == "/OBJR") {
      const json& annotation = pdf_.at(dictionary, "/Obj");
      annotations_.insert(dictionary.at("/Obj").get<std::string>());
      found_.unless(parents_[pdf_.at(annotation, "/StructParent").get<int>()] == element,
                    "32000-1 14.7.4.4: the parent tree does not lead back from a link");
      return "OBJR";
    }
    return visit(child, element, type);
  }

  std::string visit_content(const std::string& page, int number, const json& element, const std::string& type) {
    found_.unless(placed_.insert({page, number}).second, "32000-1 14.7.4.2: a mark is in the tree twice");
    const auto mark = marks_.at(page).find(number);
    found_.unless(mark != marks_.at(page).end() && mark->second == "/" + type,
                  "6.7.3: content of " + type + " is not there, or marked as something else");
    const json& parents = pdf_.at(parents_[pdf_.at(pdf_.at(page), "/StructParents").get<int>()]);
    found_.unless(parents.is_array() && number < static_cast<int>(parents.size()) &&
                      parents[static_cast<std::size_t>(number)] == element,
                  "32000-1 14.7.4.4: the parent tree does not lead back to the element");
    return "MC";
  }

  void check_heading(int level) {
    found_.unless(level <= deepest_ + 1, "32000-1 14.8.4.3.2: headings skip a level");
    deepest_ = level;
    ++headings_[level];
  }

  void check_scope(const json& element, const std::string& parent) {
    const json& scope = pdf_.at(pdf_.at(element, "/A"), "/Scope");
    found_.unless(parent == "TR" && (scope == "/Row" || scope == "/Column"),
                  "32000-1 14.8.5.7: a header cell has no scope");
  }

  const PdfObjects& pdf_;
  const std::map<std::string, PageMarks>& marks_;
  Violations& found_;
  std::map<int, json> parents_;
  std::set<std::pair<std::string, int>> placed_;
  std::set<std::string> annotations_;
  std::vector<std::size_t> row_lengths_;
  std::map<int, int> headings_;
  int deepest_ = 0;
};

}  // namespace

void check_structure(const PdfObjects& pdf, const std::map<std::string, PageMarks>& marks, Violations& found) {
  Structure(pdf, marks, found).run();
}

}  // namespace answerable::render
