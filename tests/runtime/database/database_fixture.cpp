#include "runtime/database/database_fixture.hpp"

#include <bulwark/caf/stop.hpp>

#include <algorithm>
#include <chrono>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace test {

using namespace bulwark;

namespace {

// No test takes that long; one that would hang fails instead.
constexpr std::chrono::seconds patience{30};

wall_time wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(
    std::chrono::system_clock::now());
}

} // namespace

database_fixture::database_fixture()
  : monitor_(spawn_monitor(
    system_, {.node = "alpha",
              .now = wall_now,
              .sink = [this](auto& what, event_origin) { note(what); }})) {}

database_fixture::~database_fixture() {
  for (auto& each : services_)
    self_->send_exit(each, caf::exit_reason::user_shutdown);
  bulwark::stop(monitor_.handle);
  self_->wait_for(monitor_.handle);
}

std::string database_fixture::ask(const caf::actor& service, int x) {
  std::string result;
  self_->request(service, patience, x)
    .receive([&](int answer) { result = std::to_string(answer); },
             [&](const caf::error& why) { result = describe(why); });
  return result;
}

void database_fixture::note(const event& what) {
  std::lock_guard guard{lock_};
  events_.push_back(what);
  changed_.notify_all();
}

event database_fixture::await(event_kind kind) {
  std::unique_lock guard{lock_};
  auto at = events_.end();
  auto is_there = [&] {
    at = std::find_if(events_.begin(), events_.end(),
                      [&](auto& each) { return each.kind == kind; });
    return at != events_.end();
  };
  if (!changed_.wait_for(guard, patience, is_there))
    throw process_error{"no event " + to_string(kind)};
  auto result = *at;
  events_.erase(at);
  return result;
}

silent_server::silent_server()
  : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port_(0) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (bind(socket_, plain, size) != 0 || listen(socket_, 100) != 0
      || getsockname(socket_, plain, &size) != 0)
    throw process_error{"cannot listen"};
  port_ = ntohs(address.sin_port);
}

silent_server::~silent_server() {
  close(socket_);
}

std::string silent_server::address() const {
  return "host=127.0.0.1 port=" + std::to_string(port_)
         + " user=bulwark dbname=postgres sslmode=disable";
}

} // namespace test
