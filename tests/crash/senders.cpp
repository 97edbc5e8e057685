#include "tests/crash/senders.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "tests/support/raw_http.hpp"

namespace answerable::testing {
namespace {

std::string file_of(int sender, const std::string& message) {
  std::string text = fmt::format(
      "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>{0}</messageId>"
      "<sender scheme=\"ods\" code=\"CR{1}\">Made-up Trust {1}</sender>"
      "<authority scheme=\"cassr\" code=\"999\">Demonstration Council</authority>"
      "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>",
      message, sender);
  for (int record = 0; record < Senders::records_each; ++record)
    text += fmt::format(
        "<person xmlns=\"urn:answerable:person:1\" id=\"{0}-{1}\"><person scheme=\"council\">{0}-{1}</person>"
        "<name>Example Person</name></person>",
        message, record);
  return text + "</records></submission>";
}

std::string request_of(const std::string& key, const std::string& body, const char* more = "") {
  return fmt::format(
      "POST /submissions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/xml\r\n"
      "Content-Length: {}\r\nConnection: close\r\n{}\r\n{}",
      key, body.size(), more, body);
}

}  // namespace

Senders::Senders(std::vector<std::string> keys, std::function<std::uint16_t()> port) : port_(std::move(port)) {
  for (int sender = 0; sender < static_cast<int>(keys.size()); ++sender)
    threads_.emplace_back([this, sender, key = keys[static_cast<std::size_t>(sender)]] { send(sender, key); });
}

void Senders::finish() {
  finish_ = true;
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

void Senders::send(int sender, const std::string& key) {
  for (int file = 0; !finish_; ++file) {
    const std::string message = fmt::format("CR{}-{}", sender, file);
    const std::string body = file_of(sender, message);
    while (!once(key, message, body)) {
      if (give_up_ || unexpected().size() > 20) return;
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
  }
}

int Senders::send_for_later(std::uint16_t port, const std::string& key, int sender, const std::string& message) {
  RawConnection connection(port);
  connection.send(request_of(key, file_of(sender, message), "Prefer: respond-async\r\n"));
  return std::stoi(connection.rest().substr(9, 3));
}

bool Senders::once(const std::string& key, const std::string& message, const std::string& body) {
  std::string answer;
  try {
    RawConnection connection(port_());
    connection.send(request_of(key, body));
    answer = connection.rest();
  } catch (const std::runtime_error&) {
    return false;  // nobody listens
  }
  const auto end_of_head = answer.find("\r\n\r\n");
  if (end_of_head == answer.npos) return false;
  const std::string status = answer.substr(0, answer.find("\r\n"));
  if (status.find(" 503 ") != status.npos) {
    ++later_;
    return false;
  }
  const bool acknowledged = status.find(" 201 ") != status.npos || status.find(" 200 ") != status.npos;
  const auto document = nlohmann::json::parse(answer.substr(end_of_head + 4), nullptr, false);
  const std::lock_guard lock(access_);
  if (!acknowledged) {
    unexpected_.push_back(message + ": " + status);
    return false;
  }
  if (document.is_discarded()) return false;  // cut off
  acknowledged_.emplace(message, document.at("receipt").get<std::string>());
  return true;
}

std::map<std::string, std::string> Senders::acknowledged() const {
  const std::lock_guard lock(access_);
  return acknowledged_;
}

std::size_t Senders::files() const {
  const std::lock_guard lock(access_);
  return acknowledged_.size();
}

std::vector<std::string> Senders::unexpected() const {
  const std::lock_guard lock(access_);
  return unexpected_;
}

}  // namespace answerable::testing
