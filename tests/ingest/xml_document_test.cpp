#include "ingest/xml/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "ingest/xml/kinds.hpp"

namespace answerable::xml {
namespace {

namespace fs = std::filesystem;

class XmlDocument : public ::testing::Test {
 protected:
  XmlDocument() : folder_(fs::temp_directory_path() / ("xml-document-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~XmlDocument() override { fs::remove_all(folder_); }
  fs::path file(const std::string& name, const std::string& bytes) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  static std::string why(const fs::path& path, std::span<const fs::path> schemas) {
    try {
      load_document(path, schemas);
    } catch (const Invalid& e) {
      return e.what();
    }
    return "valid";
  }
  fs::path folder_;
};

const std::array timeline_grammar{fs::path(ANSWERABLE_SOURCE) / "schemas/timeline/1/timeline.xsd"};

TEST_F(XmlDocument, KeepsElementsAttributesTextAndPlaces) {
  const auto root = load_document(
      file("a.xml", "<a xmlns='urn:x' k='1'>\n  <b>t &amp; u</b><c xmlns='urn:y' xmlns:z='urn:z' z:q='2'/></a>"), {});
  EXPECT_EQ(root.ns, "urn:x");
  EXPECT_EQ(root.value("k"), "1");
  EXPECT_EQ(root.child_text("b"), "t & u");
  EXPECT_EQ(root.child("b")->line, 2);
  EXPECT_EQ(root.child("c")->ns, "urn:y");
  EXPECT_EQ(root.child("c")->value("{urn:z}q"), "2");
  EXPECT_EQ(root.child("none"), nullptr);
}

TEST_F(XmlDocument, WhatIsSerialisedReadsBackTheSame) {
  const auto root = load_document(file("a.xml",
                                       "<a xmlns='urn:x' k='&quot;&#10;&lt;'><b>t &amp; u &lt; é</b><c xmlns='urn:y' "
                                       "xmlns:z='urn:z' z:q='2'><d xmlns=''/></c></a>"),
                                  {});
  const auto once = serialise(root);
  EXPECT_EQ(serialise(load_document(file("b.xml", once), {})), once);
  EXPECT_EQ(load_document(file("b.xml", once), {}).value("k"), "\"\n<");
}

TEST_F(XmlDocument, SaysFileLineAndColumnOfWhatIsNotValid) {
  const auto path = file("t.xml",
                         "<timeline xmlns='urn:answerable:timeline:1' kind='x' version='1' title='X'>\n<subject "
                         "type='planet'/>\n</timeline>");
  EXPECT_THAT(why(path, timeline_grammar), ::testing::StartsWith(path.string() + ":2:"));
}

TEST_F(XmlDocument, RefusesDoctypesAndEntities) {
  EXPECT_NE(why(file("d.xml", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"), {}), "valid");
  EXPECT_NE(why(file("e.xml", "<!DOCTYPE a><a/>"), {}), "valid");
  EXPECT_NE(why(file("f.xml", "<a>&unknown;</a>"), {}), "valid");
  EXPECT_EQ(why(file("g.xml", "<a>&amp;</a>"), {}), "valid");
}

TEST_F(XmlDocument, IgnoresSchemaLocation) {
  const auto path =
      file("t.xml",
           "<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='nowhere.xsd'/>");
  EXPECT_EQ(why(path, {}), "valid");
}

TEST_F(XmlDocument, RefusesSchemasThatReachOutOfTheirFolder) {
  file("outside.xsd", "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>");
  const std::array inside{file("schemas/in.xsd",
                               "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:include "
                               "schemaLocation='../outside.xsd'/><xs:element name='a'/></xs:schema>")};
  EXPECT_THAT(why(file("a.xml", "<a/>"), inside), ::testing::HasSubstr("another file"));
}

class XmlKinds : public XmlDocument {
 protected:
  void kind(const std::string& name, const std::string& version, const std::string& says_kind,
            const std::string& says_version) {
    file("schemas/records/" + name + "/" + version + "/record.xsd", "<x/>");
    file("schemas/records/" + name + "/" + version + "/timeline.xml",
         "<timeline xmlns='urn:answerable:timeline:1' kind='" + says_kind + "' version='" + says_version +
             "' title='T'><subject type='council'/><entry act='a.b' date='when' says='x'/></timeline>");
  }
  std::string loaded() {
    fs::create_directories(folder_ / "schemas/timeline");
    fs::copy(fs::path(ANSWERABLE_SOURCE) / "schemas/timeline/1", folder_ / "schemas/timeline/1",
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    try {
      return std::to_string(Kinds::load(folder_ / "schemas").all().size());
    } catch (const Invalid& e) {
      return e.what();
    }
  }
};

TEST_F(XmlKinds, LearnsKindsFromTheirFolders) {
  kind("one-two", "1", "one-two", "1");
  kind("one-two", "2", "one-two", "2");
  EXPECT_EQ(loaded(), "2");
  const auto all = Kinds::load(folder_ / "schemas");
  ASSERT_NE(all.find("urn:answerable:one-two:2"), nullptr);
  EXPECT_EQ(all.find("urn:answerable:one-two:2")->element, "oneTwo");
  EXPECT_EQ(all.find("one-two", 3), nullptr);
}

TEST_F(XmlKinds, RefusesAKindThatIsNotItsFolders) {
  kind("one", "1", "two", "1");
  EXPECT_THAT(loaded(), ::testing::HasSubstr("not the folder it lies in"));
}

TEST_F(XmlKinds, RefusesTheSameNamespaceTwice) {
  kind("one", "1", "one", "1");
  kind("one", "01", "one", "1");
  EXPECT_THAT(loaded(), ::testing::HasSubstr("one"));
  EXPECT_THAT(loaded(), ::testing::Not(::testing::Eq("2")));
}

TEST_F(XmlKinds, RefusesAFolderThatLacksAFile) {
  kind("one", "1", "one", "1");
  fs::remove(folder_ / "schemas/records/one/1/record.xsd");
  EXPECT_THAT(loaded(), ::testing::HasSubstr("no record.xsd"));
}

TEST(XmlSays, LeavesOutWhatHasNoValues) {
  EXPECT_EQ(fill("Review completed ({type}). {outcome}", {{"type", "plan"}, {"outcome", "Goes on."}}),
            "Review completed (plan). Goes on.");
  EXPECT_EQ(fill("Review completed ({type}). {outcome}", {{"type", "plan"}}), "Review completed (plan).");
  EXPECT_EQ(fill("Review completed ({type}). {outcome}", {}), "Review completed.");
  EXPECT_EQ(fill("Review due ({type})", {}), "Review due");
  EXPECT_EQ(fill("Asked by {by} for {what}", {{"by", "carer"}}), "Asked by carer for ");
  EXPECT_EQ(fill("Review requested by {by}", {}), "Review requested by (not recorded)");
  EXPECT_EQ(fill("No values at all. Nothing.", {}), "No values at all. Nothing.");
}

}  // namespace
}  // namespace answerable::xml
