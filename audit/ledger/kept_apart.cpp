#include "audit/ledger/kept_apart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "ingest/durable_file.hpp"

namespace answerable::ledger {

std::vector<std::string> read_kept_apart(const std::filesystem::path& folder, const std::string& authority) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".checkpoint" && entry.path().stem().string().starts_with(authority + '-'))
      files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> notes;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    notes.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return notes;
}

void keep_apart(const std::filesystem::path& folder, const std::string& authority, int ledger,
                const std::string& note) {
  replace_durably(folder / fmt::format("{}-{}.checkpoint", authority, ledger), note);
}

}  // namespace answerable::ledger
