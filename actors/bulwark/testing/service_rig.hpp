#pragma once

#include <bulwark/calls/ask.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/testing/deterministic_system.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::testing {

/// How a service runs on a rig: as `service_builder` sets it on a node. Delays
/// are exact here, so that a test can name them.
struct service_plan {
  gate_options gate = {};
  restart_options restart{.jitter = 0};
  supervisor_options limits = {};

  /// 1 to 64.
  size_t replicas = 1;
};

/// Runs services as a node does: each behind a gate and under a supervisor.
/// All of it runs in the thread of the test. Nothing happens until the test
/// says so, time is virtual, and the same seed gives the same order. So a
/// crash, its restart and what clients see of it are tested in no time, and
/// each time alike.
///
///     bulwark::testing::service_rig rig;
///     auto door = rig.service("greeter", greeter, "hello");
///     CHECK(rig.ask<std::string>(door, "Ada") == "hello, Ada");
///
/// Its actors must not be detached or blocking, and nobody may send to them
/// from another thread. A service that sends itself messages for ever is ended
/// with the rig.
///
/// Confined to one thread.
class service_rig {
public:
  /// Registers the messages of the services under test.
  using configure = std::function<void(caf::actor_system_config&)>;

  /// Without a seed jobs run in the order in which they were made; with one,
  /// the next is always picked at random.
  explicit service_rig(std::optional<uint64_t> seed = {},
                       const configure& change = nullptr);

  service_rig(const service_rig&) = delete;
  service_rig& operator=(const service_rig&) = delete;

  /// Stops all services, as a node does, and lets a minute pass.
  ~service_rig();

  /// Starts a service, and returns its gate's handle.
  /// @throws std::invalid_argument if there is one of that name, or `plan`
  /// says 0 or more than 64 replicas
  caf::actor start(const std::string& name, replica_factory factory,
                   const service_plan& plan = {});

  /// The same for a function-based actor with its arguments.
  template <class F, class... Ts>
  caf::actor service(const std::string& name, F fun, Ts... xs) {
    return start(name, make_replica_factory(std::move(fun), std::move(xs)...));
  }

  /// Sends a request, and lets time pass until it is answered.
  /// @throws ask_error as `std::future::get` of `bulwark::ask`, and
  /// `errc::timed_out` if no answer came within `patience`
  template <class R, class... Ts>
  R ask(const caf::actor& whom, Ts&&... content) {
    auto answer = begin<R>(whom, std::forward<Ts>(content)...);
    await([&] { return is_ready(answer); });
    if (!is_ready(answer))
      throw no_answer();
    return answer.get();
  }

  /// Sends a request, and runs what follows from it without time passing.
  template <class R, class... Ts>
  std::future<R> begin(const caf::actor& whom, Ts&&... content) {
    auto result = bulwark::ask<R>(system(), whom, std::forward<Ts>(content)...);
    run();
    return result;
  }

  /// Sends a message, and runs what follows from it.
  template <class... Ts>
  void send(const caf::actor& whom, Ts&&... content) {
    caf::anon_send(whom, std::forward<Ts>(content)...);
    run();
  }

  /// Runs until no actor has anything to do.
  void run();

  /// Lets `time` pass, and runs what comes due.
  void advance(duration time);

  /// Lets time pass until an event of that kind has happened since the last
  /// call, at most `patience`. Returns whether it has.
  bool await(event_kind kind);

  /// Everything that the monitor was told so far, in order.
  const std::vector<event>& events() const { return events_; }

  size_t count(event_kind kind) const;

  /// For services that need more than a gate: pools, bulkheads, timers.
  caf::actor_system& system() { return rig_.system(); }
  const emitter& event_emitter() const { return monitor_.events; }

  /// How much virtual time `ask` and `await` wait at most.
  static constexpr auto patience = std::chrono::minutes{5};

private:
  struct running {
    gate door;
    caf::actor supervisor;
  };

  template <class R>
  static bool is_ready(const std::future<R>& what) {
    return what.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
  }

  void await(const std::function<bool()>& reached);
  static ask_error no_answer();

  // First, so that no handle outlives it.
  deterministic_system rig_;
  std::optional<deterministic_system::random> order_;
  std::vector<event> events_;
  size_t awaited_ = 0;
  running_monitor monitor_;
  dead_letter_actor letters_;
  std::map<std::string, running> services_;
};

} // namespace bulwark::testing
