#include "ingest/locations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <optional>
#include <string>

namespace answerable {
namespace {

/// Sets an environment variable, or unsets it, for the length of a test.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* before = getenv(name)) before_ = before;
    value ? setenv(name, value, 1) : unsetenv(name);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(Locations, the_share_folder_is_the_one_that_is_set) {
  const Environment set("ANSWERABLE_SHARE", "/tmp");
  EXPECT_EQ(share_folder(), "/tmp");
}

TEST(Locations, a_missing_share_folder_is_named_with_the_cure) {
  const Environment set("ANSWERABLE_SHARE", "/no/such/folder");
  try {
    share_folder();
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("/no/such/folder"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("ANSWERABLE_SHARE"));
  }
}

TEST(Locations, data_goes_where_the_xdg_specification_says) {
  const Environment home("HOME", "/home/sample");
  {
    const Environment set("XDG_DATA_HOME", "/srv/data");
    EXPECT_EQ(default_data_folder(), "/srv/data/answerable");
  }
  const std::string otherwise = geteuid() == 0 ? "/var/lib/answerable" : "/home/sample/.local/share/answerable";
  const Environment unset("XDG_DATA_HOME", nullptr);
  EXPECT_EQ(default_data_folder(), otherwise);
  const Environment relative("XDG_DATA_HOME", "not/absolute");
  EXPECT_EQ(default_data_folder(), otherwise);
}

TEST(Locations, keys_lie_apart_from_the_data) {
  const Environment home("HOME", "/home/sample");
  {
    const Environment set("XDG_CONFIG_HOME", "/srv/config");
    EXPECT_EQ(default_keys_folder(), "/srv/config/answerable/keys");
  }
  const Environment unset("XDG_CONFIG_HOME", nullptr);
  EXPECT_EQ(default_keys_folder(), geteuid() == 0 ? "/etc/answerable/keys" : "/home/sample/.config/answerable/keys");
}

}  // namespace
}  // namespace answerable
