#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::engine {
class Catalogue;
struct NotChecked;
}  // namespace answerable::engine

namespace answerable::render {
struct Document;
}

namespace answerable::pages {

/// The whole catalogue in plain words, by area, with what is not checked and why. A rule's heading has its id as
/// anchor. Carries no time of making: the same catalogue gives the same bytes.
render::Document rule_guide(const engine::Catalogue& catalogue, std::span<const engine::NotChecked> not_checked);

/// Where a page can link to a rule in the guide: "review.annual".
std::string rule_anchor(std::string_view id);

/// Writes rules.html and rules.pdf into the folder, which is made when absent, and gives their paths.
/// \throws std::runtime_error when a file cannot be written
std::vector<std::filesystem::path> write_rule_guide(const render::Document& guide, const std::filesystem::path& folder);

}  // namespace answerable::pages
