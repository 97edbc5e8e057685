#pragma once

#include <string>

namespace answerable::testing {

/// A fresh, migrated database, dropped again at the end. The first in a test program makes a private server in a
/// temporary folder and migrates a template; the rest are copies of it. Without PostgreSQL it throws, and the test
/// fails.
class TestDatabase {
 public:
  TestDatabase();
  /// One without any migration.
  static TestDatabase empty();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase();

  const std::string& conninfo() const { return conninfo_; }

 private:
  explicit TestDatabase(const std::string& template_name);
  std::string name_;
  std::string conninfo_;
};

}  // namespace answerable::testing
