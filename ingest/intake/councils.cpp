#include "ingest/intake/councils.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace answerable::intake {

Councils Councils::load(const std::filesystem::path& schemas_folder) {
  const auto file = schemas_folder / "codes" / "cassr.csv";
  std::ifstream in(file);
  if (!in)
    throw std::runtime_error(fmt::format("{} cannot be read: it lists the councils. Restore it.", file.string()));
  Councils found;
  std::string line;
  std::getline(in, line);
  for (int number = 2; std::getline(in, line); ++number) {
    const auto first = line.find(','), second = line.find(',', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      throw std::runtime_error(fmt::format("{}:{}: expected code,gss,name", file.string(), number));
    std::string name = line.substr(second + 1);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    found.councils_.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1), std::move(name)});
  }
  return found;
}

const Council* Councils::by_code(std::string_view code) const {
  const auto at = std::find_if(councils_.begin(), councils_.end(),
                               [&](const Council& c) { return !c.code.empty() && c.code == code; });
  return at == councils_.end() ? nullptr : &*at;
}

const Council* Councils::by_gss(std::string_view gss) const {
  const auto at = std::find_if(councils_.begin(), councils_.end(), [&](const Council& c) { return c.gss == gss; });
  return at == councils_.end() ? nullptr : &*at;
}

}  // namespace answerable::intake
