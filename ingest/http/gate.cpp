#include "ingest/http/gate.hpp"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "ingest/http/answer_head.hpp"

namespace answerable::http {
namespace {

constexpr std::size_t read_at_once = 16 << 10;
constexpr std::chrono::seconds linger_for{3};
constexpr int reads_in_a_row = 64;  // of one that is only listened to until it goes

/// What whoever finds all busy is told, with the fields that guard every answer.
std::string busy(const Peer& peer) {
  const Response response{
      .status = 503, .body = "The server is busy. Try again in five seconds.\n", .headers = {{"Retry-After", "5"}}};
  return AnswerHead(response, Request{.peer = peer}, true).text + response.body;
}

/// Most systems let a program have 1,024 files open until it asks for more.
void allow_descriptors(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void control(const Descriptor& epoll, int operation, int descriptor, unsigned events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  if (::epoll_ctl(epoll.number(), operation, descriptor, &event) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll");
}

}  // namespace

struct Seats::Taken {
  std::mutex mutex;
  std::size_t all{};
  std::unordered_map<std::string, std::size_t> by_address;
};

Seats::Seats() : taken_(std::make_shared<Taken>()) {}

std::shared_ptr<const void> Seats::sit(const std::string& address, std::size_t share) const {
  const std::scoped_lock lock(taken_->mutex);
  if (!address.empty()) {
    if (taken_->by_address[address] >= share) return nullptr;
    ++taken_->by_address[address];
  }
  ++taken_->all;
  return {taken_.get(), [taken = taken_, address](const void*) {
            const std::scoped_lock leaving(taken->mutex);
            --taken->all;
            const auto found = taken->by_address.find(address);
            if (found != taken->by_address.end() && --found->second == 0) taken->by_address.erase(found);
          }};
}

std::size_t Seats::taken() const {
  const std::scoped_lock lock(taken_->mutex);
  return taken_->all;
}

Gate::Gate(const Listeners& listeners, const Limits& limits, Ready ready)
    : listeners_(listeners),
      limits_(limits),
      ready_(std::move(ready)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      buffer_(read_at_once, '\0') {
  constexpr std::size_t for_everything_else = 1024;
  allow_descriptors(limits.connections + for_everything_else);
  control(epoll_, EPOLL_CTL_ADD, wake_.number(), EPOLLIN);
  for (const int listener : listeners_.descriptors()) control(epoll_, EPOLL_CTL_ADD, listener, EPOLLIN);
  thread_ = std::thread([this] { run(); });
}

void Gate::stop() {
  stopping_ = true;
  ::eventfd_write(wake_.number(), 1);
  if (thread_.joinable()) thread_.join();
}

void Gate::take_back(std::shared_ptr<Connection> connection, bool ended) {
  {
    const std::scoped_lock lock(mutex_);
    returned_.emplace_back(std::move(connection), ended);
  }
  ::eventfd_write(wake_.number(), 1);
}

void Gate::run() {
  sigset_t pipe;  // OpenSSL writes to connections that are gone
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  while (!stopping_) {
    wait();
    take_returned();
    drop_late();
  }
  for (const int listener : listeners_.descriptors()) control(epoll_, EPOLL_CTL_DEL, listener, 0);
  held_.clear();
}

void Gate::wait() {
  std::array<epoll_event, 256> events;
  int patience = -1;
  if (!by_deadline_.empty()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(by_deadline_.begin()->first - Clock::now()).count();
    patience = static_cast<int>(std::clamp<long>(left, 0, 60'000));
  }
  const int ready = ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), patience);
  const auto listeners = listeners_.descriptors();
  for (int i = 0; i < ready; ++i) {
    const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
    if (std::ranges::find(listeners, descriptor) != listeners.end())
      accept_from(descriptor);
    else
      advance(descriptor);  // of the wake-up nothing is held: run() looks after it
  }
}

void Gate::accept_from(int listener) {
  try {
    while (auto accepted = listeners_.accept(listener)) {
      if (seats_.taken() >= limits_.connections && !drop_longest_held()) continue;
      auto seat = seats_.sit(accepted->counted_as, limits_.connections_each);
      if (!seat) continue;
      const int descriptor = accepted->socket.number();
      hold(std::make_shared<Connection>(std::move(accepted->socket), std::move(accepted->peer), std::move(seat),
                                        listeners_.tls(listener)),
           Phase::head);
      advance(descriptor);
    }
  } catch (const std::system_error&) {
    drop_longest_held();  // no descriptor was left: now there is one
  }
}

void Gate::hold(std::shared_ptr<Connection> connection, Phase phase) {
  const int descriptor = connection->descriptor();
  control(epoll_, EPOLL_CTL_ADD, descriptor, EPOLLIN);
  Held& held = held_.insert_or_assign(descriptor, Held{std::move(connection), {}, phase, {}, EPOLLIN}).first->second;
  set_phase(held, phase);
}

std::shared_ptr<Connection> Gate::release(int descriptor) {
  auto node = held_.extract(descriptor);
  by_deadline_.erase({node.mapped().until, descriptor});
  control(epoll_, EPOLL_CTL_DEL, descriptor, 0);
  return std::move(node.mapped().connection);
}

void Gate::set_phase(Held& held, Phase phase) {
  const int descriptor = held.connection->descriptor();
  by_deadline_.erase({held.until, descriptor});
  held.phase = phase;
  held.until = Clock::now() + (phase == Phase::head   ? limits_.head
                               : phase == Phase::idle ? limits_.idle
                                                      : std::chrono::milliseconds{linger_for});
  by_deadline_.emplace(held.until, descriptor);
}

void Gate::watch(Held& held, Connection::Outcome wanted) {
  const unsigned interest = wanted == Connection::Outcome::wants_to_write ? EPOLLOUT : EPOLLIN;
  if (interest == held.interest) return;
  held.interest = interest;
  control(epoll_, EPOLL_CTL_MOD, held.connection->descriptor(), interest);
}

/// Reads on until there is nothing more for now, or the head is whole.
void Gate::advance(int descriptor) {
  const auto found = held_.find(descriptor);
  if (found == held_.end()) return;
  Held& held = found->second;
  if (held.phase == Phase::lingering) return linger(descriptor);
  for (;;) {
    if (hand_on_if_whole(descriptor, held)) return;
    const auto [outcome, bytes] = held.connection->read_some(buffer_);
    if (outcome == Connection::Outcome::ended) return void(release(descriptor));
    if (outcome != Connection::Outcome::done) return watch(held, outcome);
    held.connection->came.append(buffer_, 0, bytes);
  }
}

bool Gate::hand_on_if_whole(int descriptor, Held& held) {
  std::string& came = held.connection->came;
  if (came.empty()) return false;
  if (held.phase == Phase::idle) set_phase(held, Phase::head);
  Task task;
  try {
    const auto size = held.finder.find(came);
    if (!size) return false;
    task.asked = parse_head(std::string_view{came}.substr(0, *size));
    came.erase(0, *size);
  } catch (Problem& problem) {
    task.asked = std::move(problem);
  }
  task.connection = release(descriptor);
  hand_on(std::move(task));
  return true;
}

void Gate::hand_on(Task task) {
  if (ready_(task)) return;
  task.connection->write_some(busy(task.connection->peer()));
  task.connection->end_writing();
  hold(std::move(task.connection), Phase::lingering);
}

/// A connection closed on bytes that were not read takes the answer with it (RFC 9112 §9.6): they are read, and thrown
/// away, until the client has closed its side.
void Gate::linger(int descriptor) {
  for (int i = 0; i < reads_in_a_row; ++i) {
    const ssize_t bytes = ::read(descriptor, buffer_.data(), buffer_.size());
    if (bytes > 0) continue;
    if (bytes == 0 || (errno != EAGAIN && errno != EINTR)) release(descriptor);
    return;
  }
}

void Gate::take_returned() {
  eventfd_t ignored{};
  ::eventfd_read(wake_.number(), &ignored);
  std::vector<std::pair<std::shared_ptr<Connection>, bool>> returned;
  {
    const std::scoped_lock lock(mutex_);
    returned.swap(returned_);
  }
  for (auto& [connection, ended] : returned) {
    const int descriptor = connection->descriptor();
    hold(std::move(connection), ended ? Phase::lingering : Phase::idle);
    advance(descriptor);
  }
}

bool Gate::drop_longest_held() {
  if (by_deadline_.empty()) return false;
  release(by_deadline_.begin()->second);
  return true;
}

void Gate::drop_late() {
  while (!by_deadline_.empty() && by_deadline_.begin()->first <= Clock::now()) drop_longest_held();
}

}  // namespace answerable::http
