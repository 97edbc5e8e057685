// The spreadsheet, opened with stock tools: Python's zipfile and XML reader.
#include "reports/render/ods.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "reports/render/document.hpp"
#include "tests/reports/render_sample.hpp"

namespace answerable::render {
namespace {

constexpr const char* opened_by_python = R"(
import io, sys, xml.etree.ElementTree as E, zipfile
z = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
assert z.testzip() is None
assert z.infolist()[0].filename == 'mimetype' and all(i.compress_type == zipfile.ZIP_STORED and not i.extra for i in z.infolist())
print(z.read('mimetype').decode())
o = '{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}'
m = E.fromstring(z.read('META-INF/manifest.xml'))
assert {f.get(o % 'manifest' + 'full-path') for f in m} == {'/', 'content.xml'}
c = E.fromstring(z.read('content.xml'))
assert c.get(o % 'office' + 'version') == '1.3'
names = set()
for t in c.iter(o % 'table' + 'table'):
    name = t.get(o % 'table' + 'name'); assert name not in names; names.add(name); print('#', name)
    for r in t.iter(o % 'table' + 'table-row'):
        print('|'.join((x.get(o % 'office' + 'value-type')[0] + ':' + x.find(o % 'text' + 'p').text) if x.find(o % 'text' + 'p').text else '' for x in r))
)";

/// What a reader who knows nothing of ours finds in it.
std::string opened(const std::string& file) {
  std::string name = (std::filesystem::temp_directory_path() / "answerable-ods-XXXXXX").string();
  const int descriptor = ::mkstemp(name.data());
  EXPECT_EQ(::write(descriptor, file.data(), file.size()), static_cast<ssize_t>(file.size()));
  ::close(descriptor);
  const auto command = "python3 -c \"" + std::string(opened_by_python) + "\" <" + name + " 2>&1";
  FILE* reader = ::popen(command.c_str(), "r");
  std::string out;
  std::array<char, 4096> piece{};
  while (const auto read = std::fread(piece.data(), 1, piece.size(), reader)) out.append(piece.data(), read);
  EXPECT_EQ(::pclose(reader), 0) << out;
  std::filesystem::remove(name);
  return out;
}

std::string written(const Document& document) {
  std::ostringstream out;
  ods(document, out);
  return std::move(out).str();
}

TEST(Ods, SentencesAreOneSheetAndEachTableAnother) {
  Document document;
  document.title = "A report";
  document.footer_left = "Not verdicts.";
  document.blocks.push_back(Paragraph{{"Less than <five> & \"more\"."}});
  document.blocks.push_back(Table{.caption = "How many: by rule?",
                                  .columns = {{"Rule"}, {"Figure"}},
                                  .rows = {Row{{{"one"}, {"12"}}}, Row{{{"=SUM(A1)"}, {"007"}}}, Row{{{""}, {"0"}}}}});
  document.blocks.push_back(Table{.caption = "How many: by rule?", .columns = {{"Nothing"}}});
  EXPECT_EQ(opened(written(document)),
            "application/vnd.oasis.opendocument.spreadsheet\n"
            "# 1 A report\ns:A report\ns:Less than <five> & \"more\".\ns:Not verdicts.\n"
            "# 2 How many  by rule \ns:Rule|s:Figure\ns:one|f:12\ns:=SUM(A1)|s:007\n|f:0\n"
            "# 3 How many  by rule \ns:Nothing\n")
      << "text that looks like a formula stays text, and a code keeps its zeros";
}

TEST(Ods, EveryKindOfBlockIsWrittenAndEqualDocumentsGiveEqualBytes) {
  const auto document = sample_document();
  const auto file = written(document);
  EXPECT_EQ(file, written(document));
  EXPECT_EQ(opened(file).find("application/vnd.oasis"), 0u);
  EXPECT_THROW(written(Document{}), std::invalid_argument) << "without a title";
}

}  // namespace
}  // namespace answerable::render
