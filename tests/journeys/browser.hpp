#pragma once

#include <string>

#include "tests/journeys/service.hpp"

namespace answerable::testing {

/// What stands between two texts, the first time.
inline std::string after(const std::string& text, const std::string& before, const std::string& until) {
  const auto at = text.find(before);
  if (at == text.npos) return "";
  const auto from = at + before.size();
  return text.substr(from, text.find(until, from) - from);
}

/// Somebody at their browser: keeps the cookie, and sends each form with the token of the page it is on.
class Browser {
 public:
  explicit Browser(const RunningService& service) : service_(service) {}

  RunningService::Answer get(const std::string& path) {
    auto answer = service_.ask("GET", path, cookie());
    keep(answer);
    return answer;
  }
  RunningService::Answer post(const std::string& path, const std::string& form) {
    const std::string fields = cookie() + "Content-Type: application/x-www-form-urlencoded\r\n";
    auto answer = service_.ask("POST", path, fields, form + "&csrf=" + csrf_);
    keep(answer);
    if (answer.status == 303) get(answer.field("Location"));
    return answer;
  }

 private:
  std::string cookie() const { return cookie_.empty() ? "" : "Cookie: " + cookie_ + "\r\n"; }
  void keep(const RunningService::Answer& answer) {
    const auto set = answer.field("Set-Cookie");
    if (!set.empty() && !set.starts_with("answerable-done=")) cookie_ = set.substr(0, set.find(';'));
    csrf_ = after(answer.body, "name=\"csrf\" value=\"", "\"");
  }

  const RunningService& service_;
  std::string cookie_, csrf_;
};

/// What whoever has a one-time code sends to /link.
inline std::string chosen_with(const std::string& code) {
  return "code=" + code + "&password=plum-lantern-gravel-orbit&again=plum-lantern-gravel-orbit";
}

}  // namespace answerable::testing
