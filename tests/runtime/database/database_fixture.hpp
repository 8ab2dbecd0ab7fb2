#pragma once

#include "support/postgres_server.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/database/postgres.hpp>
#include <bulwark/events/monitor.hpp>

#include <caf/all.hpp>

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// A real actor system with a monitor, and services with threads of their own.
///
/// Confined to one thread.
class database_fixture {
public:
  database_fixture();
  database_fixture(const database_fixture&) = delete;
  database_fixture& operator=(const database_fixture&) = delete;

  /// Ends the services and the monitor. @pre all pools were stopped
  ~database_fixture();

  caf::actor_system& system() { return system_; }

  bulwark::connection_pool_settings
  settings(bulwark::connection_options options) const {
    return {.name = "db",
            .connections = std::move(options),
            .events = monitor_.events};
  }

  template <class... Ts>
  caf::actor spawn(Ts&&... xs) {
    services_.push_back(self_->spawn<caf::detached>(std::forward<Ts>(xs)...));
    return services_.back();
  }

  /// Returns the answer, or the error in words.
  std::string ask(const caf::actor& service, int x);

  /// Waits for the next event of a kind.
  bulwark::event await(bulwark::event_kind kind);

private:
  void note(const bulwark::event& what);

  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<bulwark::event> events_;
  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  bulwark::running_monitor monitor_;
  caf::scoped_actor self_{system_};
  std::vector<caf::actor> services_;
};

/// Listens on loopback and never accepts: the kernel does, nobody answers.
class silent_server {
public:
  silent_server();
  silent_server(const silent_server&) = delete;
  silent_server& operator=(const silent_server&) = delete;
  ~silent_server();

  std::string address() const;

private:
  int socket_;
  int port_;
};

} // namespace test
