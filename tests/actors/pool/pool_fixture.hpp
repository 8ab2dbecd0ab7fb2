#pragma once

#include "actors/pool/manual_threads.hpp"
#include "support/deterministic_system.hpp"

#include <bulwark/events/monitor.hpp>
#include <bulwark/pool/connection_pool.hpp>
#include <bulwark/pool/detail/connection_pool_actor.hpp>

#include <caf/actor.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace test {

/// A server of connections, and what it saw.
struct fake_server {
  bool away = false;
  int opened = 0;
  size_t open = 0;
  size_t most = 0;
  int validated = 0;
  int interrupted = 0;
  std::set<int> dead;
};

/// A connection to it.
class fake_connection {
public:
  explicit fake_connection(std::shared_ptr<fake_server> to);
  ~fake_connection() { --server->open; }

  fake_connection(const fake_connection&) = delete;
  fake_connection& operator=(const fake_connection&) = delete;

  const std::shared_ptr<fake_server> server;
  const int number;
};

struct fake_connector {
  using connection = fake_connection;

  std::unique_ptr<connection> open() const;
  bool validate(connection& what) const;
  void interrupt(connection& what) const noexcept;

  std::shared_ptr<fake_server> server;
};

/// The same, without a way to wake who waits on a connection.
struct stubborn_connector {
  using connection = fake_connection;

  std::unique_ptr<connection> open() const { return inner.open(); }
  bool validate(connection& what) const { return inner.validate(what); }

  fake_connector inner;
};

/// A connection pool in virtual time, its threads in the hands of the test,
/// and clients that ask it.
///
/// Confined to one thread.
class pool_fixture {
public:
  using lease = bulwark::connection_lease<fake_connection>;

  explicit pool_fixture(bulwark::connection_options options = {},
                        bulwark::bulkhead_options permits = {.queue = 100},
                        bool can_interrupt = true);
  pool_fixture(const pool_fixture&) = delete;
  pool_fixture& operator=(const pool_fixture&) = delete;

  /// Stops the pool, then the monitor.
  ~pool_fixture();

  /// Has an actor of that name ask; it keeps what it gets in `leases`.
  void ask(const std::string& who, bulwark::acquire_connection what = {});

  /// Does all that can be done without time passing: messages and jobs.
  void settle();

  /// Lets time pass with all jobs done at once.
  void pass(bulwark::duration time);

  /// Ends that actor. What it holds stays where it is.
  void kill(const std::string& who);

  /// Returns the number of its connection, or the error that it got, or "-".
  std::string outcome(const std::string& who) const;

  bulwark::connection_counts counts() const;
  uint64_t permits_in_use() const { return compartment.core()->use(); }

  /// "connection_lost, connection_restored"
  std::string history() const;
  std::vector<bulwark::event> all(bulwark::event_kind kind) const;

  deterministic_system rig;
  manual_threads threads;
  std::shared_ptr<fake_server> server = std::make_shared<fake_server>();
  bulwark::bulkhead compartment;
  caf::actor pool;
  std::map<std::string, lease> leases;
  std::map<std::string, std::string> errors;
  std::vector<bulwark::event> events;

private:
  caf::actor client(const std::string& who);

  bulwark::running_monitor monitor_;
  std::map<std::string, caf::actor> clients_;
};

} // namespace test
