// Writes one submission of at least N generated records to standard output: bench-records N
#include <cstdio>
#include <cstdlib>

#include "reports/demo/generator.hpp"

int main(int argc, char** argv) {
  const long wanted = argc > 1 ? std::atol(argv[1]) : 100'000;
  answerable::demo::Scale scale;
  scale.people = static_cast<int>(wanted / 7);  // a person's story is a little over seven records
  const auto file = answerable::demo::generate_single(scale);
  return std::fwrite(file.xml.data(), 1, file.xml.size(), stdout) == file.xml.size() ? 0 : 1;
}
