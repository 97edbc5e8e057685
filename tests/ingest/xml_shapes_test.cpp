// Records of a shape that is known are judged by their values alone: never differently from how the parser judges them.
#include "ingest/xml/shapes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "ingest/xml/parser.hpp"
#include "ingest/xml/splitter.hpp"
#include "tests/ingest/xml_reading.hpp"

namespace answerable::xml {
namespace {

namespace fs = std::filesystem;

struct Example {
  fs::path file;
  wire::Head head;
  std::vector<std::string> records;
};

Example read_example(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  Splitter splitter([&](char* to, std::size_t size) {
    in.read(to, static_cast<std::streamsize>(size));
    return static_cast<std::size_t>(in.gcount());
  });
  splitter.read_head();
  Example example{.file = file, .head = {}, .records = {}};
  while (const auto chunk = splitter.next()) {
    std::size_t at = 0;
    for (const auto& cut : chunk->records) {
      example.records.push_back(chunk->bytes.substr(at + cut.lead, cut.length));
      at += cut.lead + cut.length;
    }
  }
  example.head = {std::string(splitter.head()), std::string(splitter.closing()), london_day(now())};
  return example;
}

/// The richest good example of each kind.
const std::vector<Example>& good_examples() {
  static const auto all = [] {
    std::vector<Example> found;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path{ANSWERABLE_SOURCE} / "schemas/records"))
      if (entry.path().filename() == "good-full.xml") found.push_back(read_example(entry.path()));
    return found;
  }();
  return all;
}

std::string answer(Parser& parser, std::string_view record, std::string_view lead = {}) {
  const auto bytes = std::string(lead) + std::string(record);
  wire::ChunkJob job;
  job.records.push_back({.lead = static_cast<std::uint32_t>(lead.size()),
                         .length = static_cast<std::uint32_t>(record.size()),
                         .start = {.byte = lead.size(), .line = 1, .column = static_cast<int>(lead.size()) + 1}});
  job.bytes = bytes;
  return parser.chunk(job);
}

/// Where values stand: from and to. Texts between any two tags, and values of attributes.
std::vector<std::pair<std::size_t, std::size_t>> values_of(std::string_view record) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  bool in_tag = false;
  for (std::size_t at = 0; at < record.size(); ++at) {
    if (record[at] == '<') in_tag = true;
    if (in_tag && record[at] == '"') {
      const auto end = record.find('"', at + 1);
      found.emplace_back(at + 1, end);
      at = end;
    } else if (record[at] == '>') {
      in_tag = false;
      found.emplace_back(at + 1, std::min(record.find('<', at), record.size()));
    }
  }
  return found;
}

std::string replaced(std::string_view record, std::pair<std::size_t, std::size_t> place, std::string_view by) {
  return std::string(record.substr(0, place.first)) + std::string(by) + std::string(record.substr(place.second));
}

class Shaped : public ::testing::Test {
 protected:
  Parser parser_{kinds_folder(), true}, plain_{kinds_folder(), true};
  static fs::path kinds_folder() { return fs::path{ANSWERABLE_SOURCE} / "schemas"; }
};

TEST_F(Shaped, RecordsOfOneShapeNeedNoParserButForTheFirst) {
  std::size_t known = 0;
  for (auto example : good_examples()) {
    // With this behind it whatever the parser reads is ill-formed.
    example.head.closing = "<";
    parser_.begin(example.head);
    const auto ill_formed = answer(parser_, example.records.front());
    ASSERT_TRUE(wire::read_result(std::string_view(ill_formed).substr(wire::prefix_size)).fatal) << example.file;
    const auto answered = answer(parser_, example.records.front(), "\n  ");
    const auto result = wire::read_result(std::string_view(answered).substr(wire::prefix_size));
    if (result.fatal) continue;
    ++known;
    EXPECT_EQ(result.records.size(), 1U) << example.file;
  }
  EXPECT_GE(known * 10, good_examples().size() * 9);
}

