// Whatever tree of files is written, in whatever order and pieces: it comes back, and says of itself that it is whole.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "audit/bag/bag_source.hpp"
#include "tests/audit/bag_kit.hpp"

using namespace answerable::bag;
using namespace answerable::bag::testing;

namespace {

std::string random_path() {
  std::string path = *rc::gen::element<std::string>("data", "data", "data", "notes");
  for (int depth = *rc::gen::inRange(1, 4); depth > 0; --depth) {
    path += '/';
    for (int length = *rc::gen::inRange(1, 5); length > 0; --length)
      path += *rc::gen::element('a', 'b', 'C', '1', ',', '~');
  }
  return path;
}

Files read_back(const BagSource& source) {
  Files files;
  for (const auto& file : source.files()) files[file.path] = source.text(file, file.size);
  return files;
}

}  // namespace

RC_GTEST_PROP(BagProperty, EveryTreeComesBack, ()) {
  // In memory: each of these bags is made durable, and a disk takes its time.
  Folder folder{fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path()};
  SealedZipWriter zip{folder / "x.zip", "bundle"};
  FolderSink tree{folder / "bundle"};
  BagWriter to_zip{zip, labels}, to_tree{tree, labels};
  Files written;
  for (int count = *rc::gen::inRange(0, 20); count > 0; --count) {
    const std::string path = random_path();
    try {
      to_zip.begin(path);
    } catch (const std::runtime_error&) {  // another's folder or twin: both sinks refuse it
      RC_ASSERT_THROWS_AS(to_tree.begin(path), std::runtime_error);
      continue;
    }
    to_tree.begin(path);
    const auto content = *rc::gen::arbitrary<std::string>();
    const auto cut = static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(content.size()) + 1));
    for (BagWriter* writer : {&to_zip, &to_tree}) {
      writer->write(answerable::as_bytes(std::string_view{content}.substr(0, cut)));
      writer->write(answerable::as_bytes(std::string_view{content}.substr(cut)));
      writer->end();
    }
    written[path] = content;
  }
  to_tree.add("data/last", "");  // a folder without payload is no bag
  to_zip.add("data/last", "");
  RC_ASSERT(to_zip.finish() == to_tree.finish());

  RC_ASSERT(judge_bag(folder / "x.zip").findings.empty());
  RC_ASSERT(judge_bag(folder / "bundle").findings.empty());
  const Files from_zip = read_back(*open_bag(folder / "x.zip"));
  RC_ASSERT(from_zip == read_back(*open_bag(folder / "bundle")));
  for (const auto& [path, content] : written) RC_ASSERT(from_zip.at(path) == content);
}