TEST_F(Shaped, NoValueIsJudgedOtherwiseThanByTheParser) {
  const std::vector<std::string> odd{"",
                                     " ",
                                     "x",
                                     " padded ",
                                     "two  spaces",
                                     "2024-02-30",
                                     "2024-02-29",
                                     "2024",
                                     "-1",
                                     "1.5",
                                     "yes",
                                     "a\tb",
                                     "a\nb",
                                     "a\r\nb",
                                     "R&amp;D",
                                     "R&D",
                                     "&#10;",
                                     "]]>",
                                     "a]b",
                                     "<!-- no -->",
                                     "<![CDATA[x]]>",
                                     "<?x y?>",
                                     "<x/>",
                                     "<",
                                     "'\"",
                                     "\" x=\"",
                                     "\" xmlns=\"urn:x",
                                     "\" xmlns:p=\"urn:x\" p:a=\"1",
                                     "\" xsi:nil=\"true",
                                     "é – \xF0\x9F\x99\x82",
                                     std::string(5000, 'x')};
  std::size_t asked = 0;
  for (const auto& example : good_examples()) {
    const auto& record = example.records.front();
    parser_.begin(example.head);
    answer(parser_, record);
    for (const auto& place : values_of(record)) {
      for (const auto& value : odd) {
        const auto changed = replaced(record, place, value);
        plain_.begin(example.head);
        ASSERT_EQ(answer(parser_, changed), answer(plain_, changed)) << example.file << '\n' << changed;
        ++asked;
      }
    }
  }
  EXPECT_GT(asked, 10'000U);
}

TEST_F(Shaped, WhatIsCutOrMovedIsJudgedByTheParser) {
  for (const auto& example : good_examples()) {
    const auto& record = example.records.front();
    parser_.begin(example.head);
    answer(parser_, record);
    for (std::size_t at = 1; at < record.size(); at += 7) {
      for (const auto& changed :
           {record.substr(0, at) + record.substr(at + 1), record.substr(0, at) + '>' + record.substr(at),
            record.substr(0, at) + record.substr(at - 1)}) {
        plain_.begin(example.head);
        ASSERT_EQ(answer(parser_, changed), answer(plain_, changed)) << example.file << '\n' << changed;
      }
    }
  }
}

TEST_F(Shaped, APrefixMeansWhatItsOwnFileSays) {
  const auto head = [](std::string_view ns) {
    return wire::Head{fmt::format("<submission xmlns=\"urn:answerable:submission:1\" xmlns:r=\"{}\">{}<records>", ns,
                                  testing::header),
                      "</records></submission>", london_day(now())};
  };
  const std::string record =
      "<r:review id=\"R-1\"><r:person scheme=\"nhs-number\">9990000018</r:person><r:type>plan</r:type>"
      "<r:due>2024-05-01</r:due></r:review>";
  for (const auto* ns : {"urn:answerable:review:1", "urn:answerable:person:1", "urn:answerable:review:1"}) {
    parser_.begin(head(ns));
    plain_.begin(head(ns));
    const auto first = answer(plain_, record);
    EXPECT_EQ(answer(parser_, record), first);
    EXPECT_EQ(answer(parser_, record), first);
    const auto result = wire::read_result(std::string_view(first).substr(wire::prefix_size));
    EXPECT_EQ(result.records.at(0).faults.empty(), ns == std::string_view("urn:answerable:review:1"));
  }
}

TEST_F(Shaped, RecordsOfKnownAndUnknownShapeKeepTheirOrderAndPlaces) {
  const auto head =
      wire::Head{fmt::format("<submission xmlns=\"urn:answerable:submission:1\">\n{}\n<records>", testing::header),
                 "</records></submission>", london_day(now())};
  const std::vector<std::string> parts{
      testing::review("R-1", "<type>plan</type><due>2024-05-01</due>"),
      testing::review("R-2", "<type>plan</type><due>2024-05-02</due>"),
      testing::review("R-3", "<type>plan</type><due>soon</due>"),
      testing::review("R-4", "<type>no such</type><due>2024-05-04</due>"),
      testing::review("R-5", "<type>plan</type><due>2024-05-05</due>"),
      testing::review("R-6", "<type>plan</type><started>2024-05-05</started>"),
      testing::review("R-7", "<type>plan</type><due>2024-05-07</due>"),
  };
  wire::ChunkJob job;
  std::string bytes;
  Position place{.byte = 1000, .line = 50, .column = 1};
  job.start = place;
  for (const auto& part : parts) {
    const std::string lead = "\n  ";
    place.advance(lead);
    job.records.push_back({3, static_cast<std::uint32_t>(part.size() - 1), place});
    place.advance(part.substr(0, part.size() - 1));
    bytes += lead + part.substr(0, part.size() - 1);
  }
  job.bytes = bytes;
  plain_.begin(head);
  const auto first = plain_.chunk(job);
  plain_.begin(head);
  auto with_envelope = job;
  with_envelope.wants_envelope = true;
  const auto whole = plain_.chunk(with_envelope);
  const auto again = plain_.chunk(job);
  EXPECT_EQ(again, first);
  const auto faults = [](const std::string& frame) {
    std::vector<std::string> told;
    const auto result = wire::read_result(std::string_view(frame).substr(wire::prefix_size));
    for (const auto& record : result.records)
      for (const auto& fault : record.faults)
        told.push_back(fmt::format("{} {}:{} {}", record.id, fault.line, fault.column, fault.code));
    return told;
  };
  EXPECT_EQ(faults(again), faults(whole));
  EXPECT_EQ(faults(again).size(), 2U);
}

}  // namespace
}  // namespace answerable::xml
